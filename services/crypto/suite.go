package crypto

import (
	"crypto/aes"
	"crypto/cipher"
)

// suite makes the authenticated cipher that an algorithm tag stands for.
type suite func(key []byte) (cipher.AEAD, error)

// suites are all that can be read. What is written uses sealTag.
var suites = map[string]suite{"aes-gcm": aesGCM}

const sealTag = "aes-gcm"

func aesGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key) // 32 bytes: AES-256
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
