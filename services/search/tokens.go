package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWord bounds the bytes of a word that count, so that pasted keys and
// addresses do not swell the index.
const maxWord = 64

// isGram reports whether a character belongs to a script that writes no spaces
// and is therefore matched by characters and pairs: ideographs (those of planes
// that this Unicode version does not know yet as well), kana, hangul, and the
// private area where older systems keep rare characters of names.
func isGram(r rune) bool {
	switch {
	case r < 0x3005:
		return false
	case r <= 0x3007, r >= 0x3040 && r <= 0x30FF, r >= 0x3400 && r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF:
		return true
	case r < 0xAC00:
		return false
	case r <= 0xD7AF, r >= 0xE000 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF, r >= 0xF0000:
		return true
	}
	return false
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	return !isGram(r) && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// A gram is one character or two neighbours as one number; no pair equals a
// single character, since a pair's first half is never zero.
type gram uint64

const gramBits = 21 // of a character

func single(r rune) gram      { return gram(r) }
func pair(first, r rune) gram { return gram(first)<<gramBits | gram(r) }

// unit is one character of a gram script or one word.
type unit struct {
	text  string
	char  rune // 0 for a word
	glued bool // a character right behind another
}

// split cuts folded text into units.
func split(folded string, to []unit) []unit {
	previous := rune(0)
	for i := 0; i < len(folded); {
		r, size := utf8.DecodeRuneInString(folded[i:])
		switch {
		case isGram(r):
			to = append(to, unit{text: folded[i : i+size], char: r, glued: previous != 0})
			previous = r
			i += size
		case isWord(r):
			end := wordEnd(folded, i+size)
			to = append(to, unit{text: stem(bounded(folded[i:end]))})
			previous = 0
			i = end
		default:
			previous = 0
			i += size
		}
	}
	return to
}

func wordEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isWord(r) {
			break
		}
		i += size
	}
	return i
}

func bounded(word string) string {
	if len(word) > maxWord {
		return strings.ToValidUTF8(word[:maxWord], "")
	}
	return word
}

// stem takes the plural off an English word. It is used on both sides, so it
// need not be right, only the same.
func stem(w string) string {
	n := len(w)
	switch {
	case n < 5 || w[n-1] != 's':
		return w
	case strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"), strings.HasSuffix(w, "tches"), strings.HasSuffix(w, "shes"):
		return w[:n-2]
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	}
	return w[:n-1]
}
