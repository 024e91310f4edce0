package crypto

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// Digest returns the SHA-256 of the text in lower-case hex, 64 characters. It is
// for secrets with full entropy and for fingerprints, never for passwords.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// NewToken makes an opaque secret of 256 random bits, 43 characters that are safe
// in a header, a cookie and a URL. Store its Digest.
func NewToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}
