package registry

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"yunhui/services/kernel"
)

// The alphabets and weights of GB 32100-2015 and of the organisation code
// GB 11714 that it contains. A character's value is its place in the alphabet.
const (
	creditAlphabet       = "0123456789ABCDEFGHJKLMNPQRTUWXY" // without I, O, S, V, Z
	organisationAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

	creditCodeLength   = 18
	organisationStart  = 8  // the nine characters of the organisation code
	organisationCheck  = 16 // its check digit
	creditCodeCheckPos = 17
)

var (
	creditWeights       = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// The codes of the errors of CheckCreditCode.
const (
	CodeCreditLength       = "credit_code.length"
	CodeCreditAlphabet     = "credit_code.alphabet"
	CodeCreditOrganisation = "credit_code.organisation_check"
	CodeCreditCheckDigit   = "credit_code.check_digit"
)

// NormalizeCreditCode turns what people type or paste into the form that is
// stored: full-width characters narrowed, letters upper-cased, white space,
// hyphens and invisible characters dropped. It judges nothing.
func NormalizeCreditCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // the full-width block mirrors ASCII
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, s)
}

// CheckCreditCode verifies a normalised unified social credit code: length,
// alphabet, and both check digits. It returns nil or a kernel.Error with one of
// the codes above; a slip of the pen shows as the check digit, a code whose last
// character fits but whose inner organisation code does not was made up, or is
// one of the early pilots. It never judges the region digits: they are historical and
// say nothing about where a firm is registered today.
func CheckCreditCode(code string) error {
	if utf8.RuneCountInString(code) != creditCodeLength {
		return kernel.Invalid(CodeCreditLength, kernel.T(
			"统一社会信用代码应为18位，现为%d位",
			"A unified social credit code has 18 characters; this one has %d", utf8.RuneCountInString(code)))
	}
	for _, r := range code {
		if !strings.ContainsRune(creditAlphabet, r) {
			return kernel.Invalid(CodeCreditAlphabet, kernel.T(
				"统一社会信用代码只含数字和大写字母（不含I、O、S、V、Z），%q不在其中",
				"A unified social credit code holds digits and capital letters other than I, O, S, V and Z; %q is not among them", r))
		}
	}
	if want := creditDigit(code[:creditCodeCheckPos]); code[creditCodeCheckPos] != want {
		return kernel.Invalid(CodeCreditCheckDigit, kernel.T(
			"校验码不符（第18位推算应为“%c”），请逐位核对",
			"The check digit does not fit (the 18th character should compute to %q); please compare every character", want))
	}
	if want := organisationDigit(code[organisationStart:organisationCheck]); code[organisationCheck] != want {
		return kernel.Invalid(CodeCreditOrganisation, kernel.T(
			"第9至17位的组织机构代码校验不符（第17位推算应为“%c”），请逐位核对",
			"Characters 9 to 17, the organisation code, fail their check (the 17th should compute to %q); please compare every character", want))
	}
	return nil
}

// CreditCodeOverridable reports whether an officer may let the code stand, with
// a reason: some codes of the early pilots are in lawful use although their
// check digits do not compute. Length and alphabet admit no exception.
func CreditCodeOverridable(err error) bool {
	return kernel.IsCode(err, CodeCreditOrganisation) || kernel.IsCode(err, CodeCreditCheckDigit)
}

// MakeCreditCode completes a code with both check digits, for fictional
// organisations: prefix is the authority and the kind of entity ("91"), region
// the six digits of the registering place, organisation the first eight
// characters of the organisation code.
func MakeCreditCode(prefix, region, organisation string) (string, error) {
	if len(prefix) != 2 || len(region) != 6 || len(organisation) != 8 {
		return "", kernel.Invalid(CodeCreditLength, kernel.T(
			"统一社会信用代码由2位前缀、6位登记地和8位机构代码组成",
			"A credit code is made of a prefix of 2, a region of 6 and an organisation code of 8 characters"))
	}
	code := prefix + region + organisation
	for _, r := range code {
		if !strings.ContainsRune(creditAlphabet, r) {
			return "", kernel.Invalid(CodeCreditAlphabet, kernel.T("%q不能用于统一社会信用代码", "%q cannot stand in a credit code", r))
		}
	}
	code += string(organisationDigit(organisation))
	return code + string(creditDigit(code)), nil
}

// organisationDigit computes the ninth character of an organisation code from
// the first eight.
func organisationDigit(body string) byte {
	sum := 0
	for i, w := range organisationWeights {
		sum += w * strings.IndexByte(organisationAlphabet, body[i])
	}
	return "0123456789X"[(11-sum%11)%11]
}

// creditDigit computes the eighteenth character from the first seventeen.
func creditDigit(body string) byte {
	sum := 0
	for i, w := range creditWeights {
		sum += w * strings.IndexByte(creditAlphabet, body[i])
	}
	return creditAlphabet[(31-sum%31)%31]
}
