package agreements

import (
	"context"
	"time"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Filter selects agreements among those the actor may see.
type Filter struct {
	State subsidies.AgreementState
	Mine  bool // only those whose turn is the actor's
	After Cursor
	Limit int
}

// Cursor is the place in a list; the zero cursor is its beginning.
type Cursor struct {
	Since time.Time
	ID    kernel.ID
}

// List returns the actor's agreements, the latest moved first; those waiting for
// the actor come as a queue, the longest waiting first.
func (d *Desk) List(ctx context.Context, who kernel.Actor, f Filter) ([]subsidies.Agreement, error) {
	q, err := visible(d.DB.Read(ctx), who)
	if err != nil {
		return nil, err
	}
	if f.Mine {
		q = q.Where("turn = ?", turnOf(who.Role))
	}
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	beyond, order := "since < ? OR (since = ? AND id < ?)", "since DESC, id DESC"
	if f.Mine {
		beyond, order = "since > ? OR (since = ? AND id > ?)", "since, id"
	}
	if f.After.ID != "" {
		q = q.Where(beyond, f.After.Since, f.After.Since, f.After.ID)
	}
	var out []subsidies.Agreement
	err = q.Order(order).Limit(min(max(f.Limit, 1), 101)).Find(&out).Error
	return out, err
}

// Counts returns how many agreements wait for the actor.
func (d *Desk) Counts(ctx context.Context, who kernel.Actor) (int64, error) {
	q, err := visible(d.DB.Read(ctx), who)
	if err != nil {
		return 0, err
	}
	var n int64
	err = q.Model(&subsidies.Agreement{}).Where("turn = ?", turnOf(who.Role)).Count(&n).Error
	return n, err
}

func visible(db *gorm.DB, who kernel.Actor) (*gorm.DB, error) {
	switch who.Role {
	case kernel.RoleEnterprise:
		return db.Where("enterprise_id = ?", who.Org), nil
	case kernel.RoleProvider:
		return db.Where("provider_id = ?", who.Org), nil
	case kernel.RoleDistrictOfficer:
		return db.Where("district = ? AND state NOT IN ?", who.District, []subsidies.AgreementState{subsidies.AgreementDrafted, subsidies.AgreementProviderConfirmed}), nil
	case kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor:
		return db, nil
	default:
		return nil, kernel.Forbidden()
	}
}

func turnOf(role kernel.Role) subsidies.Turn {
	switch role {
	case kernel.RoleEnterprise:
		return subsidies.TurnEnterprise
	case kernel.RoleProvider:
		return subsidies.TurnProvider
	case kernel.RoleDistrictOfficer:
		return subsidies.TurnDistrict
	default:
		return "-"
	}
}

// ByIDs returns agreements without asking who may see them: for pages of claims
// that the actor may see.
func (d *Desk) ByIDs(ctx context.Context, ids []kernel.ID) (map[kernel.ID]subsidies.Agreement, error) {
	var rows []subsidies.Agreement
	err := d.DB.Read(ctx).Where("id IN ?", ids).Find(&rows).Error
	out := make(map[kernel.ID]subsidies.Agreement, len(rows))
	for _, a := range rows {
		out[a.ID] = a
	}
	return out, err
}
