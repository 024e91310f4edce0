package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"yunhui/catalog/demands"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

// event is something that happens in the city at an instant.
type event struct {
	at time.Time
	do func(ctx context.Context) error
}

// story is the life of one agreement and its claim, up to a station.
type story struct {
	l         *Loader
	n         int
	firm      Enterprise
	offer     placed
	plan      int
	quantity  int64
	demand    kernel.ID
	proposal  kernel.ID
	agreement subsidies.Agreement
	claim     subsidies.Claim
}

// end is where a story stands today; ago is when it got there.
type end struct {
	claim     subsidies.ClaimState // or, before there is a claim:
	agreement subsidies.AgreementState
	ago       float64 // days
	notice    int     // which notice of the city the claim belongs to; 0: none
	lead      int     // which of the leads plays it; beyond them: anybody
}

// leads are the firms and providers whose people are the named accounts; each
// kind of story has one by each of them first, so that their desks are full.
var leads = []struct{ firm, provider string }{{"jiashi-autoparts", "lianglu-erp"}, {"jiangjin-diecast", "jiangjin-mes"}, {"liangjiang-mould", "lianglu-erp"}}

// cast lists how many stories of each kind the city holds, so that every queue,
// clock and meter has something to show.
func cast() []end {
	var all []end
	add := func(count int, e end, spread float64) {
		for i := range count {
			one := e
			one.ago += spread * float64(i)
			one.lead = i
			all = append(all, one)
		}
	}
	add(9, end{claim: subsidies.ClaimPaid, ago: 52, notice: 1}, .4)
	add(6, end{claim: subsidies.ClaimPaid, ago: 33, notice: 2}, .3)
	add(5, end{claim: subsidies.ClaimBatched, ago: 23, notice: 3}, .3)
	add(5, end{claim: subsidies.ClaimApproved, ago: 15, notice: 4}, .3)
	add(6, end{claim: subsidies.ClaimNoticed, ago: 3.4, notice: 5}, .4)
	add(1, end{claim: subsidies.ClaimObjected, ago: 6, notice: 5}, 0)
	add(5, end{claim: subsidies.ClaimCityApproved, ago: .6}, .5)
	add(7, end{claim: subsidies.ClaimDistrictApproved, ago: .5}, .9)
	add(9, end{claim: subsidies.ClaimProviderConfirmed, ago: .3}, 1.1)
	add(5, end{claim: subsidies.ClaimChecked, ago: .4}, 1.3)
	add(4, end{claim: subsidies.ClaimReturned, ago: 1.2}, 2)
	add(4, end{claim: subsidies.ClaimDraft, ago: .2}, 2.5)
	add(2, end{claim: subsidies.ClaimRefused, ago: 11}, 6)
	add(1, end{claim: subsidies.ClaimWithdrawn, ago: 9}, 0)
	add(7, end{agreement: subsidies.AgreementAccepted, ago: 2}, 3)
	add(6, end{agreement: subsidies.AgreementEnterpriseConfirmed, ago: .2}, .8)
	add(4, end{agreement: subsidies.AgreementProviderConfirmed, ago: .3}, 1.2)
	add(5, end{agreement: subsidies.AgreementDrafted, ago: .1}, .9)
	add(2, end{agreement: subsidies.AgreementDeclined, ago: 13}, 5)
	add(1, end{agreement: subsidies.AgreementWithdrawn, ago: 20}, 0)
	return all
}

// notices opened by the city: how many days ago each one began.
var noticeDays = map[int]float64{1: 50, 2: 31, 3: 21, 4: 13, 5: 3}

