package store

import (
	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// cityWide are the roles that see every organisation.
var cityWide = []kernel.Role{
	kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleOperator, kernel.RoleSystem,
}

// Districts lists the ids under which rows of a district officer's unit may be
// recorded on the day: the unit and those it has succeeded. It is empty when
// the unit is unknown, and then nothing may be seen.
func Districts(officer kernel.Actor, on kernel.Date) []string {
	unit, ok := registry.Current(officer.District, on)
	if !ok {
		return []string{}
	}
	return registry.Predecessors(unit.ID, on)
}

// inSight narrows a query to what the actor may see.
func inSight(q *gorm.DB, actor kernel.Actor, on kernel.Date) *gorm.DB {
	switch {
	case actor.Is(cityWide...):
		return q
	case actor.Is(kernel.RoleDistrictOfficer):
		return q.Where("(district IN ? OR id = ?)", Districts(actor, on), actor.Org)
	default:
		return q.Where("id = ?", actor.Org)
	}
}

// masked hides the account number from those who neither own it nor pay to it.
func masked(o registry.Organisation, actor kernel.Actor) registry.Organisation {
	if actor.Org != o.ID && !actor.Is(kernel.RoleFinance, kernel.RoleSystem) {
		o.AccountNumber = registry.MaskAccount(o.AccountNumber)
	}
	return o
}
