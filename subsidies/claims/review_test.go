package claims_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

// way is one arrow of the life of a claim up to the notice, written down by hand
// from the story that it tells; whatever is not here must be refused.
type way struct {
	from subsidies.ClaimState
	act  subsidies.ClaimAct
	by   string
	to   subsidies.ClaimState
}

var ways = []way{
	{subsidies.ClaimDraft, subsidies.ClaimWithdraw, "claimant", subsidies.ClaimWithdrawn},
	{subsidies.ClaimSubmitted, subsidies.ClaimWithdraw, "claimant", subsidies.ClaimWithdrawn},
	{subsidies.ClaimChecked, subsidies.ClaimWithdraw, "claimant", subsidies.ClaimWithdrawn},
	{subsidies.ClaimChecked, subsidies.ClaimConfirm, "provider", subsidies.ClaimProviderConfirmed},
	{subsidies.ClaimChecked, subsidies.ClaimDispute, "provider", subsidies.ClaimReturned},
	{subsidies.ClaimProviderConfirmed, subsidies.ClaimWithdraw, "claimant", subsidies.ClaimWithdrawn},
	{subsidies.ClaimProviderConfirmed, subsidies.ClaimApproveReview, "officer", subsidies.ClaimDistrictApproved},
	{subsidies.ClaimProviderConfirmed, subsidies.ClaimReturn, "officer", subsidies.ClaimReturned},
	{subsidies.ClaimProviderConfirmed, subsidies.ClaimRefuse, "officer", subsidies.ClaimRefused},
	{subsidies.ClaimDistrictApproved, subsidies.ClaimApproveReview, "city", subsidies.ClaimCityApproved},
	{subsidies.ClaimDistrictApproved, subsidies.ClaimReturn, "city", subsidies.ClaimReturned},
	{subsidies.ClaimDistrictApproved, subsidies.ClaimRefuse, "city", subsidies.ClaimRefused},
	{subsidies.ClaimReturned, subsidies.ClaimWithdraw, "claimant", subsidies.ClaimWithdrawn},
}

var why = record.Reason{Code: "evidence_mismatch", Note: "合同金额与发票不一致"}

var acts = []subsidies.ClaimAct{subsidies.ClaimConfirm, subsidies.ClaimDispute, subsidies.ClaimApproveReview, subsidies.ClaimReturn, subsidies.ClaimRefuse, subsidies.ClaimWithdraw}

func do(city *subsidiestest.City, act subsidies.ClaimAct, who kernel.Actor, id kernel.ID, version int64) (subsidies.Claim, error) {
	if act == subsidies.ClaimWithdraw {
		return city.Claims.Withdraw(as(who), id, version, "不再申请")
	}
	return city.Claims.Decide(as(who), id, claims.Decision{Version: version, Act: act, Reason: why})
}

func people(c subsidies.Claim) map[string]kernel.Actor {
	p := subsidiestest.PeopleOf(c)
	stranger, elsewhere := p.Provider, p.Officer
	stranger.Org, elsewhere.District = subsidiestest.OtherProvider, subsidiestest.OtherDistrict
	return map[string]kernel.Actor{
		"claimant": p.Claimant, "provider": p.Provider, "officer": p.Officer, "city": subsidiestest.CityReviewer,
		"other enterprise": subsidiestest.Claimant("org-of-somebody-else"), "other provider": stranger, "other district": elsewhere,
		"finance": subsidiestest.Finance, "auditor": subsidiestest.Auditor, "operator": subsidiestest.Operator, "nobody": subsidiestest.Nobody,
	}
}

// sees is law 9 in words: a draft is the enterprise's alone; afterwards the
// parties, the own district and the city-wide roles see the claim.
func sees(who string, in subsidies.ClaimState) bool {
	switch who {
	case "claimant":
		return true
	case "provider", "officer", "city", "finance", "auditor":
		return in != subsidies.ClaimDraft
	default:
		return false
	}
}

func expected(in subsidies.ClaimState, act subsidies.ClaimAct, who string) (to subsidies.ClaimState, code string) {
	if !sees(who, in) {
		return "", "not_found"
	}
	code = "state.act"
	for _, w := range ways {
		if w.from == in && w.act == act {
			if w.by == who {
				return w.to, ""
			}
			code = "forbidden"
		}
	}
	return "", code
}

func TestEverybodyTriesEveryActInEveryState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		for _, state := range []subsidies.ClaimState{
			subsidies.ClaimDraft, subsidies.ClaimSubmitted, subsidies.ClaimChecked, subsidies.ClaimProviderConfirmed, subsidies.ClaimDistrictApproved,
			subsidies.ClaimCityApproved, subsidies.ClaimReturned, subsidies.ClaimRefused, subsidies.ClaimWithdrawn, subsidies.ClaimPaid,
		} {
			c := city.ClaimIn(t, state)
			city.Unmoved(t, func() {
				for name, who := range people(c) {
					for _, act := range acts {
						if to, code := expected(state, act, name); to == "" {
							_, err := do(city, act, who, c.ID, 0)
							require.True(t, kernel.IsCode(err, code), "%s %s by %s: want %s, got %v", act, state, name, code, err)
						}
					}
					_, err := city.Claims.Get(t.Context(), who, c.ID)
					require.Equal(t, sees(name, state), err == nil, "%s reads a %s claim: %v", name, state, err)
				}
			})
		}
	})
}

