package rules_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

func TestAPublishedDocumentSurvivesYAML(t *testing.T) {
	t.Parallel()
	for _, doc := range policies.All() {
		plain, err := json.Marshal(doc)
		require.NoError(t, err)
		canonical, err := rules.Canonical(plain)
		require.NoError(t, err)
		text, err := rules.YAML(canonical)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "code: "), "the order is that of the schema: %.60s", text)
		back, err := rules.FromYAML(text)
		require.NoError(t, err)
		require.Equal(t, string(canonical), string(back))
		_, err = rules.Parse(back)
		require.NoError(t, err)
	}
}

// anyText draws texts that YAML is known to trip over.
func anyText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[ \t\n\r:#&*!|>'"%@{}\[\],?0-9eE+._~=<-]{0,12}`),
		rapid.SampledFrom([]string{
			"", " ", "null", "~", "true", "No", "on", "y", "1", "-1", "01", "0x1F", "0o7", "1_000", "1e3", ".5", "+1", ".inf", "-.inf", ".nan", "=", "<<",
			"2026-11-23", "2026-11-23T00:00:00Z", "12:30:45", "- a", "a: b", "a #b", "# c", "---", "...", "%YAML 1.2", "!!int 3", "&a", "*a", "| x", "> y",
			"a\nb", "\na", "a\n", " a\n b", "a\r\nb", "a\tb", "\u0085", "\u2028", "\ufeff", "\u00a0", "𠮷", "𬭎", "云惠", "''", `"`, `\`, "\x00", "\x1b", "\x7f", "enterprise.age_months >= 12",
		}),
	)
}

func anyValue(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Map(anyText(), func(s string) any { return s }),
		rapid.Map(rapid.SampledFrom([]string{"0", "-0", "1", "-12", "10000000000000", "1.50", "1e3", "1E+2", "-0.0", "123456789012345678901234567890"}), func(s string) any { return json.Number(s) }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil),
	}
	if depth > 0 {
		leaves = append(leaves,
			rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return anyValue(depth - 1) }), 0, 4), func(l []any) any { return l }),
			rapid.Map(anyObject(depth-1), func(m map[string]any) any { return m }),
		)
	}
	return rapid.OneOf(leaves...)
}

func anyObject(depth int) *rapid.Generator[map[string]any] {
	names := rapid.OneOf(rapid.SampledFrom([]string{"code", "title", "zh", "en", "clauses", "number", "rates", "rate_bp", "on", "yes", "cases", "facts"}), anyText())
	return rapid.MapOfN(names, rapid.Deferred(func() *rapid.Generator[any] { return anyValue(depth) }), 0, 6)
}

// TestAnyDocumentSurvivesYAML: whatever an unfinished document holds, what was
// taken out as YAML comes back byte for byte.
func TestAnyDocumentSurvivesYAML(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plain, err := json.Marshal(anyObject(3).Draw(t, "document"))
		require.NoError(t, err)
		canonical, err := rules.Canonical(plain)
		require.NoError(t, err)
		again, err := rules.Canonical(canonical)
		require.NoError(t, err)
		require.Equal(t, string(canonical), string(again), "the canonical form is one")
		text, err := rules.YAML(canonical)
		require.NoError(t, err)
		back, err := rules.FromYAML(text)
		require.NoError(t, err, "%s", text)
		require.Equal(t, string(canonical), string(back), "%s", text)
	})
}

func TestHandWrittenYAMLIsRead(t *testing.T) {
	t.Parallel()
	got, err := rules.FromYAML([]byte("# 注释\ncode: a-b\nversion: 2\nwindow: {from: 2026-01-01, to: '2026-12-31'}\ntext: |\n  一\n  二\nlist:\n- yes\n- 3\n- ~\n- true\n"))
	require.NoError(t, err)
	require.JSONEq(t, `{"code":"a-b","list":["yes",3,null,true],"text":"一\n二\n","version":2,"window":{"from":"2026-01-01","to":"2026-12-31"}}`, string(got))
}

func TestYAMLThatSaysMoreThanItShowsIsRefused(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for _, n := range "bcdefghi" {
		bomb += string(n) + ": &" + string(n) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(n-1)+",", 9), ",") + "]\n"
	}
	for name, x := range map[string]struct{ text, at string }{
		"bomb":               {bomb, "line 1, column 4"},
		"anchor":             {"a: &x 1", "line 1, column 4"},
		"alias of nothing":   {"a: *x", ""},
		"merge":              {"a: 1\n<<: {b: 2}", "line 2, column 1"},
		"tag":                {"a: !!binary aGk=", "line 1, column 4"},
		"own tag":            {"a: !evil 1", "line 1, column 4"},
		"repeated":           {"a: 1\nb: 2\na: 3", ""},
		"repeated below":     {"x:\n  a: 1\n  a: 1", ""},
		"two documents":      {"a: 1\n---\nb: 2", ""},
		"a list":             {"- a", "line 1, column 1"},
		"a word":             {"hello", "line 1, column 1"},
		"nothing":            {"", ""},
		"a number for name":  {"1: a", "line 1, column 1"},
		"null for name":      {"~: a", "line 1, column 1"},
		"a list for name":    {"? [a]\n: b", ""},
		"hexadecimal":        {"a: 0x1F", "line 1, column 4"},
		"separators":         {"a:\n  b: 1_000", "line 2, column 6"},
		"infinity":           {"a: .inf", "line 1, column 4"},
		"octal":              {"a: 0o17", "line 1, column 4"},
		"tab":                {"a:\n\tb: 1", ""},
		"unclosed":           {"a: [1, 2", ""},
		"unquoted":           {"a: \"x", ""},
		"invalid UTF-8":      {"a: \xff\xfe", ""},
		"control characters": {"a: \x01", ""},
		"deep flow":          {"a: " + strings.Repeat("[", 500_000), ""},
		"deep flow closed":   {"a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), ""},
		"deep blocks":        {"a:\n" + strings.Repeat("- ", 100_000) + "b", ""},
		"deep maps":          {strings.Repeat("{a: ", 100_000), ""},
		"many questions":     {strings.Repeat("? ", 200_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := rules.FromYAML([]byte(x.text))
			e := kernel.AsError(err)
			require.NotNil(t, e, "%v", err)
			require.Equal(t, "policy.yaml", e.Code)
			require.Len(t, e.Fields, 1)
			require.Regexp(t, `^line \d+, column \d+$`, e.Fields[0].Path)
			if x.at != "" {
				require.Equal(t, x.at, e.Fields[0].Path)
			}
		})
	}
	_, err := rules.FromYAML([]byte("a: " + strings.Repeat("x", rules.MaxDocument)))
	require.True(t, kernel.IsCode(err, "policy.too_large"))
}

func TestJSONThatIsNoDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing": "", "cut off": `{"a":`, "a list": "[]", "a word": `"a"`, "two": `{} {}`, "rubbish after": `{}x`, "a million arrays": strings.Repeat("[", 1_000_000),
		"deep": `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}", "repeated": `{"a":1,"b":{"c":1,"c":2}}`, "bad number": `{"a":01}`, "comment": `{/**/}`,
	} {
		_, err := rules.Canonical([]byte(text))
		require.True(t, kernel.IsCode(err, "policy.json"), "%s: %v", name, err)
	}
	_, err := rules.Canonical([]byte(`{"a":"` + strings.Repeat("x", rules.MaxDocument) + `"}`))
	require.True(t, kernel.IsCode(err, "policy.too_large"))
	got, err := rules.Canonical([]byte(` {"b" : 1.50, "a":"<&>"} `))
	require.NoError(t, err)
	require.Len(t, got, len(`{"a":"<&>","b":1.50}`), "%s", got)
	require.JSONEq(t, `{"a":"<&>","b":1.50}`, string(got))
}
