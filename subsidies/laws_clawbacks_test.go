package subsidies_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/subsidiestest"
)

// recover does something about money that was paid: claims it back, or does with a
// clawback mostly what comes next in its life.
func (w *world) recover(r *rand.Rand) (kernel.Actor, act) {
	var some []subsidies.Clawback
	if err := w.city.DB.Read(context.Background()).Where("state IN ?", []subsidies.ClawbackState{subsidies.ClawbackProposed, subsidies.ClawbackOrdered, subsidies.ClawbackWriteOffRequested}).Limit(12).Find(&some).Error; err != nil {
		w.wrongly(0, err)
		return kernel.Actor{}, nil
	}
	if r.IntN(20) == 0 {
		return kernel.System(), func(ctx context.Context) (any, error) { _, err := w.city.Clawbacks.RemindDue(ctx); return nil, err }
	}
	if len(some) == 0 || r.IntN(4) == 0 {
		return w.claimBack(r)
	}
	c := some[r.IntN(len(some))]
	who, do := w.onClawback(r, c)
	if r.IntN(8) == 0 {
		who = []kernel.Actor{subsidiestest.DistrictOfficer, subsidiestest.CityReviewer, subsidiestest.CityOfficer, subsidiestest.CityDirector, subsidiestest.Finance, subsidiestest.Auditor, subsidiestest.Claimant(c.DebtorID), subsidiestest.Nobody}[r.IntN(8)]
	}
	return who, do
}

func (w *world) claimBack(r *rand.Rand) (kernel.Actor, act) {
	var paid []subsidies.Claim
	if err := w.city.DB.Read(context.Background()).Where("state = ?", subsidies.ClaimPaid).Limit(20).Find(&paid).Error; err != nil || len(paid) == 0 {
		return w.pay(r)
	}
	c := paid[r.IntN(len(paid))]
	officer := subsidiestest.DistrictOfficer
	officer.District = c.District
	amount := 1 + kernel.Fen(r.Int64N(int64(c.Legs.Subsidy)/2+1))
	return officer, func(ctx context.Context) (any, error) {
		return w.city.Clawbacks.Propose(ctx, clawbacks.Proposal{ClaimID: c.ID, Amount: amount, Ground: "correction", Note: "多付部分退回"})
	}
}

func (w *world) onClawback(r *rand.Rand, c subsidies.Clawback) (kernel.Actor, act) {
	version := w.seen(r, c.Version)
	decide := func(what subsidies.ClawbackAct) act {
		return func(ctx context.Context) (any, error) {
			return w.city.Clawbacks.Decide(ctx, c.ID, clawbacks.Decision{Version: version, Act: what, Note: "已核实"})
		}
	}
	giveUp := func(what subsidies.ClawbackAct) act {
		return func(ctx context.Context) (any, error) {
			return w.city.Clawbacks.DecideWriteOff(ctx, c.ID, clawbacks.Decision{Version: version, Act: what, Note: "已核实"})
		}
	}
	amount, reference := 1+kernel.Fen(r.Int64N(int64(c.Amount))), fmt.Sprint("T", r.IntN(200)) // few references for many receipts
	if r.IntN(2) == 0 {
		amount = max(c.Open(), 1)
	}
	receive := func(ctx context.Context) (any, error) {
		return w.city.Clawbacks.Receive(ctx, c.ID, clawbacks.Receipt{Version: version, Amount: amount, ReceivedOn: kernel.DayOf(w.city.Clock.Now()), Reference: reference})
	}
	switch c.State {
	case subsidies.ClawbackProposed:
		return []kernel.Actor{subsidiestest.CityOfficer, subsidiestest.CityDirector}[r.IntN(2)], oneOf(r, 6, decide(subsidies.ClawbackReject), decide(subsidies.ClawbackOrder))
	case subsidies.ClawbackWriteOffRequested:
		if r.IntN(4) == 0 {
			return subsidiestest.Finance, receive
		}
		return subsidiestest.CityDirector, oneOf(r, 3, giveUp(subsidies.ClawbackDeclineWriteOff), giveUp(subsidies.ClawbackWriteOff))
	default:
		switch r.IntN(8) {
		case 0:
			return subsidiestest.Finance, func(ctx context.Context) (any, error) {
				return w.city.Clawbacks.RequestWriteOff(ctx, c.ID, version, "无可供执行财产")
			}
		case 1:
			day := kernel.DayOf(w.city.Clock.Now()).AddDays(40)
			return subsidiestest.Finance, func(ctx context.Context) (any, error) {
				return w.city.Clawbacks.Plan(ctx, c.ID, clawbacks.Plan{Version: version, Instalments: []clawbacks.Instalment{{DueOn: day, Amount: c.Open()}}})
			}
		default:
			return subsidiestest.Finance, receive
		}
	}
}
