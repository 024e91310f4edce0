package budget

import (
	"context"
	"strconv"
	"strings"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Due is what one payee has coming and has had 应付: the account awarded is the
// payable, and this is its ledger by payee.
type Due struct {
	Payee    kernel.ID  `json:"payee"`
	Payable  kernel.Fen `json:"payable_fen" gorm:"column:payable_fen"`
	Paid     kernel.Fen `json:"paid_fen" gorm:"column:paid_fen"`
	Returned kernel.Fen `json:"returned_fen" gorm:"column:returned_fen"`
	Claims   int64      `json:"claims"`
}

// Payees lists the payees of a policy, the most payable first, after a due.
func (d *Desk) Payees(ctx context.Context, who kernel.Actor, of Fund, after *Due, limit int) ([]Due, error) {
	if err := who.Require(Readers...); err != nil {
		return nil, err
	}
	versions, err := d.paying(ctx, of.Policy, rules.PayeeProvider)
	if err != nil {
		return nil, err
	}
	w := &conditions{}
	w.add("p.policy_code = ? AND p.budget_year = ? AND p.account IN ?", of.Policy, of.Year, []Account{Awarded, Paid, Returned})
	if who.Is(kernel.RoleDistrictOfficer) {
		w.add("c.district = ?", who.District)
	}
	place := ""
	if after != nil {
		place = " WHERE x.payable_fen < ? OR (x.payable_fen = ? AND x.payee > ?)"
		w.args = append(w.args, after.Payable, after.Payable, after.Payee)
	}
	sum := func(account Account, sign string) string {
		return "SUM(CASE WHEN p.account = '" + string(account) + "' THEN " + sign + "p.amount_fen ELSE 0 END)"
	}
	var out []Due
	err = d.DB.Read(ctx).Raw("SELECT x.payee, x.payable_fen, x.paid_fen, x.returned_fen, x.claims FROM (SELECT "+payeeOf(versions)+" AS payee, "+sum(Awarded, "")+" AS payable_fen, "+sum(Paid, "")+" AS paid_fen, "+sum(Returned, "-")+" AS returned_fen, COUNT(DISTINCT p.subject_id) AS claims FROM postings p JOIN claims c ON c.id = p.subject_id WHERE 1 = 1"+
		w.and()+" GROUP BY "+payeeOf(versions)+") x"+place+" ORDER BY x.payable_fen DESC, x.payee LIMIT ?", append(w.args, min(max(limit, 1), 101))...).Scan(&out).Error
	return out, err
}

// paying lists the versions of a policy that pay one kind of payee.
func (d *Desk) paying(ctx context.Context, policy string, payee rules.Payee) ([]int, error) {
	all, err := d.Policies.Versions(ctx, policy)
	if err != nil {
		return nil, err
	}
	var out []int
	for _, p := range all {
		if p.Document().Payee == payee {
			out = append(out, p.Document().Version)
		}
	}
	return out, nil
}

// payeeOf says whom a claim c pays. The numbers of versions are the program's own.
func payeeOf(providerVersions []int) string {
	if len(providerVersions) == 0 {
		return "c.enterprise_id"
	}
	numbers := make([]string, len(providerVersions))
	for i, n := range providerVersions {
		numbers[i] = strconv.Itoa(n)
	}
	return "CASE WHEN c.policy_version IN (" + strings.Join(numbers, ", ") + ") THEN c.provider_id ELSE c.enterprise_id END"
}
