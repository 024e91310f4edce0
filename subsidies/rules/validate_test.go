package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

func TestEveryMalformedDocumentIsRefusedByName(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mutate func(d *Document)
		path   string
		code   string
	}{
		"no rounding mode":           {func(d *Document) { d.Rounding.Mode = "" }, "rounding.mode", "enum"},
		"no rounding unit":           {func(d *Document) { d.Rounding.Unit = 0 }, "rounding.unit_fen", "minimum"},
		"code with capitals":         {func(d *Document) { d.Code = "Sample" }, "code", "pattern"},
		"rate above 100 %":           {func(d *Document) { d.Rates[0].Rate = bp(10_001) }, "rates[0].rate_bp", "maximum"},
		"negative cap":               {func(d *Document) { d.Caps[0].Limit = -1 }, "caps[0].limit_fen", "minimum"},
		"English missing":            {func(d *Document) { d.Title.EN = "" }, "title.en", "min_length"},
		"invisible character":        {func(d *Document) { d.Title.ZH = "补贴\u202e政策" }, "title.zh", "hidden_characters"},
		"no evidence":                {func(d *Document) { d.Evidence = []string{} }, "evidence", "min_items"},
		"evidence twice":             {func(d *Document) { d.Evidence = []string{"invoice", "invoice"} }, "evidence", "unique_items"},
		"unknown depth":              {func(d *Document) { d.Rates[0].AppliesTo.Depths = []string{"deep"} }, "rates[0].applies_to.depths[0]", "enum"},
		"unknown clause":             {func(d *Document) { d.Caps[0].Clause = "9" }, "caps[0].clause", "policy.clause_unknown"},
		"clause twice":               {func(d *Document) { d.Clauses[1].Number = "1" }, "clauses[1].number", "policy.clause_duplicate"},
		"clause that computes idly":  {func(d *Document) { d.Clauses[0].Computes = []string{"eligibility", "budget"} }, "clauses[0].computes", "policy.clause_computes"},
		"clause that hides its part": {func(d *Document) { d.Clauses[2].Computes = nil }, "clauses[2].computes", "policy.clause_computes"},
		"no form":                    {func(d *Document) { d.Rates[1].Rate = nil }, "rates[1]", "policy.rate_form"},
		"two forms":                  {func(d *Document) { d.Rates[1].Flat = fen(100) }, "rates[1]", "policy.rate_form"},
		"band mode without bands":    {func(d *Document) { d.Rates[1].BandMode = BandWhole }, "rates[1].band_mode", "policy.rate_form"},
		"gap before the first band":  {bands(Band{From: 1, Rate: 1}), "rates[0].bands[0].from_fen", "policy.bands_gap"},
		"gap":                        {bands(Band{To: 100, Rate: 1}, Band{From: 101, Rate: 1}), "rates[0].bands[1].from_fen", "policy.bands_gap"},
		"overlap":                    {bands(Band{To: 100, Rate: 1}, Band{From: 99, Rate: 1}), "rates[0].bands[1].from_fen", "policy.bands_overlap"},
		"closed at the top":          {bands(Band{To: 100, Rate: 1}), "rates[0].bands[0].to_fen", "policy.bands_closed"},
		"empty band":                 {bands(Band{To: 100, Rate: 1}, Band{From: 100, Rate: 1}, Band{From: 100, Rate: 1}), "rates[0].bands[1].to_fen", "policy.bands_empty"},
		"hidden rule":                {func(d *Document) { d.Rates[0].AppliesTo = Selector{} }, "rates[1].applies_to", "policy.rate_unreachable"},
		"category hidden by parent":  {categories([]string{"infra"}, []string{"infra.compute"}), "rates[1].applies_to", "policy.rate_unreachable"},
		"cap below minimum":          {minimumAbove, "caps[0].limit_fen", "policy.cap_below_minimum"},
		"category cap of nothing":    {func(d *Document) { d.Caps[0].Scope = CapCategory }, "caps[0].applies_to.categories", "required"},
		"yearly cap of some lines":   {func(d *Document) { d.Caps[0].AppliesTo = depth("resource") }, "caps[0].applies_to", "policy.cap_selector"},
		"later but first only":       {laterButFirstOnly, "caps[0].applies_to.purchase", "policy.never_applies"},
		"window upside down":         {func(d *Document) { d.Window.To = "2025-12-31" }, "window.to", "policy.period_order"},
		"no such day":                {func(d *Document) { d.Window.To = "2026-02-30" }, "window.to", "date"},
		"redeemed before it opens":   {func(d *Document) { d.Redemption.To = "2025-01-01" }, "redemption.to", "policy.period_order"},
		"district twice":             {districtTwice, "match.groups[1].districts[0]", "policy.match_duplicate"},
		"illustration unsaid":        {func(d *Document) { d.Kind = KindIllustrative }, "note", "policy.note_required"},
		"deducted, paid to the firm": {func(d *Document) { d.Mechanism = Deduct }, "payee", "policy.payee"},
		"unknown fact":               {expression("enterprise.shoe_size > 1"), "eligibility[0].expression", "policy.expression"},
		"unknown field of a line":    {expression("lines.all(l, l.colour == 'red')"), "eligibility[0].expression", "policy.expression"},
		"syntax":                     {expression("enterprise.size_class in ["), "eligibility[0].expression", "policy.expression"},
		"wrong type":                 {expression("enterprise.head_count == 'ten'"), "eligibility[0].expression", "policy.expression"},
		"not a condition":            {expression("enterprise.head_count"), "eligibility[0].expression", "policy.expression_type"},
		"arithmetic":                 {expression("enterprise.revenue_fen * 2 > 100"), "eligibility[0].expression", "policy.expression_arithmetic"},
		"sum":                        {expression("enterprise.revenue_fen + enterprise.assets_fen > 100"), "eligibility[0].expression", "policy.expression_arithmetic"},
		"fraction":                   {expression("double(enterprise.revenue_fen) > 1.5"), "eligibility[0].expression", "policy.expression_arithmetic"},
		"too costly":                 {expression("lines.all(a, lines.all(b, lines.all(c, a.depth == b.depth && b.depth == c.depth)))"), "eligibility[0].expression", "policy.expression_cost"},
		"unknown fact in the reason": {func(d *Document) { d.Eligibility[0].Reason = words2("{enterprise.shoe_size}") }, "eligibility[0].reason", "policy.unknown_fact"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sample()
			c.mutate(&d)
			_, err := Compile(d)
			require.Error(t, err)
			require.Equal(t, "policy.invalid", kernel.AsError(err).Code)
			require.Equal(t, c.code, faultsOf(t, err)[c.path], "%v", err)
		})
	}
}

