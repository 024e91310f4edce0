package documents_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"yunhui/services/documents"
	"yunhui/services/kernel"
)

var columns = []documents.Column{
	{Key: "account", Title: kernel.T("收款账号", "Account"), Kind: documents.KindText},
	{Key: "amount", Title: kernel.T("金额（元）", "Amount (yuan)"), Kind: documents.KindMoney},
	{Key: "paid_on", Title: kernel.T("付款日期", "Paid on"), Kind: documents.KindDate},
	{Key: "lines", Title: kernel.T("笔数", "Lines"), Kind: documents.KindInt},
	{Key: "note", Title: kernel.T("备注", "Note"), Kind: documents.KindText, Optional: true},
}

func table(rows ...[]any) documents.Table {
	return documents.Table{Name: kernel.T("拨付/明细", "Payments"), Columns: columns, Rows: documents.Rows(rows)}
}

var writers = map[string]func(io.Writer, string, documents.Table) error{"xlsx": documents.WriteXLSX, "csv": documents.WriteCSV}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	for format, write := range writers {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				account := rapid.StringMatching(`[=+@'0-9\-][0-9]{5,18}`).Draw(t, "account")
				amount := kernel.Fen(rapid.Int64Range(-int64(kernel.MaxFen), int64(kernel.MaxFen)).Draw(t, "amount"))
				day := kernel.Date("2026-01-01").AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
				lines := rapid.Int64Range(-1e12, 1e12).Draw(t, "lines")
				note := rapid.SampledFrom([]string{"", "𠮷𬭎", "a,\"b\"", "两\n行", "0012", "=1+1", "<&>"}).Draw(t, "note")
				language := rapid.SampledFrom([]string{"zh-CN", "en"}).Draw(t, "language")
				var out bytes.Buffer
				if err := write(&out, language, table([]any{account, amount, day, lines, note})); err != nil {
					t.Fatal(err)
				}
				rows, err := documents.Read(&out, columns, documents.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				r := rows[0]
				if len(rows) != 1 || r.Number != 2 || r.Text("account") != account || r.Fen("amount") != amount || r.Date("paid_on") != day || r.Int("lines") != lines || r.Text("note") != note {
					t.Fatalf("%+v", rows)
				}
				if r.Has("note") != (note != "") {
					t.Fatal("an empty cell is filled")
				}
			})
		})
	}
}

func TestFormulasAreNeverWritten(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	row := []any{"=HYPERLINK(\"x\")", kernel.Fen(-500), kernel.Date("2026-11-23"), 1, "@SUM(A1)"}
	require.NoError(t, documents.WriteCSV(&text, "zh", table(row)))
	require.Equal(t, "\ufeff收款账号,金额（元）,付款日期,笔数,备注\r\n\"'=HYPERLINK(\"\"x\"\")\",-5.00,2026-11-23,1,'@SUM(A1)\r\n", text.String())
	var book bytes.Buffer
	require.NoError(t, documents.WriteXLSX(&book, "zh", table(row)))
	f, err := excelize.OpenReader(&book)
	require.NoError(t, err)
	require.Equal(t, []string{"拨付明细"}, f.GetSheetList())
	formula, err := f.GetCellFormula("拨付明细", "A2")
	require.NoError(t, err)
	require.Empty(t, formula)
	shown, err := f.GetCellValue("拨付明细", "B2")
	require.NoError(t, err)
	require.Equal(t, "-5.00", shown)
	require.NoError(t, f.Close())
}

func TestWritingStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for format, write := range writers {
		broken := documents.Table{Columns: columns, Rows: func(yield func([]any, error) bool) { yield(nil, boom) }}
		require.ErrorIs(t, write(io.Discard, "zh", broken), boom, format)
		require.Error(t, write(io.Discard, "zh", table([]any{"short"})), format)
		require.Error(t, write(io.Discard, "zh", table([]any{1, 2.5, "x", "y", nil})), format)
	}
}

func TestEveryFaultIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	book := workbook(t, [][]any{
		{"收款账号", "AMOUNT (yuan)", "paid_on", "笔数"},
		{"6222", "1,234.567", "2026-02-30", "1.5"},
		{},
		{"", 12.3, 46349, 3},
		{"a\u202eb", "壹元", "", "7", "stray"},
	})
	_, err := documents.Read(book, columns, documents.Limits{})
	want := map[string]string{
		"Sheet1!B2": "fraction of a fen", "Sheet1!C2": "not a date", "Sheet1!D2": "not a whole number",
		"Sheet1!A4": "is missing", "Sheet1!A5": "invisible", "Sheet1!B5": "not an amount", "Sheet1!C5": "is missing", "Sheet1!E5": "no title",
	}
	e := kernel.AsError(err)
	require.NotNil(t, e, "%v", err)
	for _, f := range e.Fields {
		require.Contains(t, f.Message.EN, want[f.Path], f.Path)
		require.Contains(t, f.Message.ZH, "工作表“Sheet1”第 "+f.Path[len(f.Path)-1:]+" 行")
		delete(want, f.Path)
	}
	require.Empty(t, want)
}

func TestOfficeProgramsAreUnderstood(t *testing.T) {
	t.Parallel()
	book := workbook(t, [][]any{{}, {"收款账号", "金额(元)", "付款日期", " 笔 数 "}, {"6222", 1234.1 + 0.2, 46349, 3}})
	rows, err := documents.Read(book, columns, documents.Limits{})
	require.NoError(t, err)
	require.EqualValues(t, 123430, rows[0].Fen("amount"))
	require.EqualValues(t, "2026-11-23", rows[0].Date("paid_on"))
	require.Equal(t, 3, rows[0].Number)

	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("收款账号,金额（元）,付款日期,笔数,备注\n6222,\"¥1,234.50\",2026/11/3,2,重庆\n")
	require.NoError(t, err)
	rows, err = documents.Read(strings.NewReader(gbk), columns, documents.Limits{})
	require.NoError(t, err)
	require.EqualValues(t, 123450, rows[0].Fen("amount"))
	require.EqualValues(t, "2026-11-03", rows[0].Date("paid_on"))
	require.Equal(t, "重庆", rows[0].Text("note"))
}

func TestReadingRefuses(t *testing.T) {
	t.Parallel()
	head := "收款账号,金额（元）,付款日期,笔数\n"
	for name, c := range map[string]struct {
		content io.Reader
		code    string
	}{
		"nothing":          {strings.NewReader(""), "document.empty"},
		"blank lines":      {strings.NewReader("\n,,\n"), "document.empty"},
		"zero bytes":       {strings.NewReader(head + "a\x00,1,,\n"), "document.unreadable"},
		"a broken quote":   {strings.NewReader(head + "\"a,1\n"), "document.unreadable"},
		"a cut archive":    {strings.NewReader("PK\x03\x04"), "document.unreadable"},
		"another archive":  {archive(t, "OFD.xml", 10), "document.unreadable"},
		"a swelling one":   {archive(t, "xl/worksheets/sheet1.xml", 200<<20), "document.unreadable"},
		"macros":           {archive(t, "xl/vbaProject.bin", 10), "document.unreadable"},
		"too many bytes":   {strings.NewReader(strings.Repeat("x", 2<<20)), "document.too_large"},
		"too many rows":    {strings.NewReader(head + strings.Repeat("a,1,2026-11-23,1\n", 6)), "document.too_many_rows"},
		"an unknown title": {strings.NewReader("姓名," + head), "document.column_unknown"},
		"a title twice":    {strings.NewReader("account," + head), "document.column_twice"},
		"a title missing":  {strings.NewReader("收款账号,金额（元）,付款日期\n"), "document.column_missing"},
		"a csv formula":    {strings.NewReader(head + "=cmd|' /C calc'!A0,1,2026-11-23,1\n"), "document.formula"},
		"a formula":        {withFormula(t), "document.formula"},
		"a far cell":       {workbookWithFarCell(t), "document.unreadable"},
		"a number bomb":    {strings.NewReader(head + "a,1e999999999,2026-11-23,1\n"), "document.cell"},
		"too much money":   {strings.NewReader(head + "a,99999999999999.99,2026-11-23,1\n"), "document.cell"},
		"a long text":      {strings.NewReader(head + strings.Repeat("云", 501) + ",1,2026-11-23,1\n"), "document.cell"},
	} {
		rows, err := documents.Read(c.content, columns, documents.Limits{Bytes: 1 << 20, Rows: 5})
		require.Nil(t, rows, name)
		e := kernel.AsError(err)
		require.NotNil(t, e, "%s: %v", name, err)
		if e.Code == "invalid_input" {
			require.Equal(t, c.code, e.Fields[0].Code, name)
			require.LessOrEqual(t, len(e.Fields), 100)
		} else {
			require.Equal(t, c.code, e.Code, name)
		}
	}
}

