package api

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yunhui/services/kernel"
)

// Characters that a reader cannot see can disguise a name or a number, so no
// text with them passes the desk. What is refused is named; nothing is altered.

// sweep looks through a value of one type for texts with hidden characters.
// A nil sweep means that the type holds no text.
type sweep func(v reflect.Value, at trail, found func(path string))

// trail is the way down to a value; it becomes text only when something is found.
type trail []step

type step struct {
	name  string
	index int // of an element, when there is no name
}

func (t trail) name(n string) trail { return append(t, step{name: n}) }
func (t trail) index(i int) trail   { return append(t, step{index: i}) }

func (t trail) String() string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

var (
	rawMessageType = reflect.TypeFor[json.RawMessage]()
	unmarshaler    = reflect.TypeFor[json.Unmarshaler]()
)

// sweepOf builds the sweep of a type once, at registration.
func sweepOf(t reflect.Type) sweep { return buildSweep(t, map[reflect.Type]*sweep{}) }

func buildSweep(t reflect.Type, known map[reflect.Type]*sweep) sweep {
	if s, ok := known[t]; ok { // a type that contains itself: it will have been built by the time it is used
		return func(v reflect.Value, at trail, found func(string)) {
			if *s != nil {
				(*s)(v, at, found)
			}
		}
	}
	var s sweep
	known[t] = &s
	s = buildSweepAnew(t, known)
	if t.Kind() != reflect.Struct {
		delete(known, t)
	}
	return s
}

func buildSweepAnew(t reflect.Type, known map[reflect.Type]*sweep) sweep {
	switch {
	case t == rawMessageType:
		return sweepRaw
	case t.Kind() == reflect.Struct && reflect.PointerTo(t).Implements(unmarshaler):
		return nil // decodes itself, as time.Time does
	}
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value, at trail, found func(string)) {
			if kernel.Hidden(v.String()) {
				found(at.String())
			}
		}
	case reflect.Struct:
		return sweepStruct(t, known)
	case reflect.Pointer:
		return sweepPointer(buildSweep(t.Elem(), known))
	case reflect.Slice, reflect.Array:
		return sweepList(buildSweep(t.Elem(), known))
	case reflect.Map:
		return sweepMap(buildSweep(t.Elem(), known))
	case reflect.Interface:
		return func(v reflect.Value, at trail, found func(string)) { sweepAny(v.Interface(), at, found) }
	default:
		return nil
	}
}

func sweepStruct(t reflect.Type, known map[reflect.Type]*sweep) sweep {
	type part struct {
		index int
		name  string // empty: its fields belong to the parent
		sweep sweep
	}
	var parts []part
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && !f.Anonymous {
			continue
		}
		if s := buildSweep(f.Type, known); s != nil {
			parts = append(parts, part{index: i, name: nameOf(f), sweep: s})
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return func(v reflect.Value, at trail, found func(string)) {
		for _, p := range parts {
			below := at
			if p.name != "" {
				below = at.name(p.name)
			}
			p.sweep(v.Field(p.index), below, found)
		}
	}
}

// nameOf is the name under which a caller knows the field.
func nameOf(f reflect.StructField) string {
	for _, tag := range []string{"json", "path", "query", "header", "cookie", "form"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" {
			return name
		}
	}
	if f.Anonymous || f.Name == "Body" {
		return ""
	}
	return f.Name
}

func sweepPointer(element sweep) sweep {
	if element == nil {
		return nil
	}
	return func(v reflect.Value, at trail, found func(string)) {
		if !v.IsNil() {
			element(v.Elem(), at, found)
		}
	}
}

func sweepList(element sweep) sweep {
	if element == nil {
		return nil
	}
	return func(v reflect.Value, at trail, found func(string)) {
		for i := range v.Len() {
			element(v.Index(i), at.index(i), found)
		}
	}
}

func sweepMap(element sweep) sweep {
	return func(v reflect.Value, at trail, found func(string)) {
		for key, value := range v.Seq2() {
			name := fmt.Sprint(key)
			if kernel.Hidden(name) {
				found(at.String())
			}
			if element != nil {
				element(value, at.name(name), found)
			}
		}
	}
}

func sweepRaw(v reflect.Value, at trail, found func(string)) {
	var parsed any
	if json.Unmarshal(v.Bytes(), &parsed) == nil {
		sweepAny(parsed, at, found)
	}
}

func sweepAny(value any, at trail, found func(string)) {
	switch v := value.(type) {
	case string:
		if kernel.Hidden(v) {
			found(at.String())
		}
	case []any:
		for i, element := range v {
			sweepAny(element, at.index(i), found)
		}
	case map[string]any:
		for name, element := range v {
			if kernel.Hidden(name) {
				found(at.String())
			}
			sweepAny(element, at.name(name), found)
		}
	}
}

// hiddenIn sweeps the raw body of a request that huma has already refused, so
// that hidden characters are told together with its other faults.
func hiddenIn(ctx huma.Context) []kernel.Field {
	var fields []kernel.Field
	body, err := io.ReadAll(ctx.BodyReader())
	var parsed any
	if err == nil && json.Unmarshal(body, &parsed) == nil {
		sweepAny(parsed, nil, func(path string) { fields = append(fields, fault(path, "field.hidden_characters")) })
	}
	return fields
}
