package identity

import (
	"context"
	"fmt"
	"time"

	"yunhui/services/audit"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Tokens are what a login or a refresh gives.
type Tokens struct {
	Access       string
	ExpiresIn    time.Duration
	Refresh      string // opaque, once
	RefreshUntil time.Time
	Identity     Identity
}

// From says where a session is used from.
type From struct {
	Address string // of the client
	Agent   string // what the browser calls itself
}

// errFailed is the one answer to every login that does not succeed: nobody learns
// whether there is such a person, or that the person may not enter.
func errFailed() *kernel.Error {
	return kernel.Fail(kernel.KindUnauthenticated, "auth.failed", kernel.T("登录名或密码不正确", "The login or the password is not right"))
}

// Login opens a session for the first active membership. Refusals are
// "auth.failed" and, as *Locked, "auth.locked".
func (s *Service) Login(ctx context.Context, login, password string, from From) (Tokens, error) {
	ctx = unkept(ctx)
	login = NormalizeLogin(login)
	if err := s.attempt(ctx, login, from.Address); err != nil {
		return Tokens{}, err
	}
	key, err := s.tokens.keys.signer(ctx)
	if err != nil {
		return Tokens{}, err
	}
	person, rehashed, err := s.prove(ctx, login, password)
	if err != nil {
		return Tokens{}, err
	}
	fresh := crypto.NewToken()
	l, err := database.Do(ctx, s.db, "auth.login", func(tx *database.Tx) (live, error) {
		l, err := s.open(tx, person, from, fresh)
		if err != nil || l.SessionID == "" {
			return live{}, s.recordFailure(tx, login, person.ID, err)
		}
		tx.Call.Actor = l.identity().Actor
		if err := giveBack(tx, login, from.Address); err != nil {
			return live{}, err
		}
		if err := replaceHash(tx, person, rehashed); err != nil {
			return live{}, err
		}
		return l, audit.Record(tx, audit.Entry{Action: "auth.login", ObjectKind: "session", ObjectID: string(l.SessionID)})
	})
	if err != nil {
		return Tokens{}, err
	}
	if l.SessionID == "" {
		return Tokens{}, errFailed()
	}
	return s.hand(key, l, fresh)
}

// attempt counts a guess at the login from the address, or returns *Locked.
func (s *Service) attempt(ctx context.Context, login, address string) error {
	type answer struct{ Now, Until time.Time }
	a, err := database.Do(ctx, s.db, "auth.attempt", func(tx *database.Tx) (answer, error) {
		until, err := take(tx, buckets(login, address))
		return answer{tx.Now, until}, err
	})
	if err != nil {
		return err
	}
	if !a.Until.IsZero() {
		return locked(a.Now, a.Until)
	}
	return nil
}

// prove returns the person when the password is right, else the zero person, in
// the same time. When the hash is of an outdated cost it also returns a new one.
func (s *Service) prove(ctx context.Context, login, password string) (personRow, string, error) {
	var found []personRow
	if loginForm.MatchString(login) {
		if err := s.db.Read(ctx).Where("login = ?", login).Limit(1).Find(&found).Error; err != nil {
			return personRow{}, "", fmt.Errorf("person: %w", err)
		}
	}
	if len(found) == 0 || len(password) > 4*MaxPassword {
		return personRow{}, "", s.passwords.Waste(ctx, "")
	}
	fits, outdated, err := s.passwords.Verify(ctx, found[0].PasswordHash, password)
	if err != nil || !fits {
		return personRow{}, "", err
	}
	if !outdated {
		return found[0], "", nil
	}
	hash, err := s.passwords.Hash(ctx, password)
	return found[0], hash, err
}

// open starts a session, or returns the zero live when the person may not enter.
// The row of the person is read again: it may have changed while hashing.
func (s *Service) open(tx *database.Tx, proven personRow, from From, refresh string) (live, error) {
	if proven.ID == "" {
		return live{}, nil
	}
	var person []personRow
	if err := tx.Where("id = ? AND password_hash = ?", proven.ID, proven.PasswordHash).Limit(1).Find(&person).Error; err != nil {
		return live{}, err
	}
	var member []membershipRow
	if err := tx.Where("person_id = ? AND status = ?", proven.ID, StatusActive).Order("id").Limit(1).Find(&member).Error; err != nil {
		return live{}, err
	}
	if len(person) == 0 || len(member) == 0 || !mayEnter(person[0].Status, s.demo) {
		return live{}, nil
	}
	return start(tx, person[0], member[0].ID, from, refresh)
}

// start writes the session and its first refresh token.
func start(tx *database.Tx, person personRow, membership kernel.ID, from From, refresh string) (live, error) {
	session := sessionRow{
		ID: kernel.NewID(tx.Now), PersonID: person.ID, MembershipID: membership, SessionVersion: person.SessionVersion,
		Address: clip(from.Address, 45), Agent: clip(from.Agent, 200), CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(SessionLife),
	}
	if err := tx.Create(&session).Error; err != nil {
		return live{}, err
	}
	if err := keepRefresh(tx, session.ID, refresh, session.ExpiresAt); err != nil {
		return live{}, err
	}
	return liveSession(tx.DB, session.ID)
}

func keepRefresh(tx *database.Tx, session kernel.ID, token string, sessionEnds time.Time) error {
	until := tx.Now.Add(RefreshLife)
	if sessionEnds.Before(until) {
		until = sessionEnds
	}
	return tx.Create(&refreshRow{TokenHash: crypto.Digest(token), SessionID: session, CreatedAt: tx.Now, ExpiresAt: until}).Error
}

// recordFailure writes down a failed login, known person or not, unless err.
func (s *Service) recordFailure(tx *database.Tx, login string, person kernel.ID, err error) error {
	if err != nil {
		return err
	}
	object := string(person)
	if object == "" {
		object = "login:" + crypto.Digest(login)[:16]
	}
	return audit.Record(tx, audit.Entry{Action: "auth.failed", ObjectKind: "person", ObjectID: object})
}

func replaceHash(tx *database.Tx, person personRow, hash string) error {
	if hash == "" {
		return nil
	}
	return tx.Model(&personRow{}).Where("id = ? AND password_hash = ?", person.ID, person.PasswordHash).
		Updates(map[string]any{"password_hash": hash, "updated_at": tx.Now}).Error
}

// hand makes the tokens of a live session.
func (s *Service) hand(key signingKey, l live, refresh string) (Tokens, error) {
	access, err := s.tokens.mint(key, l)
	if err != nil {
		return Tokens{}, err
	}
	until := s.db.Clock().Now().Add(RefreshLife)
	if l.ExpiresAt.Before(until) {
		until = l.ExpiresAt
	}
	return Tokens{Access: access, ExpiresIn: AccessLife, Refresh: refresh, RefreshUntil: until, Identity: l.identity()}, nil
}

// clip shortens what comes from outside to the width of its column.
func clip(s string, characters int) string {
	r := []rune(s)
	return string(r[:min(len(r), characters)])
}
