package crypto

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrSealed says that a sealed field cannot be opened: it was altered, moved to
// another place, or its master key is not at hand.
var ErrSealed = errors.New("sealed field cannot be opened")

// Fields seals single fields of the store under a master key. It is safe for
// concurrent use.
type Fields struct {
	sealing string            // id of the key that seals
	keys    map[string][]byte // by id; all open
}

// Seal encrypts the text for one place, which is part of what is authenticated:
// "table.column:id". A ciphertext copied to another row does not open there.
// Empty text stays empty.
func (f *Fields) Seal(place, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	aead, err := suites[sealTag](f.keys[f.sealing])
	if err != nil {
		return "", fmt.Errorf("seal %s: %w", place, err)
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	head := sealTag + "$" + f.sealing + "$"
	body := aead.Seal(nonce, nonce, []byte(text), []byte(head+place))
	return head + base64.RawStdEncoding.EncodeToString(body), nil
}

// Open decrypts what Seal made for the same place. Errors wrap ErrSealed and name
// the key that is missing, never the content.
func (f *Fields) Open(place, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	parts := strings.Split(sealed, "$")
	if len(parts) != 3 {
		return "", fmt.Errorf("%s: %w: no algorithm tag", place, ErrSealed)
	}
	tag, kid := parts[0], parts[1]
	open, ok := suites[tag]
	if !ok {
		return "", fmt.Errorf("%s: %w: unknown algorithm %q", place, ErrSealed, tag)
	}
	key, ok := f.keys[kid]
	if !ok {
		return "", fmt.Errorf("%s: %w: master key %q is not at hand", place, ErrSealed, kid)
	}
	aead, err := open(key)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", place, err)
	}
	body, err := base64.RawStdEncoding.DecodeString(parts[2])
	if err != nil || len(body) < aead.NonceSize() {
		return "", fmt.Errorf("%s: %w: malformed", place, ErrSealed)
	}
	text, err := aead.Open(nil, body[:aead.NonceSize()], body[aead.NonceSize():], []byte(tag+"$"+kid+"$"+place))
	if err != nil {
		return "", fmt.Errorf("%s: %w: it was altered or moved", place, ErrSealed)
	}
	return string(text), nil
}

// KeyID names the key that seals, for the operator.
func (f *Fields) KeyID() string { return f.sealing }
