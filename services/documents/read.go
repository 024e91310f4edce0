package documents

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"yunhui/services/kernel"
)

// Limits bound what is read. Zero values are good.
type Limits struct {
	Bytes    int64 // of the document; default 20 MiB
	Unpacked int64 // of a workbook that was unpacked; default 128 MiB
	Rows     int   // below the titles; default 50,000
}

// Row is one row that was read, every cell checked against its column.
type Row struct {
	Number int // as the office program counts, titles included
	cells  map[string]any
}

// Text returns the cell of a text column; "" when it is empty.
func (r Row) Text(key string) string { v, _ := r.cells[key].(string); return v }

// Fen returns the cell of a money column; 0 when it is empty.
func (r Row) Fen(key string) kernel.Fen { v, _ := r.cells[key].(kernel.Fen); return v }

// Date returns the cell of a date column; "" when it is empty.
func (r Row) Date(key string) kernel.Date { v, _ := r.cells[key].(kernel.Date); return v }

// Int returns the cell of an integer column; 0 when it is empty.
func (r Row) Int(key string) int64 { v, _ := r.cells[key].(int64); return v }

// Has reports whether the cell is filled.
func (r Row) Has(key string) bool { _, ok := r.cells[key]; return ok }

// maxFaults bounds how many faults are told at once.
const maxFaults = 100

