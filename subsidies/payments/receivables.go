package payments

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/rules"
)

// Total is money due to or received by an organisation in one state of its claims.
type Total struct {
	State  subsidies.ClaimState `json:"state"`
	Count  int64                `json:"count"`
	Amount kernel.Fen           `json:"amount_fen" gorm:"column:amount_fen"`
}

// Receivable is one claim whose subsidy is paid to the caller's organisation.
type Receivable struct {
	ClaimID     kernel.ID            `json:"claim_id"`
	ClaimNumber string               `json:"claim_number"`
	PolicyCode  string               `json:"policy_code"`
	State       subsidies.ClaimState `json:"state"`
	Since       time.Time            `json:"since"`
	Amount      kernel.Fen           `json:"amount_fen" gorm:"column:amount_fen"`
	PaidOn      *kernel.Date         `json:"paid_on,omitempty"`
}

// receivable are the states in which money is owed or has been paid, in order.
var receivable = []subsidies.ClaimState{subsidies.ClaimApproved, subsidies.ClaimBatched, subsidies.ClaimPaid}

// Totals returns what the actor's organisation is to receive or has received,
// always one entry for each state.
func (d *Desk) Totals(ctx context.Context, who kernel.Actor) ([]Total, error) {
	out := make([]Total, len(receivable))
	for i, s := range receivable {
		out[i].State = s
	}
	q, err := d.owed(ctx, who)
	if err != nil || q == nil {
		return out, err
	}
	var rows []Total
	if err := q.Select("claims.state, COUNT(*) AS count, SUM(claims.subsidy_fen) AS amount_fen").Group("claims.state").Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		for i := range out {
			if out[i].State == r.State {
				out[i] = r
			}
		}
	}
	return out, nil
}

// Receivables lists the claims behind the totals, the newest first.
func (d *Desk) Receivables(ctx context.Context, who kernel.Actor, after kernel.ID, limit int) ([]Receivable, error) {
	q, err := d.owed(ctx, who)
	if err != nil || q == nil {
		return nil, err
	}
	if after != "" {
		q = q.Where("claims.id < ?", after)
	}
	var out []Receivable
	err = q.Select("claims.id AS claim_id, claims.number AS claim_number, claims.policy_code, claims.state, claims.since, claims.subsidy_fen AS amount_fen, l.paid_on").
		Joins("LEFT JOIN batch_lines l ON l.live_key = claims.id").Order("claims.id DESC").Limit(min(max(limit, 1), 101)).Scan(&out).Error
	return out, err
}

// owed narrows claims to those whose policy names the actor's organisation as
// payee; nil when no policy does.
func (d *Desk) owed(ctx context.Context, who kernel.Actor) (*gorm.DB, error) {
	if err := who.Require(kernel.RoleEnterprise, kernel.RoleProvider); err != nil {
		return nil, err
	}
	payee, column := rules.PayeeEnterprise, "claims.enterprise_id"
	if who.Role == kernel.RoleProvider {
		payee, column = rules.PayeeProvider, "claims.provider_id"
	}
	shelf, err := d.Policies.All(ctx)
	if err != nil {
		return nil, err
	}
	var either []string
	var args []any
	for _, p := range shelf {
		if doc := p.Document(); doc.Payee == payee {
			either = append(either, "(claims.policy_code = ? AND claims.policy_version = ?)")
			args = append(args, doc.Code, doc.Version)
		}
	}
	if len(either) == 0 {
		return nil, nil //nolint:nilnil // nobody of this role is ever paid
	}
	return d.DB.Read(ctx).Model(&subsidies.Claim{}).Where(column+" = ? AND claims.state IN ?", who.Org, receivable).Where("("+strings.Join(either, " OR ")+")", args...), nil
}