// live tells all stories in the order of time.
func (l *Loader) live(ctx context.Context) error {
	var events []event
	stories := map[int][]*story{}
	for i, e := range cast() {
		s := l.begin(i, e)
		events = append(events, s.events(l.Now, e)...)
		if e.notice > 0 {
			stories[e.notice] = append(stories[e.notice], s)
		}
	}
	events = append(events, l.needs()...)
	events = append(events, l.publicity(stories)...)
	events = append(events, l.recoveries(stories[1])...)
	events = append(events, l.draw()...)
	events = append(events, l.bookkeeping()...)
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	for i, e := range events {
		l.Clock.Set(e.at)
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("event %d at %s: %w", i, e.at.Format(time.DateTime), err)
		}
		if err := l.Runtime.Drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

// begin casts the n-th story: a lead, or else a verified firm that the policy
// serves, with an offer of a category it asked for where there is one.
func (l *Loader) begin(n int, e end) *story {
	s := &story{l: l, n: n, quantity: 1}
	if e.lead < len(leads) && e.claim != subsidies.ClaimWithdrawn {
		s.firm, s.offer = l.lead(n, e.lead)
	} else {
		serving := slices.DeleteFunc(slices.Clone(l.content.Enterprises), func(e Enterprise) bool {
			return !eligible(e) || unverified[slices.IndexFunc(l.content.Enterprises, func(o Enterprise) bool { return o.Key == e.Key })]
		})
		s.firm = serving[n*7%len(serving)]
		s.offer = l.choose(s.firm, n)
	}
	switch s.offer.plans[0].Unit {
	case "user_month", "device_month":
		s.quantity = int64(60 + n%5*24)
	case "user_year", "device_year":
		s.quantity = int64(5 + n%7*3)
	case "month":
		s.quantity = 12
	}
	return s
}

func (l *Loader) lead(n, which int) (firm Enterprise, offer placed) {
	firm = l.content.Enterprises[slices.IndexFunc(l.content.Enterprises, func(e Enterprise) bool { return e.Key == leads[which].firm })]
	var own []placed
	for _, o := range l.content.Offers {
		if o.Provider == leads[which].provider {
			own = append(own, l.offers[o.Key])
		}
	}
	return firm, own[n%len(own)]
}

// eligible leaves out the firms that the demo policy does not serve.
func eligible(e Enterprise) bool {
	return e.HeadCount < 300 && e.Revenue < 4_000_000_000 && e.HeadCount > 3
}

// choose picks an offer: of a category that the firm asked for where there is one.
func (l *Loader) choose(e Enterprise, n int) placed {
	var fitting []placed
	for _, o := range l.content.Offers {
		for _, need := range e.Needs {
			if need.Category == o.Category {
				fitting = append(fitting, l.offers[o.Key])
			}
		}
	}
	if len(fitting) == 0 || n%3 == 2 {
		all := l.content.Offers
		return l.offers[all[(n*37+11)%len(all)].Key]
	}
	return fitting[n%len(fitting)]
}

// events lays the story's steps out backwards from where it stands today.
func (s *story) events(now time.Time, e end) []event {
	steps := s.steps(e)
	out := make([]event, len(steps))
	at := now.Add(-days(e.ago))
	for i := len(steps) - 1; i >= 0; i-- {
		out[i] = event{at: workhour(at, s.n+i), do: steps[i].do}
		at = at.Add(-days(steps[i].after))
	}
	for i := 1; i < len(out); i++ {
		if !out[i].at.After(out[i-1].at) {
			out[i].at = out[i-1].at.Add(time.Minute)
		}
	}
	return out
}

// workhour moves an instant to office hours of the same day, differently for
// each story, unless that would lie ahead.
func workhour(t time.Time, salt int) time.Time {
	day := kernel.DayOf(t).Start()
	at := day.Add(9*time.Hour + time.Duration(salt*17%480)*time.Minute + time.Duration(salt*7%60)*time.Second)
	if at.After(t) {
		return t
	}
	return at
}

type step struct {
	after float64 // days since the step before
	do    func(context.Context) error
}

func (s *story) steps(e end) []step {
	all := []step{{0, s.post}, {.3, s.propose}, {1.2, s.draft}}
	if s.straight() {
		all = []step{{0, s.draft}}
	}
	if e.agreement == subsidies.AgreementDrafted {
		return all
	}
	if e.agreement == subsidies.AgreementDeclined {
		return append(all, step{1.4, s.decline})
	}
	all = append(all, step{.8, s.confirm(s.seller)})
	if e.agreement == subsidies.AgreementProviderConfirmed {
		return all
	}
	all = append(all, step{.6, s.confirm(s.buyer)})
	if e.agreement == subsidies.AgreementEnterpriseConfirmed {
		return all
	}
	if e.agreement == subsidies.AgreementWithdrawn {
		return append(all, step{2, s.withdrawAgreement})
	}
	all = append(all, step{1.5, s.accept})
	if e.agreement == subsidies.AgreementAccepted {
		return all
	}
	return append(all, s.claimSteps(e)...)
}

func (s *story) buyer() kernel.Actor  { return s.l.people[s.firm.Key] }
func (s *story) seller() kernel.Actor { return s.l.people[s.offer.from.Provider] }
func (s *story) office() kernel.Actor { return s.l.people["district:"+s.agreement.District] }

// straight stories go from the shelf to the agreement, without a proposal.
func (s *story) straight() bool { return s.n%4 == 3 }

func (s *story) post(ctx context.Context) (err error) {
	today, by := kernel.DayOf(s.l.Clock.Now()), kernel.DayOf(s.l.Clock.Now()).AddDays(45)
	price, err := s.offer.plans[s.plan].Price.Times(s.quantity)
	if err != nil {
		return err
	}
	n := Need{Title: kernel.Text{ZH: "寻找：" + s.offer.offer.NameZH}, Category: s.offer.offer.Category, Budget: price, Text: kernel.Text{ZH: "希望" + s.offer.offer.SummaryZH + "请给出方案与优惠。"}}
	for i, need := range s.firm.Needs {
		if need.Category == s.offer.offer.Category && i == s.n%len(s.firm.Needs) {
			n.Title, n.Text, n.Systems = need.Title, need.Text, need.Systems
		}
	}
	draft := n.draft(today)
	draft.WantedBy = &by
	ctx = as(ctx, s.buyer())
	if s.demand, err = s.l.Demands.Post(ctx, draft); err != nil {
		return err
	}
	_, err = s.l.Demands.Invite(ctx, s.demand, []kernel.ID{s.offer.offer.ProviderID})
	return err
}

func (s *story) propose(ctx context.Context) error {
	price, err := s.offer.plans[s.plan].Price.Times(s.quantity)
	if err != nil {
		return err
	}
	discount, err := kernel.Rounding{Mode: kernel.RoundDown, Unit: 1000}.Of(price, kernel.Rate(500+s.n%5*300))
	if err != nil {
		return err
	}
	who := s.seller()
	if _, err = s.l.Demands.Propose(as(ctx, who), s.demand, demands.Answer{
		Offer: s.offer.offer.ID, Plan: s.offer.plans[s.plan].ID, Quantity: s.quantity, Discount: discount,
		ValidUntil: kernel.DayOf(s.l.Clock.Now()).AddDays(30), Message: "按贵司情况推荐此规格，含实施与首年服务；上云专项期间给予优惠。",
	}); err != nil {
		return err
	}
	all, err := s.l.Demands.Proposals(ctx, s.buyer(), s.demand)
	if err != nil {
		return err
	}
	s.proposal = all[0].ID
	return nil
}

func (s *story) draft(ctx context.Context) (err error) {
	today, who := kernel.DayOf(s.l.Clock.Now()), s.buyer()
	ctx = as(ctx, who)
	d := agreements.Draft{Policy: policy, StartsOn: today.AddDays(7), EndsOn: today.AddDays(372)}
	if s.straight() {
		d.Offer, d.Plan, d.Quantity = s.offer.offer.ID, s.offer.plans[s.plan].ID, s.quantity
	} else {
		if _, err := s.l.Demands.Choose(ctx, s.proposal, 1); err != nil {
			return err
		}
		d.Proposal = s.proposal
	}
	s.agreement, err = s.l.Agreements.Draft(ctx, who, d)
	return err
}

func (s *story) confirm(who func() kernel.Actor) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.l.Agreements.Confirm(as(ctx, who()), s.agreement.ID, 0)
		return err
	}
}

func (s *story) decline(ctx context.Context) error {
	_, err := s.l.Agreements.Decline(as(ctx, s.seller()), s.agreement.ID, 0, record.Reason{Note: "近期实施排期已满，建议下月再签。"})
	return err
}

func (s *story) withdrawAgreement(ctx context.Context) error {
	_, err := s.l.Agreements.Withdraw(as(ctx, s.buyer()), s.agreement.ID, 0, record.Reason{Note: "改用其他规格，另行签约。"})
	return err
}

func (s *story) accept(ctx context.Context) (err error) {
	s.agreement, err = s.l.Agreements.Accept(as(ctx, s.office()), s.agreement.ID, 0)
	return err
}

func (s *story) decide(who func() kernel.Actor, d claims.Decision) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.l.Claims.Decide(as(ctx, who()), s.claim.ID, d)
		return err
	}
}
