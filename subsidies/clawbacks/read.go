package clawbacks

import (
	"context"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// Which narrows a list to what a desk asks for.
type Which string

// What a desk asks for.
const (
	All     Which = ""
	Mine    Which = "mine" // a decision waits for the actor's role
	Open    Which = "open" // ordered, and not all of it is back
	Late    Which = "overdue"
	Settled Which = "closed" // closed, rejected or withdrawn
)

// Filter selects clawbacks among those the actor may see.
type Filter struct {
	Which  Which
	Claim  kernel.ID
	Debtor kernel.ID
	After  *Cursor
	Limit  int
}

// Cursor is the place in a list.
type Cursor struct {
	Since time.Time
	ID    kernel.ID
}

// owed are the states in which money is owed.
var owed = []subsidies.ClawbackState{subsidies.ClawbackOrdered, subsidies.ClawbackWriteOffRequested}

// List returns clawbacks: those waiting for the actor the longest waiting first,
// any others the latest moved.
func (d *Desk) List(ctx context.Context, who kernel.Actor, f Filter) ([]subsidies.Clawback, error) {
	q, err := d.visible(ctx, who)
	if err != nil {
		return nil, err
	}
	switch f.Which {
	case Mine:
		q = q.Where("state IN ?", waiting(who.Role))
	case Open:
		q = q.Where("state IN ?", owed)
	case Late:
		q = q.Where("state IN ? AND next_due_on < ?", owed, d.Today())
	case Settled:
		q = q.Where("state IN ?", []subsidies.ClawbackState{subsidies.ClawbackClosed, subsidies.ClawbackRejected, subsidies.ClawbackWithdrawn})
	case All:
	}
	if f.Claim != "" {
		q = q.Where("claim_id = ?", f.Claim)
	}
	if f.Debtor != "" {
		q = q.Where("debtor_id = ?", f.Debtor)
	}
	order, beyond := "since DESC, id DESC", "since < ? OR (since = ? AND id < ?)"
	if f.Which == Mine {
		order, beyond = "since, id", "since > ? OR (since = ? AND id > ?)"
	}
	if f.After != nil {
		q = q.Where(beyond, f.After.Since, f.After.Since, f.After.ID)
	}
	var out []subsidies.Clawback
	err = q.Order(order).Limit(min(max(f.Limit, 1), 101)).Find(&out).Error
	return out, err
}

// visible narrows a query to the actor's rows (law 9), as Clawback.VisibleTo does
// for one.
func (d *Desk) visible(ctx context.Context, who kernel.Actor) (*gorm.DB, error) {
	db := d.DB.Read(ctx).Model(&subsidies.Clawback{})
	switch who.Role {
	case kernel.RoleEnterprise, kernel.RoleProvider:
		return db.Where("debtor_id = ? AND ordered_on IS NOT NULL", who.Org), nil
	case kernel.RoleDistrictOfficer:
		return db.Where("district = ?", who.District), nil
	case kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor:
		return db, nil
	default:
		return nil, kernel.Forbidden()
	}
}

// waiting lists the states in which it is a role's turn.
func waiting(role kernel.Role) []subsidies.ClawbackState {
	switch role {
	case kernel.RoleCityOfficer:
		return []subsidies.ClawbackState{subsidies.ClawbackProposed, subsidies.ClawbackWriteOffRequested}
	case kernel.RoleEnterprise, kernel.RoleProvider, kernel.RoleFinance:
		return []subsidies.ClawbackState{subsidies.ClawbackOrdered}
	default:
		return []subsidies.ClawbackState{""}
	}
}

// Sheet is a clawback with everything that belongs to it.
type Sheet struct {
	Clawback    subsidies.Clawback
	Instalments []Instalment
	Met         []kernel.Fen // of each instalment
	Entries     []Entry
	Steps       []record.Step
}

// Sheet returns a clawback that the actor may see, or not_found.
func (d *Desk) Sheet(ctx context.Context, who kernel.Actor, id kernel.ID) (Sheet, error) {
	db := d.DB.Read(ctx)
	c, err := get(db, who, id)
	s := Sheet{Clawback: c}
	if err != nil {
		return s, err
	}
	if err := db.Where("clawback_id = ?", id).Order("no").Find(&s.Instalments).Error; err != nil {
		return s, err
	}
	s.Met = met(s.Instalments, c.PlannedAfter, c.Settled())
	if err := db.Where("clawback_id = ?", id).Order("id").Limit(500).Find(&s.Entries).Error; err != nil {
		return s, err
	}
	s.Steps, err = record.Steps(ctx, d.DB, id)
	return s, err
}

// Handled tells on which of some clawbacks of claims the actor may not decide,
// having had another hand in them or in their claims.
func (d *Desk) Handled(ctx context.Context, who kernel.Actor, all []subsidies.Clawback) (map[kernel.ID]bool, error) {
	ids := make([]kernel.ID, 0, 2*len(all))
	for _, c := range all {
		ids = append(ids, c.ID, c.ClaimID)
	}
	handed, err := record.HandedBy(ctx, d.DB.Read(ctx), who.Person, ids, subsidies.PartNone)
	out := make(map[kernel.ID]bool, len(all))
	for _, c := range all {
		out[c.ID] = handed[c.ID] || handed[c.ClaimID]
	}
	return out, err
}

// Left is what can still be claimed back of a claim.
type Left struct {
	Paid kernel.Fen `json:"paid_fen"`
	Left kernel.Fen `json:"left_fen"`
}

// Left tells what was paid on a claim that the actor may see and what of it is not
// claimed back yet; both are zero while nothing was paid.
func (d *Desk) Left(ctx context.Context, who kernel.Actor, id kernel.ID) (Left, error) {
	db := d.DB.Read(ctx)
	missing := kernel.NotFound(kernel.T("兑付申请", "claim"))
	var claim subsidies.Claim
	if err := db.Where("id = ?", id).Take(&claim).Error; err != nil {
		return Left{}, database.Found(err, missing)
	}
	if !claim.VisibleTo(who) {
		return Left{}, missing
	}
	if claim.State != subsidies.ClaimPaid {
		return Left{}, nil
	}
	var rows []recovery
	if err := db.Where("claim_id = ?", id).Limit(1).Find(&rows).Error; err != nil {
		return Left{}, err
	}
	out := Left{Paid: claim.Legs.Subsidy, Left: claim.Legs.Subsidy}
	if len(rows) == 1 {
		out.Left = rows[0].left().Total()
	}
	return out, nil
}

// Standing is an organisation's record of clawbacks.
type Standing struct {
	Open       int64      `json:"open"`
	OpenFen    kernel.Fen `json:"open_fen"`
	Overdue    int64      `json:"overdue"`
	Ordered    int64      `json:"ordered"` // ever
	OrderedFen kernel.Fen `json:"ordered_fen"`
	WrittenOff kernel.Fen `json:"written_off_fen" gorm:"column:written_off_fen"`
}

// Standing returns an organisation's record as far as the actor may see it.
func (d *Desk) Standing(ctx context.Context, who kernel.Actor, org kernel.ID) (Standing, error) {
	var s Standing
	q, err := d.visible(ctx, who)
	if err != nil {
		return s, err
	}
	today := d.Today()
	err = q.Where("debtor_id = ? AND ordered_on IS NOT NULL", org).Select(`COUNT(*) AS ordered, COALESCE(SUM(amount_fen), 0) AS ordered_fen, COALESCE(SUM(written_off_fen), 0) AS written_off_fen,
		COALESCE(SUM(CASE WHEN state IN ? THEN 1 ELSE 0 END), 0) AS open, COALESCE(SUM(CASE WHEN state IN ? THEN open_municipal_fen + open_district_fen ELSE 0 END), 0) AS open_fen,
		COALESCE(SUM(CASE WHEN state IN ? AND next_due_on < ? THEN 1 ELSE 0 END), 0) AS overdue`, owed, owed, owed, today).Scan(&s).Error
	return s, err
}

// ClaimNumbers returns the numbers of claims.
func (d *Desk) ClaimNumbers(ctx context.Context, ids ...kernel.ID) (map[kernel.ID]string, error) {
	var rows []struct {
		ID     kernel.ID
		Number string
	}
	err := d.DB.Read(ctx).Table("claims").Select("id, number").Where("id IN ?", ids).Scan(&rows).Error
	out := make(map[kernel.ID]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Number
	}
	return out, err
}
