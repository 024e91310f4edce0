package identity

import (
	"context"

	"yunhui/services/audit"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// ChangePassword replaces the password of the one who speaks, ends all sessions
// and opens a new one in the same membership. Guesses at the present password
// count like logins.
func (s *Service) ChangePassword(ctx context.Context, who Identity, present, next string, from From) (Tokens, error) {
	ctx = unkept(ctx)
	var faults kernel.Faults
	checkPassword(&faults, "new_password", who.Login, next)
	if err := faults.Err(); err != nil {
		return Tokens{}, err
	}
	if err := s.attempt(ctx, who.Login, from.Address); err != nil {
		return Tokens{}, err
	}
	key, err := s.tokens.keys.signer(ctx)
	if err != nil {
		return Tokens{}, err
	}
	person, _, err := s.prove(ctx, who.Login, present)
	if err != nil {
		return Tokens{}, err
	}
	if person.ID != who.Actor.Person {
		faults.Add("password", "password.wrong", kernel.T("当前密码不正确", "The present password is not right"))
		return Tokens{}, faults.Err()
	}
	hash, err := s.passwords.Hash(ctx, next)
	if err != nil {
		return Tokens{}, err
	}
	fresh := crypto.NewToken()
	l, err := database.Do(ctx, s.db, "auth.password", func(tx *database.Tx) (live, error) {
		if err := giveBack(tx, who.Login, from.Address); err != nil {
			return live{}, err
		}
		return s.renew(tx, who, hash, from, fresh)
	})
	if err != nil {
		return Tokens{}, err
	}
	return s.hand(key, l, fresh)
}

func (s *Service) renew(tx *database.Tx, who Identity, hash string, from From, refresh string) (live, error) {
	if err := callBack(tx, who.Actor.Person, map[string]any{"password_hash": hash}); err != nil {
		return live{}, err
	}
	var person personRow
	if err := tx.Where("id = ?", who.Actor.Person).Take(&person).Error; err != nil {
		return live{}, err
	}
	err := audit.Record(tx, audit.Entry{Action: "auth.password_changed", ObjectKind: "person", ObjectID: string(person.ID)})
	if err != nil {
		return live{}, err
	}
	l, err := start(tx, person, who.Membership, from, refresh)
	if err == nil && !l.good(tx.Now, s.demo) { // the membership ended meanwhile
		return live{}, kernel.Unauthenticated()
	}
	return l, err
}
