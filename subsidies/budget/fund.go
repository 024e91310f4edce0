package budget

import (
	"cmp"
	"strconv"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Fund is the money of one policy in one budget year 预算年度, or, with no year,
// for the policy's whole term: many schemes are voted once, "until it is used up".
type Fund struct{ Policy, Year string }

// String names the fund in keys and messages.
func (f Fund) String() string {
	if f.Year == "" {
		return f.Policy
	}
	return f.Policy + "/" + f.Year
}

func (f Fund) compare(g Fund) int {
	return cmp.Or(cmp.Compare(f.Policy, g.Policy), cmp.Compare(f.Year, g.Year))
}

// YearFor chooses the appropriation that a reservation of today is from: that of
// the year if money was voted for the year, else that of the whole term. What is
// chosen stays with the agreement and its claim, in whatever year it is paid.
func YearFor(tx *database.Tx, policy string) (string, error) {
	var years []string
	err := tx.Raw("SELECT budget_year FROM appropriations WHERE policy_code = ? AND budget_year IN ('', ?) ORDER BY budget_year DESC LIMIT 1", policy, yearOf(tx.Today())).Scan(&years).Error
	if err != nil || len(years) == 0 {
		return "", err
	}
	return years[0], nil
}

func yearOf(day kernel.Date) string { return strconv.Itoa(day.Year()) }

// open refuses a movement dated into a day that is closed (budget.closed).
func open(tx *database.Tx, of Fund) error {
	var n int64
	err := tx.Model(&Appropriation{}).Where("policy_code = ? AND budget_year = ? AND closed_through >= ?", of.Policy, of.Year, tx.Today()).Count(&n).Error
	if err == nil && n > 0 {
		err = kernel.Conflict("budget.closed", kernel.T("账期已结，不能再记入当日业务", "The books of this day are closed; nothing can be posted into it"))
	}
	return err
}
