package rules

import (
	"regexp"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"yunhui/services/kernel"
)

// template is a sentence with facts in braces.
type template struct {
	text   kernel.Text
	quoted []*word // facts quoted in either language; nil when the text is plain
	params []*Parameter
}

var braces = regexp.MustCompile(`\{([^{}]*)\}`)

func parseTemplate(t kernel.Text, d *Document, path string, faults *kernel.Faults) (template, bool) {
	out, ok := template{text: t}, true
	for _, side := range []string{t.ZH, t.EN} {
		for _, m := range braces.FindAllStringSubmatch(side, -1) {
			if strings.HasPrefix(m[1], parameterPrefix) {
				if p := d.parameter(m[1]); p != nil {
					out.params = append(out.params, p)
					continue
				}
			}
			w := wordIndex[m[1]]
			if w == nil || w.name == "lines" {
				faults.Add(path, "policy.unknown_fact", kernel.T("词汇表中没有事实 %q", "The vocabulary has no fact %q", m[1]))
				ok = false
				continue
			}
			out.quoted = append(out.quoted, w)
		}
	}
	return out, ok
}

func (t *template) render(v *view) kernel.Text {
	out := t.text
	for _, w := range t.quoted {
		value := say(w, v)
		out.ZH = strings.ReplaceAll(out.ZH, "{"+w.name+"}", value.ZH)
		out.EN = strings.ReplaceAll(out.EN, "{"+w.name+"}", value.EN)
	}
	for _, p := range t.params {
		value := sayAmount(p.at(v.f.On).Value, p.Unit)
		out.ZH = strings.ReplaceAll(out.ZH, "{"+parameterPrefix+p.Name+"}", value.ZH)
		out.EN = strings.ReplaceAll(out.EN, "{"+parameterPrefix+p.Name+"}", value.EN)
	}
	return out
}

func say(w *word, v *view) kernel.Text {
	val, known := w.get(v)
	if !known {
		return kernel.T("未知", "unknown")
	}
	return sayValue(w.name, val)
}

func sayValue(name string, val ref.Val) kernel.Text {
	switch x := val.(type) {
	case types.Int:
		if strings.HasSuffix(name, "_fen") {
			return same(money(kernel.Fen(x)))
		}
		return same(itoa(int64(x)))
	case types.Bool:
		if x {
			return kernel.T("是", "yes")
		}
		return kernel.T("否", "no")
	case types.String:
		if label, ok := valueLabels[string(x)]; ok && name == "enterprise.size_class" {
			return label
		}
		return same(string(x))
	case traits.Lister:
		var parts []string
		for it := x.Iterator(); it.HasNext() == types.True; {
			parts = append(parts, sayValue("", it.Next()).ZH)
		}
		return both(strings.Join(parts, "、"), strings.Join(parts, ", "))
	default:
		return kernel.T("未知", "unknown")
	}
}

var valueLabels = map[string]kernel.Text{
	"large":  {ZH: "大型", EN: "large"},
	"medium": {ZH: "中型", EN: "medium"},
	"small":  {ZH: "小型", EN: "small"},
	"micro":  {ZH: "微型", EN: "micro"},
}

func both(zh, en string) kernel.Text { return kernel.Text{ZH: zh, EN: en} }

func same(s string) kernel.Text { return kernel.Text{ZH: s, EN: s} }
