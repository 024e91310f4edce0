package rules

import (
	"slices"

	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Case is a worked example kept in the document: with these facts, this must
// come out. All cases pass before a version is published.
type Case struct {
	Name   kernel.Text `json:"name"`
	Facts  Facts       `json:"facts"`
	Expect Expectation `json:"expect"`
}

// Expectation is what a case demands; amounts that are nil and an absent Failed
// demand nothing. Failed names the clauses of all conditions that do not hold.
type Expectation struct {
	Eligible        bool        `json:"eligible"`
	Subsidy         *kernel.Fen `json:"government_subsidy_fen,omitempty"`
	Municipal       *kernel.Fen `json:"municipal_fen,omitempty"`
	District        *kernel.Fen `json:"district_fen,omitempty"`
	EnterpriseShare *kernel.Fen `json:"enterprise_share_fen,omitempty"`
	Failed          []string    `json:"failed,omitempty"`
}

// CaseOutcome is what came of one case.
type CaseOutcome struct {
	Index       int           `json:"index"`
	Passed      bool          `json:"passed"`
	Expected    Expectation   `json:"expected"`
	Got         CaseResult    `json:"got"`
	Differences []kernel.Text `json:"differences"`
}

// CaseResult is the part of a result that an Expectation speaks of.
type CaseResult struct {
	Eligible bool           `json:"eligible"`
	Legs     subsidies.Legs `json:"legs"`
	Failed   []string       `json:"failed"`
}

// RunCases computes every case of the document.
func (p *Policy) RunCases() []CaseOutcome {
	out := make([]CaseOutcome, len(p.doc.Cases))
	for i := range p.doc.Cases {
		out[i] = p.runCase(i)
	}
	return out
}

// CheckCases refuses (policy.cases) a document one of whose cases fails, naming
// each by its path.
func (p *Policy) CheckCases() error {
	e := kernel.Invalid("policy.cases", kernel.T("有测试用例未通过，请修改条款或用例", "Some test cases fail; mend the clauses or the cases"))
	for _, c := range p.RunCases() {
		for _, d := range c.Differences {
			e.Fields = append(e.Fields, kernel.Field{Path: at("cases", c.Index), Code: "policy.case_failed", Message: d})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

func (p *Policy) runCase(i int) CaseOutcome {
	c := &p.doc.Cases[i]
	out := CaseOutcome{Index: i, Expected: c.Expect}
	result, err := p.Quote(c.Facts)
	if err != nil {
		message := kernel.T("无法计算", "Cannot be computed")
		if e := kernel.AsError(err); e != nil {
			message = e.Message
		}
		out.Differences = []kernel.Text{message}
		return out
	}
	out.Got = CaseResult{Eligible: result.Eligible, Legs: result.Legs, Failed: failedClauses(result)}
	out.Differences = c.Expect.differences(out.Got)
	if c.Expect.Eligible && !result.Eligible { // the conditions without a clause, such as the window, are told too
		for _, f := range result.Eligibility {
			if !f.Passed {
				out.Differences = append(out.Differences, f.Reason)
			}
		}
	}
	out.Passed = len(out.Differences) == 0
	return out
}

// failedClauses are the clauses of the conditions that do not hold, or cannot be
// decided, in order.
func failedClauses(r Result) []string {
	failed := []string{}
	for i := range r.Eligibility {
		if f := &r.Eligibility[i]; !f.Passed && f.Clause != "" {
			failed = append(failed, f.Clause)
		}
	}
	slices.Sort(failed)
	return slices.Compact(failed)
}

func (e Expectation) differences(got CaseResult) []kernel.Text {
	out := []kernel.Text{}
	if e.Eligible != got.Eligible {
		out = append(out, both("应为"+eligibility(e.Eligible).ZH+"，实为"+eligibility(got.Eligible).ZH, "Should be "+eligibility(e.Eligible).EN+", is "+eligibility(got.Eligible).EN))
	}
	amount := func(name kernel.Text, want *kernel.Fen, is kernel.Fen) {
		if want != nil && *want != is {
			out = append(out, both(name.ZH+"应为 "+money(*want)+"，实为 "+money(is), name.EN+" should be "+money(*want)+", is "+money(is)))
		}
	}
	amount(kernel.T("政府补贴", "The government subsidy"), e.Subsidy, got.Legs.Subsidy)
	amount(kernel.T("市级承担", "The city's part"), e.Municipal, got.Legs.Municipal)
	amount(kernel.T("区县承担", "The district's part"), e.District, got.Legs.District)
	amount(kernel.T("企业自付", "The enterprise share"), e.EnterpriseShare, got.Legs.EnterpriseShare)
	if e.Failed != nil {
		want := slices.Clone(e.Failed)
		slices.Sort(want)
		if !slices.Equal(slices.Compact(want), got.Failed) {
			out = append(out, both("未满足的条款应为 "+listed(want)+"，实为 "+listed(got.Failed), "The clauses not met should be "+listed(want)+", are "+listed(got.Failed)))
		}
	}
	return out
}

func eligibility(eligible bool) kernel.Text {
	if eligible {
		return kernel.T("符合条件", "eligible")
	}
	return kernel.T("不符合条件", "not eligible")
}

func listed(clauses []string) string {
	if len(clauses) == 0 {
		return "—"
	}
	s := clauses[0]
	for _, c := range clauses[1:] {
		s += ", " + c
	}
	return s
}

// checkCases refuses cases whose facts are unsound or that contradict themselves.
func checkCases(d *Document, faults *kernel.Faults) {
	for i := range d.Cases {
		c, path := &d.Cases[i], at("cases", i)
		if e := kernel.AsError(c.Facts.Check()); e != nil {
			for _, f := range e.Fields {
				faults.Add(path+".facts."+f.Path, f.Code, f.Message)
			}
		}
		c.Expect.check(d, path+".expect", faults)
	}
}

func (e Expectation) check(d *Document, path string, faults *kernel.Faults) {
	faults.Check(!e.Eligible || len(e.Failed) == 0, path+".failed", "policy.case_contradiction",
		kernel.T("符合条件的用例不应有未满足的条款", "A case that is eligible has no clauses that are not met"))
	faults.Check(e.Eligible || e.Subsidy == nil || *e.Subsidy == 0, path+".government_subsidy_fen", "policy.case_contradiction",
		kernel.T("不符合条件的用例没有补贴", "A case that is not eligible gets no subsidy"))
	if e.Subsidy != nil && e.Municipal != nil && e.District != nil {
		faults.Check(*e.Municipal+*e.District == *e.Subsidy, path+".government_subsidy_fen", "policy.case_contradiction",
			kernel.T("市级与区县承担之和应等于政府补贴", "The parts of city and district must add up to the subsidy"))
	}
	for i, number := range e.Failed {
		known := slices.ContainsFunc(d.Clauses, func(c Clause) bool { return c.Number == number })
		faults.Check(known, path+"."+at("failed", i), "policy.clause_unknown", kernel.T("没有第 %s 条", "There is no clause %s", number))
	}
}
