package rules

import (
	"fmt"

	"yunhui/services/kernel"
)

// The ways of allotting the budget.
const (
	FirstCome = "first_come" // by the instant at which the enterprise confirmed
	ByDraw    = "draw"       // by priority bands, within a band by lot
)

// Allotment is in which order agreements come to the budget. Without it those
// who come first are served first.
type Allotment struct {
	Clause string         `json:"clause"`
	By     string         `json:"by"`
	Window kernel.Period  `json:"window,omitzero"` // of a draw: confirmed within, an agreement takes part
	Bands  []PriorityBand `json:"bands,omitempty"` // of a draw, the first served first; whoever is in none comes last
}

// PriorityBand is one class of a draw: those for whom the expression holds, and
// no earlier band's does.
type PriorityBand struct {
	Clause     string      `json:"clause"`
	Name       kernel.Text `json:"name"`
	Expression string      `json:"expression"`
}

// Others names the last band, of those who are in none of the document's.
var Others = kernel.T("其他", "Others")

// Drawn tells whether the budget is allotted by draw.
func (d Document) Drawn() bool { return d.Allotment != nil && d.Allotment.By == ByDraw }

// BandName names a band by its number, counted from 1.
func (d Document) BandName(number int) kernel.Text {
	if d.Allotment == nil || number < 1 || number > len(d.Allotment.Bands) {
		return Others
	}
	return d.Allotment.Bands[number-1].Name
}

// Band tells in which band of a draw the facts lie, counted from 1, and why: a
// finding for each band that was looked at. A fact that nobody has told puts
// nobody into a band.
func (p *Policy) Band(facts Facts) (number int, why []Finding, err error) {
	if err := facts.Check(); err != nil {
		return 0, nil, err
	}
	v := view{f: &facts, doc: &p.doc}
	for i := range facts.Lines {
		s := facts.Lines[i].sum()
		v.list, v.contract = v.list+s.list, v.contract+s.contract
	}
	for i, c := range p.bands {
		found := c.test(&v)
		why = append(why, found)
		if found.Passed {
			return i + 1, why, nil
		}
	}
	return len(p.bands) + 1, why, nil
}

// checkAllotment refuses a draw without an end, and what only a draw can have.
func checkAllotment(d *Document, faults *kernel.Faults) {
	a := d.Allotment
	if a == nil {
		return
	}
	checkPeriod(a.Window, "allotment.window", faults)
	if a.By != ByDraw {
		faults.Check(a.Window == (kernel.Period{}), "allotment.window", "policy.allotment_form", kernel.T("先到先得不设抽签期", "First come, first served has no window of a draw"))
		faults.Check(len(a.Bands) == 0, "allotment.bands", "policy.allotment_form", kernel.T("先到先得不分优先序列", "First come, first served has no priority bands"))
		return
	}
	faults.Check(a.Window.From != "" && a.Window.To != "", "allotment.window", "policy.allotment_window", kernel.T("抽签须写明登记期的首末两日", "A draw must name the first and the last day of its window"))
	faults.Check(within(a.Window, d.Window), "allotment.window", "policy.allotment_window", kernel.T("抽签登记期须在申报期之内", "The window of the draw must lie within the window of application"))
}

func within(inner, outer kernel.Period) bool {
	return (outer.From == "" || inner.From >= outer.From) && (outer.To == "" || inner.To <= outer.To)
}

// compileBands compiles the expressions of the bands.
func (p *Policy) compileBands(faults *kernel.Faults) {
	if p.doc.Allotment == nil {
		return
	}
	outside := kernel.T("不属于本序列", "Not in this band")
	for i, b := range p.doc.Allotment.Bands {
		as := Predicate{Clause: b.Clause, Rule: b.Name, Expression: b.Expression, Reason: outside, Remedy: outside}
		p.bands = append(p.bands, compileCondition(as, &p.doc, fmt.Sprintf("allotment.bands[%d]", i), faults))
	}
}
