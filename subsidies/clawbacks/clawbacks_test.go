package clawbacks_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/subsidiestest"
)

// town is a city with one paid claim of 3,000.00 yuan, 1,800.00 of it the city's.
type town struct {
	*subsidiestest.City
	claim subsidies.Claim
}

func each(t *testing.T, test func(t *testing.T, c town)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		test(t, town{city, city.ClaimIn(t, subsidies.ClaimPaid)})
	})
}

func (c town) proposal(amount kernel.Fen) clawbacks.Proposal {
	return clawbacks.Proposal{ClaimID: c.claim.ID, Amount: amount, Ground: "correction", Note: "合同金额核减，多付部分退回"}
}

func (c town) proposed(t testing.TB, amount kernel.Fen) subsidies.Clawback {
	t.Helper()
	out, err := c.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), c.proposal(amount))
	require.NoError(t, err)
	return out
}

func (c town) order(id kernel.ID) (subsidies.Clawback, error) {
	return c.Clawbacks.Decide(subsidiestest.As(subsidiestest.CityOfficer), id, clawbacks.Decision{Act: subsidies.ClawbackOrder, Reference: "云惠演示追〔2026〕1号"})
}

func (c town) ordered(t testing.TB, amount kernel.Fen) subsidies.Clawback {
	t.Helper()
	out, err := c.order(c.proposed(t, amount).ID)
	require.NoError(t, err)
	return out
}

func (c town) receive(id kernel.ID, amount kernel.Fen, reference string) (subsidies.Clawback, error) {
	return c.Clawbacks.Receive(subsidiestest.As(subsidiestest.Finance), id, clawbacks.Receipt{Amount: amount, ReceivedOn: c.today(), Reference: reference})
}

func (c town) today() kernel.Date { return kernel.DayOf(c.Clock.Now()) }

// free is what each level of the policy could still reserve.
func (c town) free(t testing.TB) map[string]kernel.Fen {
	t.Helper()
	meters, err := budget.Meter(t.Context(), c.DB, subsidiestest.Policy)
	require.NoError(t, err)
	out := map[string]kernel.Fen{}
	for _, m := range meters[subsidiestest.Policy] {
		out[m.Scope] = m.Free()
	}
	return out
}

func TestAClawbackFromTheProposalToTheLastFen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		before := c.free(t)
		p := c.proposed(t, 100_001)
		require.Equal(t, []any{subsidies.ClawbackProposed, subsidies.TurnCity, kernel.Fen(60_001), kernel.Fen(40_000)}, []any{p.State, p.Turn, p.Municipal, p.DistrictPart}, "split as the subsidy was")
		require.Equal(t, c.claim.EnterpriseID, p.DebtorID)
		c.Lawful(t)

		o, err := c.order(p.ID)
		require.NoError(t, err)
		require.Equal(t, []any{subsidies.ClawbackOrdered, subsidies.TurnDebtor, kernel.Fen(100_001)}, []any{o.State, o.Turn, o.Open()})
		require.Equal(t, kernel.Date("2026-12-22"), *o.NextDueOn, "fifteen working days")
		require.Equal(t, before, c.free(t), "an order brings no money")
		c.Lawful(t)

		first, err := c.receive(o.ID, 50_000, "b-1")
		require.NoError(t, err)
		require.Equal(t, []kernel.Fen{50_000, 50_001}, []kernel.Fen{first.Received, first.Open()})
		after := c.free(t)
		require.EqualValues(t, 50_000, after[budget.City]+after[subsidiestest.District]-before[budget.City]-before[subsidiestest.District], "what came back may be spent again")
		c.Lawful(t)

		last, err := c.receive(o.ID, 50_001, "b-2")
		require.NoError(t, err)
		require.Equal(t, []any{subsidies.ClawbackClosed, subsidies.TurnNobody, kernel.Fen(0)}, []any{last.State, last.Turn, last.Open()})
		require.Nil(t, last.NextDueOn)
		after = c.free(t)
		require.Equal(t, []kernel.Fen{60_001, 40_000}, []kernel.Fen{after[budget.City] - before[budget.City], after[subsidiestest.District] - before[subsidiestest.District]}, "each level has back what it had paid")
		c.Lawful(t)

		s, err := c.Clawbacks.Sheet(t.Context(), subsidiestest.Auditor, o.ID)
		require.NoError(t, err)
		var acts []string
		for _, step := range s.Steps {
			acts = append(acts, step.Act)
		}
		require.Equal(t, []string{"propose", "order", "receive", "receive", "settle"}, acts)
		require.EqualValues(t, 5, c.Count(t, "audit_entries", "object_id = ?", o.ID))
		require.Equal(t, subsidies.ClaimPaid, c.Claim(t, c.claim.ID).State, "the claim stays what it is: paid")
		c.Refused(t, "state.act", func() error { _, err := c.receive(o.ID, 1, "b-3"); return err })
	})
}

