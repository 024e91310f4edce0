package demo

import (
	"context"
	"strconv"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/subsidies/budget"
)

// settled is how old a month is before the demo city closes it: further stories
// that are told later reach back less.
const settled = 80

// funds are the budget years that the story of the city touches.
func (l *Loader) funds() []budget.Fund {
	var out []budget.Fund
	for year := kernel.DayOf(l.Now.Add(-began)).Year(); year <= kernel.DayOf(l.Now).Year(); year++ {
		out = append(out, budget.Fund{Policy: policy, Year: strconv.Itoa(year)})
	}
	return out
}

// vote gives the city and its districts money for each of the years.
func (l *Loader) vote(tx *database.Tx, act string, city kernel.Fen, district func(i int) kernel.Fen) error {
	for _, of := range l.funds() {
		if err := budget.Vote(tx, act, of, budget.City, city); err != nil {
			return err
		}
		for i, d := range registry.Districts(tx.Today()) {
			if err := budget.Vote(tx, act, of, d.ID, district(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// bookkeeping lays out what the finance office did to the appropriations: two
// supplements, a transfer, a proposal that was refused, and one that waits.
func (l *Loader) bookkeeping() []event {
	of := l.funds()
	year := of[len(of)-1].Year
	line := func(kind budget.ActKind, scope, from string, amount kernel.Fen, number, reason string) budget.ActProposal {
		p := budget.ActProposal{Kind: kind, Policy: policy, Year: year, Scope: scope, Amount: amount, DocumentNumber: "渝财企〔" + year + "〕" + number + "号", Reason: reason}
		if kind == budget.Transfer {
			p.FromYear, p.FromScope = year, from
		}
		return p
	}
	var out []event
	for i, one := range []struct {
		ago    float64
		p      budget.ActProposal
		decide func(context.Context, kernel.ID, int64, string) (budget.Act, error)
		note   string
	}{
		{104, line(budget.Supplement, budget.City, "", 120_000_000, "41", "申请量超出年初测算，追加市级专项资金"), l.Books.Approve, "已列入年中预算调整方案"},
		{64, line(budget.Transfer, "500116", "500233", 4_000_000, "57", "忠县申请较少，调剂给江津区用于重点产业链企业"), l.Books.Approve, "两区县均已书面同意"},
		{41, line(budget.Supplement, "500103", "", 6_000_000, "63", "区级财政追加"), l.Books.Approve, "同意"},
		{19, line(budget.Transfer, "500103", budget.City, 30_000_000, "70", "请市级下划部分额度"), l.Books.Refuse, "市级额度须优先保障已受理协议，请先由区级追加"},
		{1.2, line(budget.Transfer, "500112", "500229", 3_000_000, "78", "城口县额度富余，调剂给渝北区"), nil, ""},
	} {
		at := workhour(l.Now.Add(-days(one.ago)), i*3)
		out = append(out, event{at: at, do: func(ctx context.Context) error {
			one.p.DatedOn = kernel.DayOf(at)
			a, err := l.Books.Propose(as(ctx, l.people["city-b"]), one.p)
			if err != nil || one.decide == nil {
				return err
			}
			l.Clock.Advance(3 * time.Hour)
			_, err = one.decide(as(ctx, l.people["finance"]), a.ID, a.Version, one.note)
			return err
		}})
	}
	return out
}

// closeBooks closes the months that are long over and sums the other days up.
func (l *Loader) closeBooks(ctx context.Context) error {
	ctx = as(ctx, l.people["finance"])
	due, err := l.Books.Due(ctx)
	if err != nil {
		return err
	}
	for _, period := range due {
		if kernel.Date(period+"-01").AddMonths(1) > kernel.DayOf(l.Now).AddDays(-settled) {
			break
		}
		if _, err := l.Books.Close(ctx, period); err != nil {
			return err
		}
	}
	return l.Books.Reroll(ctx)
}
