package claims

import (
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
)

// Awarding is how claims are awarded.
type Awarding struct {
	Policies *gazette.Library
	Due      string // a condition on the row of a claim besides its state
	Args     []any  // of that condition
	Together bool   // the parties are told in one message of all
}

// Award approves claims whose notice has passed without objection, all or none,
// in few statements: the legs are final, the agreements are completed, what was
// reserved becomes what is owed and the rest goes back. What all wait for, the
// budgets, is touched once and last. The caller's actor must be the system. A
// claim that is elsewhere is refused (state.act), one that is not due is stale.
func Award(tx *database.Tx, w Awarding, ids ...kernel.ID) error {
	const from = subsidies.ClaimNoticed
	t, err := subsidies.ClaimMachine.Find(from, subsidies.ClaimAward, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	if err := approve(tx, w, t, ids); err != nil {
		return err
	}
	all, err := readAwarded(tx, ids)
	if err != nil {
		return err
	}
	if err := agreements.Complete(tx, agreed(all)); err != nil {
		return err
	}
	due := make([]budget.Awarding, len(all))
	for i, x := range all {
		if err := settle(tx, x, from); err != nil {
			return err
		}
		due[i] = budget.Awarding{
			Subject:  budget.Subject{ID: x.claim.ID, Policy: x.claim.PolicyCode, Year: x.agreement.FundYear, District: x.claim.District},
			Reserved: budget.PortionOf(x.agreement.Legs), Legs: x.claim.Legs,
		}
		if x.agreement.Legs.Subsidy > x.claim.Legs.Subsidy {
			policy, err := w.Policies.Version(tx.Context(), x.claim.PolicyCode, x.claim.PolicyVersion)
			if err != nil {
				return err
			}
			due[i].Ceilings = agreements.Ceilings(policy.Document(), x.agreement)
		}
	}
	if err := tellAwarded(tx, all, w.Together); err != nil {
		return err
	}
	return budget.AwardAll(tx, due...)
}

// approve is the guarded change of state. Of two workers the second waits here
// and then finds the claims elsewhere.
func approve(tx *database.Tx, w Awarding, t transition, ids []kernel.ID) error {
	marks, keys := database.In(ids)
	statement := "UPDATE claims SET state = ?, turn = ?, since = ?, updated_at = ?, version = version + 1 WHERE id IN " + marks + " AND state = ?"
	args := append(append([]any{t.To, subsidies.ClaimMachine.Turns[t.To], tx.Now, tx.Now}, keys...), subsidies.ClaimNoticed)
	if w.Due != "" {
		statement, args = statement+" AND "+w.Due, append(args, w.Args...)
	}
	n, err := database.Exec(tx, statement, args...)
	if err != nil || n == int64(len(ids)) {
		return err
	}
	return unapproved(tx, ids)
}

// unapproved says why not all of the claims were approved. The transaction is lost.
func unapproved(tx *database.Tx, ids []kernel.ID) error {
	var all []subsidies.Claim
	if err := tx.Select("id, state").Where("id IN ?", ids).Find(&all).Error; err != nil {
		return err
	}
	if len(all) != len(ids) {
		return notFound()
	}
	for _, c := range all {
		if c.State == subsidies.ClaimApproved {
			continue // by this transaction, or the one before
		}
		if _, err := subsidies.ClaimMachine.Find(c.State, subsidies.ClaimAward, tx.Call.Actor.Role); err != nil {
			return err
		}
	}
	return database.Stale()
}

// award is a claim as it was awarded, and its agreement as it was reserved; of
// both only what an award needs.
type award struct {
	claim     subsidies.Claim
	agreement subsidies.Agreement
}

func readAwarded(tx *database.Tx, ids []kernel.ID) ([]award, error) {
	rows, err := tx.Raw(`SELECT c.id, c.number, c.agreement_id, c.enterprise_id, c.provider_id, c.district, c.policy_code, c.policy_version, c.state, c.round,
		c.list_price_fen, c.discount_fen, c.subsidy_fen, c.municipal_fen, c.district_fen, c.enterprise_fen,
		a.state, a.category, a.budget_year, a.fund_year, a.subsidy_fen, a.municipal_fen, a.district_fen
		FROM claims c JOIN agreements a ON a.id = c.agreement_id WHERE c.id IN ? ORDER BY c.id`, ids).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := make([]award, 0, len(ids))
	for rows.Next() {
		var x award
		c, a := &x.claim, &x.agreement
		if err := rows.Scan(&c.ID, &c.Number, &c.AgreementID, &c.EnterpriseID, &c.ProviderID, &c.District, &c.PolicyCode, &c.PolicyVersion, &c.State, &c.Round,
			&c.Legs.ListPrice, &c.Legs.ProviderDiscount, &c.Legs.Subsidy, &c.Legs.Municipal, &c.Legs.District, &c.Legs.EnterpriseShare,
			&a.State, &a.Category, &a.BudgetYear, &a.FundYear, &a.Legs.Subsidy, &a.Legs.Municipal, &a.Legs.District); err != nil {
			return nil, err
		}
		a.ID, a.EnterpriseID, a.ProviderID, a.District, a.PolicyCode, a.PolicyVersion = c.AgreementID, c.EnterpriseID, c.ProviderID, c.District, c.PolicyCode, c.PolicyVersion
		all = append(all, x)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(all) != len(ids) {
		return nil, notFound()
	}
	return all, nil
}

func agreed(all []award) []subsidies.Agreement {
	out := make([]subsidies.Agreement, len(all))
	for i, x := range all {
		out[i] = x.agreement
	}
	return out
}

// awarded is the audit entry's detail of an award.
type awarded struct {
	moved
	Agreement kernel.ID      `json:"agreement"` // completed by it
	Legs      subsidies.Legs `json:"legs"`
}

// settle records an award, which may be of less than was reserved and never of more.
func settle(tx *database.Tx, x award, from subsidies.ClaimState) error {
	c, a := x.claim, x.agreement
	if c.Legs.Municipal > a.Legs.Municipal || c.Legs.District > a.Legs.District {
		return fmt.Errorf("claim %s asks more than its agreement reserved", c.ID)
	}
	return stepped(tx, c, subsidies.ClaimAward, from, record.Reason{}, awarded{moved{From: from, To: c.State}, a.ID, c.Legs})
}

func tellAwarded(tx *database.Tx, all []award, together bool) error {
	claims := make([]subsidies.Claim, len(all))
	for i, x := range all {
		claims[i] = x.claim
		if together {
			continue
		}
		if err := tellTogether(tx, claims[i:i+1]); err != nil {
			return err
		}
	}
	if !together {
		return nil
	}
	return tellTogether(tx, claims)
}

type transition = subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct]
