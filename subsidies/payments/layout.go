package payments

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yunhui/services/documents"
	"yunhui/services/kernel"
)

// Field names what a column of a list shows of a payment.
type Field string

// kinds are the fields that a layout may show.
var kinds = map[Field]documents.Kind{
	"line_no": documents.KindInt, "batch": documents.KindText, "check": documents.KindText, "claim": documents.KindText, "payee": documents.KindText,
	"credit_code": documents.KindText, "bank": documents.KindText, "bank_code": documents.KindText, "account": documents.KindText,
	"amount_yuan": documents.KindMoney, "municipal_yuan": documents.KindMoney, "district_yuan": documents.KindMoney,
	"district": documents.KindText, "policy": documents.KindText, "purpose": documents.KindText,
}

// needed are the fields without which a list cannot be paid or come back.
var needed = []Field{"claim", "payee", "account", "amount_yuan", "batch", "check"}

// Layout is the form of a list, as data: which columns it has, in which order,
// under which titles, and what else a treasury's system expects.
type Layout struct {
	Code     string         `json:"code"`
	Title    kernel.Text    `json:"title"`
	Sheet    kernel.Text    `json:"sheet"`
	Language string         `json:"language"`     // of titles and sheet
	Encoding string         `json:"csv_encoding"` // utf-8 or gb18030
	Purpose  string         `json:"purpose"`      // text with {claim}, {batch} and {policy}
	Columns  []LayoutColumn `json:"columns"`
}

// LayoutColumn shows a field, or the same text in every line.
type LayoutColumn struct {
	Field Field       `json:"field,omitempty"`
	Fixed string      `json:"fixed,omitempty"`
	Title kernel.Text `json:"title"`
}

//go:embed layouts/*.json
var builtIn embed.FS

// Layouts are the forms that lists can be taken out in, the standard one first.
type Layouts []Layout

// OpenLayouts reads the built-in layouts and those of a folder, which may be
// absent; one of the same code replaces the built-in one.
func OpenLayouts(folder string) (Layouts, error) {
	own, err := fs.Sub(builtIn, "layouts")
	if err != nil {
		return nil, fmt.Errorf("layouts: %w", err)
	}
	all, err := readLayouts(nil, own)
	if err == nil && folder != "" {
		all, err = readLayouts(all, os.DirFS(folder))
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Layout) int {
		if (a.Code == standard) != (b.Code == standard) {
			return map[bool]int{true: -1, false: 1}[a.Code == standard]
		}
		return strings.Compare(a.Code, b.Code)
	})
	return all, all.check()
}

// standard is the layout that serves where none is named.
const standard = "standard"

func readLayouts(all Layouts, folder fs.FS) (Layouts, error) {
	names, err := fs.ReadDir(folder, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("layouts: %w", err)
	}
	for _, n := range names {
		if path.Ext(n.Name()) != ".json" {
			continue
		}
		content, err := fs.ReadFile(folder, n.Name())
		if err != nil {
			return nil, fmt.Errorf("layouts: %w", err)
		}
		one, err := ParseLayout(content)
		if err != nil {
			return nil, fmt.Errorf("layout %s: %w", n.Name(), err)
		}
		all = append(slices.DeleteFunc(all, func(l Layout) bool { return l.Code == one.Code }), one)
	}
	return all, nil
}

// ParseLayout reads one layout and names everything that is wrong with it.
func ParseLayout(content []byte) (Layout, error) {
	var l Layout
	strict := json.NewDecoder(bytes.NewReader(content))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&l); err != nil {
		return l, fmt.Errorf("not a layout: %w", err)
	}
	return l, l.check()
}

