package claims_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

func submit(city *subsidiestest.City, c subsidies.Claim, truthful bool) func() error {
	return func() error {
		_, err := city.Claims.Submit(as(claimantOf(c)), c.ID, 0, truthful)
		return err
	}
}

func TestAnUnfinishedClaimIsToldAllThatIsMissing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		t.Run("nothing filled in", func(t *testing.T) {
			claim, _ := city.Opened(t, subsidiestest.Deal{})
			refusal := city.Refused(t, "invalid_input", submit(city, claim, false))
			require.ElementsMatch(t, []string{
				"truthful commitment.required", "contract_number field.required", "contract_signed_on field.required", "invoices field.required", "payments field.required",
				"evidence.contract evidence.missing", "evidence.invoice evidence.missing", "evidence.payment evidence.missing", "evidence.acceptance evidence.missing",
			}, subsidiestest.Fields(refusal))
		})
		t.Run("filled in badly", func(t *testing.T) {
			claim, f := city.Opened(t, subsidiestest.Deal{})
			f.ContractNumber = "（—）"
			f.Invoices = []subsidies.Invoice{
				{Number: "123", Amount: 5, Tax: 6, IssuedOn: "2026-11-10", SellerCode: "s", BuyerCode: "b"},
				{},
				{Number: "25000000000000000009", IssuedOn: "2026-11-10", SellerCode: "s", BuyerCode: "b", Amount: 1},
				{Code: "5000261130", Number: "01234567", IssuedOn: "2026-11-10", SellerCode: "s", BuyerCode: "b", Amount: 1},
				{Code: "5000261130", Number: "01234567", IssuedOn: "2026-11-10", SellerCode: "s", BuyerCode: "b", Amount: 1},
			}
			f.Payments = []subsidies.Payment{{}, {PaidOn: "2026-11-10"}}
			city.Prove(t, claim.ID, subsidies.EvidenceContract, subsidies.EvidencePayment, subsidies.EvidenceOther)
			_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
			require.NoError(t, err)
			refusal := city.Refused(t, "invalid_input", submit(city, claim, true))
			require.ElementsMatch(t, []string{
				"contract_number contract.number_form",
				"invoices[0].number invoice.number_form", "invoices[0].amount_fen amount.range",
				"invoices[1].number invoice.number_form", "invoices[1].issued_on field.required", "invoices[1].seller_code field.required", "invoices[1].buyer_code field.required", "invoices[1].amount_fen amount.range",
				"invoices[2].number invoice.number_year", "invoices[4].number invoice.repeated",
				"payments[0].paid_on field.required", "payments[0].amount_fen amount.range", "payments[1].amount_fen amount.range",
				"evidence.invoice evidence.missing", "evidence.acceptance evidence.missing",
			}, subsidiestest.Fields(refusal))
		})
	})
}

func TestSubmissionFixesTheLegsAndTellsTheMachine(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, f := city.Opened(t, subsidiestest.Deal{})
		city.Prove(t, claim.ID, subsidiestest.Proofs...)
		f.Payments[0].Amount = 933_333 // of 1,000,000: less than agreed, more than the policy's nine tenths
		_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
		require.NoError(t, err)
		city.Refused(t, "stale", func() error {
			_, err := city.Claims.Submit(as(claimantOf(claim)), claim.ID, claim.Version, true)
			return err
		})
		moved := city.Moved(t, submit(city, claim, true))
		for mark, n := range map[string]int64{"steps": 1, "audit_entries": 1, "outbox": 2, "invoice_uses": 1, "traces": 1, "journals": 0, "appropriations": 0, "hands": 0} {
			require.Equal(t, n, moved[mark], mark)
		}
		now := city.Claim(t, claim.ID)
		// 30 % of ¥9,333.33, rounded down; 60 % of it the city's; the enterprise bears the rest of the list price.
		require.Equal(t, subsidies.Legs{ListPrice: 1_000_000, Subsidy: 279_999, Municipal: 167_999, District: 112_000, EnterpriseShare: 720_001}, now.Legs)
		require.EqualValues(t, 1, now.Round)
		require.Equal(t, subsidies.TurnMachine, now.Turn)
		why, err := record.Explanation(t.Context(), city.DB, claim.ID)
		require.NoError(t, err)
		require.Equal(t, now.Legs, why.Legs)
		require.EqualValues(t, 933_333, *why.Facts.Paid)
		require.EqualValues(t, 1, city.Count(t, "outbox", "kind = 'claim.check' AND subject = ?", claim.ID))
	})
}

