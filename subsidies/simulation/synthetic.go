package simulation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"

	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/subsidies/rules"
)

// synthetic makes claims up. Each claim and each firm is drawn from the seed and
// its own number alone, so that the same seed gives the same claims whoever makes
// them and in whatever order.
type synthetic struct {
	count     uint64
	seed      uint64
	from      kernel.Date // the first of twelve months
	districts []string
}

func newSynthetic(count int, seed uint64, from kernel.Date) *synthetic {
	s := &synthetic{count: uint64(count), seed: seed, from: from}
	for _, d := range registry.Districts(from) {
		s.districts = append(s.districts, d.ID)
	}
	return s
}

const page = 500

// perFirm is how many claims a firm makes on average.
const perFirm = 3

func (s *synthetic) each(ctx context.Context, yield func([]item) error) error {
	for i := uint64(0); i < s.count; {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		items := make([]item, 0, page)
		for ; i < s.count && len(items) < page; i++ {
			firm := s.firmOf(i)
			n := strconv.FormatUint(firm+1, 10)
			items = append(items, item{number: fmt.Sprintf("S%06d", i+1), firm: "s" + n, name: "模拟企业 " + n, place: i})
		}
		if err := yield(items); err != nil {
			return err
		}
	}
	return nil
}

func (s *synthetic) dice(kind, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed^kind<<56, n)) //nolint:gosec // made-up claims are to be drawn again, not to be secret
}

func (s *synthetic) firmOf(i uint64) uint64 {
	return s.dice(1, i).Uint64N(max(s.count/perFirm, 1))
}

// weighted is a choice with its weight.
type weighted[T any] struct {
	of     T
	weight int
}

func pick[T any](r *rand.Rand, from []weighted[T]) T {
	sum := 0
	for _, c := range from {
		sum += c.weight
	}
	n := r.IntN(sum)
	for _, c := range from {
		if n -= c.weight; n < 0 {
			return c.of
		}
	}
	return from[0].of
}

// months is how the year's claims lie, from the first of the twelve months on: a
// slow beginning, a rush before the end.
var months = func() (out []weighted[int]) {
	for m, weight := range []int{4, 3, 6, 7, 8, 8, 8, 8, 9, 11, 13, 15} {
		out = append(out, weighted[int]{m, weight})
	}
	return out
}()

// dayOf gives claim i its day; later claims never have earlier days.
func (s *synthetic) dayOf(i uint64) kernel.Date {
	const parts = 10_000
	total := 0
	for _, m := range months {
		total += m.weight
	}
	at := int(i*parts/s.count) * total // in parts of weight
	for n, m := range months {
		if at < m.weight*parts || n == len(months)-1 {
			begin := s.from.AddMonths(n)
			return begin.AddDays(min(at*30/(m.weight*parts), 29))
		}
		at -= m.weight * parts
	}
	return s.from
}

var sizes = []weighted[string]{{"micro", 38}, {"small", 42}, {"medium", 16}, {"large", 4}}

// scale is the range of head-count and of revenue in ten thousand yuan, by size.
var scale = map[string][4]int64{"micro": {1, 19, 20, 300}, "small": {20, 299, 300, 2000}, "medium": {300, 999, 2000, 40_000}, "large": {1000, 5000, 40_000, 400_000}}

var industries = []weighted[string]{{"industry", 46}, {"software", 16}, {"wholesale", 10}, {"retail", 7}, {"transport", 7}, {"information_transmission", 6}, {"construction", 5}, {"leasing_business", 3}}

// wares are what firms buy: category, depth, and the range of the price in yuan.
type ware struct {
	category, depth string
	low, high       int64
}

var wares = []weighted[ware]{
	{ware{"infra.compute", "resource", 6_000, 200_000}, 17},
	{ware{"infra.storage", "resource", 3_000, 90_000}, 9},
	{ware{"infra.security", "resource", 8_000, 150_000}, 6},
	{ware{"platform.database", "capability", 12_000, 250_000}, 6},
	{ware{"platform.ai", "capability", 30_000, 600_000}, 5},
	{ware{"platform.iot", "capability", 40_000, 500_000}, 4},
	{ware{"app.erp", "business", 20_000, 400_000}, 15},
	{ware{"app.finance", "business", 3_000, 60_000}, 9},
	{ware{"app.crm", "business", 8_000, 120_000}, 8},
	{ware{"app.mes", "business", 80_000, 1_200_000}, 7},
	{ware{"app.collaboration", "business", 2_000, 50_000}, 6},
	{ware{"device.smart", "capability", 50_000, 900_000}, 3},
	{ware{"iip.supplychain", "ecosystem", 60_000, 1_500_000}, 3},
	{ware{"support.migration", "resource", 10_000, 120_000}, 2},
}

func between(r *rand.Rand, low, high int64) int64 { return low + r.Int64N(high-low+1) }

// skewed lies nearer the low end, as prices and revenues do.
func skewed(r *rand.Rand, low, high int64) int64 {
	return min(between(r, low, high), between(r, low, high), between(r, low, high))
}

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func (s *synthetic) facts(i item) (rules.Facts, error) {
	r := s.dice(2, i.place)
	f := rules.Facts{On: s.dayOf(i.place), Enterprise: s.enterprise(s.firmOf(i.place)), Provider: rules.ProviderFacts{CreditCode: "S-PROVIDER", Admitted: chance(r, 98), Related: chance(r, 1)}}
	w := pick(r, wares)
	price := skewed(r, w.low, w.high) * 100
	discount := price / 100 * int64(r.IntN(16))
	contract := price - discount
	paid := kernel.Fen(contract)
	if chance(r, 6) {
		paid = kernel.Fen(contract / 100 * between(r, 50, 99))
	}
	f.Paid = &paid
	class := "A"
	if chance(r, 35) {
		class = "B"
	}
	f.Lines = []rules.Line{{
		Category: w.category, Depth: w.depth, Class: class, ListPrice: kernel.Fen(price), Discount: kernel.Fen(discount),
		Tax: kernel.Fen(contract * 6 / 106), Quantity: 1, FirstUse: chance(r, 80),
	}}
	f.Agreement = rules.AgreementFacts{SignedOn: f.On, StartsOn: f.On, EndsOn: f.On.AddDays(365)}
	f.Claim = rules.ClaimFacts{Invoiced: &paid, FirstInvoiceOn: f.On, LastInvoiceOn: f.On, LastPaidOn: f.On}
	return f, nil
}

// enterprise draws a firm; it is the same in all its claims.
func (s *synthetic) enterprise(n uint64) rules.EnterpriseFacts {
	r := s.dice(3, n)
	size := pick(r, sizes)
	in := scale[size]
	e := rules.EnterpriseFacts{
		CreditCode: "S" + strconv.FormatUint(n+1, 10), SizeClass: size, Industry: pick(r, industries), Verified: true,
		HeadCount: skewed(r, in[0], in[1]), Revenue: kernel.Fen(skewed(r, in[2], in[3]) * 1_000_000),
		FoundedOn: s.from.AddDays(-int(skewed(r, 30, 9000))), Blacklisted: chance(r, 1),
	}
	e.Assets = e.Revenue / 100 * kernel.Fen(between(r, 40, 220))
	if len(s.districts) > 0 { // the districts listed first have more firms
		e.District = s.districts[min(r.IntN(len(s.districts)), r.IntN(len(s.districts)))]
	}
	if chance(r, 12) {
		e.Stars = []int64{between(r, 3, 5)}
	}
	return e
}
