package agreements_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

// way is one arrow of the life of an agreement, written down by hand from the
// story that it tells; whatever is not here must be refused.
type way struct {
	from subsidies.AgreementState
	act  subsidies.AgreementAct
	by   string
	to   subsidies.AgreementState
}

var ways = []way{
	{subsidies.AgreementDrafted, subsidies.AgreementConfirm, "provider", subsidies.AgreementProviderConfirmed},
	{subsidies.AgreementDrafted, subsidies.AgreementDecline, "provider", subsidies.AgreementDeclined},
	{subsidies.AgreementDrafted, subsidies.AgreementWithdraw, "claimant", subsidies.AgreementWithdrawn},
	{subsidies.AgreementProviderConfirmed, subsidies.AgreementConfirm, "claimant", subsidies.AgreementEnterpriseConfirmed},
	{subsidies.AgreementProviderConfirmed, subsidies.AgreementWithdraw, "claimant", subsidies.AgreementWithdrawn},
	{subsidies.AgreementEnterpriseConfirmed, subsidies.AgreementAccept, "officer", subsidies.AgreementAccepted},
	{subsidies.AgreementEnterpriseConfirmed, subsidies.AgreementDecline, "officer", subsidies.AgreementDeclined},
	{subsidies.AgreementEnterpriseConfirmed, subsidies.AgreementWithdraw, "claimant", subsidies.AgreementWithdrawn},
	{subsidies.AgreementWaiting, subsidies.AgreementWithdraw, "claimant", subsidies.AgreementWithdrawn},
	{subsidies.AgreementWaiting, subsidies.AgreementDecline, "officer", subsidies.AgreementDeclined},
	{subsidies.AgreementAccepted, subsidies.AgreementWithdraw, "claimant", subsidies.AgreementWithdrawn},
}

var why = record.Reason{Note: "双方另行商定"}

func do(city *subsidiestest.City, act subsidies.AgreementAct, who kernel.Actor, id kernel.ID, version int64) (subsidies.Agreement, error) {
	ctx := subsidiestest.As(who)
	switch act {
	case subsidies.AgreementConfirm:
		return city.Agreements.Confirm(ctx, id, version)
	case subsidies.AgreementDecline:
		return city.Agreements.Decline(ctx, id, version, why)
	case subsidies.AgreementAccept:
		return city.Agreements.Accept(ctx, id, version)
	default:
		return city.Agreements.Withdraw(ctx, id, version, why)
	}
}

var acts = []subsidies.AgreementAct{subsidies.AgreementConfirm, subsidies.AgreementDecline, subsidies.AgreementAccept, subsidies.AgreementWithdraw}

// people are all who could try, by name; the first three are the parties.
func people(a subsidies.Agreement) map[string]kernel.Actor {
	p := subsidiestest.PartiesOf(a)
	stranger, elsewhere := p.Provider, p.Officer
	stranger.Org, elsewhere.District = subsidiestest.OtherProvider, subsidiestest.OtherDistrict
	return map[string]kernel.Actor{
		"claimant": p.Claimant, "provider": p.Provider, "officer": p.Officer,
		"other enterprise": subsidiestest.Claimant("org-of-somebody-else"), "other provider": stranger, "other district": elsewhere,
		"city": subsidiestest.CityReviewer, "finance": subsidiestest.Finance, "auditor": subsidiestest.Auditor,
		"operator": subsidiestest.Operator, "nobody": subsidiestest.Nobody,
	}
}

// sees is law 9 in words: the parties, the own district once both have
// confirmed, and the city-wide roles.
func sees(who string, in subsidies.AgreementState) bool {
	switch who {
	case "claimant", "provider", "city", "finance", "auditor":
		return true
	case "officer":
		return in != subsidies.AgreementDrafted && in != subsidies.AgreementProviderConfirmed
	default:
		return false
	}
}

