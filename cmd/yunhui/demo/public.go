package demo

import (
	"context"
	"fmt"
	"io"
	"time"

	"yunhui/catalog/demands"
	"yunhui/services/kernel"
	"yunhui/subsidies/payments"
)

// publicity lays out what the city does with what has been reviewed: notices,
// their closing, an objection, and payment batches with their results.
func (l *Loader) publicity(stories map[int][]*story) []event {
	var out []event
	at := func(ago float64, do func(context.Context) error) {
		out = append(out, event{at: workhour(l.Now.Add(-days(ago)), len(out)), do: do})
	}
	opened := map[int]kernel.ID{}
	for n, ago := range ordered(noticeDays) {
		at(ago, func(ctx context.Context) error {
			var ids []kernel.ID
			for _, s := range stories[n] {
				ids = append(ids, s.claim.ID)
			}
			notice, err := l.Notices.Open(as(ctx, l.people["city-b"]), ids)
			opened[n] = notice.ID
			return err
		})
	}
	for day := 50; day >= 0; day-- {
		at(float64(day)-.5, func(ctx context.Context) error {
			_, err := l.Notices.CloseDue(ctx)
			return err
		})
	}
	at(1.3, func(ctx context.Context) error {
		all := stories[5]
		_, err := l.Notices.Object(ctx, opened[5], all[len(all)-1].claim.ID, "我公司与该服务商在同一园区，了解到该项目尚未正式上线使用，请主管部门核实验收情况。", "")
		return err
	})
	for _, b := range []struct {
		drafted, paid float64
		failing       int
	}{{38, 34, -1}, {20, 15, 2}, {9, 0, -1}} {
		at(b.drafted, func(ctx context.Context) error { return l.order(ctx) })
		if b.paid > 0 {
			at(b.paid, func(ctx context.Context) error { return l.settle(ctx, b.failing) })
		}
	}
	return out
}

// order collects what is approved into a batch and takes it out.
func (l *Loader) order(ctx context.Context) error {
	ctx = as(ctx, l.people["finance"])
	d, err := l.Payments.Draft(ctx, payments.Filter{Policy: policy})
	if err != nil {
		return err
	}
	if _, err := l.Payments.Finish(ctx, d.Batch.ID); err != nil {
		return err
	}
	if _, err := l.Payments.Close(ctx, d.Batch.ID, 0); err != nil {
		return err
	}
	_, err = l.Payments.Export(ctx, d.Batch.ID, payments.Export{Format: payments.XLSX}, io.Discard)
	return err
}

// settle brings the treasury's results back for the batch that is out; the
// failing-th line, if any, had a wrong account.
func (l *Loader) settle(ctx context.Context, failing int) error {
	ctx = as(ctx, l.people["finance"])
	out, err := l.Payments.List(ctx, l.people["finance"], payments.Exported, "", 1)
	if err != nil || len(out) == 0 {
		return err
	}
	_, lines, err := l.Payments.Get(ctx, l.people["finance"], out[0].ID, 0, 100)
	if err != nil {
		return err
	}
	var results []payments.Result
	for i, line := range lines {
		r := payments.Result{Row: i + 2, ClaimNumber: line.ClaimNumber, Amount: line.Amount, State: payments.Paid, PaidOn: kernel.DayOf(l.Clock.Now()), Reference: fmt.Sprintf("GK%s%04d", kernel.DayOf(l.Clock.Now())[:4], i+1)}
		if i == failing {
			r.State, r.Failure, r.Reference, r.PaidOn = payments.Failed, "账号与户名不符，退汇", "", ""
		}
		results = append(results, r)
	}
	_, err = l.Payments.Settle(ctx, out[0].ID, results)
	return err
}

// needs lets every third firm post what it needs; some are answered.
func (l *Loader) needs() []event {
	var out []event
	for i, e := range l.content.Enterprises {
		if len(e.Needs) == 0 || (i%3 != 0 && e.Key != "jiangjin-diecast") || unverified[i] {
			continue
		}
		need, who := e.Needs[0], l.people[e.Key]
		ago := 1.5 + float64(i%9)*1.7
		var posted kernel.ID
		out = append(out, event{at: workhour(l.Now.Add(-days(ago)), i), do: func(ctx context.Context) (err error) {
			posted, err = l.Demands.Post(as(ctx, who), need.draft(kernel.DayOf(l.Clock.Now())))
			return err
		}})
		if i%2 == 0 {
			out = append(out, event{at: workhour(l.Now.Add(-days(ago-.8)), i+3), do: func(ctx context.Context) error { return l.answer(ctx, posted, need, who, i) }})
		}
	}
	return out
}

func (n Need) draft(today kernel.Date) demands.Draft {
	by := today.AddDays(max(n.ByWhen, 14))
	d := demands.Draft{Title: n.Title.ZH, Need: n.Text.ZH, Category: n.Category, Budget: &n.Budget, WantedBy: &by}
	for _, s := range n.Systems {
		d.Systems = append(d.Systems, s.ZH)
	}
	return d
}

// answer invites up to three providers that sell what is needed; two propose.
func (l *Loader) answer(ctx context.Context, demand kernel.ID, n Need, who kernel.Actor, salt int) error {
	var fitting []placed
	sellers := map[string]bool{}
	for _, o := range l.content.Offers {
		if o.Category == n.Category && !sellers[o.Provider] && len(fitting) < 3 {
			sellers[o.Provider] = true
			fitting = append(fitting, l.offers[o.Key])
		}
	}
	if len(fitting) == 0 {
		return nil
	}
	var asked []kernel.ID
	for _, p := range fitting {
		asked = append(asked, p.offer.ProviderID)
	}
	if _, err := l.Demands.Invite(as(ctx, who), demand, asked); err != nil {
		return err
	}
	for i, p := range fitting[:min(2, len(fitting))] {
		l.Clock.Advance(47 * time.Minute)
		discount, err := kernel.Rounding{Mode: kernel.RoundDown, Unit: 100}.Of(p.plans[0].Price, kernel.Rate(500+(salt+i)%4*300))
		if err != nil {
			return err
		}
		_, err = l.Demands.Propose(as(ctx, l.people[p.from.Provider]), demand, demands.Answer{
			Offer: p.offer.ID, Plan: p.plans[0].ID, Quantity: 1, Discount: discount, ValidUntil: kernel.DayOf(l.Now).AddDays(25 + i*5),
			Message: "我们做过同行业项目，可先免费上门诊断一次；实施周期约四周，含一名驻场顾问。",
		})
		if err != nil {
			return err
		}
	}
	return nil
}