func TestLargeTablesStayWithinBounds(t *testing.T) { //nolint:paralleltest // weighs the heap of the process
	const rows = 30_000
	big := documents.Table{Name: kernel.T("大表", "Large"), Columns: columns, Rows: func(yield func([]any, error) bool) {
		for i := range rows {
			if !yield([]any{fmt.Sprintf("%019d", i), kernel.Fen(i), kernel.Date("2026-11-23"), i, nil}, nil) {
				return
			}
		}
	}}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var book bytes.Buffer
	require.NoError(t, documents.WriteXLSX(&book, "zh", big))
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(64<<20))
	got, err := documents.Read(&book, columns, documents.Limits{})
	require.NoError(t, err)
	require.Len(t, got, rows)
	require.Equal(t, "0000000000000029999", got[rows-1].Text("account"))
}

func workbook(t *testing.T, rows [][]any) io.Reader {
	t.Helper()
	f := excelize.NewFile()
	for i, r := range rows {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r))
	}
	return saved(t, f)
}

func withFormula(t *testing.T) io.Reader {
	t.Helper()
	f := excelize.NewFile()
	hidden, err := f.NewSheet("数据")
	require.NoError(t, err)
	f.SetActiveSheet(hidden)
	require.NoError(t, f.SetSheetVisible("Sheet1", false))
	require.NoError(t, f.SetSheetRow("数据", "A1", &[]any{"收款账号", "金额（元）", "付款日期", "笔数"}))
	require.NoError(t, f.SetSheetRow("数据", "A2", &[]any{"6222", 5, "2026-11-23", 1}))
	require.NoError(t, f.SetCellFormula("数据", "B2", "SUM(D2:D3)"))
	return saved(t, f)
}

func workbookWithFarCell(t *testing.T) io.Reader {
	t.Helper()
	f := excelize.NewFile()
	require.NoError(t, f.SetCellValue("Sheet1", "XFD9", "far"))
	return saved(t, f)
}

func saved(t *testing.T, f *excelize.File) io.Reader {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return &b
}

func archive(t *testing.T, name string, size int) io.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	require.NoError(t, err)
	_, err = w.Write(make([]byte, size))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return &b
}

func TestRowsAreHandedOutOneByOneUntilTheFirstFault(t *testing.T) {
	t.Parallel()
	columns := []documents.Column{{Key: "n", Title: kernel.T("数", "Number"), Kind: documents.KindInt, Also: []kernel.Text{kernel.T("个数", "Count")}}}
	scan := func(text string, each func(documents.Row) error) (got []int64, err error) {
		err = documents.Scan(strings.NewReader(text), columns, documents.Limits{}, func(r documents.Row) error {
			got = append(got, r.Int("n"))
			return each(r)
		})
		return got, err
	}
	fine := func(documents.Row) error { return nil }
	got, err := scan("个数\n1\n2\n3\n", fine)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 3}, got)
	got, err = scan("count\n1\nx\n3\n", fine)
	require.Error(t, err, "the fault is told at the end")
	require.Equal(t, []int64{1}, got)
	stop := errors.New("enough")
	got, err = scan("n\n1\n2\n", func(documents.Row) error { return stop })
	require.ErrorIs(t, err, stop)
	require.Equal(t, []int64{1}, got)
}

func TestOldProgramsGetTheirOwnEncoding(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, documents.WriteCSV(&out, "zh-CN", documents.Table{
		Columns: []documents.Column{{Key: "n", Title: kernel.T("名称", "Name"), Kind: documents.KindText}}, Rows: documents.Rows([][]any{{"𠮷祥"}, {"=1"}}), Encoding: documents.GB18030,
	}))
	text, err := simplifiedchinese.GB18030.NewDecoder().String(out.String())
	require.NoError(t, err)
	require.Equal(t, "名称\r\n𠮷祥\r\n'=1\r\n", text)
}
