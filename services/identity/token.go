package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"yunhui/services/kernel"
)

const (
	audience       = "yunhui-api"
	maxBearer      = 2048             // characters; ours have some 500
	leewayOfClocks = 30 * time.Second // between the nodes
)

// claims are what an access token says. It carries no role: that is looked up.
type claims struct {
	jwt.RegisteredClaims
	Membership kernel.ID `json:"mid"`
	Session    kernel.ID `json:"sid"`
	Version    int64     `json:"sv"`
}

// tokens mints and reads access tokens. The parser is made once, with every check
// that can be declared, and tells the time by the house's clock.
type tokens struct {
	keys   *keys
	issuer string
	clock  kernel.Clock
	parser *jwt.Parser
}

var errUnknownKey = errors.New("unknown or expired signing key")

// keyReadError says that the store, and not the token, is at fault.
type keyReadError struct{ cause error }

func (e *keyReadError) Error() string { return "read signing key: " + e.cause.Error() }
func (e *keyReadError) Unwrap() error { return e.cause }

func newTokens(k *keys, issuer string, clock kernel.Clock) *tokens {
	return &tokens{keys: k, issuer: issuer, clock: clock, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithNotBeforeRequired(),
		jwt.WithLeeway(leewayOfClocks),
		jwt.WithTimeFunc(clock.Now),
		jwt.WithStrictDecoding(),
	)}
}

// mint signs an access token for a live session.
func (t *tokens) mint(key signingKey, l live) (string, error) {
	now := t.clock.Now()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: t.issuer, Audience: jwt.ClaimStrings{audience}, Subject: string(l.PersonID),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessLife)),
		},
		Membership: l.MembershipID, Session: l.SessionID, Version: l.PersonVersion,
	})
	token.Header["kid"] = string(key.id)
	signed, err := token.SignedString(key.private)
	if err != nil {
		return "", fmt.Errorf("sign access token: %w", err)
	}
	return signed, nil
}

// read verifies an access token as such. Every token that is not good gives
// kernel.Unauthenticated; other errors are ours.
func (t *tokens) read(ctx context.Context, bearer string) (claims, error) {
	if len(bearer) > maxBearer {
		return claims{}, kernel.Unauthenticated()
	}
	var c claims
	_, err := t.parser.ParseWithClaims(bearer, &c, func(token *jwt.Token) (any, error) {
		kid, _ := token.Header["kid"].(string)
		return t.keys.verifier(ctx, kernel.ID(kid))
	})
	var ours *keyReadError
	switch {
	case errors.As(err, &ours):
		return claims{}, ours
	case err != nil:
		return claims{}, kernel.Unauthenticated().Because(err)
	case !c.Session.Valid() || !c.Membership.Valid() || c.Subject == "":
		return claims{}, kernel.Unauthenticated()
	default:
		return c, nil
	}
}
