package rules

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// logic is an expression as far as it can be reasoned about: and, or, and
// comparisons of a fact. What is neither is opaque, and nothing follows from it.
type logic struct {
	kind  string // and, or, atom, opaque
	parts []*logic
	atom  atom
}

const (
	logicAnd    = "and"
	logicOr     = "or"
	logicAtom   = "atom"
	logicOpaque = "opaque"
)

// atom compares one fact with constants, with a parameter, or with another fact.
type atom struct {
	fact      *word
	op        string // >=, >, <=, <, ==, !=, in, not in
	constants []ref.Val
	parameter *Parameter
	other     *word
}

var comparisons = map[string]string{
	operators.GreaterEquals: ">=", operators.Greater: ">", operators.LessEquals: "<=", operators.Less: "<", operators.Equals: "==", operators.NotEquals: "!=", operators.In: "in",
}

var turned = map[string]string{">=": "<=", ">": "<", "<=": ">=", "<": ">", "==": "==", "!=": "!="}

var negated = map[string]string{">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}

func readLogic(e ast.Expr, d *Document) *logic {
	opaque := &logic{kind: logicOpaque}
	if e.Kind() == ast.IdentKind {
		if w := wordIndex[e.AsIdent()]; w != nil && w.typ.Kind() == types.BoolKind {
			return &logic{kind: logicAtom, atom: atom{fact: w, op: "==", constants: []ref.Val{types.True}}}
		}
	}
	if e.Kind() != ast.CallKind {
		return opaque
	}
	args := e.AsCall().Args()
	switch name := e.AsCall().FunctionName(); name {
	case operators.LogicalAnd:
		return readSides(logicAnd, args, d)
	case operators.LogicalOr:
		return readSides(logicOr, args, d)
	case operators.LogicalNot:
		return readLogic(args[0], d).not()
	default:
		if op, ok := comparisons[name]; ok && len(args) == 2 {
			if a, ok := readAtom(op, args[0], args[1], d); ok {
				return &logic{kind: logicAtom, atom: a}
			}
		}
		return opaque
	}
}

// readSides reads the sides of "and" or "or", and takes up those of the same kind.
func readSides(kind string, sides []ast.Expr, d *Document) *logic {
	out := &logic{kind: kind}
	for _, s := range sides {
		part := readLogic(s, d)
		if part.kind == kind {
			out.parts = append(out.parts, part.parts...)
		} else {
			out.parts = append(out.parts, part)
		}
	}
	return out
}

func (l *logic) not() *logic {
	switch l.kind {
	case logicAtom:
		a := l.atom
		a.op = negated[a.op]
		return &logic{kind: logicAtom, atom: a}
	case logicAnd, logicOr:
		out := &logic{kind: logicAnd}
		if l.kind == logicAnd {
			out.kind = logicOr
		}
		for _, p := range l.parts {
			out.parts = append(out.parts, p.not())
		}
		return out
	default:
		return l
	}
}

func readAtom(op string, left, right ast.Expr, d *Document) (atom, bool) {
	a := atom{op: op, fact: factOf(left)}
	if a.fact == nil && op != "in" {
		if a.fact = factOf(right); a.fact == nil {
			return a, false
		}
		a.op, right = turned[op], left
	}
	if a.fact == nil || a.fact.typ.Kind() == types.ListKind {
		return a, false
	}
	if op == "in" {
		ok := a.readList(right)
		return a, ok
	}
	switch right.Kind() {
	case ast.LiteralKind:
		a.constants = []ref.Val{right.AsLiteral()}
		return a, true
	case ast.IdentKind:
		name := right.AsIdent()
		if strings.HasPrefix(name, parameterPrefix) {
			a.parameter = d.parameter(name)
			return a, a.parameter != nil
		}
		a.other = wordIndex[name]
		return a, a.other != nil
	default:
		return a, false
	}
}

func (a *atom) readList(e ast.Expr) bool {
	if e.Kind() != ast.ListKind {
		return false
	}
	for _, one := range e.AsList().Elements() {
		if one.Kind() != ast.LiteralKind {
			return false
		}
		a.constants = append(a.constants, one.AsLiteral())
	}
	return true
}

func factOf(e ast.Expr) *word {
	if e.Kind() != ast.IdentKind {
		return nil
	}
	return wordIndex[e.AsIdent()]
}

// each visits every comparison.
func (l *logic) each(visit func(*atom)) {
	if l.kind == logicAtom {
		visit(&l.atom)
	}
	for _, p := range l.parts {
		p.each(visit)
	}
}
