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
	c, t, err := Find(tx, id, 0, subsidies.ClaimAward)
	if err != nil {
		return c, err
	}
	a, err := agreements.Complete(tx, c.AgreementID)
	if err != nil {
		return c, err
	}
	if c.Legs.Municipal > a.Legs.Municipal || c.Legs.District > a.Legs.District {
		return c, fmt.Errorf("claim %s asks more than its agreement reserved", c.ID)
	}
	if err := Advance(tx, &c, t, Move{Act: subsidies.ClaimAward}); err != nil {
		return c, err
	}
	if err := audit.Record(tx, audit.Entry{Action: "subsidy.award", ObjectKind: "claim", ObjectID: string(c.ID), Detail: c.Legs}); err != nil {
		return c, err
	}
	if back := a.Legs.Subsidy - c.Legs.Subsidy; back > 0 {
		policy, err := policies.Version(tx.Context(), c.PolicyCode, c.PolicyVersion)
		if err != nil {
			return c, err
		}
		if err := agreements.GiveBack(tx, policy.Document(), a, back); err != nil {
			return c, err
		}
	}
	s := budget.Subject{ID: c.ID, Policy: c.PolicyCode, District: c.District}
	return c, budget.Award(tx, s, budget.PortionOf(a.Legs), c.Legs)
}
