package claims_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

// found lists the checks that did not pass.
func found(t *testing.T, city *subsidiestest.City, c subsidies.Claim) map[string]claims.Outcome {
	t.Helper()
	s, err := city.Claims.Sheet(t.Context(), kernel.System(), c.ID)
	require.NoError(t, err)
	require.Len(t, s.Checks, 7, "every check says something")
	out := map[string]claims.Outcome{}
	for _, f := range s.Checks {
		require.NotEmpty(t, f.MessageZH)
		require.NotEmpty(t, f.MessageEN)
		if f.Outcome != claims.Pass {
			out[f.Code] = f.Outcome
		}
	}
	return out
}

func TestWhatTheMachineFinds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		for name, c := range map[string]struct {
			spoil func(*claims.Filling)
			found map[string]claims.Outcome
		}{
			"nothing":                  {func(*claims.Filling) {}, map[string]claims.Outcome{}},
			"a lower-case credit code": {func(f *claims.Filling) { f.Invoices[0].BuyerCode = lower(f.Invoices[0].BuyerCode) }, map[string]claims.Outcome{}},
			"names left out":           {func(f *claims.Filling) { f.Payments[0].Payer, f.Payments[0].Payee = "", "" }, map[string]claims.Outcome{}},
			"an old invoice": {func(f *claims.Filling) {
				f.Invoices[0].Code, f.Invoices[0].Number = "5000261130", f.Invoices[0].Number[12:]
			}, map[string]claims.Outcome{}},
			"another buyer":  {func(f *claims.Filling) { f.Invoices[0].BuyerCode = "91500000MA5OTHER1X" }, map[string]claims.Outcome{"buyer": claims.Fail}},
			"another seller": {func(f *claims.Filling) { f.Invoices[0].SellerCode = "91500000MA5OTHER1X" }, map[string]claims.Outcome{"seller": claims.Fail}},
			"both":           {func(f *claims.Filling) { f.Invoices[0].SellerCode, f.Invoices[0].BuyerCode = "x", "y" }, map[string]claims.Outcome{"buyer": claims.Fail, "seller": claims.Fail}},
			"an invoice before the window": {func(f *claims.Filling) {
				f.Invoices[0].IssuedOn, f.Invoices[0].Number = "2025-12-31", "25"+f.Invoices[0].Number[2:]
			}, map[string]claims.Outcome{"dates": claims.Fail}},
			"a payment after redemption":  {func(f *claims.Filling) { f.Payments[0].PaidOn = "2028-07-01" }, map[string]claims.Outcome{"dates": claims.Fail}},
			"an invoice of tomorrow":      {func(f *claims.Filling) { f.Invoices[0].IssuedOn = "2026-11-24" }, map[string]claims.Outcome{"dates": claims.Warn}},
			"invoices below the subsidy":  {func(f *claims.Filling) { f.Invoices[0].Amount = 299_999 }, map[string]claims.Outcome{"amounts": claims.Fail}},
			"invoices below the payments": {func(f *claims.Filling) { f.Invoices[0].Amount = 999_999 }, map[string]claims.Outcome{"amounts": claims.Warn}},
			"paid more than agreed":       {func(f *claims.Filling) { f.Payments[0].Amount, f.Invoices[0].Amount = 1_000_001, 1_000_001 }, map[string]claims.Outcome{"amounts": claims.Warn}},
			"somebody else paid":          {func(f *claims.Filling) { f.Payments[0].Payer = "法定代表人个人" }, map[string]claims.Outcome{"parties": claims.Warn}},
			"somebody else was paid":      {func(f *claims.Filling) { f.Payments[0].Payee = "另一公司" }, map[string]claims.Outcome{"parties": claims.Warn}},
		} {
			t.Run(name, func(t *testing.T) {
				claim, f := city.Opened(t, subsidiestest.Deal{})
				c.spoil(&f)
				city.Prove(t, claim.ID, subsidiestest.Proofs...)
				require.NoError(t, city.HandIn(t, claim.ID, f))
				require.NoError(t, city.Check(t, claim.ID, 1))
				require.Equal(t, c.found, found(t, city, claim))
				now := city.Claim(t, claim.ID)
				want := subsidies.ClaimChecked
				for _, o := range c.found {
					if o == claims.Fail {
						want = subsidies.ClaimReturned
					}
				}
				require.Equal(t, want, now.State)
				steps, err := record.Steps(t.Context(), city.DB, claim.ID)
				require.NoError(t, err)
				last := steps[len(steps)-1]
				require.Equal(t, kernel.RoleSystem, last.Role)
				require.Equal(t, want == subsidies.ClaimReturned, last.ReasonCode == "check_failed")
				require.Equal(t, want == subsidies.ClaimReturned, last.Note != "", "the enterprise is told what to mend")
			})
		}
	})
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func TestRepeatedAndLateDeliveriesChangeNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimSubmitted)
		city.Unmoved(t, func() {
			require.NoError(t, city.Check(t, c.ID, 0), "a round that is not this one")
			require.NoError(t, city.Check(t, c.ID, 2))
			require.True(t, kernel.IsCode(city.Check(t, "none", 1), "not_found"))
		})
		deliver := func() error { return city.Check(t, c.ID, 1) }
		errs := together(deliver, deliver, deliver, deliver)
		for _, err := range errs { // of those at the same time some are told to come again
			if err != nil {
				require.True(t, kernel.IsCode(err, "stale") || isDuplicate(err), "%v", err)
			}
		}
		require.EqualValues(t, 7, city.Count(t, "claim_checks", "claim_id = ?", c.ID))
		require.EqualValues(t, 1, city.Count(t, "steps", "subject_id = ? AND act = 'pass_checks'", c.ID))
		city.Unmoved(t, func() { require.NoError(t, deliver()) })

		withdrawn := city.ClaimIn(t, subsidies.ClaimSubmitted)
		_, err := city.Claims.Withdraw(as(claimantOf(withdrawn)), withdrawn.ID, 0, "")
		require.NoError(t, err)
		city.Unmoved(t, func() { require.NoError(t, city.Check(t, withdrawn.ID, 1)) })
	})
}

func TestEachSubmissionIsCheckedAnew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, f := city.Opened(t, subsidiestest.Deal{})
		city.Prove(t, claim.ID, subsidiestest.Proofs...)
		bad := f
		bad.Invoices = append([]subsidies.Invoice(nil), f.Invoices...)
		bad.Invoices[0].BuyerCode = "x"
		require.NoError(t, city.HandIn(t, claim.ID, bad))
		require.NoError(t, city.Check(t, claim.ID, 1))
		city.Clock.Advance(time.Hour)
		require.NoError(t, city.HandIn(t, claim.ID, f))
		city.Unmoved(t, func() { require.NoError(t, city.Check(t, claim.ID, 1), "the first round's message comes again") })
		require.NoError(t, city.Check(t, claim.ID, 2))
		require.Equal(t, subsidies.ClaimChecked, city.Claim(t, claim.ID).State)
		require.Empty(t, found(t, city, claim))
		require.EqualValues(t, 14, city.Count(t, "claim_checks", "claim_id = ?", claim.ID), "what was found before is kept")
	})
}
