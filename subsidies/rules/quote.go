package rules

import (
	"fmt"

	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Policy is a compiled document. It is safe for concurrent use.
type Policy struct {
	doc        Document
	conditions []*condition
	bands      []*condition    // of the draw
	fen        kernel.Rounding // the document's mode, to whole fen
	lineCaps   []*Cap          // the caps over some lines, narrow before wide
}

// Document returns the document the policy was compiled from. Its slices are
// shared: read only.
func (p *Policy) Document() Document { return p.doc }

// work is one quote in the making.
type work struct {
	p        *Policy
	f        *Facts
	view     view
	sums     []lineSum
	grants   []LineGrant
	rule     []int  // per line: index of the rule that applies, or -1
	out      []bool // per line: it does not count towards the base
	total    lineSum
	base     kernel.Fen // of the covered lines
	bounded  bool       // a cap over some lines applies
	covered  int
	missing  []string // facts without which a rule or cap cannot be chosen
	findings []Finding
	trace    []Step
	buf      []byte
}

// lineSum is a line, or all of them, in whole amounts.
type lineSum struct{ list, discount, contract, tax kernel.Fen }

func (l *Line) sum() lineSum {
	n := kernel.Fen(l.times())
	return lineSum{list: l.ListPrice * n, discount: l.Discount * n, contract: (l.ListPrice - l.Discount) * n, tax: l.Tax * n}
}

// Quote reckons the three legs for the facts. It fails only when the facts
// themselves are unsound (kernel.Error); an enterprise that is not eligible
// gets a result that says so.
func (p *Policy) Quote(facts Facts) (Result, error) {
	if err := facts.Check(); err != nil {
		return Result{}, err
	}
	w := p.begin(&facts)
	if err := w.reckonLines(); err != nil {
		return Result{}, fmt.Errorf("policy %s: %w", p.doc.Code, err)
	}
	subsidy, err := w.limit()
	if err != nil {
		return Result{}, fmt.Errorf("policy %s: %w", p.doc.Code, err)
	}
	return w.conclude(subsidy)
}

func (p *Policy) begin(f *Facts) *work {
	n := len(f.Lines)
	w := &work{p: p, f: f, sums: make([]lineSum, n), grants: make([]LineGrant, n), rule: make([]int, n), out: make([]bool, n), buf: make([]byte, 0, 128)}
	w.trace = make([]Step, 0, 2*n+len(p.doc.Caps)+6)
	w.findings = make([]Finding, 0, len(p.conditions)+5)
	for i := range f.Lines {
		s := f.Lines[i].sum()
		w.sums[i] = s
		w.grants[i].List, w.grants[i].Discount = s.list, s.discount
		w.total.list += s.list
		w.total.discount += s.discount
		w.total.contract += s.contract
		w.total.tax += s.tax
	}
	w.view = view{f: f, doc: &p.doc, list: w.total.list, contract: w.total.contract}
	return w
}

// conclude judges eligibility, and splits what is granted into legs and lines.
func (w *work) conclude(potential kernel.Fen) (Result, error) {
	w.judge(potential)
	r := Result{Policy: w.p.doc.Code, Version: w.p.doc.Version, Potential: potential, Eligible: true}
	failed := false
	for i := range w.findings {
		r.Eligible = r.Eligible && w.findings[i].Passed
		failed = failed || (!w.findings[i].Passed && !w.findings[i].Unknown)
	}
	r.Undecided = !r.Eligible && !failed
	subsidy := potential
	if !r.Eligible {
		subsidy = 0
		if potential > 0 {
			w.note("", 0, labelNotMet, appendRounded(appendMoney(w.buf[:0], potential), 0), 0)
		}
	}
	if err := w.share(subsidy); err != nil {
		return Result{}, err
	}
	legs, err := w.legs(subsidy)
	if err != nil {
		return Result{}, err
	}
	r.Legs, r.Eligibility, r.Lines, r.Trace = legs, w.findings, w.grants, w.trace
	return r, nil
}

func (w *work) judge(potential kernel.Fen) {
	keep := func(f Finding, applies bool) {
		if applies {
			w.findings = append(w.findings, f)
		}
	}
	keep(w.p.findWindow(w.f))
	for _, c := range w.p.conditions {
		keep(c.test(&w.view), true)
	}
	keep(w.p.findFirstPurchase(w.f))
	keep(w.p.findPaid(w.f, w.total.contract))
	coverage := w.p.findCoverage(w)
	keep(coverage, true)
	if coverage.Passed {
		keep(w.p.findMinimum(potential, w.f.On))
	}
}

// share spreads the subsidy over the lines in proportion to what each was granted.
func (w *work) share(subsidy kernel.Fen) error {
	if len(w.grants) == 1 {
		w.grants[0].Subsidy = subsidy
		return nil
	}
	weights := make([]int64, len(w.grants))
	for i := range w.grants {
		weights[i] = int64(w.grants[i].Subsidy)
	}
	parts, err := kernel.Split(subsidy, weights...)
	for i := range parts {
		w.grants[i].Subsidy = parts[i]
	}
	return err
}

func (w *work) legs(subsidy kernel.Fen) (subsidies.Legs, error) {
	rate, clause := w.p.doc.MunicipalRate(w.f.Enterprise.District, w.f.On)
	legs := subsidies.Legs{
		ListPrice: w.total.list, ProviderDiscount: w.total.discount, Subsidy: subsidy, Municipal: subsidy,
		EnterpriseShare: w.total.list - w.total.discount - subsidy,
	}
	if clause == "" {
		w.note("", 0, labelAllCity, appendMoney(w.buf[:0], subsidy), subsidy)
	} else {
		parts, err := kernel.Split(subsidy, int64(rate), int64(kernel.Whole-rate))
		if err != nil {
			return legs, err
		}
		legs.Municipal, legs.District = parts[0], parts[1]
		w.note(clause, 0, labelMunicipal, appendProduct(w.buf[:0], subsidy, rate, legs.Municipal), legs.Municipal)
		w.note(clause, 0, labelDistrict, appendDifference(w.buf[:0], legs.District, subsidy, legs.Municipal), legs.District)
	}
	w.note("", 0, labelEnterprise, appendDifference(w.buf[:0], legs.EnterpriseShare, legs.ListPrice, legs.ProviderDiscount, subsidy), legs.EnterpriseShare)
	return legs, legs.Conserved()
}

// appendDifference writes "a − b − c = result".
func appendDifference(b []byte, result, from kernel.Fen, less ...kernel.Fen) []byte {
	b = appendMoney(b, from)
	for _, l := range less {
		b = appendMoney(append(b, " − "...), l)
	}
	return appendMoney(append(b, " = "...), result)
}
