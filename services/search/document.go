package search

import (
	"errors"
	"fmt"
	"math"
)

// Bounds that the compact layout of the index rests on.
const (
	maxDocuments  = 1 << 24 // a posting gives a document 24 bits
	maxFieldNames = 8       // and the fields it stands in 8
	maxWeight     = 100
)

// Document is what can be found.
type Document struct {
	ID     string
	Fields []Field
	// Keywords are the columns to filter by and to count: several values of a
	// column are several truths, each counted.
	Keywords map[string][]string
	// Numbers are the columns to sort by and to cut ranges from.
	Numbers map[string]int64
}

// Field is text to search in. A word in a field of weight 4 counts as much as
// four in a field of weight 1; a weight below 1 is taken for 1. One index knows
// at most eight field names.
type Field struct {
	Name   string
	Text   string
	Weight int
}

var errTooManyDocuments = errors.New("search: more documents than one index holds")

// check refuses what the layout cannot hold; it says nothing about the sense of a document.
func (d *Document) check() error {
	if d.ID == "" || len(d.ID) > maxID {
		return fmt.Errorf("search: document ID %q must have 1 to %d bytes", d.ID, maxID)
	}
	for _, f := range d.Fields {
		if f.Weight > maxWeight {
			return fmt.Errorf("search: document %s: field %s: weight %d is above %d", d.ID, f.Name, f.Weight, maxWeight)
		}
		if len(f.Text) > math.MaxInt32 {
			return fmt.Errorf("search: document %s: field %s is too long", d.ID, f.Name)
		}
	}
	return nil
}
