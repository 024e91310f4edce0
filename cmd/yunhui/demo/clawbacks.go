package demo

import (
	"context"
	"fmt"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/clawbacks"
)

// recovery is one clawback of a paid claim: which story, how much of it, why, and
// how long ago it was proposed and ordered. Zero days mean that it was not.
type recovery struct {
	story             int // among those of the first notice
	share             kernel.Rate
	ground, note      string
	proposed, ordered float64
	then              []afterwards
}

// afterwards is what happens to an order later on.
type afterwards struct {
	ago float64
	do  func(*Loader, context.Context, *subsidies.Clawback) error
}

// recovered are the city's clawbacks: in instalments, held back from a payment,
// overdue, recovered, and those that wait for the second or the third officer.
func recovered() []recovery {
	return []recovery{
		{0, 4000, "service_ended", "服务使用四个月后停用，剩余八个月费用已由服务商退还企业，对应补贴应当退回。", 8.6, 7.8, []afterwards{{6.7, (*Loader).inThree}, {1.4, (*Loader).first}}},
		{1, 2500, "correction", "合同补充协议调减了设备数量，多付部分退回。", 11.2, 10.1, nil},
		{3, 5000, "double_funding", "同一合同的部分内容已获区级技改资金支持，重复部分退回。", 26, 24, []afterwards{{13, (*Loader).all}}},
		{4, 10_000, "defrauded", "银行流水显示合同款到账后又由服务商转回企业，付款凭证不能证明实际支付。", .4, 0, nil},
		{5, 3000, "not_eligible", "年报复核从业人员数，申请时已不属于小型企业，差额部分退回。", 33, 32, nil},
		{6, 2000, "service_ended", "企业停产，服务自停产之日起未再使用，对应补贴应当退回。", 30, 29, []afterwards{{.7, (*Loader).giveUp}}},
	}
}

// recoveries lays out the city's clawbacks.
func (l *Loader) recoveries(paid []*story) []event {
	var out []event
	for n, r := range recovered() {
		s, c := paid[r.story], &subsidies.Clawback{}
		at := func(ago float64, do func(context.Context) error) {
			out = append(out, event{at: workhour(l.Now.Add(-days(ago)), 100+n), do: do})
		}
		at(r.proposed, func(ctx context.Context) error { return l.claimBack(ctx, s, r, c) })
		if r.ordered > 0 {
			at(r.ordered, func(ctx context.Context) (err error) {
				number := fmt.Sprintf("云惠演示追〔%d〕%d号", kernel.DayOf(l.Clock.Now()).Year(), n+1)
				*c, err = l.Clawbacks.Decide(as(ctx, l.people["city-b"]), c.ID, clawbacks.Decision{Act: subsidies.ClawbackOrder, Reference: number})
				return err
			})
		}
		for _, x := range r.then {
			at(x.ago, func(ctx context.Context) error { return x.do(l, as(ctx, l.people["finance"]), c) })
		}
	}
	return out
}

func (l *Loader) claimBack(ctx context.Context, s *story, r recovery, c *subsidies.Clawback) error {
	ctx = as(ctx, s.office())
	left, err := l.Clawbacks.Left(ctx, s.office(), s.claim.ID)
	if err != nil {
		return err
	}
	amount, err := kernel.Rounding{Mode: kernel.RoundUp, Unit: 1}.Of(left.Left, r.share)
	if err != nil {
		return err
	}
	*c, err = l.Clawbacks.Propose(ctx, clawbacks.Proposal{ClaimID: s.claim.ID, Amount: amount, Ground: r.ground, Note: r.note})
	return err
}

// inThree agrees three monthly instalments.
func (l *Loader) inThree(ctx context.Context, c *subsidies.Clawback) (err error) {
	parts, err := kernel.Split(c.Open(), 1, 1, 1)
	if err != nil {
		return err
	}
	today, plan := kernel.DayOf(l.Clock.Now()), clawbacks.Plan{}
	for i, part := range parts {
		plan.Instalments = append(plan.Instalments, clawbacks.Instalment{DueOn: today.AddMonths(i + 1), Amount: part})
	}
	*c, err = l.Clawbacks.Plan(ctx, c.ID, plan)
	return err
}

// giveUp asks to write off what is open.
func (l *Loader) giveUp(ctx context.Context, c *subsidies.Clawback) (err error) {
	*c, err = l.Clawbacks.RequestWriteOff(ctx, c.ID, 0, "企业已依法注销，清算报告载明无可供分配的财产。")
	return err
}

// first records that a third has come back.
func (l *Loader) first(ctx context.Context, c *subsidies.Clawback) error {
	return l.receive(ctx, c, c.Open()/3)
}

// all records that everything has come back.
func (l *Loader) all(ctx context.Context, c *subsidies.Clawback) error {
	return l.receive(ctx, c, c.Open())
}

func (l *Loader) receive(ctx context.Context, c *subsidies.Clawback, amount kernel.Fen) (err error) {
	today := kernel.DayOf(l.Clock.Now())
	*c, err = l.Clawbacks.Receive(ctx, c.ID, clawbacks.Receipt{Amount: amount, ReceivedOn: today, Reference: "TK" + string(today) + "-" + c.Number})
	return err
}
