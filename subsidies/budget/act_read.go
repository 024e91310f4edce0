package budget

import (
	"context"

	"yunhui/services/kernel"
)

// Acts returns acts on appropriations, the newest first; an empty policy or
// state means all. A district officer sees those of the own district.
func (d *Desk) Acts(ctx context.Context, who kernel.Actor, policy string, state ActState, after kernel.ID, limit int) ([]Act, error) {
	if err := who.Require(Readers...); err != nil {
		return nil, err
	}
	q := d.DB.Read(ctx).Order("id DESC").Limit(min(max(limit, 1), 101))
	if policy != "" {
		q = q.Where("policy_code = ?", policy)
	}
	if state != "" {
		q = q.Where("state = ?", state)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	if who.Is(kernel.RoleDistrictOfficer) {
		q = q.Where("(scope = ? OR from_scope = ?)", who.District, who.District)
	}
	var out []Act
	err := q.Find(&out).Error
	return out, err
}
