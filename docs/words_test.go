package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

// words gives the site's own words for a group of codes, as "claimState": the
// pages say what the screens say, and a code without a word is found here.
type words map[string]kernel.Text

var word = regexp.MustCompile(`([a-z_]+): '((?:[^'\\]|\\.)*)'`)

func readWords(t *testing.T, file, group string) words {
	t.Helper()
	read := func(language string) map[string]string {
		text, err := os.ReadFile(filepath.Join(root, "frontend", "src", "locales", language, file+".ts"))
		require.NoError(t, err)
		_, rest, found := strings.Cut(string(text), "\n  "+group+": {")
		require.True(t, found, "%s/%s.ts has no group %s", language, file, group)
		body, _, _ := strings.Cut(rest, "}")
		said := map[string]string{}
		for _, m := range word.FindAllStringSubmatch(body, -1) {
			said[m[1]] = strings.ReplaceAll(m[2], `\'`, "'")
		}
		return said
	}
	zh, en := read("zh-CN"), read("en")
	out := words{}
	for code, text := range zh {
		out[code] = kernel.Text{ZH: text, EN: en[code]}
	}
	return out
}

// of finds the word; a code that the screens cannot say fails the test.
func (w words) of(t *testing.T, code string) kernel.Text {
	t.Helper()
	text := w[code]
	require.NotEmpty(t, text.ZH, "the site has no Chinese word for %q", code)
	require.NotEmpty(t, text.EN, "the site has no English word for %q", code)
	return text
}
