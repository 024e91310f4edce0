package payments_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

func TestEveryLayoutGoesOutAndComesBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all, err := payments.OpenLayouts("")
		require.NoError(t, err)
		require.Equal(t, "standard", all[0].Code, "the standard one first")
		require.Len(t, all, 3)
		for _, layout := range all {
			b, claims := ordered(t, city, 2)
			other, _ := ordered(t, city, 1)
			out := func(id string) string {
				var file bytes.Buffer
				batch := b.ID
				if id == "other" {
					batch = other.ID
				}
				_, err := city.Payments.Export(finance, batch, payments.Export{Format: payments.CSV, Layout: layout.Code}, &file)
				require.NoError(t, err)
				text := file.String()
				if layout.Encoding == "gb18030" {
					text, err = simplifiedchinese.GB18030.NewDecoder().String(text)
					require.NoError(t, err)
					require.NotContains(t, file.String(), "\ufeff")
				}
				return text
			}
			rows := strings.Split(strings.TrimSuffix(out(""), "\r\n"), "\r\n")
			require.Len(t, rows, 3)
			for _, part := range []string{b.Number, claims[0].Number, "62220000", "3000.00", "105653000001", "云惠（虚构）银行营业部", "𠮷祥"} {
				require.Contains(t, rows[1], part, layout.Code)
			}
			day := string(kernel.DayOf(city.Clock.Now()))
			filled := rows[0] + ",结果,付款日期,流水号\n" + rows[1] + ",成功," + day + ",1\n" + rows[2] + ",成功," + day + ",2\n"
			strange := strings.Split(out("other"), "\r\n")[1]
			before := city.Traces(t)
			for name, bad := range map[string]struct{ file, fault string }{
				"another batch's line":              {filled + strange + ",成功," + day + ",3\n", "rows[4].batch:batch.other"},
				"a line of a list that was changed": {strings.Replace(filled, ",H", ",G", 1), "rows[2].check:batch.other_list"},
				"a line twice":                      {filled + rows[1] + ",成功," + day + ",1\n", "rows[4].claim:result.repeated"},
				"an amount that was changed":        {strings.Replace(filled, "3000.00", "3000.01", 1), "rows[2].amount:result.amount"},
				"a formula":                         {filled + "=1+1" + strings.Repeat(",", strings.Count(rows[0], ",")+3) + "\n", "A4:document.formula"},
				"a column nobody knows":             {strings.Replace(filled, "流水号", "备注甲", 1), "document.column_unknown"},
				"no results":                        {strings.Join(rows, "\n"), "document.column_missing"},
			} {
				_, err = city.Payments.Import(finance, b.ID, strings.NewReader(bad.file))
				require.Contains(t, strings.Join(codes(err), " "), bad.fault, "%s: %s", layout.Code, name)
			}
			require.Equal(t, before, city.Traces(t), "and nothing is changed")
			encoded := filled
			if layout.Encoding == "gb18030" {
				encoded, err = simplifiedchinese.GB18030.NewEncoder().String(filled)
				require.NoError(t, err)
			}
			done, err := city.Payments.Import(finance, b.ID, strings.NewReader(encoded))
			require.NoError(t, err)
			require.Equal(t, payments.Settled, done.State)
			require.Equal(t, subsidies.ClaimPaid, city.Claim(t, claims[1].ID).State)
		}
	})
}

func TestAFileOfTwoHundredMegabytesIsRefusedAtItsSize(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, _ := ordered(t, city, 1)
		before := city.Traces(t)
		_, err := city.Payments.Import(finance, b.ID, &endless{})
		require.ErrorContains(t, err, "document.too_large")
		require.Equal(t, before, city.Traces(t))
	})
}

// endless is a file that is never over; who reads more of it than 200 MB fails.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read += len(p); e.read > 200<<20 {
		return 0, os.ErrClosed
	}
	return copy(p, bytes.Repeat([]byte("a,b\n"), len(p)/4+1)), nil
}

func TestALayoutOfTheFolderReplacesOrAddsAndABadOneIsRefused(t *testing.T) {
	t.Parallel()
	good := `{"code":"own","title":{"zh":"自定","en":"Own"},"sheet":{"zh":"表","en":"Sheet"},"language":"en","csv_encoding":"utf-8","purpose":"{batch}","columns":[
		{"field":"claim","title":{"zh":"甲","en":"Ref"}},{"field":"payee","title":{"zh":"乙","en":"Name"}},{"field":"account","title":{"zh":"丙","en":"IBAN"}},
		{"field":"amount_yuan","title":{"zh":"丁","en":"Sum"}},{"field":"batch","title":{"zh":"戊","en":"List"}},{"field":"check","title":{"zh":"己","en":"Seal"}},
		{"fixed":"=1+1","title":{"zh":"庚","en":"Fixed"}}]}`
	open := func(document string) (payments.Layouts, error) {
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "x.json"), []byte(document), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("no layout"), 0o600))
		return payments.OpenLayouts(folder)
	}
	all, err := open(good)
	require.NoError(t, err)
	require.Len(t, all, 4)
	all, err = open(strings.Replace(good, `"own"`, `"bank"`, 1))
	require.NoError(t, err)
	require.Len(t, all, 3)
	found, ok := all.Find("bank")
	require.True(t, ok)
	require.Equal(t, "自定", found.Title.ZH)
	_, err = payments.OpenLayouts(filepath.Join(t.TempDir(), "absent"))
	require.NoError(t, err)

	for flaw, change := range map[string][2]string{
		"unknown field":              {`"sheet"`, `"color":"red","sheet"`},
		"code:":                      {`"own"`, `"../own"`},
		"language:":                  {`"en","csv`, `"fr","csv`},
		"csv_encoding:":              {`utf-8`, `utf-16`},
		"{person} is not":            {`{batch}`, `{person}`},
		`no field "iban"`:            {`"account"`, `"iban"`},
		`"account" is missing`:       {`"field":"account"`, `"fixed":"x"`},
		`the field "claim" is there`: {`"field":"payee"`, `"field":"claim"`},
		`"Ref" is there twice`:       {`"Name"`, `"Ref"`},
		"either a field or a fixed":  {`"fixed":"=1+1"`, `"fixed":""`},
		"title: must be there":       {`"zh":"自定"`, `"zh":""`},
		`means "result" already`:     {`"en":"Fixed"`, `"en":"Result"`},
		`means "claim" already`:      {`"en":"Fixed"`, `"en":"申请编号"`},
	} {
		_, err := open(strings.Replace(good, change[0], change[1], 1))
		require.ErrorContains(t, err, flaw)
	}
}

func TestWhatALayoutFixesNeverBecomesAFormula(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, _ := ordered(t, city, 1)
		own := city.Payments.Layouts[0]
		own.Code = "own"
		own.Columns = append(slices.Clip(own.Columns), payments.LayoutColumn{Fixed: "=1+1", Title: own.Title})
		city.Payments.Layouts = append(city.Payments.Layouts, own)
		var file bytes.Buffer
		_, err := city.Payments.Export(finance, b.ID, payments.Export{Format: payments.CSV, Layout: "own"}, &file)
		require.NoError(t, err)
		require.Contains(t, file.String(), ",'=1+1\r\n")
		_, err = city.Payments.Export(finance, b.ID, payments.Export{Format: payments.CSV, Layout: "none"}, &file)
		require.Equal(t, []string{"layout:field.choice"}, codes(err))
	})
}
