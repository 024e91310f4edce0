package claims

import (
	"context"
	"time"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Filter selects claims among those the actor may see.
type Filter struct {
	States []subsidies.ClaimState
	Mine   bool // only those whose turn is the actor's
	Policy string
	After  *Cursor
	Limit  int
}

// Cursor is the place in a list.
type Cursor struct {
	Since time.Time
	ID    kernel.ID
}

// List returns the actor's claims: a queue has the longest waiting first, any
// other list the latest moved.
func (d *Desk) List(ctx context.Context, who kernel.Actor, f Filter) ([]subsidies.Claim, error) {
	q, err := Visible(d.DB.Read(ctx), who)
	if err != nil {
		return nil, err
	}
	if f.Mine {
		q = q.Where("state IN ?", Waiting(who.Role))
	}
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if f.Policy != "" {
		q = q.Where("policy_code = ?", f.Policy)
	}
	order, beyond := "since DESC, id DESC", "since < ? OR (since = ? AND id < ?)"
	if f.Mine {
		order, beyond = "since, id", "since > ? OR (since = ? AND id > ?)"
	}
	if f.After != nil {
		q = q.Where(beyond, f.After.Since, f.After.Since, f.After.ID)
	}
	var out []subsidies.Claim
	err = q.Order(order).Limit(min(max(f.Limit, 1), 101)).Find(&out).Error
	return out, err
}

// Visible narrows a query on claims to the actor's rows (law 9).
func Visible(db *gorm.DB, who kernel.Actor) (*gorm.DB, error) {
	switch who.Role {
	case kernel.RoleEnterprise:
		return db.Where("enterprise_id = ?", who.Org), nil
	case kernel.RoleProvider:
		return db.Where("provider_id = ? AND state <> ?", who.Org, subsidies.ClaimDraft), nil
	case kernel.RoleDistrictOfficer:
		return db.Where("district = ? AND state <> ?", who.District, subsidies.ClaimDraft), nil
	case kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor:
		return db.Where("state <> ?", subsidies.ClaimDraft), nil
	default:
		return nil, kernel.Forbidden()
	}
}

// Waiting lists the states in which it is a role's turn.
func Waiting(role kernel.Role) []subsidies.ClaimState {
	turn := map[kernel.Role]subsidies.Turn{
		kernel.RoleEnterprise: subsidies.TurnEnterprise, kernel.RoleProvider: subsidies.TurnProvider,
		kernel.RoleDistrictOfficer: subsidies.TurnDistrict, kernel.RoleCityOfficer: subsidies.TurnCity, kernel.RoleFinance: subsidies.TurnFinance,
	}[role]
	states := []subsidies.ClaimState{}
	for state, whose := range subsidies.ClaimMachine.Turns {
		if whose == turn && turn != subsidies.TurnNobody {
			states = append(states, state)
		}
	}
	return states
}

// Counts returns how many visible claims wait in each state of the actor's turn.
func (d *Desk) Counts(ctx context.Context, who kernel.Actor) (map[subsidies.ClaimState]int64, error) {
	q, err := Visible(d.DB.Read(ctx), who)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		State subsidies.ClaimState
		N     int64
	}
	err = q.Model(&subsidies.Claim{}).Select("state, COUNT(*) AS n").Where("state IN ?", Waiting(who.Role)).Group("state").Scan(&rows).Error
	counts := make(map[subsidies.ClaimState]int64, len(rows))
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, err
}

// Living returns the living claim of an agreement that the actor may see, or "".
func (d *Desk) Living(ctx context.Context, who kernel.Actor, agreement kernel.ID) (kernel.ID, error) {
	var rows []subsidies.Claim
	if err := d.DB.Read(ctx).Where("live_key = ?", agreement).Limit(1).Find(&rows).Error; err != nil {
		return "", err
	}
	if len(rows) == 0 || !rows[0].VisibleTo(who) {
		return "", nil
	}
	return rows[0].ID, nil
}

// ByIDs returns claims without asking who may see them: for lists of things that
// belong to them and that the actor may see.
func (d *Desk) ByIDs(ctx context.Context, ids []kernel.ID) (map[kernel.ID]subsidies.Claim, error) {
	var rows []subsidies.Claim
	err := d.DB.Read(ctx).Where("id IN ?", ids).Find(&rows).Error
	out := make(map[kernel.ID]subsidies.Claim, len(rows))
	for _, c := range rows {
		out[c.ID] = c
	}
	return out, err
}
