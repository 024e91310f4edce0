package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"yunhui/services/calendar"
	"yunhui/services/kernel"
)

func TestDaysOfTheNotices(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	cases := []struct {
		day     kernel.Date
		workday bool
		zh      string
	}{
		{"2024-02-09", true, ""}, // New Year's Eve was only recommended
		{"2024-02-10", false, "春节"},
		{"2024-02-18", true, "春节调休上班"},
		{"2024-04-07", true, "清明节调休上班"},
		{"2024-06-10", false, "端午节"},
		{"2024-09-14", true, "中秋节调休上班"},
		{"2025-01-01", false, "元旦"},
		{"2025-01-02", true, ""},
		{"2025-01-26", true, "春节调休上班"},
		{"2025-01-28", false, "春节"},
		{"2025-02-05", true, ""},
		{"2025-10-06", false, "国庆节、中秋节"},
		{"2025-10-09", true, ""},
		{"2025-10-11", true, "国庆节、中秋节调休上班"},
		{"2025-10-12", false, ""},
		{"2026-01-02", false, "元旦"},
		{"2026-01-04", true, "元旦调休上班"},
		{"2026-02-13", true, ""},
		{"2026-02-14", true, "春节调休上班"},
		{"2026-02-23", false, "春节"},
		{"2026-05-09", true, "劳动节调休上班"},
		{"2026-09-20", true, "国庆节调休上班"},
		{"2026-09-25", false, "中秋节"},
		{"2026-09-28", true, ""},
		{"2026-11-22", false, ""},
		{"2026-11-23", true, ""},
		{"2027-02-05", false, "春节"},
	}
	for _, x := range cases {
		if got := c.IsWorkday(x.day); got != x.workday {
			t.Errorf("%s: workday %v, want %v", x.day, got, x.workday)
		}
		if got := c.Describe(x.day); got.ZH != x.zh || (got.EN == "") != (x.zh == "") {
			t.Errorf("%s: %q, want %q", x.day, got.ZH, x.zh)
		}
	}
}

// A schedule moves days off about but gives none away: what remains are the
// weekdays of the year less the days of the regulation (11 in 2024, 13 since).
func TestNoticesConserveTheWorkdaysOfTheYear(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	for year, want := range map[kernel.Date]int{"2024": 251, "2025": 248, "2026": 248} {
		before := (year + "-01-01").AddDays(-1)
		if got := c.WorkdaysBetween(before, year+"-12-31"); got != want {
			t.Errorf("%s has %d workdays, want %d", year, got, want)
		}
	}
}

func TestMakeupDaysPayForTheBreakExactly(t *testing.T) {
	t.Parallel()
	statutory := map[int]map[string]int{
		2024: {"元旦": 1, "春节": 3, "清明节": 1, "劳动节": 1, "端午节": 1, "中秋节": 1, "国庆节": 3},
		2025: {"元旦": 1, "春节": 4, "清明节": 1, "劳动节": 2, "端午节": 1, "国庆节、中秋节": 4},
		2026: {"元旦": 1, "春节": 4, "清明节": 1, "劳动节": 2, "端午节": 1, "中秋节": 1, "国庆节": 3},
	}
	c := calendar.Default()
	for year, days := range statutory {
		y, ok := c.Year(year)
		if !ok || len(y.Breaks) != len(days) {
			t.Fatalf("%d: %d breaks", year, len(y.Breaks))
		}
		for _, b := range y.Breaks {
			length := int(b.To.Start().Sub(b.From.Start())/(24*time.Hour)) + 1
			weekends := 0
			for d := b.From; d <= b.To; d = d.AddDays(1) {
				if wd := d.Start().In(kernel.CityZone).Weekday(); wd == time.Saturday || wd == time.Sunday {
					weekends++
				}
			}
			// days of the regulation that fall on a weekend are given back
			if got := length - weekends - len(b.Makeup); got > days[b.Name.ZH] || got < days[b.Name.ZH]-2 {
				t.Errorf("%d %s: %d weekdays net of make-up, the regulation gives %d", year, b.Name.ZH, got, days[b.Name.ZH])
			}
		}
	}
}

func TestAddingWorkdays(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	cases := []struct {
		from kernel.Date
		n    int
		want kernel.Date
	}{
		{"2026-11-23", 5, "2026-11-30"},
		{"2026-11-20", 1, "2026-11-23"},
		{"2026-11-21", 1, "2026-11-23"}, // from a Saturday
		{"2026-02-13", 1, "2026-02-14"}, // a Saturday that is worked
		{"2026-02-14", 1, "2026-02-24"}, // across the Spring Festival
		{"2026-02-12", 5, "2026-02-26"},
		{"2026-09-30", 3, "2026-10-10"}, // 8, 9 and the worked Saturday 10
		{"2025-12-31", 1, "2026-01-04"}, // the first workday of 2026 is a Sunday
		{"2026-02-24", -1, "2026-02-14"},
		{"2026-11-23", -1, "2026-11-20"},
		{"2026-11-21", 0, "2026-11-21"},
		{"2019-10-07", 1, "2019-10-08"}, // a year without data: Monday to Friday
		{"1969-12-31", 1, "1970-01-01"},
	}
	for _, x := range cases {
		if got := c.AddWorkdays(x.from, x.n); got != x.want {
			t.Errorf("%s %+d: %s, want %s", x.from, x.n, got, x.want)
		}
	}
}

func drawDate(t *rapid.T, label string) kernel.Date {
	return kernel.Date("2023-06-01").AddDays(rapid.IntRange(0, 2000).Draw(t, label))
}

func TestCountingUndoesAdding(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	rapid.Check(t, func(t *rapid.T) {
		d := drawDate(t, "day")
		n := rapid.IntRange(-300, 300).Draw(t, "n")
		end := c.AddWorkdays(d, n)
		if n != 0 && !c.IsWorkday(end) {
			t.Fatalf("%s %+d ends on %s, which is no workday", d, n, end)
		}
		if got := c.WorkdaysBetween(d, end); got != n {
			t.Fatalf("%s to %s: %d, want %d", d, end, got, n)
		}
	})
}

func TestCountsAddUpAlongTheWay(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDate(t, "a"), drawDate(t, "b")
		from, to := min(a, b), max(a, b)
		naive := 0
		for d := from; d < to; {
			d = d.AddDays(1)
			if c.IsWorkday(d) {
				naive++
			}
		}
		if got := c.WorkdaysBetween(from, to); got != naive {
			t.Fatalf("%s to %s: %d, day by day %d", from, to, got, naive)
		}
	})
}

func TestWhatIsKnownIsSaid(t *testing.T) {
	t.Parallel()
	c := calendar.Default()
	for year, want := range map[int]bool{2023: false, 2024: true, 2025: true, 2026: true, 2027: false, 2028: false} {
		if c.Known(year) != want {
			t.Errorf("%d: known %v", year, !want)
		}
	}
	if y, ok := c.Year(2027); !ok || y.Status != calendar.Provisional || y.Source.Note == "" {
		t.Error("2027 is provisional and says why")
	}
	if _, ok := c.Year(2028); ok {
		t.Error("2028 is not known at all")
	}
	if !c.Certain("2024-01-01", "2026-12-31") || !c.Certain("2026-12-31", "2024-01-01") {
		t.Error("2024 to 2026 is firm")
	}
	if c.Certain("2026-12-25", "2027-01-05") || c.Certain("2027-01-05", "2026-12-25") {
		t.Error("a period into 2027 is not firm")
	}
}
