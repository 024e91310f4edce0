package identity

import (
	"context"
	"fmt"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Held is one membership of a person.
type Held struct {
	ID       kernel.ID
	Org      kernel.ID
	Role     kernel.Role
	District string
}

// maxHeld bounds how many memberships of one person are listed.
const maxHeld = 50

// Memberships lists what the person may act as, oldest first.
func (s *Service) Memberships(ctx context.Context, person kernel.ID) ([]Held, error) {
	var rows []membershipRow
	err := s.db.Read(ctx).Where("person_id = ? AND status = ?", person, StatusActive).Order("id").Limit(maxHeld).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("memberships: %w", err)
	}
	out := make([]Held, 0, len(rows))
	for _, r := range rows {
		out = append(out, Held{ID: r.ID, Org: r.OrgID, Role: r.Role, District: r.District})
	}
	return out, nil
}

// Switch lets the session go on in another membership of the same person. Access
// tokens of the former one stop working; the refresh token goes on.
func (s *Service) Switch(ctx context.Context, who Identity, to kernel.ID) (Tokens, error) {
	ctx = unkept(ctx)
	key, err := s.tokens.keys.signer(ctx)
	if err != nil {
		return Tokens{}, err
	}
	l, err := database.Do(ctx, s.db, "auth.switch", func(tx *database.Tx) (live, error) {
		var n int64
		err := tx.Model(&membershipRow{}).Where("id = ? AND person_id = ? AND status = ?", to, who.Actor.Person, StatusActive).Count(&n).Error
		if err != nil {
			return live{}, err
		}
		if n == 0 {
			return live{}, kernel.NotFound(kernel.T("这一身份", "membership"))
		}
		moved := tx.Model(&sessionRow{}).Where("id = ? AND person_id = ? AND revoked_at IS NULL", who.Session, who.Actor.Person).
			Updates(map[string]any{"membership_id": to})
		if err := database.Changed(moved, kernel.Unauthenticated()); err != nil {
			return live{}, err
		}
		l, err := liveSession(tx.DB, who.Session)
		if err != nil {
			return live{}, err
		}
		return l, audit.Record(tx, audit.Entry{Action: "auth.switch", ObjectKind: "membership", ObjectID: string(to)})
	})
	if err != nil {
		return Tokens{}, err
	}
	return s.hand(key, l, "")
}