func expected(in subsidies.AgreementState, act subsidies.AgreementAct, who string) (to subsidies.AgreementState, code string) {
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
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		for _, state := range []subsidies.AgreementState{
			subsidies.AgreementDrafted, subsidies.AgreementProviderConfirmed, subsidies.AgreementEnterpriseConfirmed,
			subsidies.AgreementWaiting, subsidies.AgreementAccepted, subsidies.AgreementDeclined, subsidies.AgreementWithdrawn,
		} {
			a := city.AgreementIn(t, subsidiestest.Deal{}, state)
			city.Unmoved(t, func() {
				for name, who := range people(a) {
					for _, act := range acts {
						if to, code := expected(state, act, name); to == "" {
							_, err := do(city, act, who, a.ID, 0)
							require.True(t, kernel.IsCode(err, code), "%s %s by %s: want %s, got %v", act, state, name, code, err)
						}
					}
				}
			})
		}
	})
}

func TestEachAllowedActLeavesOneStepOneEntryAndOneMessage(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		for _, w := range ways {
			a := city.AgreementIn(t, subsidiestest.Deal{}, w.from)
			who := people(a)[w.by]
			_, err := do(city, w.act, who, a.ID, a.Version+1)
			require.True(t, kernel.IsCode(err, "stale"), "%v", err)
			moved := city.Moved(t, func() error {
				after, err := do(city, w.act, who, a.ID, a.Version)
				require.Equal(t, w.to, after.State)
				require.Equal(t, a.Version+1, after.Version)
				return err
			})
			for _, mark := range []string{"steps", "audit_entries", "outbox", "agreements"} {
				require.EqualValues(t, 1, moved[mark], "%v: %s", w, mark)
			}
			money := w.to == subsidies.AgreementAccepted || w.from == subsidies.AgreementAccepted
			require.Equal(t, money, moved["journals"] == 1, "%v", w)
			require.Equal(t, money, moved["appropriations"] != 0, "%v", w)
			require.Zero(t, moved["hands"], "agreements have no hands")
			now := city.AgreementNow(t, a.ID)
			require.Equal(t, w.to, now.State)
			require.Equal(t, subsidies.AgreementMachine.Turns[w.to], now.Turn)
			steps, err := record.Steps(t.Context(), db, a.ID)
			require.NoError(t, err)
			last := steps[len(steps)-1]
			require.Equal(t, []any{string(w.act), string(w.from), string(w.to), who.Person, who.Role}, []any{last.Act, last.FromState, last.ToState, last.PersonID, last.Role})
		}
	})
}

func TestAcceptanceReservesExactlyWhatItGrants(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		a := city.AgreementIn(t, subsidiestest.Deal{Price: 1_000_001}, subsidies.AgreementEnterpriseConfirmed)
		officer := subsidiestest.PartiesOf(a).Officer
		before := free(t, city, a)
		got, err := city.Agreements.Accept(subsidiestest.As(officer), a.ID, a.Version)
		require.NoError(t, err)
		// 30 % of ¥10,000.01 rounded down, 60 % of it the city's, by largest remainder.
		require.Equal(t, subsidies.Legs{ListPrice: 1_000_001, Subsidy: 300_000, Municipal: 180_000, District: 120_000, EnterpriseShare: 700_001}, got.Legs)
		require.Equal(t, kernel.Date("2027-05-22"), *got.ReserveUntil, "180 days")
		require.Nil(t, got.VoucherNumber, "the policy issues none")
		require.Equal(t, budget.Portion{Municipal: before.Municipal - 180_000, District: before.District - 120_000}, free(t, city, a))
		require.Equal(t, []string{
			"available city -180000", "reserved city 180000", "available 500103 -120000", "reserved 500103 120000",
		}, postings(t, city, a.ID))
		require.EqualValues(t, 300_000, used(t, city, budget.EnterpriseYear, string(a.EnterpriseID), "2026"))
		require.EqualValues(t, 300_000, used(t, city, budget.EnterprisePolicy, string(a.EnterpriseID), ""))
		require.EqualValues(t, 300_000, used(t, city, budget.EnterpriseCategory, string(a.EnterpriseID)+":saas.erp", ""))
		require.EqualValues(t, 1, used(t, city, budget.EnterprisePurchase, string(a.EnterpriseID), ""))
		why, err := record.Explanation(t.Context(), db, a.ID)
		require.NoError(t, err)
		require.Equal(t, got.Legs, why.Legs)

		_, err = city.Agreements.Withdraw(subsidiestest.As(subsidiestest.PartiesOf(a).Claimant), a.ID, 0, record.Reason{})
		require.NoError(t, err)
		require.Equal(t, before, free(t, city, a), "what was reserved goes back")
		for _, kind := range []budget.CeilingKind{budget.EnterpriseYear, budget.EnterprisePolicy, budget.EnterprisePurchase} {
			period := map[bool]string{true: "2026"}[kind == budget.EnterpriseYear]
			require.Zero(t, used(t, city, kind, string(a.EnterpriseID), period), kind)
		}
	})
}

