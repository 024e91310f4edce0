package claims

import (
	"fmt"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
)

// Award approves a claim whose notice has passed without objection: the legs are
// final, the agreement is completed, what was reserved becomes what is owed and
// the rest goes back. The caller's actor must be the system.
func Award(tx *database.Tx, policies *gazette.Library, id kernel.ID) (subsidies.Claim, error) {
	all, err := AwardAll(tx, policies, id)
	if err != nil {
		return subsidies.Claim{}, err
	}
	return all[0], nil
}

// AwardAll is Award for many claims, all or none, in few statements: what all
// wait for, the budgets, is touched once and last.
func AwardAll(tx *database.Tx, policies *gazette.Library, ids ...kernel.ID) ([]subsidies.Claim, error) {
	all, t, err := findAll(tx, ids, subsidies.ClaimAward)
	if err != nil {
		return nil, err
	}
	agreed := make([]kernel.ID, len(all))
	for i, c := range all {
		agreed[i] = c.AgreementID
	}
	reserved, err := agreements.Complete(tx, agreed...)
	if err != nil {
		return nil, err
	}
	if err := AdvanceAll(tx, all, t, Move{Act: subsidies.ClaimAward}); err != nil {
		return nil, err
	}
	due := make([]budget.Awarding, len(all))
	for i, c := range all {
		a := reserved[c.AgreementID]
		if err := settle(tx, policies, c, a); err != nil {
			return nil, err
		}
		due[i] = budget.Awarding{Subject: budget.Subject{ID: c.ID, Policy: c.PolicyCode, Year: a.FundYear, District: c.District}, Reserved: budget.PortionOf(a.Legs), Legs: c.Legs}
	}
	if err := budget.AwardAll(tx, due...); err != nil {
		return nil, err
	}
	return all, nil
}

// settle records an award and gives the firm's ceilings back what its agreement
// had drawn beyond it.
func settle(tx *database.Tx, policies *gazette.Library, c subsidies.Claim, a subsidies.Agreement) error {
	if c.Legs.Municipal > a.Legs.Municipal || c.Legs.District > a.Legs.District {
		return fmt.Errorf("claim %s asks more than its agreement reserved", c.ID)
	}
	if err := audit.Record(tx, audit.Entry{Action: "subsidy.award", ObjectKind: "claim", ObjectID: string(c.ID), Detail: c.Legs}); err != nil {
		return err
	}
	back := a.Legs.Subsidy - c.Legs.Subsidy
	if back <= 0 {
		return nil
	}
	policy, err := policies.Version(tx.Context(), c.PolicyCode, c.PolicyVersion)
	if err != nil {
		return err
	}
	return agreements.GiveBack(tx, policy.Document(), a, back)
}

// findAll is Find for many claims, which must all be where the act begins.
func findAll(tx *database.Tx, ids []kernel.ID, what subsidies.ClaimAct) ([]subsidies.Claim, transition, error) {
	var all []subsidies.Claim
	var t transition
	if err := tx.Where("id IN ?", ids).Order("id").Find(&all).Error; err != nil {
		return nil, t, err
	}
	if len(all) == 0 || len(all) != len(ids) {
		return nil, t, notFound()
	}
	for _, c := range all {
		if !c.VisibleTo(tx.Call.Actor) {
			return nil, t, notFound()
		}
		var err error
		if t, err = subsidies.ClaimMachine.Find(c.State, what, tx.Call.Actor.Role); err != nil {
			return nil, t, err
		}
	}
	return all, t, nil
}

type transition = subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct]