// Read reads an xlsx or csv document. The first row that is not empty holds the
// titles: a column is found by its title in either language or by its key.
//
// Errors: document.unreadable, document.too_large, document.too_many_rows,
// document.empty; or invalid_input with a field for each fault, its path the
// place ("Sheet1!C5") and its code document.column_unknown, .column_twice,
// .column_missing, .formula or .cell.
func Read(r io.Reader, columns []Column, limits Limits) ([]Row, error) {
	var rows []Row
	err := Scan(r, columns, limits, func(row Row) error {
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// Scan is Read row by row, for documents that are not to be held in memory. What
// the rows are used for must not stand before Scan has returned without an error:
// a fault may lie in the last of them. From the first fault on, no row is handed
// out any more; an error of each ends the reading.
func Scan(r io.Reader, columns []Column, limits Limits, each func(Row) error) error {
	if limits.Bytes == 0 {
		limits.Bytes = 20 << 20
	}
	if limits.Unpacked == 0 {
		limits.Unpacked = 128 << 20
	}
	if limits.Rows == 0 {
		limits.Rows = 50_000
	}
	content, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	switch {
	case err != nil:
		return fmt.Errorf("read document: %w", err)
	case int64(len(content)) > limits.Bytes:
		return kernel.Fail(kernel.KindTooLarge, "document.too_large", kernel.T("表格文件超过 %d MB", "The spreadsheet is larger than %d MB", limits.Bytes>>20))
	}
	in := &reader{columns: columns, limits: limits, each: each}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		err = in.xlsx(content)
	} else {
		err = in.csv(content)
	}
	if err == nil {
		err = in.finish()
	}
	return err
}

func unreadable(cause error) error {
	return kernel.Invalid("document.unreadable", kernel.T("无法读取：请上传未加密的 .xlsx 或 .csv 表格", "This cannot be read: please upload an .xlsx or .csv spreadsheet without a password")).Because(cause)
}

// reader gathers rows and faults.
type reader struct {
	columns []Column
	limits  Limits
	sheet   string // "" in csv
	places  []*Column
	each    func(Row) error
	rows    int
	faults  kernel.Faults
	noted   int
}

// line takes the next row of the document. It returns an error only when
// reading on makes no sense.
func (in *reader) line(number int, cells []string) error {
	blank := true
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
		blank = blank && cells[i] == ""
	}
	switch {
	case blank:
		return nil
	case in.places == nil:
		return in.titles(number, cells)
	case in.rows == in.limits.Rows:
		return kernel.Fail(kernel.KindTooLarge, "document.too_many_rows", kernel.T("表格超过 %d 行，请分成几个文件", "The spreadsheet has more than %d rows; please split it", in.limits.Rows))
	}
	row := Row{Number: number, cells: map[string]any{}}
	for i, text := range cells {
		if i >= len(in.places) || in.places[i] == nil {
			if text != "" {
				in.fault(number, i, "document.column_unknown", kernel.T("此列没有标题", "This column has no title"))
			}
			continue
		}
		in.cell(&row, i, in.places[i], text)
	}
	for i, c := range in.places {
		if c != nil && !c.Optional && (i >= len(cells) || cells[i] == "") {
			in.fault(number, i, "document.cell", kernel.Text{ZH: "“" + c.Title.ZH + "”不能为空", EN: c.Title.EN + " is missing"})
		}
	}
	in.rows++
	switch {
	case in.noted >= maxFaults:
		return in.faults.Err()
	case in.noted > 0:
		return nil
	}
	return in.each(row)
}

func (in *reader) cell(row *Row, i int, c *Column, text string) {
	if text == "" {
		return
	}
	value, flaw := parse(*c, text, in.sheet != "")
	if flaw != nil {
		in.fault(row.Number, i, "document.cell", kernel.Text{ZH: "“" + c.Title.ZH + "”" + flaw.ZH, EN: c.Title.EN + " " + flaw.EN})
		return
	}
	row.cells[c.Key] = value
}

// titles finds out which column is where. Without all its columns a document is
// not read further.
func (in *reader) titles(number int, cells []string) error {
	in.places = make([]*Column, len(cells))
	seen := map[string]bool{}
	for i, title := range cells {
		c := in.column(title)
		switch {
		case title == "":
		case c == nil:
			in.fault(number, i, "document.column_unknown", kernel.T("不认识的列“%s”", "There is no column %q", excerpt(title)))
		case seen[c.Key]:
			in.fault(number, i, "document.column_twice", kernel.T("列“%s”出现了两次", "The column %q is there twice", excerpt(title)))
		default:
			seen[c.Key], in.places[i] = true, c
		}
	}
	for _, c := range in.columns {
		if !seen[c.Key] && !c.Optional {
			in.fault(number, len(cells), "document.column_missing", kernel.Text{ZH: "缺少列“" + c.Title.ZH + "”", EN: fmt.Sprintf("The column %q is missing", c.Title.EN)})
		}
	}
	return in.faults.Err()
}

func (in *reader) column(title string) *Column {
	for i, c := range in.columns {
		if same(c.Key, title) {
			return &in.columns[i]
		}
		for _, t := range append([]kernel.Text{c.Title}, c.Also...) {
			if same(t.ZH, title) || same(t.EN, title) {
				return &in.columns[i]
			}
		}
	}
	return nil
}

// same compares titles as people do: full-width and half-width, upper and lower
// case and spaces make no difference.
func same(a, b string) bool {
	if a == "" {
		return false
	}
	fold := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(width.Fold.String(s)), "")) }
	return fold(a) == fold(b)
}

func (in *reader) fault(row, column int, code string, why kernel.Text) {
	if in.noted++; in.noted > maxFaults {
		return
	}
	path := cellName(column, row)
	at := kernel.T("第 %d 行：", "Row %d: ", row)
	if in.sheet != "" {
		path = in.sheet + "!" + path
		at = kernel.Text{ZH: "工作表“" + in.sheet + "”" + at.ZH, EN: fmt.Sprintf("Sheet %s, row %d: ", in.sheet, row)}
	}
	in.faults.Add(path, code, kernel.Text{ZH: at.ZH + why.ZH, EN: at.EN + why.EN})
}

func (in *reader) finish() error {
	if in.places == nil {
		return kernel.Invalid("document.empty", kernel.T("表格是空的", "The spreadsheet is empty"))
	}
	return in.faults.Err()
}

// cellName is the name of a place, as in "C5".
func cellName(column, row int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return fmt.Sprintf("%s%d", name, row)
}

// excerpt quotes the beginning of what somebody wrote.
func excerpt(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}
