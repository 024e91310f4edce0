package identity

import (
	"context"
	"time"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// How long things last.
const (
	AccessLife    = 10 * time.Minute    // an access token
	RefreshLife   = 24 * time.Hour      // a refresh token that nobody uses
	SessionLife   = 7 * 24 * time.Hour  // a session, however busy
	signingLife   = 30 * 24 * time.Hour // a key signs
	verifyingTail = 24 * time.Hour      // and then only verifies
)

// Options are what New needs besides the store.
type Options struct {
	Fields    *crypto.Fields    // seals the signing keys
	Passwords *crypto.Passwords // default: of the default cost
	Demo      bool              // lets the demo accounts in
	Issuer    string            // of access tokens; default "yunhui"
}

// Service is the room's one door. It is safe for concurrent use, and any number
// of nodes may run it on one store.
type Service struct {
	db        *database.DB
	passwords *crypto.Passwords
	demo      bool
	tokens    *tokens
}

// New makes the service.
func New(db *database.DB, o Options) *Service {
	if o.Passwords == nil {
		o.Passwords = crypto.NewPasswords(crypto.DefaultCost)
	}
	if o.Issuer == "" {
		o.Issuer = "yunhui"
	}
	return &Service{db: db, passwords: o.Passwords, demo: o.Demo, tokens: newTokens(newKeys(db, o.Fields), o.Issuer, db.Clock())}
}

// Demo reports whether demo accounts are let in.
func (s *Service) Demo() bool { return s.demo }

// unkept is the context for use cases whose result is a secret or whose request
// carries one: an idempotency key would keep result and fingerprint in the store.
func unkept(ctx context.Context) context.Context {
	call := kernel.CallFrom(ctx)
	call.IdempotencyKey, call.Fingerprint = "", ""
	return kernel.WithCall(ctx, call)
}
