package calendar

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"

	"yunhui/services/kernel"
)

//go:embed data/holidays.json
var embedded []byte

// Status says how firm the schedule of a year is.
type Status string

// The statuses.
const (
	Official    Status = "official"    // as the State Council announced it
	Provisional Status = "provisional" // derived from the regulation; to be replaced
)

// Source is the notice that a schedule comes from.
type Source struct {
	Title  string      `json:"title"`
	Number string      `json:"number,omitempty"`
	Issued kernel.Date `json:"issued,omitempty"`
	URL    string      `json:"url,omitempty"`
	Note   string      `json:"note,omitempty"`
}

// Break is a run of days off, both ends included, and the weekend days worked
// in return.
type Break struct {
	Name   kernel.Text   `json:"name"`
	From   kernel.Date   `json:"from"`
	To     kernel.Date   `json:"to"`
	Makeup []kernel.Date `json:"makeup,omitempty"`
}

// Year is the schedule of one year.
type Year struct {
	Year   int     `json:"year"`
	Status Status  `json:"status"`
	Source Source  `json:"source"`
	Breaks []Break `json:"breaks"`
}

// longestBreak bounds a break, to catch a mistyped month.
const longestBreak = 15

// check finds what would make the schedule unusable. A break may begin in the
// December before, as the New Year's break of some years does.
func (y Year) check() error {
	if y.Status != Official && y.Status != Provisional {
		return fmt.Errorf("%d: status %q is neither official nor provisional", y.Year, y.Status)
	}
	if y.Status == Official && (y.Source.Title == "" || y.Source.Number == "") {
		return fmt.Errorf("%d: an official schedule names its notice", y.Year)
	}
	first, last := kernel.Date(strconv.Itoa(y.Year-1)+"-12-01"), kernel.Date(strconv.Itoa(y.Year)+"-12-31")
	inYear := func(d kernel.Date) bool { return d.Valid() && d >= first && d <= last }
	off := map[day]string{}
	for _, b := range y.Breaks {
		if !inYear(b.From) || !inYear(b.To) || b.To < b.From || dayOf(b.To)-dayOf(b.From) >= longestBreak {
			return fmt.Errorf("%d: %s: %s to %s is not a break of this year", y.Year, b.Name.EN, b.From, b.To)
		}
		for d := dayOf(b.From); d <= dayOf(b.To); d++ {
			if other := off[d]; other != "" {
				return fmt.Errorf("%d: %s overlaps %s", y.Year, b.Name.EN, other)
			}
			off[d] = b.Name.EN
		}
	}
	for _, b := range y.Breaks {
		for _, m := range b.Makeup {
			if !inYear(m) || !dayOf(m).weekend() || off[dayOf(m)] != "" {
				return fmt.Errorf("%d: %s: %s is no weekend day to make up on", y.Year, b.Name.EN, m)
			}
		}
	}
	return nil
}

// ParseYears reads schedules in the form of the embedded ones, so that a new
// notice can be loaded without a new program. Unknown fields are refused.
func ParseYears(raw []byte) ([]Year, error) {
	var file struct {
		Years []Year `json:"years"`
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("schedule of holidays: %w", err)
	}
	for _, y := range file.Years {
		if err := y.check(); err != nil {
			return nil, fmt.Errorf("schedule of holidays: %w", err)
		}
	}
	return file.Years, nil
}
