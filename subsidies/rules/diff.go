package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"yunhui/services/kernel"
)

// The kinds of a Change.
const (
	ChangeAdded   = "added"
	ChangeRemoved = "removed"
	ChangeChanged = "changed"
)

// Change is one difference between two documents. Path lies in the newer
// document, that of what was removed in the older.
type Change struct {
	Path   string          `json:"path"`
	Clause string          `json:"clause,omitempty"`
	Kind   string          `json:"kind"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Text   kernel.Text     `json:"text"`
}

// maxChanges bounds what a person is shown; beyond it the documents have little
// in common.
const maxChanges = 500

// Diff tells how the newer document differs from the older, in the order of the
// schema. Either may be unfinished. Entries of a list are matched by their
// clause or name before their position, so that an inserted rule is one change.
func Diff(older, newer []byte) ([]Change, error) {
	before, err := readTree(older)
	if err != nil {
		return nil, fmt.Errorf("the older document: %w", err)
	}
	after, err := readTree(newer)
	if err != nil {
		return nil, fmt.Errorf("the newer document: %w", err)
	}
	d := differ{}
	d.compare("", place{shape: documentShape()}, before, after)
	return d.changes, nil
}

type differ struct{ changes []Change }

// place is where in the schema the comparison is, and under which clause.
type place struct {
	shape  *shape
	clause string
	label  kernel.Text
}

func (d *differ) compare(path string, p place, before, after any) {
	if equal(before, after) || len(d.changes) >= maxChanges {
		return
	}
	switch b := before.(type) {
	case map[string]any:
		if a, ok := after.(map[string]any); ok {
			d.compareObjects(path, p, b, a)
			return
		}
	case []any:
		if a, ok := after.([]any); ok {
			d.compareLists(path, p, b, a)
			return
		}
	}
	d.note(path, p, ChangeChanged, before, after)
}

func (d *differ) compareObjects(path string, p place, before, after map[string]any) {
	if c := clauseOf(after); c != "" {
		p.clause = c
	}
	for _, name := range fieldOrder(p.shape, before, after) {
		b, had := before[name]
		a, has := after[name]
		next := p.into(name)
		switch {
		case had && has:
			d.compare(join(path, name), next, b, a)
		case had:
			d.note(join(path, name), next, ChangeRemoved, b, nil)
		default:
			d.note(join(path, name), next, ChangeAdded, nil, a)
		}
	}
}

func (p place) into(name string) place {
	s := p.shape.field(name)
	label := both(name, name)
	if s != nil {
		label = s.label
		if label.ZH == "" {
			label = s.whole().label
		}
	}
	if p.label.ZH != "" && (s == nil || s.ref == nil || s.unit != "") { // a leaf is told with what holds it
		label = both(p.label.ZH+" · "+label.ZH, p.label.EN+" · "+label.EN)
	}
	return place{shape: s, clause: p.clause, label: label}
}

func (d *differ) compareLists(path string, p place, before, after []any) {
	next := place{shape: p.shape.element(), clause: p.clause, label: p.label}
	pairs := align(before, after)
	for _, m := range pairs {
		switch {
		case m.before < 0:
			d.note(at(path, m.after), next, ChangeAdded, nil, after[m.after])
		case m.after < 0:
			d.note(at(path, m.before), next, ChangeRemoved, before[m.before], nil)
		default:
			d.compare(at(path, m.after), next, before[m.before], after[m.after])
		}
	}
}

func (d *differ) note(path string, p place, kind string, before, after any) {
	if len(d.changes) >= maxChanges {
		return
	}
	clause := p.clause
	for _, v := range []any{before, after} {
		if m, ok := v.(map[string]any); ok {
			if c := clauseOf(m); c != "" {
				clause = c
			}
		}
	}
	c := Change{Path: path, Clause: clause, Kind: kind}
	unit := ""
	if p.shape != nil {
		unit = p.shape.unit
	}
	if kind != ChangeAdded {
		c.Before = raw(before)
	}
	if kind != ChangeRemoved {
		c.After = raw(after)
	}
	c.Text = tell(p.label, clause, kind, spoken(before, unit), spoken(after, unit))
	d.changes = append(d.changes, c)
}

// tell says a change in one sentence.
func tell(label kernel.Text, clause, kind string, before, after kernel.Text) kernel.Text {
	zh, en := label.ZH, label.EN
	if clause != "" {
		zh, en = "第 "+clause+" 条 · "+zh, "Clause "+clause+" · "+en
	}
	switch kind {
	case ChangeAdded:
		return both("新增 "+zh+"："+after.ZH, "Added "+en+": "+after.EN)
	case ChangeRemoved:
		return both("删除 "+zh+"："+before.ZH, "Removed "+en+": "+before.EN)
	default:
		return both(zh+"："+before.ZH+" → "+after.ZH, en+": "+before.EN+" → "+after.EN)
	}
}

// spoken writes a value as people read it.
func spoken(v any, unit string) kernel.Text {
	switch x := v.(type) {
	case json.Number:
		n, err := strconv.ParseInt(x.String(), 10, 64)
		switch {
		case err == nil && unit == "fen":
			return same(money(kernel.Fen(n)))
		case err == nil && unit == "bp":
			return same(kernel.Rate(n).Percent())
		}
		return same(x.String())
	case string:
		return same(clipped(x))
	case map[string]any:
		zh, _ := x["zh"].(string)
		en, _ := x["en"].(string)
		if len(x) == 2 && zh != "" && en != "" {
			return both(clipped(zh), clipped(en))
		}
	}
	return same(clipped(string(raw(v))))
}

const maxSpoken = 120

func clipped(s string) string {
	r := []rune(s)
	if len(r) <= maxSpoken {
		return s
	}
	return string(r[:maxSpoken]) + "…"
}

func raw(v any) json.RawMessage {
	b, err := writeTree(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// clauseOf is the clause an entry rests on, or is.
func clauseOf(m map[string]any) string {
	for _, key := range []string{"clause", "number"} {
		if s, ok := m[key].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// fieldOrder lists the fields of both, those of the schema in its order first.
func fieldOrder(s *shape, a, b map[string]any) []string {
	var out []string
	for _, name := range s.whole().order {
		if _, ok := a[name]; ok {
			out = append(out, name)
		} else if _, ok := b[name]; ok {
			out = append(out, name)
		}
	}
	rest := slices.Sorted(maps.Keys(a))
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if !slices.Contains(rest, name) {
			rest = append(rest, name)
		}
	}
	for _, name := range rest {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
