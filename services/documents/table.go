package documents

import (
	"fmt"
	"iter"
	"strconv"

	"yunhui/services/kernel"
)

// Kind says what the cells of a column hold.
type Kind string

// The kinds. Codes, account numbers and other digits that are no quantity are text.
const (
	KindText  Kind = "text"  // string
	KindMoney Kind = "money" // kernel.Fen, shown in yuan
	KindDate  Kind = "date"  // kernel.Date
	KindInt   Kind = "int"   // int or int64
)

// Column is one column of a table.
type Column struct {
	Key      string // stable name, for programs
	Title    kernel.Text
	Kind     Kind
	Also     []kernel.Text // reading: further titles under which it is found
	Optional bool          // reading: the column may be absent and its cells empty
	MaxChars int           // reading: longest text; default 500
}

// Table is what is written. Rows may come straight from a query; the first
// error ends the writing.
type Table struct {
	Name     kernel.Text // of the sheet
	Columns  []Column
	Rows     iter.Seq2[[]any, error]
	Encoding string // of csv; "": UTF8
}

// The encodings of csv. Chinese bank and treasury programs often read GB 18030
// only.
const (
	UTF8    = "utf-8"
	GB18030 = "gb18030"
)

// Rows makes the rows of a table that is in memory.
func Rows(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// check refuses a row that does not fit the columns: a mistake of the caller.
func (t Table) check(number int, row []any) error {
	if len(row) != len(t.Columns) {
		return fmt.Errorf("row %d has %d cells for %d columns", number, len(row), len(t.Columns))
	}
	for i, c := range t.Columns {
		if _, err := plain(c, row[i]); err != nil {
			return fmt.Errorf("row %d: %w", number, err)
		}
	}
	return nil
}

// plain is the text of a cell. An empty cell is nil, or the zero date.
func plain(c Column, value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		if c.Kind == KindText {
			return v, nil
		}
	case kernel.ID:
		if c.Kind == KindText {
			return string(v), nil
		}
	case kernel.Fen:
		if c.Kind == KindMoney {
			return v.Yuan(), nil
		}
	case kernel.Date:
		if c.Kind == KindDate {
			return string(v), nil
		}
	case int:
		if c.Kind == KindInt {
			return strconv.Itoa(v), nil
		}
	case int64:
		if c.Kind == KindInt {
			return strconv.FormatInt(v, 10), nil
		}
	}
	return "", fmt.Errorf("column %s of kind %s cannot hold a %T", c.Key, c.Kind, value)
}