func TestNoMoreIsClaimedBackThanWasPaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		propose := func(amount kernel.Fen) func() error {
			return func() error {
				_, err := c.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), c.proposal(amount))
				return err
			}
		}
		c.Refused(t, "clawback.more_than_paid", propose(300_001))
		first := c.proposed(t, 200_000)
		c.Refused(t, "clawback.more_than_paid", propose(100_001))
		second := c.proposed(t, 100_000)
		c.Refused(t, "clawback.more_than_paid", propose(1))
		_, err := c.Clawbacks.Decide(subsidiestest.As(subsidiestest.CityOfficer), first.ID, clawbacks.Decision{Act: subsidies.ClawbackReject, Note: "证据不足"})
		require.NoError(t, err)
		c.Lawful(t)
		left, err := c.Clawbacks.Left(t.Context(), subsidiestest.CityOfficer, c.claim.ID)
		require.NoError(t, err)
		require.Equal(t, clawbacks.Left{Paid: 300_000, Left: 200_000}, left, "what is rejected may be proposed anew")
		_, err = c.Clawbacks.Withdraw(subsidiestest.As(subsidiestest.DistrictOfficer), second.ID, 0, "重新核对")
		require.NoError(t, err)
		all := c.ordered(t, 300_000)
		require.Equal(t, []kernel.Fen{c.claim.Legs.Municipal, c.claim.Legs.District}, []kernel.Fen{all.Municipal, all.DistrictPart})
		c.Refused(t, "clawback.more_than_open", func() error { _, err := c.receive(all.ID, 300_001, "x"); return err })
		c.Lawful(t)

		for state, claim := range map[subsidies.ClaimState]subsidies.Claim{subsidies.ClaimApproved: c.ClaimIn(t, subsidies.ClaimApproved), subsidies.ClaimBatched: c.ClaimIn(t, subsidies.ClaimBatched)} {
			p := c.proposal(1)
			p.ClaimID = claim.ID
			e := c.Refused(t, "clawback.not_paid", func() error {
				_, err := c.Clawbacks.Propose(subsidiestest.As(subsidiestest.DistrictOfficer), p)
				return err
			})
			require.Equal(t, kernel.KindConflict, e.Kind, state)
		}
	})
}

