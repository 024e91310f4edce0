package identity_test

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"yunhui/services/crypto"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

func parts(t testing.TB, token string) (header, body map[string]any) {
	p := strings.Split(token, ".")
	require.Len(t, p, 3)
	for i, into := range []*map[string]any{&header, &body} {
		raw, err := base64.RawURLEncoding.DecodeString(p[i])
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(raw, into))
	}
	return header, body
}

func unsigned(t testing.TB, header, body map[string]any) string {
	h, err := json.Marshal(header)
	require.NoError(t, err)
	b, err := json.Marshal(body)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString(h) + "." + base64.RawURLEncoding.EncodeToString(b)
}

// TestForgedTokensAreRefused tries what is known to have worked elsewhere.
func TestForgedTokensAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("victim")
		good := h.login("victim").Access
		h.accepted(good, "the token the forgeries are made of")
		header, body := parts(h, good)
		kid, _ := header["kid"].(string)
		var public string
		require.NoError(h, h.db.Read(h.Context()).Table("signing_keys").Select("public_key").Where("id = ?", kid).Scan(&public).Error)
		publicRaw, err := base64.RawStdEncoding.DecodeString(public)
		require.NoError(h, err)

		hs256 := func(key []byte) string {
			u := unsigned(h, map[string]any{"alg": "HS256", "typ": "JWT", "kid": kid}, body)
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(u))
			return u + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
		}
		_, strange, err := ed25519.GenerateKey(rand.Reader)
		require.NoError(h, err)
		own := func(header map[string]any) string {
			u := unsigned(h, header, body)
			return u + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(strange, []byte(u)))
		}
		sig := good[strings.LastIndex(good, ".")+1:]
		changed := map[string]any{}
		maps.Copy(changed, body)
		changed["sub"] = "somebody else"
		for why, token := range map[string]string{
			"empty":                         "",
			"not a token":                   "abc",
			"alg none":                      unsigned(h, map[string]any{"alg": "none", "typ": "JWT", "kid": kid}, body) + ".",
			"alg None":                      unsigned(h, map[string]any{"alg": "None", "kid": kid}, body) + ".",
			"HS256 over the public key":     hs256(publicRaw),
			"HS256 over its text":           hs256([]byte(public)),
			"another key under our kid":     own(map[string]any{"alg": "EdDSA", "kid": kid}),
			"an unknown kid":                own(map[string]any{"alg": "EdDSA", "kid": string(kernel.NewID(h.clock.Now()))}),
			"a kid that is a path":          own(map[string]any{"alg": "EdDSA", "kid": "../../dev/null"}),
			"a kid that is SQL":             own(map[string]any{"alg": "EdDSA", "kid": "' OR '1'='1"}),
			"a kid that is no text":         own(map[string]any{"alg": "EdDSA", "kid": 7}),
			"no kid, own key in the header": own(map[string]any{"alg": "EdDSA", "jwk": map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "AA"}}),
			"another body":                  unsigned(h, header, changed) + "." + sig,
			"no signature":                  good[:strings.LastIndex(good, ".")+1],
			"thousands of dots":             strings.Repeat(".", 100_000),
			"padding":                       good + "=",
			"a second token behind":         good + "." + good,
		} {
			h.refused(token, why)
		}
		h.accepted(good, "and the true one still holds")
	})
}

