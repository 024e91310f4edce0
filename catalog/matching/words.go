package matching

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"
)

const mostWords = 6

//go:embed data/common_words.txt
var commonData string

// common words stand in every need and every text, and explain nothing.
var common = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(commonData) {
		out[w] = true
	}
	return out
}()

// Tell chooses what to show of the pieces that a search matched: neighbouring
// pairs of characters are put together where the need has them so, common words
// and single characters are left out, and the longest come first.
func Tell(need string, pieces []string) []string {
	need = strings.ToLower(need)
	var words []string
	for _, p := range pieces {
		if n := len(words); n > 0 {
			if longer, ok := join(need, words[n-1], p); ok {
				words[n-1] = longer
				continue
			}
		}
		words = append(words, p)
	}
	var out []string
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 2 && !common[w] && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a)) })
	return out[:min(len(out), mostWords)]
}

// join puts "进销" and "销存" together to "进销存" if the need says so.
func join(need, a, b string) (string, bool) {
	if common[a] || common[b] {
		return "", false
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	first, n := utf8.DecodeRuneInString(b)
	if last != first || len(b) == n || last < 0x2E80 {
		return "", false
	}
	longer := a + b[n:]
	return longer, strings.Contains(need, longer)
}
