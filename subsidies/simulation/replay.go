package simulation

import (
	"context"
	"fmt"
	"hash/maphash"
	"runtime"
	"sync"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// item is one claim to be reckoned.
type item struct {
	number string // of a past claim; of a made-up one its place in line
	firm   string // whose ceilings it draws on
	name   string
	past   bool
	packed []byte // of a past claim: its stored facts
	place  uint64 // of a made-up claim
}

// source gives claims out in order of submission, a page at a time.
type source interface {
	each(ctx context.Context, yield func([]item) error) error
	facts(i item) (rules.Facts, error)
}

// lane is one document that every claim is reckoned under; without a policy it is
// the law before there was one, and nobody gets anything.
type lane struct {
	policy     *rules.Policy
	years      int  // by which past claims are moved
	categories bool // a ceiling by category asks what has been granted by category
}

// newLane makes a document ready for replaying. The days on which one may apply
// are left out of account: the question is what it would grant, not whether the
// past lies within its window.
func newLane(doc rules.Document) (lane, error) {
	doc.InForceFrom, doc.Window, doc.Redemption, doc.Cases = "", kernel.Period{}, kernel.Period{}, nil
	policy, err := rules.Compile(doc)
	l := lane{policy: policy}
	for _, c := range doc.Caps {
		l.categories = l.categories || c.Scope == rules.CapCategory
	}
	return l, err
}

// standing is what a firm has drawn in one lane so far.
type standing struct {
	year int
	used rules.Used
}

// outcome is one claim under the draft and under the version in force.
type outcome struct {
	item
	facts         *rules.Facts
	on            kernel.Date
	after, before *rules.Result
}

// replay reckons every claim of the sources in every lane: the draft first, the
// version in force second, variants of the draft after them. Claims of one firm
// are reckoned in the order in which they were handed in, each knowing what those
// before it have drawn; firms do not know of each other, so they are shared out.
func replay(ctx context.Context, lanes []lane, sources []source, progress func(int)) (*tally, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	crew := make([]*worker, max(runtime.GOMAXPROCS(0), 1))
	var under sync.WaitGroup
	for i := range crew {
		w := &worker{lanes: lanes, firms: map[string][]standing{}, tally: newTally(len(lanes) - 2), in: make(chan load, 4)}
		crew[i] = w
		under.Go(func() {
			if err := w.work(ctx, progress); err != nil {
				cancel(err)
			}
		})
	}
	err := distribute(ctx, crew, sources)
	for _, w := range crew {
		close(w.in)
	}
	under.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	if err != nil {
		return nil, err
	}
	whole := crew[0].tally
	for _, w := range crew[1:] {
		whole.join(w.tally)
	}
	return whole, nil
}

// load is some claims of one source for one worker.
type load struct {
	from  source
	items []item
}

func distribute(ctx context.Context, crew []*worker, sources []source) error {
	seed := maphash.MakeSeed()
	for _, s := range sources {
		err := s.each(ctx, func(page []item) error {
			shares := make([][]item, len(crew))
			for _, i := range page {
				w := maphash.String(seed, i.firm) % uint64(len(crew))
				shares[w] = append(shares[w], i)
			}
			for w, share := range shares {
				if len(share) == 0 {
					continue
				}
				select {
				case crew[w].in <- load{s, share}:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type worker struct {
	lanes []lane
	firms map[string][]standing
	tally *tally
	in    chan load
}

func (w *worker) work(ctx context.Context, progress func(int)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("simulation: %v", p)
		}
	}()
	for l := range w.in {
		if ctx.Err() != nil {
			return nil // whoever ended it has said why
		}
		for _, i := range l.items {
			if err := w.reckon(l.from, i); err != nil {
				return err
			}
		}
		progress(len(l.items))
	}
	return nil
}

func (w *worker) reckon(from source, i item) error {
	facts, err := from.facts(i)
	if err != nil || facts.Check() != nil {
		w.tally.result.Unreadable++
		return nil //nolint:nilerr // one claim that cannot be read does not keep the rest from being told
	}
	known := w.firms[i.firm]
	if known == nil {
		known = make([]standing, len(w.lanes))
		w.firms[i.firm] = known
	}
	o := outcome{item: i, facts: &facts}
	for n := range w.lanes {
		result, on, err := w.lanes[n].reckon(facts, i.past, &known[n])
		if err != nil {
			return err
		}
		switch n {
		case 0:
			o.after, o.on = &result, on
		case 1:
			o.before = &result
		default:
			p := &w.tally.points[n-2]
			p.Cost += result.Legs.Subsidy
			if result.Legs.Subsidy > 0 {
				p.Granted++
			}
		}
	}
	w.tally.note(&o)
	return nil
}

// reckon quotes a claim in a lane and moves what its firm has drawn.
func (l *lane) reckon(f rules.Facts, past bool, s *standing) (rules.Result, kernel.Date, error) {
	if l.policy == nil {
		return rules.Result{Lines: make([]rules.LineGrant, len(f.Lines))}, f.On, nil
	}
	if past && l.years > 0 {
		move(&f, l.years)
	}
	if year := f.On.Year(); year != s.year {
		s.year, s.used.ThisYear = year, 0
	}
	f.Used = s.used
	result, err := l.policy.Quote(f)
	if err != nil {
		return result, f.On, fmt.Errorf("simulation: %w", err)
	}
	if granted := result.Legs.Subsidy; granted > 0 {
		s.used.ThisYear += granted
		s.used.ThisPolicy += granted
		s.used.Purchases++
		if l.categories {
			s.take(f.Lines, result.Lines)
		}
	}
	return result, f.On, nil
}

func (s *standing) take(lines []rules.Line, grants []rules.LineGrant) {
	if s.used.ByCategory == nil {
		s.used.ByCategory = map[string]kernel.Fen{}
	}
	for i := range lines {
		s.used.ByCategory[lines[i].Category] += grants[i].Subsidy
	}
}
