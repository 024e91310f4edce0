package api

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yunhui/services/kernel"
)

// newSchemas holds the schemas of the document. The measures of the kernel bring
// theirs along, so that money out of range or a day that does not exist is
// refused at the desk wherever it occurs.
func newSchemas() huma.Registry {
	n := namer{taken: map[string]reflect.Type{}}
	r := huma.NewMapRegistry("#/components/schemas/", n.name)
	r.RegisterTypeAlias(reflect.TypeFor[kernel.Fen](), reflect.TypeFor[fenSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[kernel.Date](), reflect.TypeFor[dateSchema]())
	r.RegisterTypeAlias(reflect.TypeFor[kernel.ID](), reflect.TypeFor[idSchema]())
	return r
}

type (
	fenSchema  int64
	dateSchema string
	idSchema   string
)

func (fenSchema) Schema(huma.Registry) *huma.Schema {
	most := float64(kernel.MaxFen)
	least := -most
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &least, Maximum: &most, Description: "金额（分）/ amount in fen"}
}

func (dateSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

func (idSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, PatternDescription: "0190163d-8694-739b-aea5-966c26f8ad90",
		Pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
	}
}

// namer names schemas by their types. Rooms choose their type names without
// knowing of each other; the second of a name is given its room's name in front.
type namer struct{ taken map[string]reflect.Type }

func (n namer) name(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if t.Name() == "" || t.Kind() != reflect.Struct {
		return name
	}
	for _, candidate := range []string{name, roomOf(t) + name} {
		if holder, ok := n.taken[candidate]; !ok || holder == t {
			n.taken[candidate] = t
			return candidate
		}
	}
	panic(fmt.Sprintf("api: the schema name %s of %s is taken by %s", name, t, n.taken[name]))
}

// roomOf is the room a type belongs to: "Catalog" for yunhui/catalog/rest,
// "Identity" for yunhui/services/identity. A list of things belongs to the room
// of the things.
func roomOf(t reflect.Type) string {
	path := t.PkgPath()
	if inner := strings.LastIndexAny(t.Name(), "[*,"); inner >= 0 {
		path = t.Name()[inner+1:]
	}
	path = strings.TrimPrefix(strings.TrimPrefix(path, "yunhui/"), "services/")
	room := path[:len(path)-len(strings.TrimLeft(path, "abcdefghijklmnopqrstuvwxyz"))]
	if room == "" {
		return ""
	}
	return strings.ToUpper(room[:1]) + room[1:]
}
