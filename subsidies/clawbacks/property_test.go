package clawbacks_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

// treasury plays the part of the room of payments: lines of a batch from which
// something may be held back.
type treasury struct {
	town
	serial int
	lines  []kernel.ID
}

// hold drafts a line over an amount for the debtor and holds back from it.
func (y *treasury) hold(t require.TestingT, district string, due budget.Portion) budget.Portion {
	y.serial++
	line := payments.Line{
		ID: kernel.ID(fmt.Sprintf("line-%06d", y.serial)), BatchID: kernel.ID(fmt.Sprintf("batch-%06d", y.serial)), LineNo: 1, ClaimID: "none",
		District: district, PayeeOrgID: y.claim.EnterpriseID, State: payments.Ordered, Version: 1,
	}
	var held map[kernel.ID]budget.Portion
	require.NoError(t, database.Run(subsidiestest.As(subsidiestest.Finance), y.DB, "test.hold", func(tx *database.Tx) (err error) {
		if err := tx.Create(&line).Error; err != nil {
			return err
		}
		held, err = clawbacks.Hold(tx, clawbacks.Due{Line: line.ID, Payee: line.PayeeOrgID, District: district, Portion: due})
		return err
	}))
	y.lines = append(y.lines, line.ID)
	return held[line.ID]
}

// resolve gives the oldest line its result.
func (y *treasury) resolve(t require.TestingT, paid bool) {
	line := y.lines[0]
	y.lines = y.lines[1:]
	require.NoError(t, database.Run(subsidiestest.As(subsidiestest.Finance), y.DB, "test.resolve", func(tx *database.Tx) error {
		state, then := payments.Failed, clawbacks.Release
		if paid {
			state, then = payments.Paid, clawbacks.Net
		}
		if err := tx.Exec("UPDATE batch_lines SET state = ? WHERE id = ?", state, line).Error; err != nil {
			return err
		}
		return then(tx, line)
	}))
}

// TestWhateverHappensEveryFenIsInOnePlace lets a claim live through a random
// sequence of acts, allowed or not, and asks again and again that no fen is lost,
// made or claimed back twice.
func TestWhateverHappensEveryFenIsInOnePlace(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		deals := make([]subsidiestest.Deal, 24)
		for i := range deals {
			deals[i].Price = kernel.Fen(10_007 + 41_231*i)
		}
		paid, lives := city.ClaimsOf(t, subsidies.ClaimPaid, deals...), 0
		rapid.Check(t, func(r *rapid.T) {
			lives++
			y := &treasury{town: town{city, paid[lives%len(paid)]}, serial: lives * 1000} // a claim may have several
			start, before := y.free(t), y.recovered(r)
			live(r, y)
			require.Equal(r, y.recovered(r)-before, y.refilled(r, start), "the budget has back what came back, and nothing else")
		})
	})
}

