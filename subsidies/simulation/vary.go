package simulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// steps of a path such as "rates[1].bands[0].rate_bp".
var stepForm = regexp.MustCompile(`^([A-Za-z0-9_-]*)((?:\[\d{1,4}\])*)$`)

// vary returns the document with another whole number at a path. It refuses a
// path at which no number stands, and a number that the document cannot have.
func vary(doc rules.Document, path string, value int64) (rules.Document, error) {
	var tree any
	plain, err := json.Marshal(doc)
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(plain))
		decoder.UseNumber()
		err = decoder.Decode(&tree)
	}
	if err != nil {
		return doc, fmt.Errorf("vary %s: %w", doc.Code, err)
	}
	keys, ok := keysOf(path)
	if !ok || !set(tree, keys, value) {
		var f kernel.Faults
		f.Add("sensitivity.path", "simulation.path", kernel.T("文档的 %q 处没有可以改变的数字", "There is no number to vary at %q", path))
		return doc, f.Err()
	}
	if plain, err = json.Marshal(tree); err != nil {
		return doc, fmt.Errorf("vary %s: %w", doc.Code, err)
	}
	changed, err := rules.Parse(plain)
	if e := kernel.AsError(err); e != nil {
		var f kernel.Faults
		why := e.Message
		if len(e.Fields) > 0 {
			why = e.Fields[0].Message
		}
		f.Add("sensitivity.values", "simulation.value", kernel.T("取值 %[1]d 时文档不成立：%[2]s", "With %[1]d the document does not hold: %[3]s", value, why.ZH, why.EN))
		return doc, f.Err()
	}
	return changed, err
}

func keysOf(path string) ([]any, bool) {
	var keys []any
	for step := range strings.SplitSeq(path, ".") {
		m := stepForm.FindStringSubmatch(step)
		if len(m) != 3 || m[1]+m[2] == "" {
			return nil, false
		}
		if m[1] != "" {
			keys = append(keys, m[1])
		}
		for index := range strings.SplitSeq(strings.Trim(m[2], "[]"), "][") {
			if n, err := strconv.Atoi(index); err == nil {
				keys = append(keys, n)
			}
		}
	}
	return keys, len(keys) > 0
}

// set replaces the number at the end of the keys.
func set(tree any, keys []any, value int64) bool {
	for i, key := range keys {
		last := i == len(keys)-1
		var next any
		put := func(any) {}
		switch k := key.(type) {
		case string:
			object, ok := tree.(map[string]any)
			if !ok {
				return false
			}
			next, put = object[k], func(v any) { object[k] = v }
		case int:
			list, ok := tree.([]any)
			if !ok || k >= len(list) {
				return false
			}
			next, put = list[k], func(v any) { list[k] = v }
		}
		if last {
			if _, number := next.(json.Number); !number {
				return false
			}
			put(json.Number(strconv.FormatInt(value, 10)))
			return true
		}
		tree = next
	}
	return false
}
