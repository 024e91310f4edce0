package search

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func termTexts(text string) []string {
	texts := []string{}
	for _, t := range termsOf(split(fold(text), nil)) {
		texts = append(texts, t.text())
	}
	return texts
}

func TestTextIsCutIntoPairsAndWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"云":                    "云",
		"补贴":                   "补贴",
		"云服务器":                 "云服 服务 务器",
		"ERP系统上线":              "erp 系统 统上 上线",
		"抗D 5G-SD_WAN":         "抗 d 5g sd wan",
		"云，主机":                 "云 主机",
		"𠮷林𬭎业":                 "𠮷林 林𬭎 𬭎业",
		"servers' databases":   "server database",
		"人々のクラウド":              "人々 々の のク クラ ラウ ウド",
		"、。！ ":                 "",
		"１２３ ＡＢＣ":              "123 abc",
		"\U00031350\U000323B0": "\U00031350\U000323B0", // ideographs newer than the Unicode tables
	} {
		require.Equal(t, strings.Fields(want), termTexts(text), "%q", text)
	}
}

func TestPluralsMeetTheirSingulars(t *testing.T) {
	t.Parallel()
	for plural, singular := range map[string]string{
		"servers": "server", "policies": "policy", "boxes": "box", "processes": "process", "switches": "switch",
		"caches": "cache", "databases": "database", "business": "business", "analysis": "analysis", "status": "status",
	} {
		require.Equal(t, singular, stem(plural))
		require.Equal(t, singular, stem(singular))
	}
	for _, name := range []string{"saas", "paas", "aws", "oss", "lims", "mes", "aps"} {
		require.Equal(t, name, stem(name), "not a plural")
	}
}

func TestOneSlipIsOneEdit(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("ab")), 1, 7, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		require.Equal(t, editDistance(a, b) == 1, oneSlip(a, b))
	})
}

func TestVeryLongWordsAreCut(t *testing.T) {
	t.Parallel()
	units := split(strings.Repeat("é", 500), nil)
	require.Len(t, units, 1)
	require.LessOrEqual(t, len(units[0].text), maxWord)
}