func TestDifferentPeopleProposeDecideAndGiveUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		as := subsidiestest.As
		p, err := c.Clawbacks.Propose(as(subsidiestest.CityOfficer), c.proposal(90_000))
		require.NoError(t, err)
		decide := func(who kernel.Actor, act subsidies.ClawbackAct) func() error {
			return func() error {
				_, err := c.Clawbacks.Decide(as(who), p.ID, clawbacks.Decision{Act: act, Note: "已核实"})
				return err
			}
		}
		c.Refused(t, "four_eyes", decide(subsidiestest.CityOfficer, subsidies.ClawbackOrder))
		c.Refused(t, "four_eyes", decide(subsidiestest.CityReviewer, subsidies.ClawbackOrder)) // reviewed the claim
		c.Refused(t, "four_eyes", decide(subsidiestest.CityReviewer, subsidies.ClawbackReject))
		for _, who := range []kernel.Actor{subsidiestest.DistrictOfficer, subsidiestest.Finance, subsidiestest.Auditor} {
			c.Refused(t, "forbidden", decide(who, subsidies.ClawbackOrder))
		}
		c.Refused(t, "not_found", decide(subsidiestest.Claimant(c.claim.EnterpriseID), subsidies.ClawbackOrder))
		c.Refused(t, "clawback.not_proposer", func() error {
			_, err := c.Clawbacks.Withdraw(as(subsidiestest.CityDirector), p.ID, 0, "")
			return err
		})
		require.NoError(t, decide(subsidiestest.CityDirector, subsidies.ClawbackOrder)())
		c.Lawful(t)

		c.Refused(t, "invalid_input", func() error {
			_, err := c.Clawbacks.RequestWriteOff(as(subsidiestest.Finance), p.ID, 0, " ")
			return err
		})
		_, err = c.receive(p.ID, 30_000, "part")
		require.NoError(t, err)
		_, err = c.Clawbacks.RequestWriteOff(as(subsidiestest.Finance), p.ID, 0, "企业已注销，无可供执行财产")
		require.NoError(t, err)
		giveUp := func(who kernel.Actor, act subsidies.ClawbackAct) func() error {
			return func() error {
				_, err := c.Clawbacks.DecideWriteOff(as(who), p.ID, clawbacks.Decision{Act: act, Note: "同意核销"})
				return err
			}
		}
		c.Refused(t, "four_eyes", giveUp(subsidiestest.CityOfficer, subsidies.ClawbackWriteOff))  // proposed it
		c.Refused(t, "four_eyes", giveUp(subsidiestest.CityDirector, subsidies.ClawbackWriteOff)) // ordered it
		c.Refused(t, "four_eyes", giveUp(subsidiestest.CityReviewer, subsidies.ClawbackWriteOff)) // reviewed the claim
		c.Refused(t, "forbidden", giveUp(subsidiestest.Finance, subsidies.ClawbackWriteOff))
		fourth := subsidiestest.CityDirector
		fourth.Person = "person-city-4"
		require.NoError(t, giveUp(fourth, subsidies.ClawbackDeclineWriteOff)())
		c.Refused(t, "four_eyes", func() error {
			_, err := c.Clawbacks.RequestWriteOff(as(fourth), p.ID, 0, "改由本人申请")
			return err
		})
		_, err = c.Clawbacks.RequestWriteOff(as(subsidiestest.CityDirector), p.ID, 0, "法院终结执行")
		require.NoError(t, err)
		before := c.free(t)
		c.Refused(t, "four_eyes", giveUp(subsidiestest.CityDirector, subsidies.ClawbackWriteOff))
		require.NoError(t, giveUp(fourth, subsidies.ClawbackWriteOff)())
		require.Equal(t, before, c.free(t), "what is given up refills no budget")
		s, err := c.Clawbacks.Sheet(t.Context(), fourth, p.ID)
		require.NoError(t, err)
		require.Equal(t, []any{subsidies.ClawbackClosed, kernel.Fen(30_000), kernel.Fen(60_000)}, []any{s.Clawback.State, s.Clawback.Received, s.Clawback.WrittenOff})
		c.Lawful(t)
	})
}

func TestAFineIsWhatTheLawAllowsAndNoMoneyOfTheBudget(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		as := subsidiestest.As
		before := c.free(t)
		for _, x := range []struct {
			ground string
			fine   kernel.Fen
			code   string
		}{
			{"correction", 1, "fine.none"}, {"defrauded", 9_999, "fine.range"}, {"defrauded", 50_001, "fine.range"}, {"misused", 30_001, "fine.range"}, {"defrauded", -1, "amount.range"}, {"theft", 0, "ground.unknown"},
		} {
			p := c.proposal(100_000)
			p.Ground, p.Fine, p.FineReference = x.ground, x.fine, "渝财罚〔2026〕3号"
			e := c.Refused(t, "invalid_input", func() error { _, err := c.Clawbacks.Propose(as(subsidiestest.DistrictOfficer), p); return err })
			require.Equal(t, x.code, e.Fields[0].Code, x.ground)
		}
		p := c.proposal(100_000)
		p.Ground, p.Fine = "defrauded", 50_000
		e := c.Refused(t, "invalid_input", func() error { _, err := c.Clawbacks.Propose(as(subsidiestest.DistrictOfficer), p); return err })
		require.Equal(t, []string{"fine_reference field.required"}, subsidiestest.Fields(e))
		p.FineReference = "渝财罚〔2026〕3号"
		made, err := c.Clawbacks.Propose(as(subsidiestest.DistrictOfficer), p)
		require.NoError(t, err)
		_, err = c.order(made.ID)
		require.NoError(t, err)
		back, err := c.receive(made.ID, 100_000, "all")
		require.NoError(t, err)
		require.Equal(t, []any{subsidies.ClawbackClosed, kernel.Fen(50_000)}, []any{back.State, back.Fine})
		after := c.free(t)
		require.EqualValues(t, 100_000, after[budget.City]+after[subsidiestest.District]-before[budget.City]-before[subsidiestest.District])
		c.Lawful(t)
	})
}

