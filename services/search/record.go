package search

import (
	"maps"
	"slices"
	"strings"
)

// record is a document as the index keeps it, to build segments from: text
// folded, names and values as numbers of the schema.
type record struct {
	id       string
	texts    []fieldText
	keywords []keywordCell
	numbers  []numberCell
}

type fieldText struct {
	text   string
	field  uint8
	weight uint8
}

type keywordCell struct {
	column uint32
	value  uint32
}

type numberCell struct {
	value  int64
	column int
}

// record takes a document in, naming what the schema has not met.
func (s *schema) record(d *Document) (record, error) {
	if err := d.check(); err != nil {
		return record{}, err
	}
	r := record{id: d.ID, texts: make([]fieldText, 0, len(d.Fields))}
	for _, f := range d.Fields {
		field, err := s.field(f.Name)
		if err != nil {
			return record{}, err
		}
		r.texts = append(r.texts, fieldText{text: fold(f.Text), field: uint8(field), weight: uint8(max(f.Weight, 1))})
	}
	for _, column := range slices.Sorted(maps.Keys(d.Keywords)) {
		r.keywords = s.cells(r.keywords, column, d.Keywords[column])
	}
	for _, column := range slices.Sorted(maps.Keys(d.Numbers)) {
		r.numbers = append(r.numbers, numberCell{value: d.Numbers[column], column: s.number(column)})
	}
	return r, nil
}

// cells adds the values of one column, each once, with all that stands above it
// where the column is a hierarchy.
func (s *schema) cells(to []keywordCell, column string, values []string) []keywordCell {
	at, dictionary := s.keyword(column)
	start := len(to)
	add := func(value string) {
		cell := keywordCell{column: uint32(at), value: dictionary.number(value)}
		if !slices.Contains(to[start:], cell) {
			to = append(to, cell)
		}
	}
	for _, value := range values {
		if s.hierarchies[column] {
			for i := range len(value) {
				if value[i] == '.' {
					add(value[:i])
				}
			}
		}
		add(value)
	}
	return to
}

func byID(a, b record) int { return strings.Compare(a.id, b.id) }
