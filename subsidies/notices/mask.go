package notices

import (
	"strings"
	"unicode/utf8"

	"yunhui/subsidies"
)

// soleTrader begins the credit codes of individually owned businesses 个体工商户,
// whose names are personal data.
const soleTrader = "92"

// PublicName is a firm's name as a public page may show it: in full for legal
// persons, the first character for an individual's business.
func PublicName(f subsidies.Firm) string {
	if !strings.HasPrefix(f.CreditCode, soleTrader) {
		return f.Name
	}
	first, size := utf8.DecodeRuneInString(f.Name)
	if size == 0 {
		return ""
	}
	return string(first) + "＊＊"
}

// PublicNameEN is PublicName for the English name, which an individual's
// business does not show at all.
func PublicNameEN(f subsidies.Firm) string {
	if strings.HasPrefix(f.CreditCode, soleTrader) {
		return ""
	}
	return f.NameEN
}

// PublicCode hides the part of a credit code that identifies: what kind of
// organisation it is, where it was registered and its last two characters stay.
func PublicCode(code string) string {
	if len(code) != 18 {
		return strings.Repeat("*", len(code))
	}
	return code[:8] + "********" + code[16:]
}
