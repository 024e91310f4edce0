package rules

import (
	"fmt"
	"slices"

	"yunhui/services/kernel"
)

// citation is one place in the document that rests on a clause, and the name
// of the part it belongs to.
type citation struct{ part, path, clause string }

// citations lists every place, in the order of the document.
func (d *Document) citations() []citation {
	var out []citation
	for i, p := range d.Parameters {
		out = append(out, citation{"parameters", at("parameters", i), p.Clause})
	}
	for i, e := range d.Eligibility {
		out = append(out, citation{"eligibility", at("eligibility", i), e.Clause})
	}
	out = append(out, citation{"base", "base", d.Base.Clause})
	for i, r := range d.Rates {
		out = append(out, citation{"rates", at("rates", i), r.Clause})
	}
	for i, c := range d.Caps {
		out = append(out, citation{"caps", at("caps", i), c.Clause})
	}
	for i, g := range d.ProviderGroups {
		out = append(out, citation{"provider_groups", at("provider_groups", i), g.Clause})
	}
	for i, x := range d.Exclusive {
		out = append(out, citation{"exclusive", at("exclusive", i), x.Clause})
	}
	if d.NewUseOnly != nil {
		out = append(out, citation{"new_use_only", "new_use_only", d.NewUseOnly.Clause})
	}
	if d.FirstPurchaseOnly != nil {
		out = append(out, citation{"first_purchase_only", "first_purchase_only", d.FirstPurchaseOnly.Clause})
	}
	if d.MinimumPaid != nil {
		out = append(out, citation{"minimum_paid", "minimum_paid", d.MinimumPaid.Clause})
	}
	if d.MinimumEnterpriseShare != nil {
		out = append(out, citation{"minimum_enterprise_share", "minimum_enterprise_share", d.MinimumEnterpriseShare.Clause})
	}
	if d.MinimumSubsidy != nil {
		out = append(out, citation{"minimum_subsidy", "minimum_subsidy", d.MinimumSubsidy.Clause})
	}
	if d.Budget != nil {
		out = append(out, citation{"budget", "budget", d.Budget.Clause})
	}
	if d.Match != nil {
		out = append(out, citation{"match", "match", d.Match.Clause})
		for i, g := range d.Match.Groups {
			out = append(out, citation{"match", fmt.Sprintf("match.groups[%d]", i), g.Clause})
		}
	}
	if d.Allotment != nil {
		out = append(out, citation{"allotment", "allotment", d.Allotment.Clause})
		for i, b := range d.Allotment.Bands {
			out = append(out, citation{"allotment", fmt.Sprintf("allotment.bands[%d]", i), b.Clause})
		}
	}
	return out
}

// checkClauses makes the clauses and the parts agree: every part rests on a
// clause that exists and says it computes that part, and no clause claims to
// compute a part that does not cite it.
func checkClauses(d *Document, faults *kernel.Faults) {
	index := map[string]int{}
	for i, c := range d.Clauses {
		if _, twice := index[c.Number]; twice {
			faults.Add(at("clauses", i)+".number", "policy.clause_duplicate", kernel.T("条款编号 %s 重复", "There are two clauses %s", c.Number))
			continue
		}
		index[c.Number] = i
	}
	cited := map[string][]string{}
	for _, c := range d.citations() {
		i, ok := index[c.clause]
		if !ok {
			faults.Add(c.path+".clause", "policy.clause_unknown", kernel.T("没有第 %s 条", "There is no clause %s", c.clause))
			continue
		}
		cited[c.clause] = append(cited[c.clause], c.part)
		faults.Check(slices.Contains(d.Clauses[i].Computes, c.part), at("clauses", i)+".computes", "policy.clause_computes",
			kernel.T("第 %[1]s 条被 %[2]s 引用，应列出 %[3]s", "Clause %[1]s is cited by %[2]s and must list %[3]s", c.clause, c.path, c.part))
	}
	for i, c := range d.Clauses {
		for _, part := range c.Computes {
			idle := part != "procedure" && !slices.Contains(cited[c.Number], part)
			faults.Check(!idle, at("clauses", i)+".computes", "policy.clause_computes",
				kernel.T("第 %[1]s 条称用于 %[2]s，但 %[2]s 没有引用它", "Clause %[1]s says it computes %[2]s, which does not cite it", c.Number, part))
		}
	}
}
