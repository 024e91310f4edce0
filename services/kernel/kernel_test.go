package kernel_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yunhui/services/kernel"
)

func TestSplitConservesAndIsFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := kernel.Fen(rapid.Int64Range(0, int64(kernel.MaxFen)).Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 10_000), 1, 12).Draw(t, "weights")
		parts, err := kernel.Split(total, weights...)
		if err != nil {
			t.Fatal(err)
		}
		var sum kernel.Fen
		var all int64
		for i, p := range parts {
			sum += p
			all += weights[i]
		}
		if sum != total {
			t.Fatalf("parts add up to %d, not %d", sum, total)
		}
		if all == 0 {
			return
		}
		for i, p := range parts {
			exact := new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(weights[i]))
			got := new(big.Int).Mul(big.NewInt(int64(p)), big.NewInt(all))
			if diff := got.Sub(got, exact); diff.CmpAbs(big.NewInt(all)) >= 0 {
				t.Fatalf("part %d is a fen or more off its exact share", i)
			}
		}
	})
}

func TestRoundingAgreesWithExactArithmetic(t *testing.T) {
	t.Parallel()
	modes := []kernel.RoundingMode{kernel.RoundDown, kernel.RoundHalfUp, kernel.RoundHalfEven, kernel.RoundUp}
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, int64(kernel.MaxFen)).Draw(t, "amount")
		rate := rapid.Int64Range(0, 10_000).Draw(t, "rate")
		unit := rapid.SampledFrom([]int64{1, 10, 100, 10_000}).Draw(t, "unit")
		mode := rapid.SampledFrom(modes).Draw(t, "mode")
		got, err := kernel.Rounding{Mode: mode, Unit: kernel.Fen(unit)}.Of(kernel.Fen(amount), kernel.Rate(rate))
		if err != nil {
			t.Fatal(err)
		}
		exact := big.NewRat(amount, 10_000)
		exact.Mul(exact, big.NewRat(rate, 1))
		diff := new(big.Rat).Sub(big.NewRat(int64(got), 1), exact)
		u := big.NewRat(unit, 1)
		half := new(big.Rat).Quo(u, big.NewRat(2, 1))
		switch mode {
		case kernel.RoundDown:
			if diff.Sign() > 0 || new(big.Rat).Neg(diff).Cmp(u) >= 0 {
				t.Fatalf("down: off by %s", diff)
			}
		case kernel.RoundUp:
			if diff.Sign() < 0 || diff.Cmp(u) >= 0 {
				t.Fatalf("up: off by %s", diff)
			}
		default:
			if diff.Abs(diff).Cmp(half) > 0 {
				t.Fatalf("nearest: off by %s", diff)
			}
		}
		if int64(got)%unit != 0 {
			t.Fatal("not a whole unit")
		}
	})
}

func TestArithmeticRefusesOverflow(t *testing.T) {
	t.Parallel()
	if _, err := kernel.Fen(math.MaxInt64).Add(1); err == nil {
		t.Error("Add overflowed silently")
	}
	if _, err := kernel.Fen(math.MinInt64).Sub(1); err == nil {
		t.Error("Sub overflowed silently")
	}
	if _, err := kernel.Fen(0).Sub(math.MinInt64); err == nil {
		t.Error("Sub of the smallest overflowed silently")
	}
	if _, err := kernel.MaxFen.Times(100_000); err == nil {
		t.Error("Times overflowed silently")
	}
	if _, err := (kernel.Rounding{Mode: kernel.RoundUp, Unit: 10_000}).Apply(math.MaxInt64); err == nil {
		t.Error("rounding up overflowed silently")
	}
	if _, err := kernel.Split(-1, 1); err == nil {
		t.Error("a negative total was split")
	}
}

func TestYuanAndPercent(t *testing.T) {
	t.Parallel()
	for in, want := range map[kernel.Fen]string{0: "0.00", 5: "0.05", -5: "-0.05", 1234567: "12345.67", math.MinInt64: "-92233720368547758.08"} {
		if got := in.Yuan(); got != want {
			t.Errorf("%d: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[kernel.Rate]string{3000: "30%", 1250: "12.5%", 1205: "12.05%", 0: "0%"} {
		if got := in.Percent(); got != want {
			t.Errorf("%d: %s, want %s", in, got, want)
		}
	}
}

func TestDatesAreDaysOfTheCity(t *testing.T) {
	t.Parallel()
	if got := kernel.DayOf(time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)); got != "2026-11-23" {
		t.Errorf("16:00 UTC is the next day in the city, got %s", got)
	}
	if got := kernel.Date("2026-01-31").AddMonths(1); got != "2026-02-28" {
		t.Errorf("month end: %s", got)
	}
	if got := kernel.Date("2026-02-28").AddDays(1); got != "2026-03-01" {
		t.Errorf("AddDays: %s", got)
	}
	for _, bad := range []string{"2026-02-30", "", "2026-1-1", "26-01-01"} {
		if _, err := kernel.ParseDate(bad); err == nil {
			t.Errorf("%q was taken for a date", bad)
		}
	}
	if (kernel.Period{From: "2026-01-01", To: "2026-01-31"}).Holds("2026-02-01") {
		t.Error("a day after the period was held")
	}
}

func TestIDsSortByTimeAndAreWellFormed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	last := kernel.ID("")
	for i := range 10_000 {
		id := kernel.NewID(now.Add(time.Duration(i/5000) * time.Millisecond))
		if !id.Valid() || id <= last {
			t.Fatalf("%d: %s after %s", i, id, last)
		}
		last = id
	}
	for _, bad := range []kernel.ID{"", "x", "0190163d-8694-739b-aea5-966c26f8ad9Z", "../../../../etc/passwd0000000000000000"} {
		if bad.Valid() {
			t.Errorf("%q passed for an ID", bad)
		}
	}
}

func TestHiddenCharactersAreSeen(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"云\u200b惠", "\u202egnp", "a\x00b", "\ufeffx"} {
		if !kernel.Hidden(bad) {
			t.Errorf("%q was let through", bad)
		}
	}
	for _, good := range []string{"重庆𠮷祥科技", "𬭎基", "two\nlines", "plain"} {
		if kernel.Hidden(good) {
			t.Errorf("%q was refused", good)
		}
	}
}
