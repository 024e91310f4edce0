package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// schema gives the names that documents use their numbers. It only grows while
// documents come and go one by one, so that segments built at different times
// agree; Replace starts a new one. A published schema is never changed: a
// writer drafts a copy.
type schema struct {
	hierarchies map[string]bool // columns whose values are dotted paths

	fields    []string
	fieldSets [][]string // names by bit mask

	keywords  []*dictionary
	keywordAt map[string]int
	numbers   int
	numberAt  map[string]int
}

// dictionary numbers the values of one keyword column.
type dictionary struct {
	name   string
	values []string
	at     map[string]uint32
	rank   []uint32 // place of each value in alphabetical order
	ranked []uint32 // value at each place
}

func newSchema(hierarchies map[string]bool) *schema {
	return &schema{hierarchies: hierarchies, keywordAt: map[string]int{}, numberAt: map[string]int{}}
}

// draft returns a copy to add to; finish makes it fit to publish.
func (s *schema) draft() *schema {
	d := *s
	d.fields = slices.Clone(s.fields)
	d.keywordAt = maps.Clone(s.keywordAt)
	d.numberAt = maps.Clone(s.numberAt)
	d.keywords = make([]*dictionary, len(s.keywords))
	for i, k := range s.keywords {
		d.keywords[i] = &dictionary{name: k.name, values: slices.Clone(k.values), at: maps.Clone(k.at), rank: k.rank, ranked: k.ranked}
	}
	return &d
}

func (s *schema) finish() {
	if len(s.fieldSets) != 1<<len(s.fields) {
		s.fieldSets = make([][]string, 1<<len(s.fields))
		for mask := range s.fieldSets {
			for i, name := range s.fields {
				if mask&(1<<i) != 0 {
					s.fieldSets[mask] = append(s.fieldSets[mask], name)
				}
			}
		}
	}
	for _, k := range s.keywords {
		k.finish()
	}
}

func (d *dictionary) finish() {
	if len(d.rank) == len(d.values) {
		return
	}
	d.ranked = make([]uint32, len(d.values))
	for i := range d.ranked {
		d.ranked[i] = uint32(i)
	}
	slices.SortFunc(d.ranked, func(a, b uint32) int { return strings.Compare(d.values[a], d.values[b]) })
	d.rank = make([]uint32, len(d.values))
	for place, v := range d.ranked {
		d.rank[v] = uint32(place)
	}
}

func (s *schema) field(name string) (int, error) {
	if i := slices.Index(s.fields, name); i >= 0 {
		return i, nil
	}
	if len(s.fields) == maxFieldNames {
		return 0, fmt.Errorf("search: field %q would be the ninth; an index knows %d", name, maxFieldNames)
	}
	s.fields = append(s.fields, name)
	return len(s.fields) - 1, nil
}

func (s *schema) keyword(column string) (int, *dictionary) {
	i, ok := s.keywordAt[column]
	if !ok {
		i = len(s.keywords)
		s.keywordAt[column] = i
		s.keywords = append(s.keywords, &dictionary{name: column, at: map[string]uint32{}})
	}
	return i, s.keywords[i]
}

func (s *schema) number(column string) int {
	i, ok := s.numberAt[column]
	if !ok {
		i = s.numbers
		s.numberAt[column] = i
		s.numbers++
	}
	return i
}

func (d *dictionary) number(value string) uint32 {
	v, ok := d.at[value]
	if !ok {
		v = uint32(len(d.values))
		value = strings.Clone(value)
		d.values = append(d.values, value)
		d.at[value] = v
	}
	return v
}
