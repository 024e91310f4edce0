package crypto

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
)

// PasswordCost is what one guess costs. The zero value means DefaultCost.
type PasswordCost struct {
	MemoryKiB uint32 // per hash in flight
	Passes    uint32
	Lanes     uint8
}

// DefaultCost follows the first recommendation of the OWASP sheet for argon2id.
var DefaultCost = PasswordCost{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}

// TestCost makes hashing cheap. It protects nothing.
var TestCost = PasswordCost{MemoryKiB: 64, Passes: 1, Lanes: 1}

// Bounds of the costs that are believed when read back, so that a tampered row
// cannot make one login allocate gigabytes.
const (
	maxMemoryKiB = 1024 * 1024
	maxPasses    = 16
	saltLength   = 16
	keyLength    = 32
)

// ErrPasswordHash says that a stored hash is not one.
var ErrPasswordHash = errors.New("stored password hash is not in a known form")

// Passwords hashes and verifies. It is safe for concurrent use, and no more than
// one hash per processor is computed at a time: each allocates its memory.
type Passwords struct {
	cost  PasswordCost
	slots chan struct{}
	decoy func() string
}

// NewPasswords returns a hasher of the cost.
func NewPasswords(cost PasswordCost) *Passwords {
	if cost == (PasswordCost{}) {
		cost = DefaultCost
	}
	p := &Passwords{cost: cost, slots: make(chan struct{}, runtime.NumCPU())}
	p.decoy = sync.OnceValue(func() string { return p.encode(NewToken(), newSalt()) })
	return p
}

// Hash returns the password's hash as a PHC string with a fresh salt. It fails
// only when ctx ends while waiting for a slot.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	return p.encode(password, newSalt()), nil
}

// Verify reports whether the password fits the stored hash and, if so, whether
// that hash is of another cost than today's and should be replaced.
func (p *Passwords) Verify(ctx context.Context, stored, password string) (fits, outdated bool, err error) {
	h, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	if err := p.enter(ctx); err != nil {
		return false, false, err
	}
	defer p.leave()
	got := argon2.IDKey([]byte(password), h.salt, h.cost.Passes, h.cost.MemoryKiB, h.cost.Lanes, uint32(len(h.key)))
	fits = subtle.ConstantTimeCompare(got, h.key) == 1
	return fits, fits && h.cost != p.cost, nil
}

// Waste takes as long as Verify and succeeds never. It stands in when there is no
// such person, so that the answer's delay does not tell.
func (p *Passwords) Waste(ctx context.Context, password string) error {
	_, _, err := p.Verify(ctx, p.decoy(), password)
	return err
}

func (p *Passwords) enter(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting to hash a password: %w", ctx.Err())
	}
}

func (p *Passwords) leave() { <-p.slots }

func (p *Passwords) encode(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, p.cost.Passes, p.cost.MemoryKiB, p.cost.Lanes, keyLength)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.MemoryKiB, p.cost.Passes, p.cost.Lanes, b64(salt), b64(key))
}

func newSalt() []byte {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	return salt
}

type phc struct {
	cost      PasswordCost
	salt, key []byte
}

func parsePHC(stored string) (phc, error) {
	var h phc
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return h, ErrPasswordHash
	}
	var version int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return h, ErrPasswordHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.cost.MemoryKiB, &h.cost.Passes, &h.cost.Lanes); err != nil {
		return h, ErrPasswordHash
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.key, err2 = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	c := h.cost
	if err1 != nil || err2 != nil || len(h.salt) < 8 || len(h.key) != keyLength ||
		c.MemoryKiB < 8 || c.MemoryKiB > maxMemoryKiB || c.Passes < 1 || c.Passes > maxPasses || c.Lanes < 1 {
		return phc{}, ErrPasswordHash
	}
	return h, nil
}
