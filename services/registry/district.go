package registry

import (
	"slices"
	"sync"

	"yunhui/services/kernel"
)

// DistrictKind says what sort of unit it is.
type DistrictKind string

// The kinds.
const (
	KindDistrict         DistrictKind = "district"          // 区
	KindCounty           DistrictKind = "county"            // 县
	KindAutonomousCounty DistrictKind = "autonomous_county" // 自治县
	KindZone             DistrictKind = "zone"              // a development zone that reviews like a district
)

// Point is a place in thousandths of a degree.
type Point struct {
	Lon int `json:"lon"`
	Lat int `json:"lat"`
}

// District is a county-level unit, or a zone that the city counts beside them,
// as it was during one period. A unit whose nature changed under the same name
// has one District for each period, all with the same ID.
//
// An ID is stable for ever: the code of GB/T 2260 where there was one when the
// unit was first recorded, otherwise a key of its own. Successors are in order
// of importance; Note says what they do not show, such as towns that went
// elsewhere.
type District struct {
	ID               string       `json:"id"`
	Name             kernel.Text  `json:"name"`
	Kind             DistrictKind `json:"kind"`
	GBCode           string       `json:"gb_code,omitempty"` // empty: none is published
	Group2021        string       `json:"group_2021"`
	Group2024        string       `json:"group_2024"`
	Label            Point        `json:"label"`
	LabelApproximate bool         `json:"label_approximate,omitempty"`
	ValidFrom        kernel.Date  `json:"valid_from,omitempty"` // empty: before the records begin
	ValidTo          kernel.Date  `json:"valid_to,omitempty"`   // last day; empty: to this day
	Successors       []string     `json:"successors,omitempty"`
	Note             kernel.Text  `json:"note,omitzero"`
}

// Period is when the unit existed in this form.
func (d District) Period() kernel.Period { return kernel.Period{From: d.ValidFrom, To: d.ValidTo} }

// Group is one part of a regional grouping.
type Group struct {
	Key  string      `json:"key"`
	Name kernel.Text `json:"name"`
}

// Grouping sorts the districts into regions the way the city did from a year on.
type Grouping struct {
	Code   string      `json:"code"` // "2021" or "2024"
	Name   kernel.Text `json:"name"`
	Groups []Group     `json:"groups"`
}

// Of returns the key of the district's group in this grouping.
func (g Grouping) Of(d District) string {
	if g.Code == "2021" {
		return d.Group2021
	}
	return d.Group2024
}

type districtTable struct {
	City      kernel.Text `json:"city"`
	Sources   []Source    `json:"sources"`
	Groupings []Grouping  `json:"groupings"`
	Districts []District  `json:"districts"`
}

var districts = sync.OnceValue(func() districtTable { return readTable[districtTable]("districts.json") })

// DistrictSources says where names, codes, label points and changes come from.
func DistrictSources() []Source { return districts().Sources }

// Groupings lists the regional groupings, oldest first.
func Groupings() []Grouping { return districts().Groupings }

// Districts lists the units of a day, in the order of their codes, zones last.
func Districts(on kernel.Date) []District {
	var out []District
	for _, d := range districts().Districts {
		if d.Period().Holds(on) {
			out = append(out, d)
		}
	}
	return out
}

// Abolished lists the units that had ceased to exist by the day, in their last form.
func Abolished(on kernel.Date) []District {
	var out []District
	for _, d := range districts().Districts {
		if d.ValidTo != "" && d.ValidTo < on && !laterForm(d) {
			out = append(out, d)
		}
	}
	return out
}

// DistrictOn finds a unit as it was on the day.
func DistrictOn(id string, on kernel.Date) (District, bool) {
	return findDistrict(func(d District) bool { return d.ID == id && d.Period().Holds(on) })
}

// FindDistrict finds a unit, abolished or not, in the newest form it had.
func FindDistrict(id string) (District, bool) {
	return findDistrict(func(d District) bool {
		return d.ID == id && (d.ValidTo == "" || !laterForm(d))
	})
}

// Current finds the unit that answers on the day for what was recorded under
// id: the unit itself while it exists, then its main successor. Where a unit was
// divided (the five towns of 渝北 that went to 北碚) the main successor may be
// the wrong one for a part of it; Note and Successors of the old unit say so,
// and only an address can tell.
func Current(id string, on kernel.Date) (District, bool) {
	if d, ok := DistrictOn(id, on); ok {
		return d, true
	}
	d, ok := FindDistrict(id)
	if !ok || d.ValidTo == "" || on <= d.ValidTo || len(d.Successors) == 0 {
		return District{}, false
	}
	return Current(d.Successors[0], on)
}

// Predecessors lists the IDs of every unit whose main successor on the day is
// id, and id itself: what a report must add up to roll old figures into it.
func Predecessors(id string, on kernel.Date) []string {
	var out []string
	for _, d := range districts().Districts {
		if now, ok := Current(d.ID, on); ok && now.ID == id && !slices.Contains(out, d.ID) {
			out = append(out, d.ID)
		}
	}
	return out
}

func findDistrict(match func(District) bool) (District, bool) {
	all := districts().Districts
	i := slices.IndexFunc(all, match)
	if i < 0 {
		return District{}, false
	}
	return all[i], true
}

// laterForm reports whether the same unit exists in a form after d.
func laterForm(d District) bool {
	return slices.ContainsFunc(districts().Districts, func(e District) bool {
		return e.ID == d.ID && e.ValidFrom > d.ValidTo
	})
}
