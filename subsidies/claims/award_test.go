package claims_test

import (
	"fmt"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/subsidiestest"
)

func isDuplicate(err error) bool { return database.IsDuplicate(err) }

func award(city *subsidiestest.City, id kernel.ID) func() error {
	return func() error {
		return database.Run(as(kernel.System()), city.DB, "test.award", func(tx *database.Tx) error {
			return claims.Award(tx, claims.Awarding{Policies: city.Policies}, id)
		})
	}
}

func postings(t *testing.T, city *subsidiestest.City, subject kernel.ID) []string {
	t.Helper()
	var rows []budget.Posting
	require.NoError(t, city.DB.Read(t.Context()).Where("subject_id = ?", subject).Order("journal_id, line").Find(&rows).Error)
	out := make([]string, len(rows))
	for i, p := range rows {
		out[i] = fmt.Sprintf("%s %s %d", p.Account, p.Scope, p.Amount)
	}
	sort.Strings(out)
	return out
}

func meter(t *testing.T, city *subsidiestest.City, scope string) budget.Appropriation {
	t.Helper()
	all, err := budget.Meter(t.Context(), city.DB, subsidiestest.Policy)
	require.NoError(t, err)
	for _, r := range all[subsidiestest.Policy] {
		if r.Scope == scope {
			return r
		}
	}
	return budget.Appropriation{}
}

func TestAnAwardBooksTheThreeLegsAndGivesTheRestBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, f := city.Opened(t, subsidiestest.Deal{})
		city.Prove(t, claim.ID, subsidiestest.Proofs...)
		f.Payments[0].Amount = 950_000
		require.NoError(t, city.HandIn(t, claim.ID, f))
		require.NoError(t, city.Check(t, claim.ID, 1))
		for _, name := range []string{"provider", "officer", "city"} {
			act := map[bool]subsidies.ClaimAct{true: subsidies.ClaimConfirm, false: subsidies.ClaimApproveReview}[name == "provider"]
			require.NoError(t, play(city, act, people(claim)[name], claim.ID))
		}
		city.Refused(t, "state.act", award(city, claim.ID))
		_, err := city.Notices.Open(as(subsidiestest.CityOfficer), []kernel.ID{claim.ID})
		require.NoError(t, err)
		for _, who := range []kernel.Actor{subsidiestest.CityReviewer, subsidiestest.Finance, claimantOf(claim)} {
			city.Refused(t, "forbidden", func() error {
				return database.Run(as(who), city.DB, "test.award", func(tx *database.Tx) error {
					return claims.Award(tx, claims.Awarding{Policies: city.Policies}, claim.ID)
				})
			})
		}
		before := meter(t, city, budget.City)
		errs := together(award(city, claim.ID), award(city, claim.ID), award(city, claim.ID))
		require.Equal(t, 1, won(t, errs), "%v", errs)

		// Reserved 300,000 (180,000 + 120,000); owed 30 % of 950,000 = 285,000 (171,000 + 114,000).
		require.Equal(t, []string{
			"available 500103 6000", "available city 9000", "awarded 500103 114000", "awarded city 171000",
			"memo.enterprise_share 500103 715000", "memo.government_subsidy 500103 285000", "memo.list_price 500103 -1000000",
			"reserved 500103 -114000", "reserved 500103 -6000", "reserved city -171000", "reserved city -9000",
		}, postings(t, city, claim.ID))
		after := meter(t, city, budget.City)
		require.Equal(t, before.Reserved-180_000, after.Reserved)
		require.Equal(t, before.Awarded+171_000, after.Awarded)
		require.Equal(t, before.Free()+9_000, after.Free())
		drawn := func(kind budget.CeilingKind, period string) kernel.Fen {
			n, err := budget.Drawn(city.DB.Read(t.Context()), budget.Ceiling{PolicyCode: subsidiestest.Policy, Kind: kind, Subject: string(claim.EnterpriseID), Period: period})
			require.NoError(t, err)
			return n
		}
		require.EqualValues(t, 285_000, drawn(budget.EnterpriseYear, "2026"), "what was not used may be granted again")
		require.EqualValues(t, 1, drawn(budget.EnterprisePurchase, ""))
		now := city.Claim(t, claim.ID)
		require.Equal(t, subsidies.ClaimApproved, now.State)
		require.NotNil(t, now.LiveKey, "its contract stays taken")
		require.Equal(t, subsidies.AgreementCompleted, city.AgreementNow(t, claim.AgreementID).State)
		require.EqualValues(t, 1, city.Count(t, "audit_entries", "action = 'claim.award' AND object_id = ?", claim.ID))
		city.Refused(t, "agreement.not_accepted", func() error { _, err := city.Claims.Open(as(claimantOf(claim)), claim.AgreementID); return err })
	})
}

func TestAWholeLifeLeavesNoBreach(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		for _, state := range []subsidies.ClaimState{subsidies.ClaimDraft, subsidies.ClaimReturned, subsidies.ClaimRefused, subsidies.ClaimWithdrawn, subsidies.ClaimNoticed, subsidies.ClaimApproved, subsidies.ClaimPaid} {
			city.ClaimIn(t, state)
		}
		found, err := claims.Verify(t.Context(), city.DB, city.Policies)
		require.NoError(t, err)
		require.Empty(t, found)
		found, err = budget.Verify(t.Context(), city.DB)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}
