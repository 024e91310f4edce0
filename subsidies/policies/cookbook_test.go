package policies_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

var update = flag.Bool("update", false, "write the snippets of docs/policy-cookbook.md")

// recipes is the document that shows every kind of clause.
func recipes(t *testing.T) *rules.Policy {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "cookbook.json"))
	require.NoError(t, err)
	doc, err := rules.Parse(data)
	require.NoError(t, err)
	p, err := rules.Compile(doc)
	require.NoError(t, err)
	return p
}

func TestTheRecipesGiveWhatTheirCasesSay(t *testing.T) {
	t.Parallel()
	p := recipes(t)
	require.NotEmpty(t, p.Document().Cases)
	require.NoError(t, p.CheckCases())
}

// TestTheRecipesShowEveryPart: what a document may have, the cookbook shows.
func TestTheRecipesShowEveryPart(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "cookbook.json"))
	require.NoError(t, err)
	var schema, doc struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	require.NoError(t, json.Unmarshal(rules.Schema(), &schema))
	require.NoError(t, json.Unmarshal(append(append([]byte(`{"properties":`), data...), '}'), &doc))
	for part := range schema.Properties {
		switch part {
		case "first_purchase_only", "in_force_from": // shown by another document, or by the next version
		default:
			require.Contains(t, doc.Properties, part)
		}
	}
	text := string(data)
	for _, scope := range []string{rules.CapClaim, rules.CapEnterpriseYear, rules.CapEnterprisePolicy, rules.CapCategory, rules.CapProviderYear, rules.CapPolicyCategory} {
		require.Contains(t, text, `"scope": "`+scope+`"`)
	}
}

var marker = regexp.MustCompile("(?s)<!-- ([a-z0-9-]+\\.json) ([a-z_]+(?:\\[[0-9]+\\])?) -->\n```json\n.*?\n```")

// TestTheCookbookQuotesTheDocuments: every snippet is taken from its document.
func TestTheCookbookQuotesTheDocuments(t *testing.T) {
	t.Parallel()
	page := filepath.Join("..", "..", "docs", "policy-cookbook.md")
	stored, err := os.ReadFile(page)
	require.NoError(t, err)
	n := 0
	written := marker.ReplaceAllStringFunc(string(stored), func(found string) string {
		n++
		m := marker.FindStringSubmatch(found)
		return fmt.Sprintf("<!-- %s %s -->\n```json\n%s\n```", m[1], m[2], snippet(t, m[1], m[2]))
	})
	require.GreaterOrEqual(t, n, 20, "the page lost its marks")
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(written), 0o600))
		return
	}
	if written != string(stored) {
		t.Error("docs/policy-cookbook.md differs from the documents: run make generate")
	}
}

// snippet returns one part of a document, in the order of the document.
func snippet(t *testing.T, file, path string) string {
	t.Helper()
	data, ok := policies.File(strings.TrimSuffix(file, ".json"))
	if !ok {
		var err error
		data, err = os.ReadFile(filepath.Join("testdata", file))
		require.NoError(t, err)
	}
	var whole map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &whole))
	name, index, indexed := strings.Cut(strings.TrimSuffix(path, "]"), "[")
	part, ok := whole[name]
	require.True(t, ok, "%s has no %s", file, name)
	if indexed {
		var list []json.RawMessage
		require.NoError(t, json.Unmarshal(part, &list))
		i, err := strconv.Atoi(index)
		require.NoError(t, err)
		require.Less(t, i, len(list))
		return laidOut(t, list[i], "")
	}
	return `"` + name + `": ` + laidOut(t, part, "")
}

const width = 150

// laidOut writes a value on one line where it fits, else member by member.
func laidOut(t *testing.T, raw json.RawMessage, indent string) string {
	t.Helper()
	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, raw))
	one := strings.NewReplacer(`":`, `": `, `,"`, `, "`, `,{`, `, {`).Replace(compact.String())
	if len([]rune(one))+len(indent) <= width || (raw[0] != '{' && raw[0] != '[') {
		return one
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	open, err := decoder.Token()
	require.NoError(t, err)
	var members []string
	for decoder.More() {
		member := indent + "  "
		if open == json.Delim('{') {
			name, err := decoder.Token()
			require.NoError(t, err)
			member += fmt.Sprintf("%q: ", name)
		}
		var value json.RawMessage
		require.NoError(t, decoder.Decode(&value))
		members = append(members, member+laidOut(t, value, indent+"  "))
	}
	end := map[json.Delim]string{'{': "}", '[': "]"}[open.(json.Delim)]
	return fmt.Sprint(open) + "\n" + strings.Join(members, ",\n") + "\n" + indent + end
}

