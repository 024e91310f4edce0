package rules

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func withCase(f Facts, e Expectation) Document {
	d := sample()
	d.Cases = []Case{{Name: words2("case"), Facts: f, Expect: e}}
	return d
}

func TestACaseSaysWhatDiffers(t *testing.T) {
	t.Parallel()
	f := facts(one(1_000_000)...)
	good := Expectation{Eligible: true, Subsidy: fen(300_000), Municipal: fen(180_000), District: fen(120_000), EnterpriseShare: fen(700_000), Failed: []string{}}
	out := compiled(t, withCase(f, good)).RunCases()
	require.True(t, out[0].Passed, "%+v", out)
	require.NoError(t, compiled(t, withCase(f, good)).CheckCases())
	require.Empty(t, compiled(t, sample()).RunCases())
	for name, spoil := range map[string]func(*Expectation){
		"subsidy":     func(e *Expectation) { e.Subsidy, e.Municipal = fen(300_001), nil },
		"municipal":   func(e *Expectation) { e.Municipal, e.District = fen(1), fen(299_999) },
		"enterprise":  func(e *Expectation) { e.EnterpriseShare = fen(1) },
		"eligibility": func(e *Expectation) { *e = Expectation{} },
		"failed":      func(e *Expectation) { *e = Expectation{Failed: []string{"1"}} },
	} {
		e := good
		spoil(&e)
		p := compiled(t, withCase(f, e))
		require.False(t, p.RunCases()[0].Passed, name)
		require.NotEmpty(t, p.RunCases()[0].Differences, name)
		require.True(t, kernel.IsCode(p.CheckCases(), "policy.cases"), name)
	}
}

func TestACaseNamesTheConditionsThatFail(t *testing.T) {
	t.Parallel()
	f := facts(one(1_000_000)...)
	f.Enterprise.SizeClass = "large"
	f.Paid = fen(1)
	out := compiled(t, withCase(f, Expectation{Failed: []string{"5", "1"}})).RunCases()
	require.True(t, out[0].Passed, "%+v", out[0])
	require.Equal(t, []string{"1", "5"}, out[0].Got.Failed)
	f.On = "2030-01-01" // the window rests on no clause, and is told all the same
	out = compiled(t, withCase(f, Expectation{Eligible: true})).RunCases()
	require.Len(t, out[0].Differences, 4)
}

func TestACaseThatContradictsItselfIsAFault(t *testing.T) {
	t.Parallel()
	f := facts(one(100)...)
	for path, d := range map[string]Document{
		"cases[0].expect.failed":                 withCase(f, Expectation{Eligible: true, Failed: []string{"1"}}),
		"cases[0].expect.government_subsidy_fen": withCase(f, Expectation{Subsidy: fen(5)}),
		"cases[0].expect.failed[0]":              withCase(f, Expectation{Failed: []string{"99"}}),
		"cases[0].facts.on":                      withCase(Facts{On: "2026-02-30", Lines: f.Lines}, Expectation{}),
		"cases[0].facts.lines[0].discount_fen":   withCase(Facts{On: "2026-02-01", Lines: []Line{{ListPrice: 1, Discount: 2}}}, Expectation{}),
		"in_force_from":                          func() Document { d := sample(); d.InForceFrom = "2028-01-01"; return d }(),
	} {
		_, err := Compile(d)
		require.Contains(t, faultsOf(t, err), path)
	}
	sum := withCase(f, Expectation{Eligible: true, Subsidy: fen(3), Municipal: fen(1), District: fen(1)})
	_, err := Compile(sum)
	require.Contains(t, faultsOf(t, err), "cases[0].expect.government_subsidy_fen")
}

func TestNothingIsGrantedBeforeAVersionHolds(t *testing.T) {
	t.Parallel()
	d := sample()
	d.InForceFrom = "2026-12-01"
	p := compiled(t, d)
	f := facts(one(1_000_000)...)
	f.On = "2026-11-30"
	require.False(t, quoted(t, p, f).Eligible)
	require.Contains(t, quoted(t, p, f).Eligibility[0].Remedy.EN, "2026-12-01")
	f.On = "2026-12-01"
	require.True(t, quoted(t, p, f).Eligible)
	d.Window = kernel.Period{}
	f.On = "2026-11-30"
	require.False(t, quoted(t, compiled(t, d), f).Eligible, "also when there is no window")
}

