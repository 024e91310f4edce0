package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

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
	agreement subsidies.Agreement
	claim     subsidies.Claim
}

// end is where a story stands today; ago is when it got there.
type end struct {
	claim     subsidies.ClaimState // or, before there is a claim:
	agreement subsidies.AgreementState
	ago       float64 // days
	notice    int     // which notice of the city the claim belongs to; 0: none
}

// cast lists how many stories of each kind the city holds, so that every queue,
// clock and meter has something to show.
func cast() []end {
	var all []end
	add := func(count int, e end, spread float64) {
		for i := range count {
			e := e
			e.ago += spread * float64(i)
			all = append(all, e)
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
		s, ok := l.begin(i)
		if !ok {
			return fmt.Errorf("no firm and offer for story %d", i)
		}
		events = append(events, s.events(l.Now, e)...)
		if e.notice > 0 {
			stories[e.notice] = append(stories[e.notice], s)
		}
	}
	events = append(events, l.needs()...)
	events = append(events, l.publicity(stories)...)
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

// begin casts the n-th story: a verified small or medium firm and an offer that
// suits a category it asked for, or else one of its industry's usual ones.
func (l *Loader) begin(n int) (*story, bool) {
	firms := l.content.Enterprises
	for step := range firms {
		i := (n*7 + step) % len(firms)
		if unverified[i] || !eligible(firms[i]) || n >= 6 && firms[i].Key == l.content.People.Accounts[0].Org {
			continue
		}
		if n < 6 {
			i = slices.IndexFunc(firms, func(e Enterprise) bool { return e.Key == l.content.People.Accounts[0].Org })
		}
		s := &story{l: l, n: n, firm: firms[i], quantity: 1}
		s.offer = l.choose(firms[i], n)
		s.plan = 0
		switch s.offer.plans[0].Unit {
		case "user_month", "device_month":
			s.quantity = int64(60 + n%5*24)
		case "user_year", "device_year":
			s.quantity = int64(5 + n%7*3)
		case "month":
			s.quantity = 12
		}
		return s, true
	}
	return nil, false
}

// eligible leaves out the firms that the demo policy does not serve.
func eligible(e Enterprise) bool {
	return e.HeadCount < 1000 && e.Revenue < 4_000_000_000 && e.HeadCount > 3
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
	all := []step{{0, s.draft}}
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

func (s *story) draft(ctx context.Context) (err error) {
	today := kernel.DayOf(s.l.Clock.Now())
	who := s.buyer()
	s.agreement, err = s.l.Agreements.Draft(as(ctx, who), who, agreements.Draft{
		Policy: policy, Offer: s.offer.offer.ID, Plan: s.offer.plans[s.plan].ID, Quantity: s.quantity,
		StartsOn: today.AddDays(7), EndsOn: today.AddDays(372),
	})
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
