package calendar

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"yunhui/services/kernel"
)

// day numbers the days since 1970-01-01, a Thursday.
type day int

func dayOf(d kernel.Date) day {
	t, _ := time.Parse(time.DateOnly, string(d))
	return day(t.Unix() / (24 * 60 * 60)) // exact before 1970 too: both are whole days
}

func (d day) date() kernel.Date {
	return kernel.Date(time.Unix(int64(d)*24*60*60, 0).UTC().Format(time.DateOnly))
}

func (d day) weekend() bool {
	weekday := ((int(d)+4)%7 + 7) % 7 // Sunday is 0
	return weekday == 0 || weekday == 6
}

// Calendar answers questions about working days. It never changes, so it is
// safe for concurrent use; With makes another. Every date given to it must be
// valid.
type Calendar struct {
	years map[int]Year
	off   map[day]kernel.Text // days off, by the name of their break
	work  map[day]kernel.Text // weekend days worked, by the break they make up for
}

// Default returns the calendar of the embedded schedules.
func Default() *Calendar { return defaultCalendar() }

// An embedded schedule that does not read is a fault of the build that no
// caller could handle; the tests read it.
var defaultCalendar = sync.OnceValue(func() *Calendar {
	years, err := ParseYears(embedded)
	if err != nil {
		panic(fmt.Sprintf("calendar: embedded: %v", err))
	}
	return New(years...)
})

// New makes a calendar of schedules that ParseYears has read. Of two for one
// year the later wins.
func New(years ...Year) *Calendar {
	c := &Calendar{years: map[int]Year{}, off: map[day]kernel.Text{}, work: map[day]kernel.Text{}}
	for _, y := range years {
		c.years[y.Year] = y
	}
	for _, year := range slices.Sorted(maps.Keys(c.years)) {
		for _, b := range c.years[year].Breaks {
			for d := dayOf(b.From); d <= dayOf(b.To); d++ {
				c.off[d] = b.Name
			}
			for _, m := range b.Makeup {
				c.work[dayOf(m)] = b.Name
			}
		}
	}
	return c
}

// With returns a calendar in which the given schedules replace those of their
// years.
func (c *Calendar) With(years ...Year) *Calendar {
	return New(append(slices.Collect(maps.Values(c.years)), years...)...)
}

// Year returns the schedule of a year and whether there is one.
func (c *Calendar) Year(year int) (Year, bool) {
	y, ok := c.years[year]
	return y, ok
}

// Known reports whether the official schedule of the year is known. Days of
// other years are counted by a provisional schedule or, without one, as plain
// Monday to Friday.
func (c *Calendar) Known(year int) bool { return c.years[year].Status == Official }

// Certain reports whether every year from one day to the other is known, in
// whichever order they are given: whether a count between them is firm.
func (c *Calendar) Certain(from, to kernel.Date) bool {
	for y := min(from, to).Year(); y <= max(from, to).Year(); y++ {
		if !c.Known(y) {
			return false
		}
	}
	return true
}

// IsWorkday reports whether the day is a working day.
func (c *Calendar) IsWorkday(d kernel.Date) bool { return c.works(dayOf(d)) }

func (c *Calendar) works(d day) bool {
	if _, off := c.off[d]; off {
		return false
	}
	if _, work := c.work[d]; work {
		return true
	}
	return !d.weekend()
}

// Describe names the break that a day belongs to or makes up for; it is empty
// for ordinary workdays and weekends.
func (c *Calendar) Describe(d kernel.Date) kernel.Text {
	n := dayOf(d)
	if name, ok := c.off[n]; ok {
		return name
	}
	if name, ok := c.work[n]; ok {
		return kernel.Text{ZH: name.ZH + "调休上班", EN: "Workday in return for " + name.EN}
	}
	return kernel.Text{}
}

// AddWorkdays returns the n-th working day after d, not counting d itself: a
// notice of five working days that is put up on d ends with the day
// AddWorkdays(d, 5). A negative n goes back in the same way, and 0 returns d,
// workday or not.
func (c *Calendar) AddWorkdays(d kernel.Date, n int) kernel.Date {
	step := day(1)
	if n < 0 {
		step, n = -1, -n
	}
	at := dayOf(d)
	for n > 0 {
		at += step
		if c.works(at) {
			n--
		}
	}
	return at.date()
}

// WorkdaysBetween counts the working days from one day, which does not count,
// to another, which does; it is negative when to lies before from. It undoes
// AddWorkdays: WorkdaysBetween(d, AddWorkdays(d, n)) is n.
func (c *Calendar) WorkdaysBetween(from, to kernel.Date) int {
	at, end, step := dayOf(from), dayOf(to), 1
	if end < at {
		step = -1
	}
	count := 0
	for at != end {
		at += day(step)
		if c.works(at) {
			count += step
		}
	}
	return count
}
