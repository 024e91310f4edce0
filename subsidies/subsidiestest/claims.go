package subsidiestest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
)

// Proofs are the kinds of evidence that the city's policy asks for.
var Proofs = []subsidies.EvidenceKind{subsidies.EvidenceContract, subsidies.EvidenceInvoice, subsidies.EvidencePayment, subsidies.EvidenceAcceptance}

// Opened begins a claim on a new agreement of a deal and returns what would be
// filled in, all of it in order.
func (c *City) Opened(t testing.TB, d Deal) (subsidies.Claim, claims.Filling) {
	t.Helper()
	d = c.usual(d)
	a := c.Agreement(t, d)
	claim, err := c.Claims.Open(As(Claimant(d.Firm.ID)), a.ID)
	require.NoError(t, err)
	return claim, c.Filling(t, claim)
}

// Filling returns papers that are in order for a claim: one invoice and one
// payment over the whole contract.
func (c *City) Filling(t testing.TB, claim subsidies.Claim) claims.Filling {
	t.Helper()
	firms, err := c.Registry.Firms(t.Context(), claim.EnterpriseID, claim.ProviderID)
	require.NoError(t, err)
	buyer, seller := firms[claim.EnterpriseID], firms[claim.ProviderID]
	c.serial++
	signed, accepted := kernel.Date("2026-11-01"), kernel.Date("2026-11-20")
	return claims.Filling{
		ContractNumber: fmt.Sprintf("HT-%06d", c.serial), ContractSignedOn: &signed, AcceptedOn: &accepted,
		Invoices: []subsidies.Invoice{{Number: fmt.Sprintf("26%018d", c.serial), IssuedOn: "2026-11-10", SellerCode: seller.CreditCode, BuyerCode: buyer.CreditCode, Amount: claim.Legs.Contract(), Item: "云服务费"}},
		Payments: []subsidies.Payment{{PaidOn: "2026-11-12", Amount: claim.Legs.Contract(), Payer: buyer.Name, Payee: seller.Name, BankReference: fmt.Sprint(c.serial)}},
	}
}

// Prove attaches one file of each kind to a claim.
func (c *City) Prove(t testing.TB, claim kernel.ID, kinds ...subsidies.EvidenceKind) []subsidies.Evidence {
	t.Helper()
	who := As(Claimant(c.Claim(t, claim).EnterpriseID))
	out := make([]subsidies.Evidence, len(kinds))
	for i, kind := range kinds {
		var err error
		out[i], err = c.Claims.Attach(who, claim, files.File{Name: string(kind) + ".pdf", MediaType: "application/pdf", Size: 10, SHA256: fmt.Sprintf("%064d", i)}, kind)
		require.NoError(t, err)
	}
	return out
}

// HandIn saves a filling and submits the claim.
func (c *City) HandIn(t testing.TB, claim kernel.ID, f claims.Filling) error {
	t.Helper()
	who := As(Claimant(c.Claim(t, claim).EnterpriseID))
	_, err := c.Claims.Save(who, claim, f)
	require.NoError(t, err)
	_, err = c.Claims.Submit(who, claim, 0, true)
	return err
}

// Check delivers the message that asks for the machine's checks of a submission.
func (c *City) Check(t testing.TB, claim kernel.ID, round int64) error {
	t.Helper()
	ctx := As(kernel.System())
	return database.Run(ctx, c.DB, "test.check", func(tx *database.Tx) error { return c.Claims.RunChecks(tx.Context(), tx, claim, round) })
}

// PeopleOf are the people of a claim's three sides.
func PeopleOf(claim subsidies.Claim) Parties {
	return PartiesOf(subsidies.Agreement{EnterpriseID: claim.EnterpriseID, ProviderID: claim.ProviderID, District: claim.District})
}
