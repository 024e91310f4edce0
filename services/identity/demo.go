package identity

import (
	"context"
	"fmt"

	"yunhui/services/kernel"
)

// DemoPassword is that of every demo account. It is no secret: the login page
// shows it, and outside demo mode these accounts are refused.
const DemoPassword = "Shancheng-2026"

// DemoAccount is one that the login page offers in demo mode.
type DemoAccount struct {
	Login    string
	Name     string
	OrgID    kernel.ID
	Role     kernel.Role
	District string
}

const maxDemoAccounts = 60

// DemoAccounts lists the first demo accounts that were made; not found outside
// demo mode.
func (s *Service) DemoAccounts(ctx context.Context) ([]DemoAccount, error) {
	if !s.demo {
		return nil, kernel.NotFound(kernel.T("演示账号", "demo account"))
	}
	var out []DemoAccount
	err := s.db.Read(ctx).Table("people AS p").Joins("JOIN memberships AS m ON m.person_id = p.id").
		Select("p.login, p.name, m.org_id, m.role, m.district").
		Where("p.status = ? AND m.status = ?", StatusDemo, StatusActive).
		Order("p.id, m.id").Limit(maxDemoAccounts).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("demo accounts: %w", err)
	}
	return out, nil
}
