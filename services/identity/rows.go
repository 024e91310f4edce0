package identity

import (
	"time"

	"yunhui/services/kernel"
)

// The states of a person. A demo person is active exactly in demo mode.
const (
	StatusActive   = "active"
	StatusDisabled = "disabled"
	StatusDemo     = "demo"
)

type personRow struct {
	ID             kernel.ID
	Login          string
	Name           string
	PasswordHash   string
	SessionVersion int64
	Status         string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

func (personRow) TableName() string { return "people" }

type membershipRow struct {
	ID        kernel.ID
	PersonID  kernel.ID
	OrgID     kernel.ID
	Role      kernel.Role
	District  string
	Status    string
	CreatedAt time.Time
}

func (membershipRow) TableName() string { return "memberships" }

type sessionRow struct {
	ID             kernel.ID
	PersonID       kernel.ID
	MembershipID   kernel.ID
	SessionVersion int64
	Address        string
	Agent          string
	CreatedAt      time.Time
	ExpiresAt      time.Time
	RevokedAt      *time.Time
}

func (sessionRow) TableName() string { return "sessions" }

type refreshRow struct {
	TokenHash string
	SessionID kernel.ID
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

func (refreshRow) TableName() string { return "refresh_tokens" }

type keyRow struct {
	ID            kernel.ID
	PublicKey     string
	PrivateKey    string
	CreatedAt     time.Time
	SignsUntil    time.Time
	VerifiesUntil time.Time
}

func (keyRow) TableName() string { return "signing_keys" }

type attemptRow struct {
	Bucket      string
	Failures    int64
	WindowFrom  time.Time
	LockedUntil *time.Time
}

func (attemptRow) TableName() string { return "login_attempts" }
