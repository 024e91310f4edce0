package rules

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func bp(r kernel.Rate) *kernel.Rate { return &r }
func fen(f kernel.Fen) *kernel.Fen  { return &f }
func words2(s string) kernel.Text   { return kernel.Text{ZH: s, EN: s} }
func depth(d string) Selector       { return Selector{Depths: []string{d}} }
func yuan(y kernel.Fen) kernel.Fen  { return y * 100 }
func one(list kernel.Fen) []Line {
	return []Line{{Category: "app.erp", Depth: "business", ListPrice: list}}
}
func clause(n string, parts ...string) Clause {
	return Clause{Number: n, Text: words2("clause " + n), Computes: parts}
}

// sample is a document with most of what a document can have.
func sample() Document {
	return Document{
		Code: "sample-2026", Version: 1, Kind: KindInForce,
		Title: words2("sample"), Authority: words2("authority"), Region: "500000",
		Sources: []Source{{Title: "test", Mark: "own"}},
		Window:  kernel.Period{From: "2026-01-01", To: "2027-12-31"},
		Clauses: []Clause{
			clause("1", "eligibility"), clause("2", "rates", "base"), clause("3", "caps"),
			clause("4", "match"), clause("5", "minimum_paid"),
		},
		Eligibility: []Predicate{{
			Clause: "1", Rule: words2("SME"), Expression: "enterprise.size_class in ['medium', 'small', 'micro']",
			Reason: words2("size is {enterprise.size_class}"), Remedy: words2("none"),
		}},
		Base: Base{Clause: "2", Of: BaseOfContract, VAT: VATIncluded},
		Rates: []RateRule{
			{Clause: "2", AppliesTo: depth("resource"), Rate: bp(2000)},
			{Clause: "2", AppliesTo: depth("business"), Rate: bp(3000)},
			{Clause: "2", AppliesTo: depth("capability"), Rate: bp(4000)},
			{Clause: "2", AppliesTo: depth("ecosystem"), Rate: bp(5000)},
		},
		Caps:        []Cap{{Clause: "3", Scope: CapEnterpriseYear, Limit: yuan(200_000)}},
		MinimumPaid: &Threshold{Clause: "5", Rate: 9000},
		Match:       &Match{Clause: "4", Municipal: 6000},
		Payee:       PayeeEnterprise, Mechanism: AfterPayment, NoticeWorkingDays: 5, ReservationDays: 180,
		Rounding: kernel.Rounding{Mode: kernel.RoundDown, Unit: 1},
		Evidence: []string{"contract", "invoice", "payment", "acceptance"},
	}
}

func facts(lines ...Line) Facts {
	return Facts{On: "2026-11-23", Enterprise: EnterpriseFacts{SizeClass: "small", District: "500105"}, Lines: lines}
}

func compiled(t testing.TB, d Document) *Policy {
	t.Helper()
	p, err := Compile(d)
	require.NoError(t, err)
	return p
}

func quoted(t testing.TB, p *Policy, f Facts) Result {
	t.Helper()
	r, err := p.Quote(f)
	require.NoError(t, err)
	require.NoError(t, r.Legs.Conserved())
	return r
}

// faultsOf returns code by path of the faults of a document.
func faultsOf(t testing.TB, err error) map[string]string {
	t.Helper()
	e := kernel.AsError(err)
	require.NotNil(t, e, "want a user-facing error, got %v", err)
	out := map[string]string{}
	for _, f := range e.Fields {
		require.NotEmpty(t, f.Message.ZH)
		require.NotEmpty(t, f.Message.EN)
		out[f.Path] = f.Code
	}
	return out
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func mustCompile(t require.TestingT, d Document) *Policy {
	p, err := Compile(d)
	require.NoError(t, err)
	return p
}

func mustQuote(t require.TestingT, p *Policy, f Facts) Result {
	r, err := p.Quote(f)
	require.NoError(t, err)
	return r
}

func mustJSON(t require.TestingT, v any) []byte {
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

func dropPerLine(caps []Cap) []Cap {
	var out []Cap
	for _, c := range caps {
		if !c.perLines() {
			out = append(out, c)
		}
	}
	return out
}

func dropClause(clauses []Clause, number string) []Clause {
	var out []Clause
	for _, c := range clauses {
		if c.Number != number {
			out = append(out, c)
		}
	}
	return out
}

// tidy takes out what nothing uses any more after caps were dropped.
func tidy(d *Document) {
	if len(d.Caps) == 0 {
		d.Clauses = dropClause(d.Clauses, "3")
	}
	used := map[string]bool{}
	for _, r := range d.references() {
		used[r.name] = true
	}
	d.Parameters = slices.DeleteFunc(d.Parameters, func(p Parameter) bool { return !used[p.Name] })
	for i, c := range d.Clauses {
		if c.Number == "7" && len(d.Parameters) == 0 {
			d.Clauses[i].Computes = slices.DeleteFunc(c.Computes, func(part string) bool { return part == "parameters" })
		}
	}
	d.Clauses = slices.DeleteFunc(d.Clauses, func(c Clause) bool { return len(c.Computes) == 0 })
}