func TestAVoucherIsIssuedWhereThePolicySaysSo(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		doc := subsidiestest.Document(t, "vouchers")
		doc.Mechanism = rules.ByVoucher
		city.Publish(t, doc)
		a := city.AgreementIn(t, subsidiestest.Deal{Policy: "vouchers"}, subsidies.AgreementAccepted)
		require.NotNil(t, a.VoucherNumber)
		require.Regexp(t, `^V2026-[A-Z2-9]{8}$`, *a.VoucherNumber)
	})
}

func TestAcceptanceIsRefusedForCause(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		accept := func(a subsidies.Agreement, version int64) func() error {
			return func() error {
				_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(a).Officer), a.ID, version)
				return err
			}
		}
		waiting := func(d subsidiestest.Deal) subsidies.Agreement {
			return city.AgreementIn(t, d, subsidies.AgreementEnterpriseConfirmed)
		}
		t.Run("seen in another version", func(t *testing.T) {
			a := waiting(subsidiestest.Deal{})
			city.Refused(t, "stale", accept(a, a.Version-1))
		})
		t.Run("firm not verified", func(t *testing.T) {
			firm := city.Registry.NewFirm(subsidiestest.District)
			firm.Verified = false
			city.Registry.Put(firm)
			city.Refused(t, "enterprise.unverified", accept(waiting(subsidiestest.Deal{Firm: firm}), 0))
		})
		t.Run("firm has grown out of the policy", func(t *testing.T) {
			firm := city.Registry.NewFirm(subsidiestest.District)
			a := waiting(subsidiestest.Deal{Firm: firm})
			firm.SizeClass = "large"
			city.Registry.Put(firm)
			city.Refused(t, "agreement.not_eligible", accept(a, 0))
		})
		t.Run("the firm's year is full", func(t *testing.T) {
			firm := city.Registry.NewFirm(subsidiestest.District)
			first := city.AgreementIn(t, subsidiestest.Deal{Firm: firm, Price: 50_000_000}, subsidies.AgreementAccepted)
			require.EqualValues(t, 15_000_000, first.Legs.Subsidy, "at most ¥150,000 a claim")
			second := city.AgreementIn(t, subsidiestest.Deal{Firm: firm, Price: 50_000_000}, subsidies.AgreementAccepted)
			require.EqualValues(t, 5_000_000, second.Legs.Subsidy, "¥200,000 a year less what is granted")
			city.Refused(t, "agreement.not_eligible", accept(waiting(subsidiestest.Deal{Firm: firm}), 0))
		})
		t.Run("twice", func(t *testing.T) {
			a := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
			city.Refused(t, "state.act", accept(a, 0))
			city.Refused(t, "state.act", accept(a, a.Version))
		})
		for scope, policy := range map[string]string{budget.City: "short-in-the-city", subsidiestest.District: "short-in-the-district"} {
			t.Run("not refused, but waiting, when the appropriation is exhausted: "+scope, func(t *testing.T) {
				doc := subsidiestest.Document(t, policy)
				city.Publish(t, doc)
				a := waiting(subsidiestest.Deal{Policy: policy})
				drain(t, city, policy, scope, 100)
				moved := city.Moved(t, accept(a, 0))
				require.Equal(t, subsidies.AgreementWaiting, city.AgreementNow(t, a.ID).State)
				require.EqualValues(t, 100, row(t, city, policy, scope).Free())
				for _, untouched := range []string{"journals", "postings", "appropriations", "ceilings"} {
					require.Zero(t, moved[untouched], untouched)
				}
			})
		}
	})
}

