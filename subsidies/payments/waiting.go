package payments

import (
	"context"

	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Waiting is what waits to be paid under a policy.
type Waiting struct {
	Policy  string     `json:"policy_code"`
	Count   int64      `json:"count"`
	Amount  kernel.Fen `json:"amount_fen" gorm:"column:amount_fen"`
	Handled int64      `json:"handled" doc:"您在其他环节经手过、须由他人拨付的份数 · of them you handled at another step; somebody else must pay those"`
}

// Waiting adds up the approved claims by policy, those with most to pay first.
func (d *Desk) Waiting(ctx context.Context, who kernel.Actor) ([]Waiting, error) {
	if err := who.Require(payers...); err != nil {
		return nil, err
	}
	out := []Waiting{}
	err := d.DB.Read(ctx).Model(&subsidies.Claim{}).
		Select("claims.policy_code AS policy, COUNT(*) AS count, SUM(claims.subsidy_fen) AS amount_fen, SUM(CASE WHEN h.person_id IS NULL THEN 0 ELSE 1 END) AS handled").
		Joins("LEFT JOIN hands h ON h.subject_id = claims.id AND h.person_id = ? AND h.part <> ?", who.Person, subsidies.PartPayer).
		Where("claims.state = ?", subsidies.ClaimApproved).Group("claims.policy_code").Order("amount_fen DESC, policy").Scan(&out).Error
	return out, err
}
