package subsidiestest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/record"
)

// Parties are the people on the three sides of one agreement.
type Parties struct {
	Claimant, Provider, Officer kernel.Actor
}

// PartiesOf returns the people of an agreement.
func PartiesOf(a subsidies.Agreement) Parties {
	p := Parties{Claimant: Claimant(a.EnterpriseID), Provider: Provider, Officer: DistrictOfficer}
	p.Provider.Org, p.Officer.District = a.ProviderID, a.District
	return p
}

// Listing puts a plan of the deal on sale and returns the draft that asks for it.
func (c *City) Listing(d Deal) (Deal, agreements.Draft) {
	d = c.usual(d)
	c.serial++
	offer, plan := kernel.ID(fmt.Sprintf("offer-%d", c.serial)), kernel.ID(fmt.Sprintf("plan-%d", c.serial))
	c.Market.List(subsidies.Listed{
		OfferID: offer, PlanID: plan, ProviderID: d.Provider, Offer: kernel.T("云上进销存", "Cloud inventory"), Plan: kernel.T("标准版", "Standard"),
		Category: "saas.erp", Depth: "business", Class: "A", Price: d.Price, Unit: "year",
	})
	return d, agreements.Draft{Policy: d.Policy, Offer: offer, Plan: plan, Quantity: 1, StartsOn: "2026-12-01", EndsOn: "2027-11-30"}
}

// AgreementIn brings a new agreement of a deal to a state; completed is out of
// its reach.
func (c *City) AgreementIn(t testing.TB, d Deal, state subsidies.AgreementState) subsidies.Agreement {
	t.Helper()
	d, draft := c.Listing(d)
	claimant := Claimant(d.Firm.ID)
	a, err := c.Agreements.Draft(As(claimant), claimant, draft)
	require.NoError(t, err)
	p := PartiesOf(a)
	confirm := func(who kernel.Actor) func() error {
		return func() error { _, err := c.Agreements.Confirm(As(who), a.ID, 0); return err }
	}
	ways := map[subsidies.AgreementState][]func() error{
		subsidies.AgreementDrafted:             {},
		subsidies.AgreementProviderConfirmed:   {confirm(p.Provider)},
		subsidies.AgreementEnterpriseConfirmed: {confirm(p.Provider), confirm(p.Claimant)},
		subsidies.AgreementAccepted: {confirm(p.Provider), confirm(p.Claimant), func() error {
			_, err := c.Agreements.Accept(As(p.Officer), a.ID, 0)
			return err
		}},
		subsidies.AgreementWaiting: {confirm(p.Provider), confirm(p.Claimant), func() error { return c.short(a) }},
		subsidies.AgreementDeclined: {func() error {
			_, err := c.Agreements.Decline(As(p.Provider), a.ID, 0, record.Reason{Note: "暂无交付能力"})
			return err
		}},
		subsidies.AgreementWithdrawn: {func() error {
			_, err := c.Agreements.Withdraw(As(p.Claimant), a.ID, 0, record.Reason{})
			return err
		}},
	}
	way, known := ways[state]
	require.True(t, known, "no way to %s", state)
	for _, step := range way {
		require.NoError(t, step())
	}
	a, err = c.Agreements.Get(t.Context(), kernel.System(), a.ID)
	require.NoError(t, err)
	require.Equal(t, state, a.State)
	return a
}

// short accepts an agreement while its policy has no money, and gives it back.
func (c *City) short(a subsidies.Agreement) error {
	hold := func(change string) error {
		return database.Run(As(kernel.System()), c.DB, "test.short", func(tx *database.Tx) error {
			return tx.Exec("UPDATE appropriations SET amount_fen = amount_fen "+change+" ? WHERE policy_code = ? AND scope = 'city'", Voted, a.PolicyCode).Error
		})
	}
	if err := hold("-"); err != nil {
		return err
	}
	_, err := c.Agreements.Accept(As(PartiesOf(a).Officer), a.ID, 0)
	return errors.Join(err, hold("+"))
}

// AgreementNow reads an agreement as it is now.
func (c *City) AgreementNow(t testing.TB, id kernel.ID) subsidies.Agreement {
	t.Helper()
	a, err := c.Agreements.Get(t.Context(), kernel.System(), id)
	require.NoError(t, err)
	return a
}
