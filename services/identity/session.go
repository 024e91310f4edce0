package identity

import (
	"context"
	"fmt"
	"maps"
	"time"

	"yunhui/services/audit"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Session is one place where a person is logged in.
type Session struct {
	ID        kernel.ID
	Address   string
	Agent     string
	CreatedAt time.Time
	ExpiresAt time.Time
	Current   bool
}

// Logout ends the session that the refresh token belongs to, used or not. A token
// that nobody knows is no fault: the caller is logged out.
func (s *Service) Logout(ctx context.Context, token string) error {
	return database.Run(unkept(ctx), s.db, "auth.logout", func(tx *database.Tx) error {
		var rows []refreshRow
		if err := tx.Where("token_hash = ?", crypto.Digest(token)).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		return endSession(tx, rows[0].SessionID, "auth.logout")
	})
}

// EndSession ends a session of the person. Another person's is not found.
func (s *Service) EndSession(ctx context.Context, person, session kernel.ID) error {
	return database.Run(unkept(ctx), s.db, "auth.end_session", func(tx *database.Tx) error {
		var n int64
		err := tx.Model(&sessionRow{}).Where("id = ? AND person_id = ?", session, person).Count(&n).Error
		if err != nil {
			return err
		}
		if n == 0 {
			return kernel.NotFound(kernel.T("登录会话", "session"))
		}
		return endSession(tx, session, "auth.session_ended")
	})
}

func endSession(tx *database.Tx, session kernel.ID, action string) error {
	ended, err := revoke(tx, session)
	if err != nil || !ended {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: action, ObjectKind: "session", ObjectID: string(session)})
}

// LogoutAll ends every session of the person, on all nodes, at once.
func (s *Service) LogoutAll(ctx context.Context, person kernel.ID) error {
	return database.Run(unkept(ctx), s.db, "auth.logout_all", func(tx *database.Tx) error {
		if err := callBack(tx, person, nil); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "auth.logout_all", ObjectKind: "person", ObjectID: string(person)})
	})
}

// callBack raises the session version, which makes all tokens worthless, and sets
// further columns of the person.
func callBack(tx *database.Tx, person kernel.ID, more map[string]any) error {
	set := map[string]any{"updated_at": tx.Now}
	maps.Copy(set, more)
	done := tx.Model(&personRow{}).Where("id = ?", person).Updates(set)
	if err := database.Changed(done, kernel.Unauthenticated()); err != nil {
		return err
	}
	if err := tx.Exec("UPDATE people SET session_version = session_version + 1, version = version + 1 WHERE id = ?", person).Error; err != nil {
		return err
	}
	return tx.Model(&sessionRow{}).Where("person_id = ? AND revoked_at IS NULL", person).Updates(map[string]any{"revoked_at": tx.Now}).Error
}

// maxSessions bounds the list.
const maxSessions = 50

// Sessions lists where the person is logged in, the newest first.
func (s *Service) Sessions(ctx context.Context, who Identity) ([]Session, error) {
	var rows []sessionRow
	err := s.db.Read(ctx).
		Where("person_id = ? AND revoked_at IS NULL AND expires_at > ?", who.Actor.Person, s.db.Clock().Now()).
		Order("id DESC").Limit(maxSessions).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	out := make([]Session, 0, len(rows))
	for _, r := range rows {
		out = append(out, Session{ID: r.ID, Address: r.Address, Agent: r.Agent, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Current: r.ID == who.Session})
	}
	return out, nil
}
