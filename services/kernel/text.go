package kernel

import (
	"fmt"
	"strings"
	"unicode"
)

// Text is a sentence or a name in both languages of the house.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// T makes a Text; with args both sides are fmt formats over the same args.
func T(zh, en string, args ...any) Text {
	if len(args) == 0 {
		return Text{ZH: zh, EN: en}
	}
	return Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// In returns the side for a language tag ("en", "zh-CN", ...); Chinese is the default.
func (t Text) In(lang string) string {
	if strings.HasPrefix(strings.ToLower(lang), "en") && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// Hidden reports whether s holds characters a reader cannot see and that can
// disguise a name: zero-width and bidirectional controls, other control
// characters except tab and newline, and unpaired surrogates.
func Hidden(s string) bool {
	for _, r := range s {
		if r == '\n' || r == '\t' || r == '\r' {
			continue
		}
		if r == unicode.ReplacementChar || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) {
			return true
		}
	}
	return false
}