var layoutCode = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (l Layout) check() error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	must(layoutCode.MatchString(l.Code), "code: %q is not a name of small letters, digits and hyphens", l.Code)
	must(bilingual(l.Title), "title: must be there in both languages")
	must(bilingual(l.Sheet), "sheet: must be there in both languages")
	must(l.Language == "zh-CN" || l.Language == "en", "language: must be zh-CN or en")
	must(l.Encoding == documents.UTF8 || l.Encoding == documents.GB18030, "csv_encoding: must be utf-8 or gb18030")
	must(utf8.RuneCountInString(l.Purpose) <= 100 && !kernel.Hidden(l.Purpose), "purpose: at most 100 visible characters")
	for _, rest := range regexp.MustCompile(`\{[^}]*\}?`).FindAllString(l.Purpose, -1) {
		must(slices.Contains([]string{"{claim}", "{batch}", "{policy}"}, rest), "purpose: %s is not {claim}, {batch} or {policy}", rest)
	}
	must(len(l.Columns) <= 60, "columns: at most 60")
	shown, titles := map[Field]bool{}, map[string]bool{}
	for i, c := range l.Columns {
		_, known := kinds[c.Field]
		must((c.Field == "") != (c.Fixed == ""), "columns[%d]: shows either a field or a fixed text", i)
		must(c.Field == "" || known, "columns[%d]: there is no field %q", i, c.Field)
		must(c.Field == "" || !shown[c.Field], "columns[%d]: the field %q is there twice", i, c.Field)
		must(!kernel.Hidden(c.Fixed) && utf8.RuneCountInString(c.Fixed) <= 200, "columns[%d].fixed: at most 200 visible characters", i)
		must(bilingual(c.Title), "columns[%d].title: must be there in both languages", i)
		must(!titles[c.Title.In(l.Language)], "columns[%d].title: %q is there twice", i, c.Title.In(l.Language))
		shown[c.Field], titles[c.Title.In(l.Language)] = true, true
	}
	for _, f := range needed {
		must(shown[f], "columns: %q is missing, without which the list cannot be paid or come back", f)
	}
	return errors.Join(wrong...)
}

func bilingual(t kernel.Text) bool {
	return t.ZH != "" && t.EN != "" && !kernel.Hidden(t.ZH) && !kernel.Hidden(t.EN) && utf8.RuneCountInString(t.ZH) <= 60 && utf8.RuneCountInString(t.EN) <= 60
}

// check refuses layouts that give one title to two things: a list that comes
// back is read by its titles, whatever layout it went out in.
func (all Layouts) check() error {
	meaning := map[string]string{}
	for _, c := range resultColumns {
		meaning[c.Title.ZH], meaning[c.Title.EN] = c.Key, c.Key
	}
	for _, l := range all {
		for _, c := range l.Columns {
			title, says := c.Title.In(l.Language), string(c.Field)
			if before, ok := meaning[title]; ok && before != says {
				return fmt.Errorf("layout %s: the title %q means %q already", l.Code, title, before)
			}
			meaning[title] = says
		}
	}
	return nil
}

// Find returns the layout of a code, the standard one for "".
func (all Layouts) Find(code string) (Layout, bool) {
	if code == "" {
		code = standard
	}
	i := slices.IndexFunc(all, func(l Layout) bool { return l.Code == code })
	if i < 0 {
		return Layout{}, false
	}
	return all[i], true
}

// columns are those of the documents made in this layout.
func (l Layout) columns() []documents.Column {
	out := make([]documents.Column, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = documents.Column{Key: string(c.Field), Title: c.Title, Kind: documents.KindText}
		if c.Field != "" {
			out[i].Kind = kinds[c.Field]
		}
	}
	return out
}

// resultColumns are what the treasury adds to a list.
var resultColumns = []documents.Column{
	{Key: "amount", Title: kernel.T("金额", "Amount"), Kind: documents.KindMoney, Optional: true},
	{Key: "result", Title: kernel.T("结果", "Result"), Kind: documents.KindText, MaxChars: 20},
	{Key: "failure", Title: kernel.T("失败原因", "Failure"), Kind: documents.KindText, MaxChars: 500, Optional: true},
	{Key: "paid_on", Title: kernel.T("付款日期", "Paid on"), Kind: documents.KindDate, Optional: true},
	{Key: "reference", Title: kernel.T("流水号", "Reference"), Kind: documents.KindText, MaxChars: 80, Optional: true},
}

// returning are the columns that a file of results may have: those of any
// layout, so that the list itself comes back with the results added to it.
func (all Layouts) returning() []documents.Column {
	out := slices.Clone(resultColumns)
	at := map[Field]int{}
	for _, l := range all {
		for i, c := range l.Columns {
			if c.Field == "" {
				out = append(out, documents.Column{Key: fmt.Sprintf("%s.%d", l.Code, i), Title: c.Title, Kind: documents.KindText, Optional: true})
				continue
			}
			n, known := at[c.Field]
			if !known {
				n = len(out)
				at[c.Field] = n
				out = append(out, documents.Column{Key: string(c.Field), Title: c.Title, Kind: kinds[c.Field], Optional: c.Field != "claim"})
			}
			out[n].Also = append(out[n].Also, c.Title)
		}
	}
	return out
}