func TestADraftIsCheckedAndNothingIsKeptOfABadOne(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		deal, good := city.Listing(subsidiestest.Deal{})
		who := subsidiestest.Claimant(deal.Firm.ID)
		reference := subsidiestest.Document(t, "for-reading")
		reference.Kind = rules.KindReference
		city.Publish(t, reference)
		cases := []struct {
			name   string
			spoil  func(*agreements.Draft)
			code   string
			fields []string
		}{
			{"everything at once", func(d *agreements.Draft) {
				*d = agreements.Draft{Policy: d.Policy, StartsOn: "2026-02-30", EndsOn: "x", Quantity: -1}
			}, "invalid_input",
				[]string{"starts_on date.invalid", "ends_on date.order", "starts_on date.range", "proposal_id agreement.source", "quantity quantity.range"}},
			{"ends before it starts", func(d *agreements.Draft) { d.EndsOn = d.StartsOn }, "invalid_input", []string{"ends_on date.order"}},
			{"a thousand years off", func(d *agreements.Draft) { d.EndsOn = "3026-01-01" }, "invalid_input", []string{"starts_on date.range"}},
			{"both a proposal and a plan", func(d *agreements.Draft) { d.Proposal = "p" }, "invalid_input", []string{"proposal_id agreement.source"}},
			{"none of it", func(d *agreements.Draft) { d.Quantity = 0 }, "invalid_input", []string{"quantity quantity.range"}},
			{"too many", func(d *agreements.Draft) { d.Quantity = 100_001 }, "invalid_input", []string{"quantity quantity.range"}},
			{"unknown policy", func(d *agreements.Draft) { d.Policy = "none" }, "not_found", nil},
			{"a policy for reading", func(d *agreements.Draft) { d.Policy = "for-reading" }, "policy.reference", nil},
			{"unknown plan", func(d *agreements.Draft) { d.Plan = "none" }, "not_found", nil},
			{"plan of another offer", func(d *agreements.Draft) { d.Offer = "none" }, "not_found", nil},
			{"unknown proposal", func(d *agreements.Draft) { d.Offer, d.Plan, d.Proposal = "", "", "none" }, "not_found", nil},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				draft := good
				c.spoil(&draft)
				refusal := city.Refused(t, c.code, func() error {
					_, err := city.Agreements.Draft(subsidiestest.As(who), who, draft)
					return err
				})
				require.ElementsMatch(t, c.fields, subsidiestest.Fields(refusal))
			})
		}
		t.Run("by others than enterprises", func(t *testing.T) {
			for name, other := range map[string]kernel.Actor{"forbidden": subsidiestest.Provider, "unauthenticated": subsidiestest.Nobody} {
				city.Refused(t, name, func() error {
					_, err := city.Agreements.Draft(subsidiestest.As(other), other, good)
					return err
				})
			}
		})
		t.Run("beyond money", func(t *testing.T) {
			_, dear := city.Listing(subsidiestest.Deal{Price: kernel.MaxFen})
			dear.Quantity = 100_000
			city.Refused(t, "price.range", func() error {
				_, err := city.Agreements.Draft(subsidiestest.As(who), who, dear)
				return err
			})
		})
	})
}

func TestDecliningNeedsWords(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	a := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementDrafted)
	refusal := city.Refused(t, "invalid_input", func() error {
		_, err := city.Agreements.Decline(subsidiestest.As(subsidiestest.PartiesOf(a).Provider), a.ID, 0, record.Reason{Note: " \n"})
		return err
	})
	require.Equal(t, []string{"note note.required"}, subsidiestest.Fields(refusal))
}

