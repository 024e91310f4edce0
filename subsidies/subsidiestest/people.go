package subsidiestest

import (
	"context"

	"yunhui/services/kernel"
)

// The organisations and districts of the city.
const (
	District      = "500103"
	OtherDistrict = "500105"
	ProviderOrg   = kernel.ID("org-provider")
	OtherProvider = kernel.ID("org-provider-2")
	DistrictOrg   = kernel.ID("org-district")
	CityOrg       = kernel.ID("org-city")
	FinanceOrg    = kernel.ID("org-finance")
)

// The people of the city. CityReviewer does the second review; CityOfficer puts
// on notice and may pay, since that person has reviewed nothing; CityDirector has
// no hand in anything.
var (
	Provider        = kernel.Actor{Person: "person-provider", Name: "服务商甲", Org: ProviderOrg, Role: kernel.RoleProvider}
	DistrictOfficer = kernel.Actor{Person: "person-district", Name: "区县甲", Org: DistrictOrg, Role: kernel.RoleDistrictOfficer, District: District}
	CityReviewer    = kernel.Actor{Person: "person-city-1", Name: "市级甲", Org: CityOrg, Role: kernel.RoleCityOfficer}
	CityOfficer     = kernel.Actor{Person: "person-city-2", Name: "市级乙", Org: CityOrg, Role: kernel.RoleCityOfficer}
	CityDirector    = kernel.Actor{Person: "person-city-3", Name: "市级丙", Org: CityOrg, Role: kernel.RoleCityOfficer}
	Finance         = kernel.Actor{Person: "person-finance", Name: "财政甲", Org: FinanceOrg, Role: kernel.RoleFinance}
	Auditor         = kernel.Actor{Person: "person-auditor", Name: "审计甲", Org: "org-auditor", Role: kernel.RoleAuditor}
	Operator        = kernel.Actor{Person: "person-operator", Name: "运维甲", Org: "org-operator", Role: kernel.RoleOperator}
	Nobody          = kernel.Actor{}
)

// Claimant is the person who acts for an enterprise of the city.
func Claimant(firm kernel.ID) kernel.Actor {
	return kernel.Actor{Person: "p-" + firm, Name: "企业经办", Org: firm, Role: kernel.RoleEnterprise}
}

// As returns a context in which the actor calls.
func As(who kernel.Actor) context.Context {
	return kernel.WithCall(context.Background(), kernel.Call{Actor: who, Address: "192.0.2.1", RequestID: "test", Language: "zh-CN"})
}
