// Package simulation tells what a policy would cost and whom it would favour
// before it is published: past claims, made-up ones or both are reckoned anew
// under a draft and under the version in force. It touches no firm and no money.
package simulation

import (
	"cmp"
	"slices"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Result is what came of a run. The same question over the same claims gives the
// same result, however the work was shared out.
type Result struct {
	Claims      int64        `json:"claims"`
	Granted     int64        `json:"granted"`
	NotEligible int64        `json:"not_eligible"`
	Unreadable  int64        `json:"unreadable" doc:"事实缺失或不合理、无法计算的申请 · claims whose facts are lost or unsound"`
	Cost        kernel.Fen   `json:"cost_fen"`
	Before      kernel.Fen   `json:"cost_before_fen"`
	ByMonth     []Bucket     `json:"by_month"`
	ByDistrict  []Bucket     `json:"by_district"`
	BySize      []Bucket     `json:"by_size"`
	ByCategory  []Bucket     `json:"by_category"`
	Winners     Side         `json:"winners"`
	Losers      Side         `json:"losers"`
	Unchanged   int64        `json:"unchanged"`
	Reasons     []Reason     `json:"reasons"`
	ExhaustedOn kernel.Date  `json:"exhausted_on,omitempty"`
	Budget      kernel.Fen   `json:"budget_fen"`
	Curve       []Spent      `json:"spent_curve"`
	Sensitivity *Sensitivity `json:"sensitivity,omitempty"`
}

// Bucket is the part of the cost that has one month, district, size class or
// category.
type Bucket struct {
	Key     string     `json:"key"`
	Claims  int64      `json:"claims"`
	Granted int64      `json:"granted"`
	Cost    kernel.Fen `json:"cost_fen"`
	Before  kernel.Fen `json:"before_fen"`
}

// Side is those who would get more than before, or less.
type Side struct {
	Count int64      `json:"count"`
	Sum   kernel.Fen `json:"sum_fen" doc:"与现行版本之差的合计 · sum of the differences, never negative"`
	Top   []Moved    `json:"top"`
}

// Moved is a claim that would get another amount.
type Moved struct {
	Number string     `json:"claim_number,omitempty"`
	Name   string     `json:"name"`
	Before kernel.Fen `json:"before_fen"`
	After  kernel.Fen `json:"after_fen"`

	firm string
}

func (m Moved) by() kernel.Fen { return max(m.After-m.Before, m.Before-m.After) }

// Reason is why claims would get nothing, by condition.
type Reason struct {
	Clause string      `json:"clause"`
	Text   kernel.Text `json:"text"`
	Count  int64       `json:"count"`
}

// Spent is what would have been granted up to and including a day.
type Spent struct {
	Day  kernel.Date `json:"day"`
	Cost kernel.Fen  `json:"cost_fen"`
}

// Sensitivity is the cost for several values of one figure of the document.
type Sensitivity struct {
	Path   string  `json:"path"`
	Points []Point `json:"points"`
}

// Point is the cost for one value.
type Point struct {
	Value   int64      `json:"value"`
	Cost    kernel.Fen `json:"cost_fen"`
	Granted int64      `json:"granted"`
}

// top is how many of the most affected claims are told.
const top = 20

// tally is the running sum of one worker. Only sums, counts and a bounded list
// are kept, so that tallies can be added in any order.
type tally struct {
	result                           Result
	months, districts, sizes, groups map[string]*Bucket
	reasons                          map[Reason]int64 // keyed with Count 0
	days                             map[kernel.Date]kernel.Fen
	points                           []Point
}

func newTally(points int) *tally {
	return &tally{
		months: map[string]*Bucket{}, districts: map[string]*Bucket{}, sizes: map[string]*Bucket{}, groups: map[string]*Bucket{},
		reasons: map[Reason]int64{}, days: map[kernel.Date]kernel.Fen{}, points: make([]Point, points),
	}
}

func bucket(of map[string]*Bucket, key string) *Bucket {
	b := of[key]
	if b == nil {
		b = &Bucket{Key: key}
		of[key] = b
	}
	return b
}

func (b *Bucket) add(claims, granted int64, cost, before kernel.Fen) {
	b.Claims += claims
	b.Granted += granted
	b.Cost += cost
	b.Before += before
}

// note adds one claim.
func (t *tally) note(c *outcome) {
	r := &t.result
	cost, before := c.after.Legs.Subsidy, c.before.Legs.Subsidy
	granted := int64(0)
	if cost > 0 {
		granted = 1
	}
	r.Claims++
	r.Granted += granted
	r.Cost += cost
	r.Before += before
	bucket(t.months, string(c.on[:7])).add(1, granted, cost, before)
	bucket(t.districts, c.facts.Enterprise.District).add(1, granted, cost, before)
	bucket(t.sizes, c.facts.Enterprise.SizeClass).add(1, granted, cost, before)
	for i := range c.facts.Lines {
		after, was := c.after.Lines[i].Subsidy, c.before.Lines[i].Subsidy
		some := int64(0)
		if after > 0 {
			some = 1
		}
		bucket(t.groups, c.facts.Lines[i].Category).add(1, some, after, was)
	}
	if cost > 0 {
		t.days[c.on] += cost
	}
	if !c.after.Eligible {
		r.NotEligible++
		t.because(c.after)
	}
	t.compare(c, cost, before)
}

func (t *tally) because(result *rules.Result) {
	var told [8]Reason
	n := 0
	for i := range result.Eligibility {
		f := &result.Eligibility[i]
		why := Reason{Clause: f.Clause, Text: f.Rule}
		if f.Passed || slices.Contains(told[:n], why) {
			continue
		}
		t.reasons[why]++
		if n < len(told) {
			told[n] = why
			n++
		}
	}
}

func (t *tally) compare(c *outcome, cost, before kernel.Fen) {
	m := Moved{Number: c.number, Name: c.name, Before: before, After: cost, firm: c.firm}
	switch {
	case cost > before:
		t.result.Winners.add(m)
	case cost < before:
		t.result.Losers.add(m)
	default:
		t.result.Unchanged++
	}
}

func (s *Side) add(m Moved) {
	s.Count++
	s.Sum += m.by()
	s.keep(m)
}

// keep holds the most affected, the largest difference first.
func (s *Side) keep(m Moved) {
	at, _ := slices.BinarySearchFunc(s.Top, m, func(a, b Moved) int {
		return cmp.Or(cmp.Compare(b.by(), a.by()), cmp.Compare(a.Number, b.Number))
	})
	if at == top {
		return
	}
	s.Top = slices.Insert(s.Top, at, m)
	s.Top = s.Top[:min(len(s.Top), top)]
}

// join adds another tally.
func (t *tally) join(o *tally) {
	a, b := &t.result, &o.result
	a.Claims += b.Claims
	a.Granted += b.Granted
	a.NotEligible += b.NotEligible
	a.Unreadable += b.Unreadable
	a.Cost += b.Cost
	a.Before += b.Before
	a.Unchanged += b.Unchanged
	for _, pair := range [][2]map[string]*Bucket{{t.months, o.months}, {t.districts, o.districts}, {t.sizes, o.sizes}, {t.groups, o.groups}} {
		for key, one := range pair[1] {
			bucket(pair[0], key).add(one.Claims, one.Granted, one.Cost, one.Before)
		}
	}
	for why, n := range o.reasons {
		t.reasons[why] += n
	}
	for day, cost := range o.days {
		t.days[day] += cost
	}
	for i, p := range o.points {
		t.points[i].Cost += p.Cost
		t.points[i].Granted += p.Granted
	}
	for _, pair := range [][2]*Side{{&a.Winners, &b.Winners}, {&a.Losers, &b.Losers}} {
		pair[0].Count += pair[1].Count
		pair[0].Sum += pair[1].Sum
		for _, m := range pair[1].Top {
			pair[0].keep(m)
		}
	}
}

// conclude writes the sums down in order, against the budget.
func (t *tally) conclude(budget kernel.Fen) Result {
	r := t.result
	r.Budget, r.Reasons, r.Curve = budget, []Reason{}, []Spent{}
	r.Winners.Top, r.Losers.Top = append([]Moved{}, r.Winners.Top...), append([]Moved{}, r.Losers.Top...)
	r.ByMonth, r.ByDistrict, r.BySize, r.ByCategory = listed(t.months), listed(t.districts), listed(t.sizes), listed(t.groups)
	for why, n := range t.reasons {
		why.Count = n
		r.Reasons = append(r.Reasons, why)
	}
	slices.SortFunc(r.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Clause, b.Clause), cmp.Compare(a.Text.ZH, b.Text.ZH))
	})
	var sum kernel.Fen
	for _, day := range sortedDays(t.days) {
		sum += t.days[day]
		r.Curve = append(r.Curve, Spent{Day: day, Cost: sum})
		if budget > 0 && sum > budget && r.ExhaustedOn == "" {
			r.ExhaustedOn = day
		}
	}
	return r
}

func sortedDays(of map[kernel.Date]kernel.Fen) []kernel.Date {
	days := make([]kernel.Date, 0, len(of))
	for d := range of {
		days = append(days, d)
	}
	slices.Sort(days)
	return days
}

func listed(of map[string]*Bucket) []Bucket {
	out := make([]Bucket, 0, len(of))
	for _, b := range of {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(a, b Bucket) int { return cmp.Compare(a.Key, b.Key) })
	return out
}