func TestEachAllowedActLeavesOneStepAndMovesNoMoney(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		for _, w := range ways {
			c := city.ClaimIn(t, w.from)
			who := people(c)[w.by]
			city.Refused(t, "stale", func() error { _, err := do(city, w.act, who, c.ID, c.Version-1+2); return err })
			moved := city.Moved(t, func() error {
				after, err := do(city, w.act, who, c.ID, c.Version)
				require.Equal(t, w.to, after.State)
				return err
			})
			for _, mark := range []string{"steps", "audit_entries", "outbox", "claims"} {
				require.EqualValues(t, 1, moved[mark], "%v: %s", w, mark)
			}
			for _, mark := range []string{"journals", "postings", "appropriations", "ceilings", "agreements", "traces"} {
				require.Zero(t, moved[mark], "%v: %s", w, mark)
			}
			ended := w.to == subsidies.ClaimRefused || w.to == subsidies.ClaimWithdrawn
			now := city.Claim(t, c.ID)
			require.Equal(t, ended, now.LiveKey == nil, "%v", w)
			if ended {
				require.Nil(t, now.ContractKey)
				require.Zero(t, city.Count(t, "invoice_uses", "claim_id = ?", c.ID), "its invoices are free")
			}
			require.Equal(t, subsidies.ClaimMachine.Turns[w.to], now.Turn)
			steps, err := record.Steps(t.Context(), city.DB, c.ID)
			require.NoError(t, err)
			last := steps[len(steps)-1]
			require.Equal(t, []any{string(w.act), string(w.from), string(w.to), who.Person, who.Role}, []any{last.Act, last.FromState, last.ToState, last.PersonID, last.Role})
		}
	})
}

func TestADecisionNeedsItsReason(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimProviderConfirmed)
		for _, x := range []struct {
			decision claims.Decision
			fields   []string
		}{
			{claims.Decision{Act: "promote"}, []string{"outcome decision.unknown"}},
			{claims.Decision{}, []string{"outcome decision.unknown"}},
			{claims.Decision{Act: subsidies.ClaimAward}, []string{"outcome decision.unknown"}},
			{claims.Decision{Act: subsidies.ClaimPay}, []string{"outcome decision.unknown"}},
			{claims.Decision{Act: subsidies.ClaimReturn}, []string{"reason_code reason.unknown", "note note.required"}},
			{claims.Decision{Act: subsidies.ClaimRefuse, Reason: record.Reason{Code: "because", Note: " \t"}}, []string{"reason_code reason.unknown", "note note.required"}},
			{claims.Decision{Act: subsidies.ClaimRefuse, Reason: record.Reason{Code: "other"}}, []string{"note note.required"}},
			{claims.Decision{Act: subsidies.ClaimApproveReview, Reason: record.Reason{Code: "because"}}, []string{"reason_code reason.unknown"}},
		} {
			refusal := city.Refused(t, "invalid_input", func() error {
				_, err := city.Claims.Decide(as(people(c)["officer"]), c.ID, x.decision)
				return err
			})
			require.Equal(t, x.fields, subsidiestest.Fields(refusal), "%+v", x.decision)
		}
	})
}

// TestFourEyes: whoever has had one part in a claim is refused every other part,
// under whatever membership; somebody else may go on.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		parts := []struct {
			name  string
			state subsidies.ClaimState // where the part is played
			act   subsidies.ClaimAct
		}{
			{"claimant", subsidies.ClaimReturned, subsidies.ClaimSubmit},
			{"provider", subsidies.ClaimChecked, subsidies.ClaimConfirm},
			{"officer", subsidies.ClaimProviderConfirmed, subsidies.ClaimApproveReview},
			{"city", subsidies.ClaimDistrictApproved, subsidies.ClaimApproveReview},
		}
		for later, part := range parts {
			c := city.ClaimIn(t, part.state)
			for earlier, other := range parts {
				if earlier == later || (earlier > later && part.state != subsidies.ClaimReturned) || (part.state == subsidies.ClaimReturned && other.name == "city") {
					continue
				}
				who := people(c)[part.name]
				who.Person = people(c)[other.name].Person // the same person in another membership
				city.Refused(t, "four_eyes", func() error { return play(city, part.act, who, c.ID) })
			}
			require.NoError(t, play(city, part.act, people(c)[part.name], c.ID), part.name)
		}
		t.Run("who filled in but did not hand in", func(t *testing.T) {
			claim, f := city.Opened(t, subsidiestest.Deal{})
			clerk := claimantOf(claim)
			clerk.Person = "p-clerk"
			_, err := city.Claims.Save(as(clerk), claim.ID, f)
			require.NoError(t, err)
			city.Prove(t, claim.ID, subsidiestest.Proofs...)
			require.NoError(t, submit(city, claim, true)())
			require.NoError(t, city.Check(t, claim.ID, 1))
			seller := people(claim)["provider"]
			seller.Person = clerk.Person
			city.Refused(t, "four_eyes", func() error { return play(city, subsidies.ClaimConfirm, seller, claim.ID) })
		})
		t.Run("colleagues share a part", func(t *testing.T) {
			c := city.ClaimIn(t, subsidies.ClaimReturned)
			require.NoError(t, play(city, subsidies.ClaimSubmit, people(c)["claimant"], c.ID))
			require.NoError(t, city.Check(t, c.ID, 2))
			colleague := people(c)["provider"]
			colleague.Person = "p-seller-2"
			require.NoError(t, play(city, subsidies.ClaimConfirm, colleague, c.ID))
			require.NoError(t, play(city, subsidies.ClaimApproveReview, people(c)["officer"], c.ID), "who returned it may look at it again")
		})
	})
}

