package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"yunhui/services/kernel"
)

// view is the facts as the expressions of one quote see them. It notes which
// facts were asked for and not told.
type view struct {
	f              *Facts
	doc            *Document
	list, contract kernel.Fen
	missing        []string
	lines          ref.Val
}

var _ cel.Activation = (*view)(nil)

// ResolveName answers a variable of the vocabulary.
func (v *view) ResolveName(name string) (any, bool) {
	w := wordIndex[name]
	if w == nil {
		return v.parameter(name)
	}
	val, known := w.get(v)
	if !known {
		return v.unknown(name), true
	}
	return val, true
}

// parameter answers parameter.NAME with the value of the day.
func (v *view) parameter(name string) (any, bool) {
	if v.doc == nil || !strings.HasPrefix(name, parameterPrefix) {
		return nil, false
	}
	p := v.doc.parameter(name)
	if p == nil {
		return nil, false
	}
	return types.Int(p.at(v.f.On).Value), true
}

// Parent returns nil: there is nothing beyond the vocabulary.
func (v *view) Parent() cel.Activation { return nil }

// registered tells whether the facts come from the register of organisations.
func (v *view) registered() bool { return v.f.Enterprise.CreditCode != "" }

// claimFacts are told by a claim, and by nothing before it.
var claimFacts = []string{"agreement.signed_on", "claim.invoiced_fen", "claim.first_invoice_on", "claim.last_invoice_on", "claim.last_paid_on", "total.paid_fen"}

// beforeClaim tells whether all that is missing are facts that only a claim can
// tell, and there is no claim yet: an agreement is not refused for want of them.
func (v *view) beforeClaim() bool {
	claimed := v.f.Paid != nil || v.f.Claim != (ClaimFacts{})
	return !claimed && !slices.ContainsFunc(v.missing, func(name string) bool { return !slices.Contains(claimFacts, name) })
}

func (v *view) unknown(name string) ref.Val {
	if !slices.Contains(v.missing, name) {
		v.missing = append(v.missing, name)
	}
	return types.NewUnknown(1, types.NewAttributeTrail(name))
}

func (v *view) lineList() ref.Val {
	if v.lines == nil {
		elems := make([]ref.Val, len(v.f.Lines))
		for i := range elems {
			elems[i] = &lineVal{v, i}
		}
		v.lines = types.NewRefValList(adapter, elems)
	}
	return v.lines
}
