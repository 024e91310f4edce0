package openings

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// Desk holds draws and shows them.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
}

// Seed is one officer's part of the randomness: pledged by its digest before the
// list is closed, laid open after.
type Seed struct {
	OpeningID   kernel.ID  `json:"-"`
	PersonID    kernel.ID  `json:"-"`
	PersonName  string     `json:"-"`
	Ordinal     int        `json:"ordinal"`
	Commitment  string     `json:"commitment" doc:"种子的 SHA-256，先行公布 · SHA-256 of the seed, published beforehand"`
	CommittedAt time.Time  `json:"committed_at"`
	Seed        string     `json:"seed,omitempty" doc:"名单封存后公开 · laid open once the list is closed"`
	RevealedAt  *time.Time `json:"revealed_at,omitempty"`
	LostReason  string     `json:"lost_reason,omitempty" doc:"种子遗失，以其 SHA-256 代替 · the seed is lost, its SHA-256 stands in for it"`
}

// TableName names the table for the store.
func (Seed) TableName() string { return "opening_seeds" }

// Counts is what goes into the effective seed: the seed, or what stands in for it.
func (s Seed) Counts() string {
	if s.LostReason != "" {
		return s.Commitment
	}
	return s.Seed
}

// Draw is an opening with all that the public may know of it.
type Draw struct {
	subsidies.Opening
	Title   kernel.Text   `json:"title"`
	Clause  string        `json:"clause"`
	Says    kernel.Text   `json:"clause_text"`
	Bands   []kernel.Text `json:"bands" doc:"优先序列，末项为其他 · the bands; the last is all others"`
	Entries int64         `json:"entries" doc:"现在名单上的协议 · agreements on the list now"`
	Seeds   []Seed        `json:"seeds"`
	Seed    string        `json:"effective_seed,omitempty"`
}

// Draws returns every draw that a published policy has announced, the newest
// window first.
func (d *Desk) Draws(ctx context.Context) ([]Draw, error) {
	shelf, err := d.Policies.All(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	out := []Draw{}
	for _, p := range shelf {
		doc := p.Document()
		if !doc.Drawn() || seen[doc.Code+string(doc.Allotment.Window.To)] {
			continue
		}
		seen[doc.Code+string(doc.Allotment.Window.To)] = true
		one, err := d.Draw(ctx, doc.Code, doc.Allotment.Window.To)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Draw) int { return -compareDays(a.ClosesOn, b.ClosesOn) })
	return out, nil
}

func compareDays(a, b kernel.Date) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// Draw returns one draw, or not_found.
func (d *Desk) Draw(ctx context.Context, code string, closes kernel.Date) (Draw, error) {
	doc, err := d.announced(ctx, code, closes)
	if err != nil {
		return Draw{}, err
	}
	db := d.DB.Read(ctx)
	out := Draw{Opening: opening(doc), Title: doc.Title, Clause: doc.Allotment.Clause, Says: doc.ClauseText(doc.Allotment.Clause), Seeds: []Seed{}}
	for i := range len(doc.Allotment.Bands) + 1 {
		out.Bands = append(out.Bands, doc.BandName(i+1))
	}
	var rows []subsidies.Opening
	if err := db.Where("policy_code = ? AND closes_on = ?", code, closes).Limit(1).Find(&rows).Error; err != nil {
		return out, err
	}
	if len(rows) == 1 {
		out.Opening = rows[0]
		if out.Seeds, err = seeds(db, rows[0].ID); err != nil {
			return out, err
		}
	}
	if out.State == subsidies.OpeningDrawn {
		out.Seed = effective(out.Seeds, out.Digest)
	}
	if out.ClosedAt != nil {
		out.Entries = out.Count
		return out, nil
	}
	err = entering(db, code, closes).Count(&out.Entries).Error
	return out, err
}

// announced returns the document that opened a draw.
func (d *Desk) announced(ctx context.Context, code string, closes kernel.Date) (rules.Document, error) {
	versions, err := d.Policies.Versions(ctx, code)
	if err != nil {
		return rules.Document{}, notFound()
	}
	p, err := openerOf(versions, closes)
	if err != nil {
		return rules.Document{}, err
	}
	return p.Document(), nil
}

func opening(doc rules.Document) subsidies.Opening {
	return subsidies.Opening{
		PolicyCode: doc.Code, PolicyVersion: doc.Version, OpensOn: doc.Allotment.Window.From, ClosesOn: doc.Allotment.Window.To,
		State: subsidies.OpeningMachine.Initial,
	}
}

func seeds(db *gorm.DB, id kernel.ID) ([]Seed, error) {
	out := []Seed{}
	err := db.Where("opening_id = ?", id).Order("ordinal").Find(&out).Error
	return out, err
}

func effective(all []Seed, digest string) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = s.Counts()
	}
	return EffectiveSeed(parts, digest)
}

// entering finds the entries of a draw that would be on its list now.
func entering(db *gorm.DB, code string, closes kernel.Date) *gorm.DB {
	return db.Table("opening_entries e").Joins("JOIN agreements a ON a.id = e.agreement_id").
		Where("e.policy_code = ? AND e.round = ? AND e.band > 0 AND a.state IN ?", code, closes, asking)
}

// move does an act on an opening: under its version, along its machine, recorded.
func (d *Desk) move(ctx context.Context, code string, closes kernel.Date, act subsidies.OpeningAct, do func(tx *database.Tx, o *subsidies.Opening) error) error {
	doc, err := d.announced(ctx, code, closes)
	if err != nil {
		return err
	}
	return database.Run(ctx, d.DB, "opening."+string(act), func(tx *database.Tx) error {
		o, err := open(tx, doc)
		if err != nil {
			return err
		}
		t, err := subsidies.OpeningMachine.Find(o.State, act, tx.Call.Actor.Role)
		if err != nil {
			return err
		}
		from := o.State
		o.State = t.To
		if err := do(tx, &o); err != nil {
			return err
		}
		set := map[string]any{"state": o.State, "list_count": o.Count, "list_digest": o.Digest, "closed_at": o.ClosedAt, "drawn_at": o.DrawnAt, "version": o.Version + 1}
		if err := database.Change(tx, "openings", set, "id = ? AND version = ? AND state = ?", []any{o.ID, o.Version, from}, database.Stale()); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "opening." + string(act), ObjectKind: "opening", ObjectID: string(o.ID), Detail: map[string]any{
			"policy": code, "closes_on": closes, "from": from, "to": o.State, "digest": o.Digest,
		}})
	})
}

// open reads the row of a draw, or makes it with the first act.
func open(tx *database.Tx, doc rules.Document) (subsidies.Opening, error) {
	var rows []subsidies.Opening
	err := tx.Where("policy_code = ? AND closes_on = ?", doc.Code, doc.Allotment.Window.To).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 1 {
		return append(rows, subsidies.Opening{})[0], err
	}
	o := opening(doc)
	o.ID, o.Version, o.CreatedAt = kernel.NewID(tx.Now), 1, tx.Now
	err = tx.Create(&o).Error
	if database.IsDuplicate(err) {
		err = database.Stale()
	}
	return o, err
}

func notFound() error { return kernel.NotFound(kernel.T("抽签", "draw")) }
