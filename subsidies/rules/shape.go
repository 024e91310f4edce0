package rules

import (
	"encoding/json"
	"strings"
	"sync"

	"yunhui/services/kernel"
)

// shape is the schema laid beside a document: the names of its parts in both
// languages, the units of its numbers and the order of its fields.
type shape struct {
	label  kernel.Text
	unit   string // "fen", "bp" or none
	order  []string
	fields map[string]*shape
	item   *shape
	ref    *shape // the definition that says the rest
}

// documentShape is the shape of a whole document.
var documentShape = sync.OnceValue(func() *shape {
	var root node
	if err := json.Unmarshal(schemaJSON, &root); err != nil {
		panic("policy.schema.json: " + err.Error())
	}
	named, err := ordered(root.Defs)
	if err != nil {
		panic("policy.schema.json: " + err.Error())
	}
	defs := make(map[string]*shape, len(named))
	for _, d := range named {
		defs[d.name] = &shape{}
	}
	for _, d := range named {
		*defs[d.name] = *shapeOf(d.node, defs)
	}
	return shapeOf(root, defs)
})

func shapeOf(n node, defs map[string]*shape) *shape {
	zh, en := sides(n.Description)
	s := &shape{label: both(short(zh, "。；，：（"), short(en, ".;,:("))}
	if n.Ref != "" {
		name := n.Ref[strings.LastIndexByte(n.Ref, '/')+1:]
		s.ref = defs[name]
		return s
	}
	if fields, err := ordered(n.Properties); err == nil {
		s.fields = make(map[string]*shape, len(fields))
		for _, f := range fields {
			s.order = append(s.order, f.name)
			s.fields[f.name] = shapeOf(f.node, defs)
			s.fields[f.name].unit = unitOf(f.name)
		}
	}
	if n.Items != nil {
		s.item = shapeOf(*n.Items, defs)
	}
	return s
}

// unitOf is the unit that the name of a number ends with.
func unitOf(name string) string {
	for _, unit := range []string{"fen", "bp"} {
		if strings.HasSuffix(name, "_"+unit) {
			return unit
		}
	}
	return ""
}

// whole follows a reference to its definition. A nil shape is that of something
// the schema does not know.
func (s *shape) whole() *shape {
	switch {
	case s == nil:
		return &shape{}
	case s.ref != nil:
		return s.ref
	default:
		return s
	}
}

func (s *shape) field(name string) *shape { return s.whole().fields[name] }

func (s *shape) element() *shape { return s.whole().item }

// short cuts a description at its first stop.
func short(s, stops string) string {
	if i := strings.IndexAny(s, stops); i > 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}
