package api

import (
	"encoding/json"
	"reflect"
)

// A list without entries is [] and never null in our answers. What a handler
// left nil is filled in, in the answer itself and in its lists; what hangs
// behind a pointer is not touched, since it may be shared.

// filler gives the nil lists of a value their emptiness; nil when the type has none.
type filler func(v reflect.Value)

var marshaler = reflect.TypeFor[json.Marshaler]()

// fillerOf builds the filler of a type once, at registration.
func fillerOf(t reflect.Type) filler {
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return fillStruct(t)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return nil
		}
		return fillList(t, fillerOf(t.Elem()))
	default:
		return nil
	}
}

func fillStruct(t reflect.Type) filler {
	type part struct {
		index int
		fill  filler
	}
	var parts []part
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if fill := fillerOf(f.Type); fill != nil {
			parts = append(parts, part{i, fill})
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return func(v reflect.Value) {
		for _, p := range parts {
			p.fill(v.Field(p.index))
		}
	}
}

func fillList(t reflect.Type, element filler) filler {
	return func(v reflect.Value) {
		if v.IsNil() {
			v.Set(reflect.MakeSlice(t, 0, 0))
			return
		}
		if element != nil {
			for i := range v.Len() {
				element(v.Index(i))
			}
		}
	}
}