func bands(b ...Band) func(d *Document) {
	return func(d *Document) { d.Rates[0].Rate, d.Rates[0].Bands = nil, b }
}

func categories(first, second []string) func(d *Document) {
	return func(d *Document) {
		d.Rates[0].AppliesTo, d.Rates[1].AppliesTo = Selector{Categories: first}, Selector{Categories: second}
	}
}

func expression(e string) func(d *Document) {
	return func(d *Document) { d.Eligibility[0].Expression = e }
}

func minimumAbove(d *Document) {
	d.Clauses = append(d.Clauses, clause("6", "minimum_subsidy"))
	d.MinimumSubsidy = &Minimum{Clause: "6", Amount: yuan(200_001)}
}

func laterButFirstOnly(d *Document) {
	d.Clauses = append(d.Clauses, clause("6", "first_purchase_only"))
	d.FirstPurchaseOnly = &Citation{Clause: "6"}
	d.Caps[0].AppliesTo.Purchase = PurchaseLater
}

func districtTwice(d *Document) {
	group := MatchGroup{Clause: "4", Name: words2("group"), Districts: []string{"500101"}, Municipal: 8000}
	d.Match.Groups = []MatchGroup{group, group}
}

func TestFormOfTheJSONItself(t *testing.T) {
	t.Parallel()
	good := asJSON(t, sample())
	_, err := Parse([]byte(good))
	require.NoError(t, err)

	for name, c := range map[string]struct{ from, to, path, code string }{
		"unknown field":  {`"payee":`, `"payees":1,"payee":`, "payees", "unknown_field"},
		"missing field":  {`"rounding":{"mode":"down","unit_fen":1},`, ``, "rounding", "required"},
		"wrong type":     {`"version":1`, `"version":"1"`, "version", "type"},
		"fraction":       {`"rate_bp":2000`, `"rate_bp":2000.5`, "rates[0].rate_bp", "whole_number"},
		"enormous":       {`"rate_bp":2000`, `"rate_bp":1e999999999`, "rates[0].rate_bp", "whole_number"},
		"capital letter": {`"payee":`, `"Payee":"provider","payee":`, "Payee", "unknown_field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := strings.Replace(good, c.from, c.to, 1)
			require.NotEqual(t, good, bad)
			_, err := Parse([]byte(bad))
			require.Equal(t, c.code, faultsOf(t, err)[c.path], "%v", err)
		})
	}
	for _, bad := range []string{"", "{", good + "{}", "null x"} {
		_, err := Parse([]byte(bad))
		require.True(t, kernel.IsCode(err, "policy.json"), "%q: %v", bad, err)
	}
	_, err = Parse(make([]byte, MaxDocument+1))
	require.True(t, kernel.IsCode(err, "policy.too_large"))
}

func TestAllFaultsAreToldAtOnceWithClauseAndColumn(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Eligibility[0].Expression = "enterprise.size_class == 'small' && enterprise.shoes > 1"
	d.Caps[0].Clause = "9"
	d.Window.To = "2025-01-01"
	_, err := Compile(d)
	e := kernel.AsError(err)
	require.Len(t, faultsOf(t, err), 4, "cap, its old clause, window, expression: %v", err)
	last := e.Fields[len(e.Fields)-1]
	require.Contains(t, last.Message.ZH, "第 1 条的条件式，第 1 行第 47 列")
	require.Contains(t, last.Message.EN, "clause 1, line 1, column 47")
}