func TestListsShowOnlyOnesOwnRows(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		here := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementEnterpriseConfirmed)
		there := city.AgreementIn(t, subsidiestest.Deal{District: subsidiestest.OtherDistrict, Provider: subsidiestest.OtherProvider}, subsidies.AgreementEnterpriseConfirmed)
		early := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementDrafted)
		all := []kernel.ID{here.ID, there.ID, early.ID}
		for name, who := range people(here) {
			want := map[string][]kernel.ID{
				"claimant": {here.ID}, "provider": {here.ID, early.ID}, "officer": {here.ID},
				"other provider": {there.ID}, "other district": {there.ID}, "other enterprise": {},
				"city": all, "finance": all, "auditor": all,
			}
			got, err := city.Agreements.List(t.Context(), who, agreements.Filter{Limit: 50})
			if expected, may := want[name]; may {
				require.NoError(t, err)
				require.ElementsMatch(t, expected, idsOf(got), name)
			} else {
				require.True(t, kernel.IsCode(err, "forbidden"), "%s: %v", name, err)
			}
		}
		mine, err := city.Agreements.List(t.Context(), people(here)["officer"], agreements.Filter{Mine: true, Limit: 50})
		require.NoError(t, err)
		require.Equal(t, []kernel.ID{here.ID}, idsOf(mine))
	})
}

func TestAListIsWalkedToItsEnd(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		var want []kernel.ID
		for i := range 7 {
			if i%2 == 0 {
				clock.Advance(time.Second) // some share their instant
			}
			want = append([]kernel.ID{city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementDrafted).ID}, want...)
		}
		var got []kernel.ID
		f := agreements.Filter{Limit: 2}
		for {
			page, err := city.Agreements.List(t.Context(), subsidiestest.Provider, f)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			got = append(got, idsOf(page)...)
			last := page[len(page)-1]
			f.After = agreements.Cursor{Since: last.Since, ID: last.ID}
		}
		require.Equal(t, want, got)
	})
}

func idsOf(all []subsidies.Agreement) []kernel.ID {
	ids := make([]kernel.ID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}

func row(t *testing.T, city *subsidiestest.City, policy, scope string) budget.Appropriation {
	t.Helper()
	meters, err := budget.Meter(t.Context(), city.DB, policy)
	require.NoError(t, err)
	for _, r := range meters[policy] {
		if r.Scope == scope {
			return r
		}
	}
	t.Fatalf("no appropriation %s/%s", policy, scope)
	return budget.Appropriation{}
}

func free(t *testing.T, city *subsidiestest.City, a subsidies.Agreement) budget.Portion {
	t.Helper()
	return budget.Portion{Municipal: row(t, city, a.PolicyCode, budget.City).Free(), District: row(t, city, a.PolicyCode, a.District).Free()}
}

// drain reserves all but a rest of an appropriation for something else.
func drain(t *testing.T, city *subsidiestest.City, policy, scope string, rest kernel.Fen) {
	t.Helper()
	p := budget.Portion{Municipal: row(t, city, policy, scope).Free() - rest}
	if scope != budget.City {
		p = budget.Portion{District: p.Municipal}
	}
	require.NoError(t, database.Run(context.Background(), city.DB, "test.drain", func(tx *database.Tx) error {
		return budget.Reserve(tx, budget.Subject{ID: kernel.NewID(tx.Now), Policy: policy, District: subsidiestest.District}, p)
	}))
}

func postings(t *testing.T, city *subsidiestest.City, subject kernel.ID) []string {
	t.Helper()
	var rows []budget.Posting
	require.NoError(t, city.DB.Read(t.Context()).Where("subject_id = ?", subject).Order("journal_id, line").Find(&rows).Error)
	out := make([]string, len(rows))
	for i, p := range rows {
		out[i] = fmt.Sprintf("%s %s %d", p.Account, p.Scope, p.Amount)
	}
	return out
}

func used(t *testing.T, city *subsidiestest.City, kind budget.CeilingKind, subject, period string) kernel.Fen {
	t.Helper()
	n, err := budget.Drawn(city.DB.Read(t.Context()), budget.Ceiling{PolicyCode: subsidiestest.Policy, Kind: kind, Subject: subject, Period: period})
	require.NoError(t, err)
	return n
}
