package kernel

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"sort"
)

// Fen is an amount of money in whole fen (1 yuan = 100 fen). Money is never a
// float anywhere in the house; JSON carries it as an integer named *_fen.
type Fen int64

// MaxFen is the largest amount the house accepts from outside: 10^15 fen
// (10 trillion yuan). It leaves room to add a thousand of them without overflow
// and is exact in JavaScript (2^53).
const MaxFen Fen = 1_000_000_000_000_000

// ErrOverflow says that an amount left the range of Fen.
var ErrOverflow = errors.New("amount of money out of range")

// Add returns f+g, or ErrOverflow.
func (f Fen) Add(g Fen) (Fen, error) {
	sum := f + g
	if (g > 0 && sum < f) || (g < 0 && sum > f) {
		return 0, ErrOverflow
	}
	return sum, nil
}

// Sub returns f-g, or ErrOverflow.
func (f Fen) Sub(g Fen) (Fen, error) {
	if g == math.MinInt64 {
		return 0, ErrOverflow
	}
	return f.Add(-g)
}

// Times returns f×n for a quantity n ≥ 0, or ErrOverflow.
func (f Fen) Times(n int64) (Fen, error) {
	if n < 0 || f < 0 {
		return 0, ErrOverflow
	}
	hi, lo := bits.Mul64(uint64(f), uint64(n))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, ErrOverflow
	}
	return Fen(lo), nil
}

// Yuan formats the amount as a plain decimal number of yuan, e.g. "-12345.67".
// It is for exports and traces; screens format for their own language.
func (f Fen) Yuan() string {
	sign := ""
	u := uint64(f)
	if f < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// Rate is a proportion in basis points: 10000 is 100 %.
type Rate int64

// Whole is the rate of 100 %.
const Whole Rate = 10_000

// Percent formats the rate, e.g. "30%" or "12.5%".
func (r Rate) Percent() string {
	whole, rest := r/100, r%100
	if rest < 0 {
		rest = -rest
	}
	switch {
	case rest == 0:
		return fmt.Sprintf("%d%%", whole)
	case rest%10 == 0:
		return fmt.Sprintf("%d.%d%%", whole, rest/10)
	default:
		return fmt.Sprintf("%d.%02d%%", whole, rest)
	}
}

// RoundingMode names how a fraction of the rounding unit is dropped.
type RoundingMode string

// The modes a policy may name.
const (
	RoundDown     RoundingMode = "down"      // 向下取整
	RoundHalfUp   RoundingMode = "half_up"   // 四舍五入
	RoundHalfEven RoundingMode = "half_even" // 四舍六入五成双
	RoundUp       RoundingMode = "up"        // 向上取整
)

// Rounding is a mode and the unit to round to, in fen: 1 for fen, 100 for yuan,
// 10000 for hundreds of yuan.
type Rounding struct {
	Mode RoundingMode `json:"mode"`
	Unit Fen          `json:"unit_fen"`
}

// Of returns f × rate rounded by r, exact in between (128 bits). f and rate
// must not be negative. It returns ErrOverflow when the result leaves the range.
func (r Rounding) Of(f Fen, rate Rate) (Fen, error) {
	if f < 0 || rate < 0 {
		return 0, ErrOverflow
	}
	hi, lo := bits.Mul64(uint64(f), uint64(rate))
	return r.divide(hi, lo, uint64(Whole))
}

// Apply rounds a whole amount to the unit.
func (r Rounding) Apply(f Fen) (Fen, error) { return r.Of(f, Whole) }

func (r Rounding) divide(hi, lo, by uint64) (Fen, error) {
	unit := uint64(max(r.Unit, 1))
	overflow, divisor := bits.Mul64(by, unit)
	if overflow != 0 || hi >= divisor {
		return 0, ErrOverflow
	}
	q, rem := bits.Div64(hi, lo, divisor)
	if rem != 0 && r.roundsUp(q, rem, divisor) {
		q++
	}
	over, out := bits.Mul64(q, unit)
	if over != 0 || out > math.MaxInt64 {
		return 0, ErrOverflow
	}
	return Fen(out), nil
}

func (r Rounding) roundsUp(q, rem, divisor uint64) bool {
	switch r.Mode {
	case RoundUp:
		return true
	case RoundHalfUp:
		return rem >= divisor-rem
	case RoundHalfEven:
		return rem > divisor-rem || (rem == divisor-rem && q%2 == 1)
	default:
		return false
	}
}

// Split divides total among the weights by largest remainder: the parts add up
// to total exactly, and each differs from its exact share by less than one fen.
// Ties go to the earlier weight. Weights must not be negative; when all are
// zero, everything goes to the first. total must not be negative.
func Split(total Fen, weights ...int64) ([]Fen, error) {
	if total < 0 || len(weights) == 0 {
		return nil, ErrOverflow
	}
	var sum uint64
	for _, w := range weights {
		if w < 0 {
			return nil, ErrOverflow
		}
		next, carry := bits.Add64(sum, uint64(w), 0)
		if carry != 0 {
			return nil, ErrOverflow
		}
		sum = next
	}
	parts := make([]Fen, len(weights))
	if sum == 0 {
		parts[0] = total
		return parts, nil
	}
	left := total
	rests := make([]uint64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, rem := bits.Div64(hi, lo, sum)
		parts[i], rests[i], order[i] = Fen(q), rem, i
		left -= Fen(q)
	}
	sort.SliceStable(order, func(a, b int) bool { return rests[order[a]] > rests[order[b]] })
	for i := 0; left > 0; i, left = i+1, left-1 {
		parts[order[i]]++
	}
	return parts, nil
}
