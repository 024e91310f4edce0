package search

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// describe writes clauses as "typed=synonyms", weak ones in brackets, an open
// last word with a star.
func describe(text string) string {
	var parts []string
	for _, c := range parse(text) {
		part := c.asked
		if n := len(c.wordings); n > 1 {
			part += "=" + c.wordings[1].text
		}
		if c.open {
			part += "*"
		}
		if c.weak {
			part = "[" + part + "]"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func TestQueriesAreUnderstood(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"补贴":                "补贴=补助",
		"云":                 "云",
		"票据流转":              "票据流转",
		"ecs":               "ecs=云主机*",
		"ecs ":              "ecs=云主机",
		"Cloud Servers":     "cloud server=云主机",
		"雲主機備份":             "云主机=云服务器 备份=容灾",
		"ERP系统":             "erp=企业资源计划 [系统]",
		"财务的软件":             "财务=会计 [的] [软件=软体]",
		"软件系统":              "软件=软体 系统",
		"适合我们的进销存软件":        "[适合] [我们] [的] 进销存=库存管理 [软件=软体]",
		"SD-WAN":            "sd wan=sdwan",
		"the accounting of": "[the] accounting=财务 [of*]",
		"某厂 kube":           "某厂 kube*",
		"   ，。":             "",
		"":                  "",
	} {
		require.Equal(t, want, describe(text), "%q", text)
	}
}

func TestSynonymsGoBothWays(t *testing.T) {
	t.Parallel()
	lines := 0
	for line := range dataLines(synonymData) {
		lines++
		members := strings.Split(line, ",")
		require.Greater(t, len(members), 1, line)
		for _, m := range members {
			clauses := parse(m)
			require.Len(t, clauses, 1, "%q of %q is one phrase", m, line)
			require.GreaterOrEqual(t, len(clauses[0].wordings), len(members)-1, m)
			for _, w := range clauses[0].wordings {
				require.NotEmpty(t, w.terms, m)
			}
		}
	}
	require.Greater(t, lines, 60)
}

func TestOnlySoMuchOfAQueryIsRead(t *testing.T) {
	t.Parallel()
	terms := 0
	for _, c := range parse(strings.Repeat("票据ﷺ㌔", 10_000)) {
		terms += len(c.wordings[0].terms)
	}
	require.LessOrEqual(t, terms, maxText)
	const most = 255 * 16 * idfScale * 18 // impact, as typed, idf of one among all that an index holds
	require.Less(t, int64(maxText)*most, int64(1)<<32, "no score overflows")
}