// TestWellSignedTokensWithWrongClaimsAreRefused signs with the true key.
func TestWellSignedTokensWithWrongClaimsAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("victim")
		h.firm("thief")
		good := h.login("victim").Access
		header, _ := parts(h, good)
		_, thief := parts(h, h.login("thief").Access)
		var sealed string
		require.NoError(h, h.db.Read(context.Background()).Table("signing_keys").Select("private_key").Where("id = ?", header["kid"]).Scan(&sealed).Error)
		seed, err := h.fields.Open("signing_keys.private_key:"+header["kid"].(string), sealed)
		require.NoError(h, err)
		raw, err := base64.RawStdEncoding.DecodeString(seed)
		require.NoError(h, err)
		key := ed25519.NewKeyFromSeed(raw)

		now := h.clock.Now()
		for why, change := range map[string]func(c map[string]any){
			"":                       func(map[string]any) {},
			"expired":                func(c map[string]any) { c["exp"] = now.Add(-time.Minute).Unix() },
			"no expiry":              func(c map[string]any) { delete(c, "exp") },
			"not yet":                func(c map[string]any) { c["nbf"] = now.Add(time.Hour).Unix() },
			"issued tomorrow":        func(c map[string]any) { c["iat"] = now.Add(24 * time.Hour).Unix() },
			"another audience":       func(c map[string]any) { c["aud"] = "another-api" },
			"no audience":            func(c map[string]any) { delete(c, "aud") },
			"another issuer":         func(c map[string]any) { c["iss"] = "elsewhere" },
			"another person":         func(c map[string]any) { c["sub"] = thief["sub"] },
			"another's session":      func(c map[string]any) { c["sid"] = thief["sid"] },
			"another's membership":   func(c map[string]any) { c["mid"] = thief["mid"] },
			"an earlier version":     func(c map[string]any) { c["sv"] = 0 },
			"a later version":        func(c map[string]any) { c["sv"] = 2 },
			"a session that is none": func(c map[string]any) { c["sid"] = "x" },
			"no session":             func(c map[string]any) { delete(c, "sid") },
		} {
			_, claims := parts(h, good)
			change(claims)
			token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims(claims))
			token.Header["kid"] = header["kid"]
			signed, err := token.SignedString(key)
			require.NoError(h, err)
			if why == "" {
				h.accepted(signed, "the method of this test works")
			} else {
				h.refused(signed, why)
			}
		}
	})
}

func TestAccessTokensExpireByTheHousesClock(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		tokens := h.login("someone")
		h.clock.Advance(10 * time.Minute)
		h.accepted(tokens.Access, "within the leeway")
		h.clock.Advance(31 * time.Second)
		h.refused(tokens.Access, "beyond it")
	})
}

func TestKeysRotateAndBothVerifyMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		other := h.node(false)
		first := h.login("someone")
		kid := func(token string) any { header, _ := parts(h, token); return header["kid"] }

		second, err := other.Login(h.Context(), "someone", password, home)
		require.NoError(h, err)
		require.Equal(h, kid(first.Access), kid(second.Access), "nodes share the key")

		h.clock.Advance(30*24*time.Hour - 5*time.Minute)
		late := h.login("someone")
		require.Equal(h, kid(first.Access), kid(late.Access))
		h.clock.Advance(6 * time.Minute)
		next := h.login("someone")
		require.NotEqual(h, kid(first.Access), kid(next.Access), "after 30 days another key signs")
		h.accepted(late.Access, "signed by the old key")
		_, err = other.Authenticate(h.Context(), next.Access)
		require.NoError(h, err, "a node that has not met the new key looks it up")
		require.EqualValues(h, 2, h.count("signing_keys", "1 = 1"))
	})
}

func TestAKeyTakenOutOfTheTableIsForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		tokens := h.login("someone")
		h.accepted(tokens.Access, "before")
		h.exec("DELETE FROM signing_keys")
		h.clock.Advance(time.Minute)
		h.refused(tokens.Access, "after a minute at the latest")
		h.accepted(h.login("someone").Access, "a new key is made")
	})
}

func TestWithoutTheMasterKeyNothingIsSigned(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		h.login("someone")
		strange, err := crypto.ParseFields(crypto.NewMasterKey())
		require.NoError(h, err)
		node := identity.New(h.db, identity.Options{Fields: strange, Passwords: crypto.NewPasswords(crypto.TestCost)})
		_, err = node.Login(h.Context(), "someone", password, home)
		require.ErrorIs(h, err, crypto.ErrSealed)
		require.Nil(h, kernel.AsError(err), "it is ours to mend, not the user's")
	})
}
