package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestFoldMakesOneFormOfMany(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"ＥＲＰ　系統":                "erp 系统",
		"雲端伺服器":                 "云端伺服器",
		"電子簽章":                  "电子签章",
		"ｶﾀｶﾅ":                  "カタカナ",
		"㈱ⅲ⼀":                   "(株)iii一",
		"云\u200b主\u2060机\ufe0f": "云主机",
		"\u202e备份":              "备份",
		"𠮷野家 𬭎":                 "𠮷野家 𬭎",
		"鋐":                     "𬭎",
		"İstanbul CAFÉ":         "istanbul café",
		"":                      "",
	} {
		require.Equal(t, want, fold(given), "%q", given)
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := fold(rapid.String().Draw(t, "text"))
		require.Equal(t, once, fold(once))
	})
}

func TestTraditionalTableIsWhole(t *testing.T) {
	t.Parallel()
	entries := len(simplified.rare)
	for _, to := range simplified.common {
		if to != 0 {
			entries++
			require.Equal(t, to, simplified.fold(to), "simplified characters stay: %c", to)
		}
	}
	require.Greater(t, entries, 4000)
}

func TestClipCountsCharacters(t *testing.T) {
	t.Parallel()
	require.Equal(t, "云主", clip("云主机", 2))
	require.Equal(t, "云主机", clip("云主机", 3))
	require.Empty(t, clip("云主机", 0))
	require.True(t, utf8.ValidString(clip(strings.Repeat("𠮷", 50), 7)))
}