func play(city *subsidiestest.City, act subsidies.ClaimAct, who kernel.Actor, id kernel.ID) error {
	if act == subsidies.ClaimSubmit {
		_, err := city.Claims.Submit(as(who), id, 0, true)
		return err
	}
	_, err := do(city, act, who, id, 0)
	return err
}

func TestOfManyDecisionsOneStands(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		for range 4 {
			c := city.ClaimIn(t, subsidies.ClaimProviderConfirmed)
			first, second := people(c)["officer"], people(c)["officer"]
			second.Person = "person-district-2"
			one := func(act subsidies.ClaimAct, who kernel.Actor) func() error {
				return func() error { _, err := do(city, act, who, c.ID, c.Version); return err }
			}
			errs := together(
				one(subsidies.ClaimApproveReview, first), one(subsidies.ClaimApproveReview, first), one(subsidies.ClaimRefuse, second), one(subsidies.ClaimReturn, second),
				func() error { _, err := do(city, subsidies.ClaimWithdraw, people(c)["claimant"], c.ID, 0); return err },
			)
			for _, err := range errs {
				require.False(t, kernel.IsCode(err, "four_eyes"), "a double click is no breach: %v", err)
			}
			// A return may be followed by the withdrawal of what was returned.
			n := won(t, errs)
			require.True(t, n == 1 || (n == 2 && errs[3] == nil && errs[4] == nil), "%v", errs)
			require.EqualValues(t, n, city.Count(t, "steps", "subject_id = ? AND from_state IN ('provider_confirmed', 'returned')", c.ID))
			require.Equal(t, 2+min(1, city.Count(t, "steps", "subject_id = ? AND role = 'district_officer'", c.ID)), city.Count(t, "hands", "subject_id = ?", c.ID))
		}
	})
}

func TestListsShowOnlyOnesOwnRowsAndOnesOwnTurn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		draft := city.ClaimIn(t, subsidies.ClaimDraft)
		here := city.ClaimIn(t, subsidies.ClaimProviderConfirmed)
		there := city.ClaimOf(t, subsidiestest.Deal{District: subsidiestest.OtherDistrict, Provider: subsidiestest.OtherProvider}, subsidies.ClaimDistrictApproved)
		open := []kernel.ID{here.ID, there.ID}
		for name, want := range map[string][]kernel.ID{
			"claimant": {here.ID}, "provider": {here.ID}, "officer": {here.ID}, "other provider": {there.ID}, "other district": {there.ID}, "other enterprise": {},
			"city": open, "finance": open, "auditor": open,
		} {
			got, err := city.Claims.List(t.Context(), people(here)[name], claims.Filter{Limit: 50})
			require.NoError(t, err)
			require.ElementsMatch(t, want, idsOf(got), name)
			counts, err := city.Claims.Counts(t.Context(), people(here)[name])
			require.NoError(t, err)
			mine, err := city.Claims.List(t.Context(), people(here)[name], claims.Filter{Mine: true, Limit: 50})
			require.NoError(t, err)
			var sum int64
			for _, n := range counts {
				sum += n
			}
			require.EqualValues(t, len(mine), sum, name)
			require.Len(t, mine, map[string]int{"officer": 1, "city": 1}[name], name)
		}
		for _, name := range []string{"operator", "nobody"} {
			_, err := city.Claims.List(t.Context(), people(here)[name], claims.Filter{Limit: 50})
			require.True(t, kernel.IsCode(err, "forbidden"), "%s: %v", name, err)
		}
		own, err := city.Claims.List(t.Context(), claimantOf(draft), claims.Filter{Mine: true, Limit: 50})
		require.NoError(t, err)
		require.Equal(t, []kernel.ID{draft.ID}, idsOf(own))
	})
}

func idsOf(all []subsidies.Claim) []kernel.ID {
	ids := make([]kernel.ID, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids
}

func TestALongNoteIsKeptWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimProviderConfirmed)
		note := strings.Repeat("𠮷", 2000)
		_, err := city.Claims.Decide(as(people(c)["officer"]), c.ID, claims.Decision{Act: subsidies.ClaimReturn, Reason: record.Reason{Code: "other", Note: note}})
		require.NoError(t, err)
		steps, err := record.Steps(t.Context(), city.DB, c.ID)
		require.NoError(t, err)
		require.Equal(t, note, steps[len(steps)-1].Note)
	})
}
