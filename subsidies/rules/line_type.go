package rules

import (
	"fmt"
	"reflect"
	"strconv"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"yunhui/services/kernel"
)

const lineType = "yunhui.Line"

// lineField is one typed field of an element of "lines".
type lineField struct {
	name  string
	typ   *cel.Type
	label kernel.Text
	get   func(l *Line) (ref.Val, bool)
}

var lineFields = []lineField{
	{"category", cel.StringType, kernel.T("服务类别", "category of the service"), func(l *Line) (ref.Val, bool) { return types.String(l.Category), l.Category != "" }},
	{"depth", cel.StringType, kernel.T("上云深度（资源、业务、能力、生态）", "depth (resource, business, capability, ecosystem)"), func(l *Line) (ref.Val, bool) { return types.String(l.Depth), l.Depth != "" }},
	{"class", cel.StringType, kernel.T("服务等级（A、B）", "class (A, B)"), func(l *Line) (ref.Val, bool) { return types.String(l.Class), l.Class != "" }},
	{"cost_kind", cel.StringType, kernel.T("费用种类", "kind of cost"), func(l *Line) (ref.Val, bool) { kind := l.costKind(); return types.String(kind), kind != "" }},
	{"list_price_fen", cel.IntType, kernel.T("标价", "list price"), func(l *Line) (ref.Val, bool) { return types.Int(l.sum().list), true }},
	{"discount_fen", cel.IntType, kernel.T("服务商优惠", "provider's discount"), func(l *Line) (ref.Val, bool) { return types.Int(l.sum().discount), true }},
	{"quantity", cel.IntType, kernel.T("数量", "quantity"), func(l *Line) (ref.Val, bool) { return types.Int(l.times()), true }},
	{"first_use", cel.BoolType, kernel.T("是否首次使用", "whether used for the first time"), func(l *Line) (ref.Val, bool) { return types.Bool(l.FirstUse), true }},
}

func lineFieldNamed(name string) *lineField {
	for i := range lineFields {
		if lineFields[i].name == name {
			return &lineFields[i]
		}
	}
	return nil
}

// lineVal is a line as CEL sees it: an object with typed fields and nothing else.
type lineVal struct {
	v *view
	i int
}

var lineObject = types.NewObjectType(lineType)

func (l *lineVal) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("a line cannot become a %v", t)
}
func (l *lineVal) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("a line cannot become a %s", t.TypeName())
}
func (l *lineVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(*lineVal)
	return types.Bool(ok && o.i == l.i)
}
func (l *lineVal) Type() ref.Type { return lineObject }
func (l *lineVal) Value() any     { return l }

// field reads one field; a fact not told becomes an unknown that the
// logical operators of CEL carry along.
func (l *lineVal) field(w *lineField) ref.Val {
	val, known := w.get(&l.v.f.Lines[l.i])
	if !known {
		return l.v.unknown("lines[" + strconv.Itoa(l.i) + "]." + w.name)
	}
	return val
}

// provider adds the type of a line to the standard types, so that a misspelt
// field is a compile error and not a surprise at run time.
type provider struct{ *types.Registry }

func (p provider) FindStructType(name string) (*types.Type, bool) {
	if name == lineType {
		return types.NewTypeTypeWithParam(lineObject), true
	}
	return p.Registry.FindStructType(name)
}

func (p provider) FindStructFieldNames(name string) ([]string, bool) {
	if name != lineType {
		return p.Registry.FindStructFieldNames(name)
	}
	names := make([]string, len(lineFields))
	for i, f := range lineFields {
		names[i] = f.name
	}
	return names, true
}

func (p provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if name != lineType {
		return p.Registry.FindStructFieldType(name, field)
	}
	w := lineFieldNamed(field)
	if w == nil {
		return nil, false
	}
	return &types.FieldType{
		Type:  w.typ,
		IsSet: func(any) bool { return true },
		GetFrom: func(target any) (any, error) {
			l, ok := target.(*lineVal)
			if !ok {
				return nil, fmt.Errorf("no line: %T", target)
			}
			return l.field(w), nil
		},
	}, true
}

// NewValue refuses: expressions read lines and never make them.
func (p provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if name == lineType {
		return types.NewErr("lines cannot be made in an expression")
	}
	return p.Registry.NewValue(name, fields)
}
