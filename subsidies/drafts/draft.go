// Package drafts is where officers write policies: a draft may be as unfinished
// as it likes and loses nothing that was typed, two people see every text before
// it is the law, and what is published never changes.
package drafts

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
)

// Desk handles drafts.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
}

// Draft is a policy document in the making. Document is canonical JSON; Code,
// Version and the titles are what it says of itself, as far as it does.
type Draft struct {
	ID          kernel.ID
	Code        string
	Version     int64
	TitleZH     string `gorm:"column:title_zh"`
	TitleEN     string `gorm:"column:title_en"`
	Document    string
	Faults      int64
	State       subsidies.PolicyDraftState
	Rev         int64
	Reason      string // why it was returned
	AuthorID    kernel.ID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	PublishedAt *time.Time
}

// TableName names the table for the store.
func (Draft) TableName() string { return "policy_drafts" }

// Editor is a person who has edited a draft, and so may not publish it.
type Editor struct {
	DraftID  kernel.ID
	PersonID kernel.ID
	Name     string
	Since    time.Time
}

// TableName names the table for the store.
func (Editor) TableName() string { return "policy_draft_editors" }

// Seen is a draft with the people who edited it, the author first.
type Seen struct {
	Draft
	Editors []Editor
}

// EditedBy reports whether the person has edited the draft.
func (s Seen) EditedBy(person kernel.ID) bool {
	for _, e := range s.Editors {
		if e.PersonID == person {
			return true
		}
	}
	return false
}

// May lists the acts the actor may do now.
func (s Seen) May(who kernel.Actor) map[subsidies.PolicyDraftAct]bool {
	may := map[subsidies.PolicyDraftAct]bool{}
	for _, act := range subsidies.PolicyDraftMachine.Allowed(s.State, who.Role) {
		may[act] = act != subsidies.PolicyPublish || !s.EditedBy(who.Person)
	}
	return may
}

// readers may see drafts.
var readers = []kernel.Role{kernel.RoleCityOfficer, kernel.RoleAuditor}

// List returns drafts without their documents, the newest first; state "" means all.
func (d *Desk) List(ctx context.Context, who kernel.Actor, state subsidies.PolicyDraftState, after kernel.ID, limit int) ([]Seen, error) {
	if err := who.Require(readers...); err != nil {
		return nil, err
	}
	q := d.DB.Read(ctx).Omit("document").Order("id DESC").Limit(min(max(limit, 1), 101))
	if state != "" {
		q = q.Where("state = ?", state)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	var found []Draft
	if err := q.Find(&found).Error; err != nil || len(found) == 0 {
		return nil, err
	}
	ids := make([]kernel.ID, len(found))
	for i, draft := range found {
		ids[i] = draft.ID
	}
	by, err := editors(d.DB.Read(ctx), ids...)
	out := make([]Seen, len(found))
	for i, draft := range found {
		out[i] = Seen{Draft: draft, Editors: by[draft.ID]}
	}
	return out, err
}

// Get returns a draft, or not_found.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID) (Seen, error) {
	if err := who.Require(readers...); err != nil {
		return Seen{}, err
	}
	return get(d.DB.Read(ctx), id)
}

func get(db *gorm.DB, id kernel.ID) (Seen, error) {
	var s Seen
	if err := db.Where("id = ?", id).Take(&s.Draft).Error; err != nil {
		return s, database.Found(err, kernel.NotFound(kernel.T("政策草案", "policy draft")))
	}
	by, err := editors(db, id)
	s.Editors = by[id]
	return s, err
}

func editors(db *gorm.DB, ids ...kernel.ID) (map[kernel.ID][]Editor, error) {
	var rows []Editor
	err := db.Where("draft_id IN ?", ids).Order("since, person_id").Find(&rows).Error
	out := map[kernel.ID][]Editor{}
	for _, e := range rows {
		out[e.DraftID] = append(out[e.DraftID], e)
	}
	return out, err
}

// act finds a draft on which the call's actor may do what, at the revision the
// person looked at.
func act(tx *database.Tx, id kernel.ID, rev int64, what subsidies.PolicyDraftAct) (Seen, subsidies.PolicyDraftState, error) {
	if err := tx.Call.Actor.Require(readers...); err != nil {
		return Seen{}, "", err
	}
	s, err := get(tx.DB, id)
	if err != nil {
		return s, "", err
	}
	if rev != s.Rev {
		return s, "", database.Stale()
	}
	t, err := subsidies.PolicyDraftMachine.Find(s.State, what, tx.Call.Actor.Role)
	return s, t.To, err
}

// move changes a draft under its revision, and leaves the step and the audit
// entry of the act.
func move(tx *database.Tx, s Seen, what subsidies.PolicyDraftAct, to subsidies.PolicyDraftState, set map[string]any, why string) error {
	set["state"], set["rev"], set["updated_at"] = to, s.Rev+1, tx.Now
	if err := database.Change(tx, "policy_drafts", set, "id = ? AND rev = ? AND state = ?", []any{s.ID, s.Rev, s.State}, database.Stale()); err != nil {
		return err
	}
	if what != subsidies.PolicyEdit { // each saving is in the record, and would drown the timeline
		if err := record.Add(tx, record.Draft, s.ID, string(what), string(s.State), string(to), record.Reason{Note: why}); err != nil {
			return err
		}
	}
	return audit.Record(tx, audit.Entry{Action: "policy_draft." + string(what), ObjectKind: "policy_draft", ObjectID: string(s.ID), Detail: map[string]any{"from": s.State, "to": to, "rev": s.Rev + 1, "digest": set["digest"]}})
}

// about is what a document says of itself, as far as it can be read.
type about struct {
	Code    string
	Version int64
	Title   kernel.Text
}

func aboutOf(document []byte) about {
	var fields map[string]json.RawMessage
	var a about
	if json.Unmarshal(document, &fields) != nil {
		return a
	}
	_ = json.Unmarshal(fields["code"], &a.Code) // what is not a text is no code yet
	_ = json.Unmarshal(fields["version"], &a.Version)
	_ = json.Unmarshal(fields["title"], &a.Title)
	a.Code, a.Title.ZH, a.Title.EN = clip(a.Code, 64), clip(a.Title.ZH, 200), clip(a.Title.EN, 200)
	return a
}

// clip shortens what is shown in lists to the width of its column.
func clip(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}