func TestPayingTooLittleIsToldWithItsClause(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, f := city.Opened(t, subsidiestest.Deal{})
		city.Prove(t, claim.ID, subsidiestest.Proofs...)
		f.Payments[0].Amount = 899_999
		_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
		require.NoError(t, err)
		refusal := city.Refused(t, "claim.not_eligible", submit(city, claim, true))
		require.Equal(t, []string{"eligibility clause.4.1"}, subsidiestest.Fields(refusal))
	})
}

func TestOneInvoiceSupportsOneClaim(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		shared := subsidies.Invoice{Number: "26509999999999999999", IssuedOn: "2026-11-10", SellerCode: "s", BuyerCode: "b", Amount: 1_000_000}
		var acts []func() error
		var all []subsidies.Claim
		for i := range 6 {
			claim, f := city.Opened(t, subsidiestest.Deal{})
			own := f.Invoices[0]
			f.Invoices = []subsidies.Invoice{own, shared}
			if i%2 == 0 { // the other way round: they meet each other's locks
				f.Invoices = []subsidies.Invoice{shared, own}
			}
			city.Prove(t, claim.ID, subsidiestest.Proofs...)
			_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
			require.NoError(t, err)
			all, acts = append(all, claim), append(acts, submit(city, claim, true))
		}
		errs := together(acts...)
		require.Equal(t, 1, won(t, errs), "%v", errs)
		winner := -1
		for i, err := range errs {
			if err == nil {
				winner = i
				continue
			}
			at := fmt.Sprintf("invoices[%d].number invoice.used", map[bool]int{true: 0, false: 1}[i%2 == 0])
			require.Equal(t, []string{at}, subsidiestest.Fields(kernel.AsError(err)))
		}
		require.EqualValues(t, 2, city.Count(t, "invoice_uses", ""), "the losers hold nothing, not even their own")

		// Returned and corrected, the winner frees what it no longer uses; not before.
		city.Check(t, all[winner].ID, 1) //nolint:errcheck // it fails the seller's check, as it should
		require.Equal(t, subsidies.ClaimReturned, city.Claim(t, all[winner].ID).State)
		loser := (winner + 1) % len(all)
		city.Refused(t, "invalid_input", acts[loser])
		corrected := city.Filling(t, all[winner])
		require.NoError(t, city.HandIn(t, all[winner].ID, corrected))
		require.NoError(t, acts[loser](), "the old one is free")
		require.EqualValues(t, 1, city.Count(t, "invoice_uses", "claim_id = ?", all[winner].ID))
	})
}

func TestOneContractIsSubsidisedOnceHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		filled := func(number string, d subsidiestest.Deal) subsidies.Claim {
			t.Helper()
			claim, f := city.Opened(t, d)
			f.ContractNumber = number
			city.Prove(t, claim.ID, subsidiestest.Proofs...)
			_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
			require.NoError(t, err)
			return claim
		}
		first := filled("云合〔2026〕-007号", subsidiestest.Deal{})
		require.NoError(t, submit(city, first, true)())
		for _, same := range []string{"云合〔2026〕-007号", " 云合 (2026) 007 号", "云合（２０２６）００７号", "云合[2026]007号", "云合\u00a02026\u2010007号"} {
			refusal := city.Refused(t, "invalid_input", submit(city, filled(same, subsidiestest.Deal{}), true))
			require.Equal(t, []string{"contract_number contract.used"}, subsidiestest.Fields(refusal), "%q", same)
		}
		require.NoError(t, submit(city, filled("云合〔2026〕-007号", subsidiestest.Deal{Provider: subsidiestest.OtherProvider}), true)(), "numbers are a provider's own")

		var acts []func() error
		for _, number := range []string{"YH 8", "yh-8", "ＹＨ８", "YH（8）"} {
			acts = append(acts, submit(city, filled(number, subsidiestest.Deal{}), true))
		}
		errs := together(acts...)
		require.Equal(t, 1, won(t, errs), "%v", errs)

		// Withdrawn, both invoice and contract are free again.
		_, err := city.Claims.Withdraw(as(claimantOf(first)), first.ID, 0, "重开")
		require.NoError(t, err)
		require.Zero(t, city.Count(t, "invoice_uses", "claim_id = ?", first.ID))
		require.NoError(t, submit(city, filled("云合2026-007号", subsidiestest.Deal{}), true)())
	})
}

func TestTheFairTimestampIsThatOfTheFirstSubmission(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim := city.ClaimIn(t, subsidies.ClaimReturned)
		first := *claim.SubmittedAt
		city.Clock.Advance(72 * time.Hour)
		require.NoError(t, submit(city, claim, true)())
		now := city.Claim(t, claim.ID)
		require.Equal(t, first, *now.SubmittedAt)
		require.Equal(t, city.Clock.Now(), *now.CommitmentAt, "the commitment is made anew")
		require.EqualValues(t, 2, now.Round)
	})
}

func TestAClaimComesInTimeOrNotAtAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		late, f := city.Opened(t, subsidiestest.Deal{})
		city.Prove(t, late.ID, subsidiestest.Proofs...)
		_, err := city.Claims.Save(as(claimantOf(late)), late.ID, f)
		require.NoError(t, err)
		returned := city.ClaimIn(t, subsidies.ClaimReturned)
		city.Clock.Advance(181 * 24 * time.Hour)
		city.Refused(t, "agreement.run_out", submit(city, late, true))
		require.NoError(t, submit(city, returned, true)(), "while it is corrected the clock is paused")
	})
}

func TestNothingIsTakenOffWhileItIsHandedIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		for range 8 {
			claim, f := city.Opened(t, subsidiestest.Deal{})
			proofs := city.Prove(t, claim.ID, subsidiestest.Proofs...)
			_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
			require.NoError(t, err)
			errs := together(submit(city, claim, true), func() error { return city.Claims.Detach(as(claimantOf(claim)), claim.ID, proofs[0].FileID) })
			require.Equal(t, 1, won(t, errs), "%v", errs)
			if errs[0] == nil {
				require.EqualValues(t, 4, city.Count(t, "claim_evidence", "claim_id = ?", claim.ID))
			}
		}
	})
}

func TestOfTwoPeopleWhoHandInOneDoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, f := city.Opened(t, subsidiestest.Deal{})
		city.Prove(t, claim.ID, subsidiestest.Proofs...)
		_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
		require.NoError(t, err)
		colleague := claimantOf(claim)
		colleague.Person = "p-colleague"
		other := func() error { _, err := city.Claims.Submit(as(colleague), claim.ID, 0, true); return err }
		save := func() error { _, err := city.Claims.Save(as(colleague), claim.ID, claims.Filling{}); return err }
		errs := together(submit(city, claim, true), other, save, submit(city, claim, true))
		require.LessOrEqual(t, won(t, errs), 2, "%v", errs)
		now := city.Claim(t, claim.ID)
		if now.State == subsidies.ClaimSubmitted {
			require.EqualValues(t, 1, now.Round)
			require.EqualValues(t, 1, city.Count(t, "claim_invoices", "claim_id = ?", claim.ID), "what was handed in stays")
			require.EqualValues(t, 1, city.Count(t, "steps", "subject_id = ? AND act = 'submit'", claim.ID))
		}
	})
}

// TestTheReservationBoundsEveryLevel: whatever is computed, no level pays more
// than it has set aside, and the legs still add up.
func TestTheReservationBoundsEveryLevel(t *testing.T) {
	t.Parallel()
	legs := func(t *rapid.T, label string, list, discount kernel.Fen) subsidies.Legs {
		subsidy := kernel.Fen(rapid.Int64Range(0, int64(list-discount)).Draw(t, label+" subsidy"))
		municipal := kernel.Fen(rapid.Int64Range(0, int64(subsidy)).Draw(t, label+" municipal"))
		return subsidies.Legs{ListPrice: list, ProviderDiscount: discount, Subsidy: subsidy, Municipal: municipal, District: subsidy - municipal, EnterpriseShare: list - discount - subsidy}
	}
	rapid.Check(t, func(t *rapid.T) {
		list := kernel.Fen(rapid.Int64Range(0, int64(kernel.MaxFen)).Draw(t, "list"))
		discount := kernel.Fen(rapid.Int64Range(0, int64(list)).Draw(t, "discount"))
		computed, reserved := legs(t, "computed", list, discount), legs(t, "reserved", list, discount)
		got := claims.Within(computed, reserved)
		if err := got.Conserved(); err != nil {
			t.Fatal(err)
		}
		if got.Municipal > min(computed.Municipal, reserved.Municipal) || got.District > min(computed.District, reserved.District) {
			t.Fatalf("%+v passes %+v or %+v", got, computed, reserved)
		}
		if claims.Within(got, reserved) != got {
			t.Fatal("bounding twice is bounding once")
		}
	})
}

func TestAClaimIsHandedInWithinTheDaysOfRedemption(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		doc := subsidiestest.Document(t, "redeemed-later")
		doc.Redemption = kernel.Period{From: "2026-12-01", To: "2026-12-31"}
		city.Publish(t, doc)
		claim, f := city.Opened(t, subsidiestest.Deal{Policy: doc.Code})
		city.Prove(t, claim.ID, subsidiestest.Proofs...)
		_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
		require.NoError(t, err)
		city.Refused(t, "claim.outside_redemption", submit(city, claim, true))
		city.Clock.Set(kernel.Date("2027-01-01").Start())
		city.Refused(t, "claim.outside_redemption", submit(city, claim, true))
		city.Clock.Set(kernel.Date("2026-12-31").Start())
		require.NoError(t, submit(city, claim, true)())
	})
}