func TestInstalmentsAreDueOnWorkingDaysAndMetInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		as := subsidiestest.As
		o := c.ordered(t, 90_000)
		plan := func(all ...clawbacks.Instalment) func() error {
			return func() error {
				_, err := c.Clawbacks.Plan(as(subsidiestest.Finance), o.ID, clawbacks.Plan{Instalments: all})
				return err
			}
		}
		at := func(day kernel.Date, amount kernel.Fen) clawbacks.Instalment {
			return clawbacks.Instalment{DueOn: day, Amount: amount}
		}
		for _, x := range []struct {
			plan   func() error
			fields []string
		}{
			{plan(), []string{"instalments field.required"}},
			{plan(at("2026-12-31", 1)), []string{"instalments plan.total"}},
			{plan(at("2026-12-31", 90_001)), []string{"instalments plan.total"}},
			{plan(at("2026-02-30", 90_000)), []string{"instalments[0].due_on date.invalid"}},
			{plan(at(c.today(), 90_000)), []string{"instalments[0].due_on date.order"}},
			{plan(at("2027-01-20", 1), at("2027-01-20", 89_999)), []string{"instalments[1].due_on date.order"}},
			{plan(at("2036-01-20", 90_000)), []string{"instalments[0].due_on date.too_far"}},
			{plan(at("2027-01-20", 0), at("2027-02-20", 90_000)), []string{"instalments[0].amount_fen amount.range"}},
			{plan(make([]clawbacks.Instalment, 25)...), nil},
		} {
			e := c.Refused(t, "invalid_input", x.plan)
			if x.fields != nil {
				require.Equal(t, x.fields, subsidiestest.Fields(e))
			}
		}
		require.NoError(t, plan(at("2027-01-23", 30_000), at("2027-02-20", 30_000), at("2027-03-22", 30_000))())
		show := func() clawbacks.Sheet {
			s, err := c.Clawbacks.Sheet(t.Context(), subsidiestest.Claimant(c.claim.EnterpriseID), o.ID)
			require.NoError(t, err)
			return s
		}
		s := show()
		require.Equal(t, kernel.Date("2027-01-25"), s.Instalments[0].DueOn, "a Saturday becomes the Monday after")
		require.Equal(t, kernel.Date("2027-01-25"), *s.Clawback.NextDueOn)
		_, err := c.receive(o.ID, 40_000, "r1")
		require.NoError(t, err)
		s = show()
		require.Equal(t, []kernel.Fen{30_000, 10_000, 0}, s.Met)
		require.Equal(t, s.Instalments[1].DueOn, *s.Clawback.NextDueOn)
		c.Lawful(t)

		require.False(t, s.Clawback.Overdue(*s.Clawback.NextDueOn))
		c.DayAfter(*s.Clawback.NextDueOn)
		require.True(t, s.Clawback.Overdue(c.today()))
		late, err := c.Clawbacks.List(t.Context(), subsidiestest.Finance, clawbacks.Filter{Which: clawbacks.Late, Limit: 10})
		require.NoError(t, err)
		require.Len(t, late, 1)
		for _, want := range []int{1, 0} {
			n, err := c.Clawbacks.RemindDue(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, n, "each instalment is reminded of once")
		}
		require.EqualValues(t, 1, c.Count(t, "outbox", "kind = ?", clawbacks.Overdue))
		standing, err := c.Clawbacks.Standing(t.Context(), subsidiestest.CityOfficer, c.claim.EnterpriseID)
		require.NoError(t, err)
		require.Equal(t, clawbacks.Standing{Open: 1, OpenFen: 50_000, Overdue: 1, Ordered: 1, OrderedFen: 90_000}, standing)

		require.NoError(t, plan(at("2027-06-01", 50_000))(), "a new plan is of what is still open")
		s = show()
		require.Equal(t, []kernel.Fen{0}, s.Met)
		c.Lawful(t)
		_, err = c.receive(o.ID, 50_000, "r2")
		require.NoError(t, err)
		require.Equal(t, []kernel.Fen{50_000}, show().Met)
		c.Lawful(t)
	})
}