// TestTheSchemaKnowsEveryFact: what a case may say in a document is what the
// facts are in code.
func TestTheSchemaKnowsEveryFact(t *testing.T) {
	t.Parallel()
	facts := documentShape().field("cases").element().field("facts")
	require.NotNil(t, facts)
	sameFields(t, facts, reflect.TypeFor[Facts]())
	sameFields(t, documentShape(), reflect.TypeFor[Document]())
}

func sameFields(t *testing.T, s *shape, typ reflect.Type) {
	t.Helper()
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() == reflect.Slice {
		s, typ = s.element(), typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[kernel.Text]() {
		return
	}
	var names []string
	for f := range typ.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
		require.NotNil(t, s.field(name), "%s of %s is not in policy.schema.json", name, typ)
		sameFields(t, s.field(name), f.Type)
	}
	require.ElementsMatch(t, names, s.whole().order, "%s", typ)
}

func diff(t *testing.T, older, newer Document) []Change {
	t.Helper()
	a, err := json.Marshal(older)
	require.NoError(t, err)
	b, err := json.Marshal(newer)
	require.NoError(t, err)
	changes, err := Diff(a, b)
	require.NoError(t, err)
	return changes
}

func TestADifferenceIsToldByClauseAndInWords(t *testing.T) {
	t.Parallel()
	require.Empty(t, diff(t, sample(), sample()))
	d := sample()
	d.Version = 2
	d.InForceFrom = "2027-01-01"
	d.Rates[1].Rate = bp(3500)
	d.Caps[0].Limit = yuan(300_000)
	d.Rates = append([]RateRule{{Clause: "2", AppliesTo: Selector{Classes: []string{"A"}}, Rate: bp(6000)}}, d.Rates...)
	d.MinimumPaid = nil
	d.Clauses = d.Clauses[:4]
	d.Evidence = []string{"contract", "invoice", "acceptance", "usage"}
	got := map[string]Change{}
	for _, c := range diff(t, sample(), d) {
		got[c.Kind+" "+c.Path] = c
	}
	for _, key := range []string{
		"changed version", "added in_force_from", "added rates[0]", "changed rates[2].rate_bp", "changed caps[0].limit_fen",
		"removed minimum_paid", "removed clauses[4]", "removed evidence[2]", "added evidence[3]",
	} {
		require.Contains(t, got, key)
		delete(got, key)
	}
	require.Empty(t, got)
	changed := diff(t, sample(), d)
	for _, c := range changed {
		if c.Path == "rates[2].rate_bp" {
			require.Equal(t, "2", c.Clause)
			require.Contains(t, c.Text.ZH, "第 2 条")
			require.Contains(t, c.Text.ZH, "30% → 35%")
			require.EqualValues(t, "3500", c.After)
		}
		if c.Path == "caps[0].limit_fen" {
			require.Contains(t, c.Text.EN, "¥200,000.00 → ¥300,000.00")
		}
	}
}

func TestUnfinishedDocumentsAreComparedToo(t *testing.T) {
	t.Parallel()
	for _, x := range [][2]string{{`{}`, `{"a":[[[]]]}`}, {`{"rates":1}`, `{"rates":[{"clause":7}]}`}, {`{"rates":[1,null,{}]}`, `{"rates":[{},{"clause":"1"},[]]}`}, {`{"title":{"zh":"x"}}`, `{"title":null}`}} {
		changes, err := Diff([]byte(x[0]), []byte(x[1]))
		require.NoError(t, err)
		require.NotEmpty(t, changes)
	}
	list := `{"x":[` + strings.TrimSuffix(strings.Repeat("1,2,3,", 5000), ",") + `]}`
	changes, err := Diff([]byte(`{"x":[1]}`), []byte(list))
	require.NoError(t, err)
	require.LessOrEqual(t, len(changes), maxChanges)
}

// TestOnlyAnEmptySelectorIsZero: a dimension that is given is never left out.
func TestOnlyAnEmptySelectorIsZero(t *testing.T) {
	t.Parallel()
	require.True(t, Selector{Depths: []string{}}.IsZero())
	typ := reflect.TypeFor[Selector]()
	for i := range typ.NumField() {
		var s Selector
		field := reflect.ValueOf(&s).Elem().Field(i)
		if field.Kind() == reflect.Slice {
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		} else {
			field.SetString("x")
		}
		require.False(t, s.IsZero(), typ.Field(i).Name)
	}
}
