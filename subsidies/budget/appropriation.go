package budget

import (
	"context"
	"slices"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Appropriation is money that may be spent 预算额度, at one level, for one policy,
// in one budget year or for the policy's whole term.
type Appropriation struct {
	ID         kernel.ID  `json:"-"`
	PolicyCode string     `json:"policy_code"`
	BudgetYear string     `json:"budget_year" doc:"预算年度；为空表示政策期内统筹 · empty: for the policy's whole term"`
	Level      string     `json:"level"` // city or district
	Scope      string     `json:"scope"` // "city" or the district
	Amount     kernel.Fen `json:"amount_fen" gorm:"column:amount_fen"`
	Reserved   kernel.Fen `json:"reserved_fen" gorm:"column:reserved_fen"`
	Awarded    kernel.Fen `json:"awarded_fen" gorm:"column:awarded_fen"`
	Paid       kernel.Fen `json:"paid_fen" gorm:"column:paid_fen"`
	Version    int64      `json:"-"`
	UpdatedAt  time.Time  `json:"updated_at"`

	ClosedThrough kernel.Date `json:"closed_through" doc:"已结账至该日 · no posting may be dated up to this day"`
	Current       bool        `json:"current" gorm:"-" doc:"新协议由此预占 · new agreements reserve from it"`
}

// TableName names the table for the store.
func (Appropriation) TableName() string { return "appropriations" }

// Free is what can still be reserved.
func (a Appropriation) Free() kernel.Fen { return a.Amount - a.Reserved - a.Awarded - a.Paid }

// Appropriate is Vote for the whole term of a policy.
func Appropriate(tx *database.Tx, act, policy, scope string, amount kernel.Fen) error {
	return Vote(tx, act, Fund{Policy: policy}, scope, amount)
}

// Vote gives a scope money of a fund, once per act; a further act with another
// key is a supplement.
func Vote(tx *database.Tx, act string, of Fund, scope string, amount kernel.Fen) error {
	if amount <= 0 || amount > kernel.MaxFen {
		return kernel.Invalid("budget.amount", kernel.T("额度必须大于零", "An appropriation must be above zero"))
	}
	s := Subject{ID: kernel.ID(scope), Policy: of.Policy, Year: of.Year, District: scope}
	if err := book(tx, "appropriate", entry{effect: "appropriate:" + of.String() + ":" + scope + ":" + act, subject: s, lines: move(scope, Appropriated, Available, amount)}); err != nil {
		return err
	}
	return raise(tx, of, scope, amount)
}

// Meter returns the appropriations of policies, the city's first. With no codes
// it returns none.
func Meter(ctx context.Context, db *database.DB, policies ...string) (map[string][]Appropriation, error) {
	meters := make(map[string][]Appropriation, len(policies))
	if len(policies) == 0 {
		return meters, nil
	}
	var rows []Appropriation
	err := db.Read(ctx).Where("policy_code IN ?", policies).Order("policy_code, budget_year DESC, level, scope").Find(&rows).Error
	for _, r := range rows {
		meters[r.PolicyCode] = append(meters[r.PolicyCode], r)
	}
	year := yearOf(kernel.DayOf(db.Clock().Now()))
	for _, all := range meters {
		markCurrent(all, year)
	}
	return meters, err
}

// markCurrent says which rows YearFor would choose: those of the year, or where
// there are none those of the whole term.
func markCurrent(all []Appropriation, year string) {
	if !slices.ContainsFunc(all, func(a Appropriation) bool { return a.BudgetYear == year }) {
		year = ""
	}
	for i := range all {
		all[i].Current = all[i].BudgetYear == year
	}
}