func TestGuangdongsConditions(t *testing.T) {
	t.Parallel()
	p := policy(t, "guangdong-2020")
	good := func() rules.Facts {
		return rules.Facts{
			On:         "2020-06-01",
			Enterprise: rules.EnterpriseFacts{CreditCode: "91440101MA59ABCDE1", SizeClass: "small", FoundedOn: "2019-06-01", Revenue: 10_000_000 * yuan},
			Provider:   rules.ProviderFacts{CreditCode: "91440300MA5EFGHIJ2", Admitted: true},
			Lines:      []rules.Line{{Category: "app.mes", ListPrice: 100_000 * yuan}},
		}
	}
	paid := func(y kernel.Fen) *kernel.Fen { f := y * yuan; return &f }
	for name, c := range map[string]struct {
		change func(*rules.Facts)
		want   kernel.Fen
		failed string
		from   kernel.Date
	}{
		"all met":                {func(*rules.Facts) {}, 30_000 * yuan, "", ""},
		"eleven months":          {func(f *rules.Facts) { f.Enterprise.FoundedOn = "2019-06-02" }, 0, "1.1", "2020-06-02"},
		"too young all summer":   {func(f *rules.Facts) { f.Enterprise.FoundedOn = "2019-12-01" }, 0, "1.1", ""},
		"a fen short of revenue": {func(f *rules.Facts) { f.Enterprise.Revenue-- }, 0, "1.2", ""},
		"violation":              {func(f *rules.Facts) { f.Enterprise.Violation = true }, 0, "1.3", ""},
		"signed too early":       {func(f *rules.Facts) { f.Agreement.SignedOn, f.Paid = "2018-03-20", paid(100_000) }, 0, "1.4", ""},
		"signed a day later":     {func(f *rules.Facts) { f.Agreement.SignedOn, f.Paid = "2018-03-21", paid(100_000) }, 30_000 * yuan, "", ""},
		"nine tenths paid":       {func(f *rules.Facts) { f.Agreement.SignedOn, f.Paid = "2020-01-01", paid(90_000) }, 27_000 * yuan, "", ""},
		"less paid":              {func(f *rules.Facts) { f.Agreement.SignedOn, f.Paid = "2020-01-01", paid(89_999) }, 0, "3.1", ""},
		"equipment left out": {func(f *rules.Facts) {
			f.Lines = append(f.Lines, rules.Line{Category: "device.smart", CostKind: "equipment", ListPrice: 500_000 * yuan})
		}, 30_000 * yuan, "", ""},
		"what the quota leaves": {func(f *rules.Facts) {
			f.Used.Quotas = map[string]rules.Quota{rules.CapProviderPolicy: {Used: 4_990_000 * yuan}}
		}, 10_000 * yuan, "", ""},
		"quota set by an officer": {func(f *rules.Facts) {
			f.Used.Quotas = map[string]rules.Quota{rules.CapProviderPolicy: {Used: 4_990_000 * yuan, Set: paid(4_995_000)}}
		}, 5_000 * yuan, "", ""},
	} {
		f := good()
		c.change(&f)
		r, err := p.Quote(f)
		require.NoError(t, err)
		require.Equal(t, c.want, r.Legs.Subsidy, name)
		for _, found := range r.Eligibility {
			require.Equal(t, c.failed != "" && found.Clause == c.failed, !found.Passed, "%s: %+v", name, found)
			if !found.Passed {
				require.Equal(t, c.from, found.EligibleFrom, name)
			}
		}
	}

	doc := p.Document()
	group := doc.ProviderGroups[0]
	group.Providers = []string{"91440300MA5EFGHIJ2"}
	doc.ProviderGroups = []rules.ProviderGroup{group}
	national, err := rules.Compile(doc)
	require.NoError(t, err)
	f := good()
	f.Used.Quotas = map[string]rules.Quota{rules.CapProviderPolicy: {Used: 7_980_000 * yuan}}
	r, err := national.Quote(f)
	require.NoError(t, err)
	require.Equal(t, 20_000*yuan, r.Legs.Subsidy, "those named have ¥8 million")
}

func TestJinansStars(t *testing.T) {
	t.Parallel()
	p := policy(t, "jinan-stars")
	for name, c := range map[string]struct {
		stars  []int64
		had    kernel.Fen
		want   kernel.Fen
		failed string
	}{
		"no star":                {nil, 0, 0, "1.1"},
		"three":                  {[]int64{3}, 0, 20_000 * yuan, ""},
		"four after three":       {[]int64{3, 4}, 0, 50_000 * yuan, ""},
		"four without three":     {[]int64{4}, 0, 0, "1.2"},
		"five after three":       {[]int64{3, 5}, 0, 100_000 * yuan, ""},
		"five without three":     {[]int64{4, 5}, 0, 0, "1.2"},
		"the difference to four": {[]int64{3, 4}, 20_000 * yuan, 30_000 * yuan, ""},
		"three has been had":     {[]int64{3}, 20_000 * yuan, 0, ""},
		"the difference to five": {[]int64{3, 4, 5}, 50_000 * yuan, 50_000 * yuan, ""},
	} {
		f := manufacturer(rules.Line{Category: "app.mes", ListPrice: 200_000 * yuan})
		f.Enterprise.CreditCode, f.Enterprise.Stars = "91370100MA3ABCDEF1", c.stars
		f.Used = rules.Used{ThisPolicy: c.had}
		r, err := p.Quote(f)
		require.NoError(t, err)
		require.Equal(t, c.want, r.Legs.Subsidy, name)
		for _, found := range r.Eligibility {
			if found.Clause == c.failed {
				require.False(t, found.Passed, name)
			}
		}
	}
}
