package budget

import (
	"context"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Appropriation is money that may be spent 预算额度, at one level, for one policy.
type Appropriation struct {
	ID         kernel.ID  `json:"-"`
	PolicyCode string     `json:"policy_code"`
	Level      string     `json:"level"` // city or district
	Scope      string     `json:"scope"` // "city" or the district
	Amount     kernel.Fen `json:"amount_fen" gorm:"column:amount_fen"`
	Reserved   kernel.Fen `json:"reserved_fen" gorm:"column:reserved_fen"`
	Awarded    kernel.Fen `json:"awarded_fen" gorm:"column:awarded_fen"`
	Paid       kernel.Fen `json:"paid_fen" gorm:"column:paid_fen"`
	Version    int64      `json:"-"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// TableName names the table for the store.
func (Appropriation) TableName() string { return "appropriations" }

// Free is what can still be reserved.
func (a Appropriation) Free() kernel.Fen { return a.Amount - a.Reserved - a.Awarded - a.Paid }

// Appropriate votes money for a scope of a policy, once per act; a further act
// with another key is a supplement.
func Appropriate(tx *database.Tx, act, policy, scope string, amount kernel.Fen) error {
	if amount <= 0 || amount > kernel.MaxFen {
		return kernel.Invalid("budget.amount", kernel.T("额度必须大于零", "An appropriation must be above zero"))
	}
	s := Subject{ID: kernel.ID(scope), Policy: policy, District: scope}
	if err := book(tx, "appropriate", entry{"appropriate:" + policy + ":" + scope + ":" + act, s, move(scope, Appropriated, Available, amount)}); err != nil {
		return err
	}
	raised := tx.Exec("UPDATE appropriations SET amount_fen = amount_fen + ?, version = version + 1, updated_at = ? WHERE policy_code = ? AND level = ? AND scope = ?", amount, tx.Now, policy, level(scope), scope)
	if raised.Error != nil || raised.RowsAffected > 0 {
		return raised.Error
	}
	return tx.Create(&Appropriation{ID: kernel.NewID(tx.Now), PolicyCode: policy, Level: level(scope), Scope: scope, Amount: amount, UpdatedAt: tx.Now}).Error
}

// Meter returns the appropriations of policies, the city's first. With no codes
// it returns none.
func Meter(ctx context.Context, db *database.DB, policies ...string) (map[string][]Appropriation, error) {
	meters := make(map[string][]Appropriation, len(policies))
	if len(policies) == 0 {
		return meters, nil
	}
	var rows []Appropriation
	err := db.Read(ctx).Where("policy_code IN ?", policies).Order("policy_code, level, scope").Find(&rows).Error
	for _, r := range rows {
		meters[r.PolicyCode] = append(meters[r.PolicyCode], r)
	}
	return meters, err
}
