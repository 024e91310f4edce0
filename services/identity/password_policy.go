package identity

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"yunhui/services/kernel"
)

// Bounds of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 128
)

//go:embed common_passwords.txt
var commonPasswords string

var common = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for word := range strings.FieldsSeq(commonPasswords) {
		known[word] = true
	}
	return known
})

// checkPassword notes at the path what keeps the password from being taken.
func checkPassword(f *kernel.Faults, path, login, password string) {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	f.Check(n >= MinPassword, path, "password.too_short",
		kernel.T("密码至少%d个字符", "A password has at least %d characters", MinPassword))
	f.Check(n <= MaxPassword, path, "password.too_long",
		kernel.T("密码最多%d个字符", "A password has at most %d characters", MaxPassword))
	f.Check(!common()[lower] && !monotonous(lower), path, "password.common",
		kernel.T("这个密码太常见，容易被猜到", "This password is too common and easily guessed"))
	f.Check(login == "" || !strings.Contains(lower, strings.ToLower(login)), path, "password.contains_login",
		kernel.T("密码不能包含登录名", "The password must not contain the login name"))
}

// monotonous reports whether the text is one character over and over, or a run of
// neighbours such as 1234567890 or abcdefghij.
func monotonous(s string) bool {
	runes := []rune(s)
	if len(runes) < 2 {
		return false
	}
	step := runes[1] - runes[0]
	for i := 1; i < len(runes); i++ {
		if d := runes[i] - runes[i-1]; d != step && (runes[i] != '0' || runes[i-1] != '9') {
			return false
		}
	}
	return step >= -1 && step <= 1
}
