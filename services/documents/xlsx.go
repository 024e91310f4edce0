package documents

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"yunhui/services/kernel"
)

// Limits of the format.
const (
	sheetRows = 1 << 20
	cellChars = 32767
)

// WriteXLSX writes the table as the only sheet of a workbook, titles in the
// language. Text stays text whatever its digits, and never becomes a formula.
func WriteXLSX(w io.Writer, language string, t Table) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	name := sheetName(t.Name.In(language))
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "云惠 Yunhui", LastModifiedBy: "云惠 Yunhui"}); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	sheet, err := f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	s := sheetWriter{sheet: sheet, table: t}
	if err := s.begin(f, language); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		if err := s.row(row); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return f.Write(w)
}

type sheetWriter struct {
	sheet  *excelize.StreamWriter
	table  Table
	styles map[Kind]int
	rows   int
}

// begin makes the styles, freezes the titles and writes them.
func (s *sheetWriter) begin(f *excelize.File, language string) error {
	s.styles = map[Kind]int{}
	text, money := "@", "#,##0.00"
	for kind, style := range map[Kind]*excelize.Style{
		"":        {Font: &excelize.Font{Bold: true}, CustomNumFmt: &text},
		KindText:  {CustomNumFmt: &text},
		KindDate:  {CustomNumFmt: &text},
		KindMoney: {CustomNumFmt: &money},
		KindInt:   {},
	} {
		id, err := f.NewStyle(style)
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
		s.styles[kind] = id
	}
	titles := make([]any, len(s.table.Columns))
	for i, c := range s.table.Columns {
		titles[i] = excelize.Cell{StyleID: s.styles[""], Value: c.Title.In(language)}
		if err := s.sheet.SetColWidth(i+1, i+1, columnWidth(c, language)); err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if err := s.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return s.put(titles)
}

func (s *sheetWriter) row(row []any) error {
	if err := s.table.check(s.rows, row); err != nil {
		return err
	}
	cells := make([]any, len(row))
	for i, c := range s.table.Columns {
		value, err := cellValue(c, row[i])
		if err != nil {
			return fmt.Errorf("row %d: %w", s.rows, err)
		}
		cells[i] = excelize.Cell{StyleID: s.styles[c.Kind], Value: value}
	}
	return s.put(cells)
}

func (s *sheetWriter) put(cells []any) error {
	if s.rows++; s.rows > sheetRows {
		return fmt.Errorf("a sheet holds at most %d rows", sheetRows)
	}
	if err := s.sheet.SetRow(fmt.Sprintf("A%d", s.rows), cells); err != nil {
		return fmt.Errorf("write xlsx row %d: %w", s.rows, err)
	}
	return nil
}

// cellValue is what the format stores. Its numbers are floats by nature: up to
// kernel.MaxFen the float nearest to the yuan is written as exactly the yuan.
func cellValue(c Column, value any) (any, error) {
	text, err := plain(c, value)
	switch v := value.(type) {
	case kernel.Fen:
		if v > kernel.MaxFen || v < -kernel.MaxFen {
			return text, err
		}
		return float64(v) / 100, err
	case int, int64:
		return value, err
	}
	if len(text) > cellChars && utf8.RuneCountInString(text) > cellChars {
		return nil, fmt.Errorf("column %s: a cell holds at most %d characters", c.Key, cellChars)
	}
	return text, err
}

func columnWidth(c Column, language string) float64 {
	base := map[Kind]float64{KindText: 24, KindMoney: 16, KindDate: 12, KindInt: 10}[c.Kind]
	return max(base, 2.2*float64(utf8.RuneCountInString(c.Title.In(language))))
}

// sheetName leaves out what the format forbids in the name of a sheet.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return -1
		}
		return r
	}, name)
	r := []rune(name)
	if len(r) == 0 {
		return "Sheet1"
	}
	return string(r[:min(len(r), 31)])
}
