package identity

import (
	"context"
	"fmt"

	"yunhui/services/audit"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Refresh exchanges a refresh token for a new pair. Each token works once; one
// that comes a second time was copied, and nobody can say which of the two is the
// thief: the whole session ends, at once, for both. A page must therefore not
// refresh twice at a time.
func (s *Service) Refresh(ctx context.Context, token string) (Tokens, error) {
	ctx = unkept(ctx)
	key, err := s.tokens.keys.signer(ctx)
	if err != nil {
		return Tokens{}, err
	}
	fresh := crypto.NewToken()
	l, err := database.Do(ctx, s.db, "auth.refresh", func(tx *database.Tx) (live, error) {
		row, taken, err := takeRefresh(tx, token)
		switch {
		case err != nil || row.SessionID == "":
			return live{}, err
		case !taken:
			return live{}, s.endCopied(tx, row.SessionID)
		}
		l, err := liveSession(tx.DB, row.SessionID)
		if err != nil || !row.ExpiresAt.After(tx.Now) || !l.good(tx.Now, s.demo) {
			return live{}, err
		}
		return l, keepRefresh(tx, l.SessionID, fresh, l.ExpiresAt)
	})
	if err != nil {
		return Tokens{}, err
	}
	if l.SessionID == "" {
		return Tokens{}, kernel.Unauthenticated()
	}
	return s.hand(key, l, fresh)
}

// takeRefresh marks the token used. taken is false when it had been used before;
// the row is zero when there is none.
func takeRefresh(tx *database.Tx, token string) (row refreshRow, taken bool, err error) {
	hash := crypto.Digest(token)
	took := tx.Model(&refreshRow{}).Where("token_hash = ? AND used_at IS NULL", hash).Updates(map[string]any{"used_at": tx.Now})
	if took.Error != nil {
		return row, false, took.Error
	}
	var rows []refreshRow
	if err := tx.Where("token_hash = ?", hash).Limit(1).Find(&rows).Error; err != nil {
		return row, false, fmt.Errorf("refresh token: %w", err)
	}
	if len(rows) == 0 {
		return row, false, nil
	}
	return rows[0], took.RowsAffected == 1, nil
}

func (s *Service) endCopied(tx *database.Tx, session kernel.ID) error {
	ended, err := revoke(tx, session)
	if err != nil || !ended {
		return err
	}
	l, err := liveSession(tx.DB, session)
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: "auth.refresh_reused", ObjectKind: "session", ObjectID: string(session),
		Detail: map[string]any{"person": l.PersonID}})
}

// revoke ends a session and reports whether it had been running.
func revoke(tx *database.Tx, session kernel.ID) (bool, error) {
	done := tx.Model(&sessionRow{}).Where("id = ? AND revoked_at IS NULL", session).Updates(map[string]any{"revoked_at": tx.Now})
	return done.RowsAffected == 1, done.Error
}