func live(r *rapid.T, y *treasury) {
	as := subsidiestest.As
	amount := rapid.Custom(func(r *rapid.T) kernel.Fen {
		return kernel.Fen(rapid.Int64Range(1, int64(y.claim.Legs.Subsidy)/5).Draw(r, "amount"))
	})
	pick := func() kernel.ID {
		all, err := y.Clawbacks.List(as(subsidiestest.Auditor), subsidiestest.Auditor, clawbacks.Filter{Claim: y.claim.ID, Limit: 100})
		require.NoError(r, err)
		if len(all) == 0 {
			return "none"
		}
		return all[rapid.IntRange(0, len(all)-1).Draw(r, "which")].ID
	}
	decision := func(acts ...subsidies.ClawbackAct) clawbacks.Decision {
		return clawbacks.Decision{Act: rapid.SampledFrom(acts).Draw(r, "decision"), Note: "依据充分"}
	}
	acts := map[string]func() error{
		"propose": func() error {
			_, err := y.Clawbacks.Propose(as(subsidiestest.DistrictOfficer), y.proposal(amount.Draw(r, "propose")))
			return err
		},
		"decide": func() error {
			_, err := y.Clawbacks.Decide(as(subsidiestest.CityOfficer), pick(), decision(subsidies.ClawbackOrder, subsidies.ClawbackOrder, subsidies.ClawbackReject))
			return err
		},
		"withdraw": func() error {
			_, err := y.Clawbacks.Withdraw(as(subsidiestest.DistrictOfficer), pick(), 0, "")
			return err
		},
		"receive": func() error {
			y.serial++
			_, err := y.receive(pick(), amount.Draw(r, "receipt"), fmt.Sprint("r", y.serial))
			return err
		},
		"plan": func() error {
			id := pick()
			s, err := y.Clawbacks.Sheet(as(subsidiestest.Auditor), subsidiestest.Auditor, id)
			if err != nil {
				return err
			}
			half := s.Clawback.Open() / 2
			_, err = y.Clawbacks.Plan(as(subsidiestest.Finance), id, clawbacks.Plan{Instalments: []clawbacks.Instalment{{DueOn: y.today().AddDays(30), Amount: half}, {DueOn: y.today().AddDays(60), Amount: s.Clawback.Open() - half}}})
			return err
		},
		"ask": func() error {
			_, err := y.Clawbacks.RequestWriteOff(as(subsidiestest.Finance), pick(), 0, "无可供执行财产")
			return err
		},
		"give up": func() error {
			_, err := y.Clawbacks.DecideWriteOff(as(subsidiestest.CityDirector), pick(), decision(subsidies.ClawbackWriteOff, subsidies.ClawbackDeclineWriteOff))
			return err
		},
		"hold": func() error {
			due := budget.Portion{Municipal: amount.Draw(r, "city"), District: amount.Draw(r, "district")}
			district := rapid.SampledFrom([]string{subsidiestest.District, subsidiestest.OtherDistrict}).Draw(r, "where")
			held := y.hold(r, district, due)
			require.True(r, held.Municipal <= due.Municipal && held.District <= due.District, "no more is held back than is due")
			require.True(r, district == subsidiestest.District || held.District == 0, "a district holds back for itself alone")
			return nil
		},
		"paid":   func() error { return y.next(r, true) },
		"failed": func() error { return y.next(r, false) },
	}
	names := []string{"propose", "decide", "decide", "withdraw", "receive", "receive", "receive", "plan", "ask", "give up", "give up", "hold", "hold", "paid", "paid", "failed"}
	for _, begin := range []string{"propose", "decide"} {
		_ = acts[begin]() // what can be claimed back may be used up
	}
	for n := range rapid.IntRange(3, 18).Draw(r, "acts") {
		name := rapid.SampledFrom(names).Draw(r, "act")
		if err := acts[name](); err != nil {
			require.NotNil(r, kernel.AsError(err), "%s: %v", name, err)
		}
		if n%4 == 3 {
			y.whole(r)
		}
	}
	for len(y.lines) > 0 {
		y.resolve(r, len(y.lines)%2 == 0)
	}
	y.whole(r)
}

func (y *treasury) next(t require.TestingT, paid bool) error {
	if len(y.lines) > 0 {
		y.resolve(t, paid)
	}
	return nil
}

// whole asks the rooms of clawbacks and of the budget for breaches.
func (y *treasury) whole(t require.TestingT) {
	ctx := subsidiestest.As(subsidiestest.Auditor)
	found, err := clawbacks.Verify(ctx, y.DB)
	require.NoError(t, err)
	require.Empty(t, found)
	found, err = budget.Verify(ctx, y.DB)
	require.NoError(t, err)
	require.Empty(t, found)
}

// recovered is what came back of a claim so far.
func (y *treasury) recovered(t require.TestingT) (back kernel.Fen) {
	ctx := subsidiestest.As(subsidiestest.Auditor)
	all, err := y.Clawbacks.List(ctx, subsidiestest.Auditor, clawbacks.Filter{Claim: y.claim.ID, Limit: 100})
	require.NoError(t, err)
	var claimed kernel.Fen
	for _, c := range all {
		back += c.Received + c.Netted
		if c.State != subsidies.ClawbackRejected && c.State != subsidies.ClawbackWithdrawn {
			claimed += c.Amount
		}
	}
	require.LessOrEqual(t, claimed, y.claim.Legs.Subsidy)
	require.LessOrEqual(t, back, claimed)
	return back
}

// refilled is by how much the levels can reserve more than at the start.
func (y *treasury) refilled(t require.TestingT, start map[string]kernel.Fen) (sum kernel.Fen) {
	meters, err := budget.Meter(subsidiestest.As(subsidiestest.Auditor), y.DB, subsidiestest.Policy)
	require.NoError(t, err)
	for _, m := range meters[subsidiestest.Policy] {
		sum += m.Free() - start[m.Scope]
	}
	return sum
}
