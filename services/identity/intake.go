package identity

import (
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Newcomer is a prepared person with a membership, as of an instant.
type Newcomer struct {
	Person     kernel.ID // made by the caller, so that other rows can name it
	Prepared   Prepared
	Membership Membership
	Since      time.Time
}

// AddAll creates many people at once, for loading a city. Logins must be free.
func (s *Service) AddAll(tx *database.Tx, all []Newcomer) error {
	people := make([]personRow, 0, len(all))
	members := make([]membershipRow, 0, len(all))
	for _, n := range all {
		people = append(people, personRow{
			ID: n.Person, Login: n.Prepared.login, Name: n.Prepared.name, PasswordHash: n.Prepared.hash,
			SessionVersion: 1, Status: n.Prepared.status, Version: 1, CreatedAt: n.Since, UpdatedAt: n.Since,
		})
		members = append(members, membershipRow{
			ID: kernel.NewID(tx.Now), PersonID: n.Person, OrgID: n.Membership.Org, Role: n.Membership.Role,
			District: n.Membership.District, Status: StatusActive, CreatedAt: n.Since,
		})
	}
	if len(all) == 0 {
		return nil
	}
	if err := tx.CreateInBatches(people, 500).Error; err != nil {
		return err
	}
	return tx.CreateInBatches(members, 500).Error
}
