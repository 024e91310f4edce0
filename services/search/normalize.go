package search

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/traditional.txt
var traditionalData string

// simplified maps traditional characters to simplified ones.
var simplified = readTraditional(traditionalData)

// The common ideographs have a table, since every character of every document
// passes through it; the rare ones beyond go to the map.
const (
	commonFirst = 0x3400
	commonLast  = 0x9FFF
)

type traditionalTable struct {
	common [commonLast - commonFirst + 1]rune // 0: stays as it is
	rare   map[rune]rune
}

func readTraditional(data string) *traditionalTable {
	t := &traditionalTable{rare: map[rune]rune{}}
	for line := range strings.Lines(data) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pair := []rune(strings.TrimSpace(line))
		for ; len(pair) >= 2; pair = pair[2:] {
			if from := pair[0]; from >= commonFirst && from <= commonLast {
				t.common[from-commonFirst] = pair[1]
			} else {
				t.rare[from] = pair[1]
			}
		}
	}
	return t
}

func (t *traditionalTable) fold(r rune) rune {
	if r >= commonFirst && r <= commonLast {
		if to := t.common[r-commonFirst]; to != 0 {
			return to
		}
		return r
	}
	if to, ok := t.rare[r]; ok {
		return to
	}
	return r
}

// fold brings text to the one form in which it is kept and looked for: NFKC,
// which also undoes full and half width, lower case, simplified characters, and
// nothing that cannot be seen.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return strings.Map(foldRune, norm.NFKC.String(s))
}

func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	case r >= commonFirst && r <= commonLast:
		return simplified.fold(r)
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return -1
	case r > 0xFFFF:
		return unicode.ToLower(simplified.fold(r))
	}
	return unicode.ToLower(r)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clip returns the first n characters of s.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