func TestReceiptsAreRefusedWithTheirReasons(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		o, other := c.ordered(t, 50_000), c.ordered(t, 50_000)
		receive := func(who kernel.Actor, r clawbacks.Receipt) func() error {
			return func() error { _, err := c.Clawbacks.Receive(subsidiestest.As(who), o.ID, r); return err }
		}
		good := clawbacks.Receipt{Amount: 10, ReceivedOn: c.today(), Reference: "20261123-77"}
		e := c.Refused(t, "invalid_input", receive(subsidiestest.Finance, clawbacks.Receipt{}))
		require.Equal(t, []string{"amount_fen amount.range", "reference field.required", "received_on field.required"}, subsidiestest.Fields(e))
		future, early, stale := good, good, good
		future.ReceivedOn, early.ReceivedOn, stale.Version = c.today().AddDays(1), c.today().AddDays(-1), 1
		require.Equal(t, []string{"received_on date.future"}, subsidiestest.Fields(c.Refused(t, "invalid_input", receive(subsidiestest.Finance, future))))
		require.Equal(t, []string{"received_on date.order"}, subsidiestest.Fields(c.Refused(t, "invalid_input", receive(subsidiestest.Finance, early))))
		c.Refused(t, "stale", receive(subsidiestest.Finance, stale))
		c.Refused(t, "forbidden", receive(subsidiestest.CityOfficer, good))
		c.Refused(t, "forbidden", receive(subsidiestest.Claimant(c.claim.EnterpriseID), good))
		require.NoError(t, receive(subsidiestest.Finance, good)())
		c.Refused(t, "receipt.reference_used", receive(subsidiestest.Finance, good))
		c.Refused(t, "receipt.reference_used", func() error { _, err := c.receive(other.ID, 5, " 20261123-77 "); return err })
		c.Lawful(t)
	})
}

func TestEveryoneSeesWhatIsTheirs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		p, o := c.proposed(t, 10_000), c.ordered(t, 20_000)
		stranger, elsewhere := subsidiestest.Claimant("org-stranger"), subsidiestest.DistrictOfficer
		elsewhere.District = subsidiestest.OtherDistrict
		for _, x := range []struct {
			who  kernel.Actor
			sees []kernel.ID
		}{
			{subsidiestest.Claimant(c.claim.EnterpriseID), []kernel.ID{o.ID}},
			{stranger, nil}, {subsidiestest.Provider, nil}, {elsewhere, nil},
			{subsidiestest.DistrictOfficer, []kernel.ID{p.ID, o.ID}}, {subsidiestest.CityOfficer, []kernel.ID{p.ID, o.ID}},
			{subsidiestest.Finance, []kernel.ID{p.ID, o.ID}}, {subsidiestest.Auditor, []kernel.ID{p.ID, o.ID}},
		} {
			rows, err := c.Clawbacks.List(t.Context(), x.who, clawbacks.Filter{Limit: 10})
			require.NoError(t, err)
			var seen []kernel.ID
			for _, r := range rows {
				seen = append(seen, r.ID)
			}
			require.ElementsMatch(t, x.sees, seen, x.who.Role)
			for _, id := range []kernel.ID{p.ID, o.ID} {
				_, err := c.Clawbacks.Sheet(t.Context(), x.who, id)
				if !slices.Contains(x.sees, id) {
					require.True(t, kernel.IsCode(err, "not_found"), "%s", x.who.Role)
					continue
				}
				require.NoError(t, err)
			}
		}
		_, err := c.Clawbacks.List(t.Context(), subsidiestest.Operator, clawbacks.Filter{})
		require.True(t, kernel.IsCode(err, "forbidden"))
		mine, err := c.Clawbacks.List(t.Context(), subsidiestest.CityOfficer, clawbacks.Filter{Which: clawbacks.Mine, Limit: 10})
		require.NoError(t, err)
		require.Len(t, mine, 1)
		handled, err := c.Clawbacks.Handled(t.Context(), subsidiestest.CityReviewer, mine)
		require.NoError(t, err)
		require.True(t, handled[p.ID])
	})
}

func TestTheGroundsAreWhole(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, clawbacks.Grounds())
	for _, g := range clawbacks.Grounds() {
		for _, text := range []kernel.Text{g.Text, g.Basis.Text, g.Basis.Citation} {
			require.NotEmpty(t, text.ZH, g.Code)
			require.NotEmpty(t, text.EN, g.Code)
		}
		for _, f := range g.Fine {
			require.True(t, f.From.Valid() && f.Least > 0 && f.Least <= f.Most && f.Most <= kernel.Whole, g.Code)
			require.NotEmpty(t, g.Basis.Source, "a fine needs its law")
		}
	}
	g, ok := clawbacks.GroundOf("defrauded")
	require.True(t, ok)
	least, most, err := g.FineFor(333, "2026-11-24")
	require.NoError(t, err)
	require.Equal(t, []kernel.Fen{34, 166}, []kernel.Fen{least, most}, "never below the least, never above the most")
	least, most, err = g.FineFor(333, "2011-01-07")
	require.NoError(t, err)
	require.Zero(t, least+most, "before its law there was no fine")
	require.Positive(t, clawbacks.TermsOn("2026-11-24").PayWithin)
}
