package subsidiestest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/record"
)

// Deal is what a claim is about. Zero fields take the city's usual values.
type Deal struct {
	Policy   string         // Policy
	Firm     subsidies.Firm // a new small enterprise
	District string         // District, for a new enterprise
	Provider kernel.ID      // ProviderOrg
	Price    kernel.Fen     // 1,000,000 fen: a subsidy of 300,000, 180,000 of it the city's
}

// Agreement drafts an agreement and brings it to acceptance: the budget is reserved.
func (c *City) Agreement(t testing.TB, d Deal) subsidies.Agreement {
	t.Helper()
	d = c.usual(d)
	c.serial++
	offer, plan := kernel.ID(fmt.Sprintf("offer-%d", c.serial)), kernel.ID(fmt.Sprintf("plan-%d", c.serial))
	c.Market.List(subsidies.Listed{
		OfferID: offer, PlanID: plan, ProviderID: d.Provider, Offer: kernel.T("云上进销存", "Cloud inventory"), Plan: kernel.T("标准版", "Standard"),
		Category: "saas.erp", Depth: "business", Class: "A", Price: d.Price, Unit: "year",
	})
	claimant := Claimant(d.Firm.ID)
	a, err := c.Agreements.Draft(As(claimant), claimant, agreements.Draft{Policy: d.Policy, Offer: offer, Plan: plan, Quantity: 1, StartsOn: "2026-12-01", EndsOn: "2027-11-30"})
	require.NoError(t, err)
	seller, officer := Provider, DistrictOfficer
	seller.Org, officer.District = d.Provider, d.Firm.District
	for _, who := range []kernel.Actor{seller, claimant} {
		_, err = c.Agreements.Confirm(As(who), a.ID, 0)
		require.NoError(t, err)
	}
	a, err = c.Agreements.Accept(As(officer), a.ID, 0)
	require.NoError(t, err)
	return a
}

func (c *City) usual(d Deal) Deal {
	if d.Policy == "" {
		d.Policy = Policy
	}
	if d.District == "" {
		d.District = District
	}
	if d.Firm.ID == "" {
		d.Firm = c.Registry.NewFirm(d.District)
	}
	if d.Provider == "" {
		d.Provider = ProviderOrg
	}
	if d.Price == 0 {
		d.Price = 1_000_000
	}
	return d
}

// ClaimIn drives one new claim of the usual deal to a state. States after
// noticed move the city's clock past the end of the notice.
func (c *City) ClaimIn(t testing.TB, state subsidies.ClaimState) subsidies.Claim {
	t.Helper()
	return c.ClaimOf(t, Deal{}, state)
}

// ClaimsIn drives n new claims to a state; those on notice share one.
func (c *City) ClaimsIn(t testing.TB, state subsidies.ClaimState, n int) []subsidies.Claim {
	t.Helper()
	return c.ClaimsOf(t, state, make([]Deal, n)...)
}

// ClaimOf drives one new claim of a deal to a state.
func (c *City) ClaimOf(t testing.TB, d Deal, state subsidies.ClaimState) subsidies.Claim {
	t.Helper()
	return c.ClaimsOf(t, state, d)[0]
}

// filled opens a claim and fills everything in, short of handing it in.
func (c *City) filled(t testing.TB, d Deal) subsidies.Claim {
	t.Helper()
	d = c.usual(d)
	a := c.Agreement(t, d)
	who := As(Claimant(d.Firm.ID))
	claim, err := c.Claims.Open(who, a.ID)
	require.NoError(t, err)
	firms, err := c.Registry.Firms(who, d.Firm.ID, d.Provider)
	require.NoError(t, err)
	c.serial++
	signed, accepted := kernel.Date("2026-11-01"), kernel.Date("2026-11-20")
	claim, err = c.Claims.Save(who, claim.ID, claims.Filling{
		ContractNumber: fmt.Sprintf("HT-%06d", c.serial), ContractSignedOn: &signed, AcceptedOn: &accepted,
		Invoices: []subsidies.Invoice{{Number: fmt.Sprintf("26%018d", c.serial), IssuedOn: "2026-11-10", SellerCode: firms[d.Provider].CreditCode, BuyerCode: firms[d.Firm.ID].CreditCode, Amount: d.Price, Item: "云服务费"}},
		Payments: []subsidies.Payment{{PaidOn: "2026-11-12", Amount: d.Price, Payer: firms[d.Firm.ID].Name, Payee: firms[d.Provider].Name, BankReference: fmt.Sprint(c.serial)}},
	})
	require.NoError(t, err)
	for _, kind := range []subsidies.EvidenceKind{subsidies.EvidenceContract, subsidies.EvidenceInvoice, subsidies.EvidencePayment, subsidies.EvidenceAcceptance} {
		_, err := c.Claims.Attach(who, claim.ID, files.File{Name: string(kind) + ".pdf", MediaType: "application/pdf", Size: 10, SHA256: fmt.Sprintf("%064d", c.serial)}, kind)
		require.NoError(t, err)
	}
	return claim
}

