package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// drawn is the code of the illustrative policy that allots its budget by draw.
const drawn = "chongqing-draw-demo"

// entrants is how many agreements take part; the money is for about half of them.
const entrants = 9

// lottery is the demo policy under another order of allotment: micro firms first,
// then small ones, within a band by lot.
func (l *Loader) lottery() (rules.Document, error) {
	doc, ok := policies.Find(policy)
	if !ok {
		return doc, errors.New("the demo policy is missing")
	}
	doc.Code, doc.Window, doc.Redemption = drawn, kernel.Period{}, kernel.Period{}
	doc.Title = kernel.T("重庆市企业上云补贴（抽签示例）", "Chongqing enterprise cloud subsidy (illustration of a draw)")
	doc.Clauses = slices.Clone(doc.Clauses)
	for i, c := range doc.Clauses {
		if c.Number == "5.2" {
			doc.Clauses[i].Text = kernel.T("计划资金总额5000万元，总额控制，按第7条的次序分配。", "¥50 million are planned, allotted in the order of clause 7, until used up.")
		}
	}
	allotment := []string{"allotment"}
	doc.Clauses = append(doc.Clauses,
		rules.Clause{Number: "7.1", Text: kernel.T("登记期内由双方确认的协议不分先后，期满后公开抽签确定次序；资金不足的依次轮候，有额度释放即递补。", "Agreements confirmed by both parties within the window are equal; a public draw decides their order. Those whom the money does not reach wait in that order and follow as money is freed."), Computes: allotment},
		rules.Clause{Number: "7.2", Text: kernel.T("微型企业优先，小型企业其次。", "Micro enterprises come first, small ones second."), Computes: allotment})
	today := kernel.DayOf(l.Now)
	doc.Allotment = &rules.Allotment{Clause: "7.1", By: rules.ByDraw, Window: kernel.Period{From: today.AddDays(-40), To: today.AddDays(-20)}, Bands: []rules.PriorityBand{
		{Clause: "7.2", Name: kernel.T("微型企业", "Micro enterprises"), Expression: "enterprise.size_class == 'micro'"},
		{Clause: "7.2", Name: kernel.T("小型企业", "Small enterprises"), Expression: "enterprise.size_class == 'small'"},
	}}
	return doc, nil
}

// draw tells the story of one draw: entries in the window, two officers' seeds,
// the order, and one who gives back what the next in line then gets.
func (l *Loader) draw() []event {
	stories := make([]*story, entrants)
	var out []event
	at := func(ago float64, do func(context.Context) error) {
		out = append(out, event{at: workhour(l.Now.Add(-days(ago)), len(out)), do: do})
	}
	at(42, l.announce)
	for n := range stories {
		s := l.begin(200+n, end{lead: n})
		stories[n] = s
		at(38-float64(n), s.enter)
		at(37.5-float64(n), s.confirm(s.seller))
		at(36-float64(n), s.confirm(s.buyer))
		at(34-float64(n), s.accept)
	}
	closes := kernel.DayOf(l.Now).AddDays(-20)
	at(24, func(ctx context.Context) error { return l.fund(ctx, stories) })
	officers := []string{"city-a", "city-b"}
	for i, who := range officers {
		at(39-float64(i), func(ctx context.Context) error {
			return l.Openings.Pledge(as(ctx, l.people[who]), drawn, closes, openings.Pledge(seedOf(who)))
		})
		at(18-float64(i), func(ctx context.Context) error {
			return l.Openings.Reveal(as(ctx, l.people[who]), drawn, closes, seedOf(who))
		})
	}
	at(19, func(ctx context.Context) error { return l.Openings.Close(as(ctx, l.people["city-a"]), drawn, closes) })
	at(16, func(ctx context.Context) error {
		_, err := l.Agreements.FollowDue(ctx)
		return err
	})
	at(9, func(ctx context.Context) error { return l.giveBack(ctx, stories) })
	return out
}

// announce publishes the policy and votes the districts' money.
func (l *Loader) announce(ctx context.Context) error {
	doc, err := l.lottery()
	if err != nil {
		return err
	}
	return database.Run(as(ctx, l.people["city-b"]), l.DB, "demo.draw", func(tx *database.Tx) error {
		if err := gazette.Publish(tx, doc); err != nil {
			return err
		}
		for _, district := range l.districts() {
			if err := budget.Appropriate(tx, "demo", drawn, district, 30_000_000); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *Loader) districts() []string {
	var out []string
	for _, e := range l.content.Enterprises {
		if !slices.Contains(out, e.District) {
			out = append(out, e.District)
		}
	}
	return out
}

// fund votes the city's money: half of what is asked for.
func (l *Loader) fund(ctx context.Context, stories []*story) error {
	var asked kernel.Fen
	for _, s := range stories {
		asked += s.agreement.Legs.Municipal
	}
	return database.Run(as(ctx, l.people["city-b"]), l.DB, "demo.draw", func(tx *database.Tx) error {
		return budget.Appropriate(tx, "demo", drawn, budget.City, asked/2)
	})
}

// enter drafts an agreement under the policy with the draw, straight from the shelf.
func (s *story) enter(ctx context.Context) (err error) {
	today, who := kernel.DayOf(s.l.Clock.Now()), s.buyer()
	s.agreement, err = s.l.Agreements.Draft(as(ctx, who), who, agreements.Draft{
		Policy: drawn, Offer: s.offer.offer.ID, Plan: s.offer.plans[s.plan].ID, Quantity: s.quantity, StartsOn: today.AddDays(60), EndsOn: today.AddDays(425),
	})
	return err
}

// giveBack lets the one of those who got money that got most withdraw.
func (l *Loader) giveBack(ctx context.Context, stories []*story) error {
	var most subsidies.Agreement
	for _, s := range stories {
		now, err := l.Agreements.Get(ctx, kernel.System(), s.agreement.ID)
		if err != nil {
			return err
		}
		if now.State == subsidies.AgreementAccepted && now.Legs.Subsidy > most.Legs.Subsidy {
			most = now
		}
	}
	for _, s := range stories {
		if s.agreement.ID == most.ID {
			_, err := l.Agreements.Withdraw(as(ctx, s.buyer()), most.ID, 0, record.Reason{Note: "计划调整，本年度不再实施。"})
			return err
		}
	}
	return nil
}

// seedOf is an officer's seed in the demo city, the same in every city.
func seedOf(who string) string {
	sum := sha256.Sum256([]byte("demo seed of " + who))
	return hex.EncodeToString(sum[:])
}
