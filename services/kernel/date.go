package kernel

import (
	"fmt"
	"time"
)

// CityZone is the time of the city, Asia/Shanghai. It has had no daylight saving
// since 1991, so a fixed zone is right and needs no zone database on the machine.
var CityZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a calendar day of the city, "2026-11-23". The zero value is "no date".
// Dates compare with < and ==, and are stored as text of ten characters.
type Date string

// ParseDate reads "2006-01-02" and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a date of the form 2026-11-23", s)
	}
	return Date(s), nil
}

// DayOf returns the day of the city in which the instant lies.
func DayOf(t time.Time) Date { return Date(t.In(CityZone).Format(time.DateOnly)) }

// Valid reports whether d is an existing day.
func (d Date) Valid() bool { _, err := ParseDate(string(d)); return err == nil }

// Start returns the first instant of the day in the city, in UTC.
// The date must be valid.
func (d Date) Start() time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(d), CityZone)
	return t.UTC()
}

// AddDays returns the date n days later (earlier when negative).
func (d Date) AddDays(n int) Date { return DayOf(d.Start().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later; a day that does not exist
// there becomes the last of that month (31 January + 1 = 28 February).
func (d Date) AddMonths(n int) Date {
	t, _ := time.Parse(time.DateOnly, string(d))
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date(first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly))
}

// Year returns the year, or 0 for no date.
func (d Date) Year() int {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return t.Year()
}

// Period is a span of days, both ends included; an empty end is open.
type Period struct {
	From Date `json:"from,omitempty"`
	To   Date `json:"to,omitempty"`
}

// Holds reports whether the day lies in the period.
func (p Period) Holds(d Date) bool {
	return (p.From == "" || d >= p.From) && (p.To == "" || d <= p.To)
}