// review drives a filled claim through the checks and the reviews, as far as
// the state. It reports whether the state was reached.
func (c *City) review(t testing.TB, claim subsidies.Claim, state subsidies.ClaimState) bool {
	t.Helper()
	claimant, seller, officer := Claimant(claim.EnterpriseID), Provider, DistrictOfficer
	seller.Org, officer.District = claim.ProviderID, claim.District
	why := record.Reason{Code: "evidence_mismatch", Note: "合同金额与发票不一致"}
	decide := func(who kernel.Actor, act subsidies.ClaimAct, why record.Reason) {
		t.Helper()
		_, err := c.Claims.Decide(As(who), claim.ID, claims.Decision{Act: act, Reason: why})
		require.NoError(t, err)
	}
	steps := []struct {
		leads subsidies.ClaimState
		do    func()
	}{
		{subsidies.ClaimDraft, func() {}},
		{subsidies.ClaimSubmitted, func() {
			_, err := c.Claims.Submit(As(claimant), claim.ID, 0, true)
			require.NoError(t, err)
		}},
		{subsidies.ClaimChecked, func() {
			ctx := As(kernel.System())
			require.NoError(t, database.Run(ctx, c.DB, "test.check", func(tx *database.Tx) error { return c.Claims.RunChecks(ctx, tx, claim.ID, 1) }))
		}},
		{subsidies.ClaimProviderConfirmed, func() { decide(seller, subsidies.ClaimConfirm, record.Reason{}) }},
		{subsidies.ClaimDistrictApproved, func() { decide(officer, subsidies.ClaimApproveReview, record.Reason{}) }},
		{subsidies.ClaimCityApproved, func() { decide(CityReviewer, subsidies.ClaimApproveReview, record.Reason{}) }},
	}
	for _, s := range steps {
		s.do()
		switch {
		case s.leads == state:
			return true
		case s.leads == subsidies.ClaimProviderConfirmed && state == subsidies.ClaimReturned:
			decide(officer, subsidies.ClaimReturn, why)
			return true
		case s.leads == subsidies.ClaimProviderConfirmed && state == subsidies.ClaimRefused:
			decide(officer, subsidies.ClaimRefuse, why)
			return true
		case s.leads == subsidies.ClaimProviderConfirmed && state == subsidies.ClaimWithdrawn:
			_, err := c.Claims.Withdraw(As(claimant), claim.ID, 0, "不再申请")
			require.NoError(t, err)
			return true
		}
	}
	return false
}

// ClaimsOf drives one new claim of each deal to a state; those on notice share
// one, those in a batch share one for each policy.
func (c *City) ClaimsOf(t testing.TB, state subsidies.ClaimState, deals ...Deal) []subsidies.Claim {
	t.Helper()
	out := make([]subsidies.Claim, len(deals))
	reached := false
	for i, d := range deals {
		out[i] = c.filled(t, d)
		reached = c.review(t, out[i], state)
	}
	if !reached {
		c.noticed(t, out, state)
	}
	for i := range out {
		out[i] = c.Claim(t, out[i].ID)
		require.Equal(t, state, out[i].State)
	}
	return out
}

// noticed drives reviewed claims from their notice on.
func (c *City) noticed(t testing.TB, all []subsidies.Claim, state subsidies.ClaimState) {
	t.Helper()
	ids := make([]kernel.ID, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	n, err := c.Notices.Open(As(CityOfficer), ids)
	require.NoError(t, err)
	if state == subsidies.ClaimNoticed {
		return
	}
	if state == subsidies.ClaimObjected {
		for _, id := range ids {
			_, err := c.Notices.Object(As(Nobody), n.ID, id, "该企业合同金额与实际不符，请核查。", "13700000000")
			require.NoError(t, err)
		}
		return
	}
	c.DayAfter(n.ClosesOn)
	_, err = c.Notices.CloseDue(As(kernel.System()))
	require.NoError(t, err)
	if state == subsidies.ClaimApproved {
		return
	}
	for _, b := range c.Batches(t, all) {
		if state == subsidies.ClaimPaid {
			c.Pay(t, b)
		}
	}
}

// DayAfter moves the clock to noon of the day after, unless it is there already.
func (c *City) DayAfter(d kernel.Date) {
	if noon := d.AddDays(1).Start().Add(12 * time.Hour); noon.After(c.Clock.Now()) {
		c.Clock.Set(noon)
	}
}

// Batches puts approved claims into one batch for each policy and closes them.
func (c *City) Batches(t testing.TB, all []subsidies.Claim) []payments.Batch {
	t.Helper()
	byPolicy := map[string][]kernel.ID{}
	for _, x := range all {
		byPolicy[x.PolicyCode] = append(byPolicy[x.PolicyCode], x.ID)
	}
	var out []payments.Batch
	for policy, ids := range byPolicy {
		d, err := c.Payments.Draft(As(Finance), payments.Filter{Policy: policy, Claims: ids})
		require.NoError(t, err)
		require.Empty(t, d.LeftOut)
		b, err := c.Payments.Close(As(Finance), d.Batch.ID, 0)
		require.NoError(t, err)
		out = append(out, b)
	}
	return out
}

// Pay settles a closed batch: every line was paid today.
func (c *City) Pay(t testing.TB, b payments.Batch) {
	t.Helper()
	_, lines, err := c.Payments.Get(As(Finance), Finance, b.ID, 0, 101)
	require.NoError(t, err)
	results := make([]payments.Result, len(lines))
	for i, l := range lines {
		results[i] = payments.Result{Row: i + 2, ClaimNumber: l.ClaimNumber, Amount: l.Amount, State: payments.Paid, PaidOn: kernel.DayOf(c.Clock.Now()), Reference: fmt.Sprint("R", i)}
	}
	_, err = c.Payments.Settle(As(Finance), b.ID, results)
	require.NoError(t, err)
}
