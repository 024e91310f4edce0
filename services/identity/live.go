package identity

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"yunhui/services/kernel"
)

// Identity is who speaks, in which session.
type Identity struct {
	Actor      kernel.Actor
	Login      string
	Session    kernel.ID
	Membership kernel.ID
}

// Authenticate verifies an access token and the live state behind it: the session
// is not revoked, the person and the membership are active, and neither has been
// called back. Anything else is kernel.Unauthenticated.
func (s *Service) Authenticate(ctx context.Context, bearer string) (kernel.Actor, error) {
	id, err := s.Identify(ctx, bearer)
	return id.Actor, err
}

// Identify is Authenticate with the session. It costs one read by primary keys,
// and keeps nothing, because revocation is immediate.
func (s *Service) Identify(ctx context.Context, bearer string) (Identity, error) {
	c, err := s.tokens.read(ctx, bearer)
	if err != nil {
		return Identity{}, err
	}
	l, err := liveSession(s.db.Read(ctx), c.Session)
	if err != nil {
		return Identity{}, err
	}
	if !l.good(s.db.Clock().Now(), s.demo) || c.Version != l.PersonVersion || c.Membership != l.MembershipID || c.Subject != string(l.PersonID) {
		return Identity{}, kernel.Unauthenticated()
	}
	return l.identity(), nil
}

// live is a session with what it depends on, as the store has it now.
type live struct {
	SessionID        kernel.ID
	SessionVersion   int64
	ExpiresAt        time.Time
	RevokedAt        *time.Time
	PersonID         kernel.ID
	Login            string
	Name             string
	PersonStatus     string
	PersonVersion    int64
	MembershipID     kernel.ID
	MembershipStatus string
	OrgID            kernel.ID
	Role             kernel.Role
	District         string
}

const liveColumns = `s.id AS session_id, s.session_version, s.expires_at, s.revoked_at,
	p.id AS person_id, p.login, p.name, p.status AS person_status, p.session_version AS person_version,
	m.id AS membership_id, m.status AS membership_status, m.org_id, m.role, m.district`

// liveSession returns the zero live, which is good for nothing, when there is no
// such session.
func liveSession(db *gorm.DB, id kernel.ID) (live, error) {
	var rows []live
	err := db.Table("sessions AS s").Select(liveColumns).
		Joins("JOIN people AS p ON p.id = s.person_id").
		Joins("JOIN memberships AS m ON m.id = s.membership_id AND m.person_id = s.person_id").
		Where("s.id = ?", id).Limit(1).Scan(&rows).Error
	if err != nil {
		return live{}, fmt.Errorf("session: %w", err)
	}
	if len(rows) == 0 {
		return live{}, nil
	}
	return rows[0], nil
}

// good reports whether the session may act at the instant.
func (l live) good(now time.Time, demo bool) bool {
	return l.SessionID != "" && l.RevokedAt == nil && l.ExpiresAt.After(now) && l.SessionVersion == l.PersonVersion &&
		mayEnter(l.PersonStatus, demo) && l.MembershipStatus == StatusActive
}

func (l live) identity() Identity {
	return Identity{
		Actor: kernel.Actor{Person: l.PersonID, Name: l.Name, Org: l.OrgID, Role: l.Role, District: l.District},
		Login: l.Login, Session: l.SessionID, Membership: l.MembershipID,
	}
}

func mayEnter(personStatus string, demo bool) bool {
	return personStatus == StatusActive || (personStatus == StatusDemo && demo)
}
