package demo

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

const today = kernel.Date("2026-11-23")

func content(t *testing.T) Content {
	t.Helper()
	c, err := Read()
	require.NoError(t, err)
	return c
}

func TestTheCityHasItsNumbers(t *testing.T) {
	t.Parallel()
	c := content(t)
	require.Len(t, c.Providers, 40)
	require.Len(t, c.Offers, 150)
	require.Len(t, c.Enterprises, 60)
	roles := map[kernel.Role]int{}
	for _, a := range c.People.Accounts {
		roles[a.Role]++
	}
	require.Equal(t, map[kernel.Role]int{
		kernel.RoleEnterprise: 3, kernel.RoleProvider: 2, kernel.RoleDistrictOfficer: 2, kernel.RoleCityOfficer: 3,
		kernel.RoleFinance: 1, kernel.RoleAuditor: 1, kernel.RoleOperator: 1,
	}, roles)
}

// The codes that domain knowledge attributes to real bodies, and its examples.
const realCodes = `9150000020286320X6 914403001922038216 9144030071526726XG 91440300708461136T 91330100799655058B
	91330100716105852F 91520900MA6J6CBN9Q 91110000802100433B 91440300192241158P 11500383009336512R 11500105768865765W`

func TestCreditCodesAreValidInFormUniqueAndNobodys(t *testing.T) {
	t.Parallel()
	c := content(t)
	seen := map[string]bool{}
	check := func(code string) {
		require.NoError(t, registry.CheckCreditCode(code), code)
		require.False(t, seen[code], code)
		require.NotContains(t, realCodes, code)
		require.Regexp(t, `^9150\d{4}MAY`, code, "the range set aside for fiction")
		seen[code] = true
	}
	for _, p := range c.Providers {
		check(p.CreditCode)
	}
	for _, e := range c.Enterprises {
		check(e.CreditCode)
	}
}

func TestOrganisationsWouldPassTheRegistry(t *testing.T) {
	t.Parallel()
	c := content(t)
	for _, p := range c.Providers {
		d := registry.Declaration{CreditCode: p.CreditCode, Name: p.NameZH, NameEN: p.NameEN, District: p.District, FoundedOn: p.FoundedOn, ContactName: p.ContactName, ContactPhone: p.Phone}
		_, err := d.Normalized().Check(registry.KindProvider, today)
		require.NoError(t, err, p.Key)
	}
	for _, e := range c.Enterprises {
		_, err := declared(t, e).Normalized().Check(registry.KindEnterprise, today)
		require.NoError(t, err, e.Key)
	}
}

func declared(t *testing.T, e Enterprise) registry.Declaration {
	t.Helper()
	return registry.Declaration{
		CreditCode: e.CreditCode, Name: e.NameZH, NameEN: e.NameEN, Industry: e.Industry, Section: e.Section, District: e.District,
		HeadCount: &e.HeadCount, Revenue: &e.Revenue, Assets: &e.Assets, Chains: chainKeys(t, e.Chains),
		FoundedOn: e.FoundedOn, ContactName: e.ContactName, ContactPhone: e.Phone,
	}
}

func chainKeys(t *testing.T, names []string) []string {
	t.Helper()
	var keys []string
	for _, n := range names {
		all := registry.ChainsOn(today).Chains
		i := slices.IndexFunc(all, func(c registry.Chain) bool { return c.Name.ZH == n })
		require.GreaterOrEqual(t, i, 0, "chain %s", n)
		keys = append(keys, all[i].Key)
	}
	return keys
}

func TestEnterprisesSpreadOverUnitsSizesAndIndustries(t *testing.T) {
	t.Parallel()
	units, sizes, industries := map[string]int{}, map[registry.SizeClass]int{}, map[string]int{}
	rare := 0
	for _, e := range content(t).Enterprises {
		class, err := registry.Classify(today, declared(t, e).Figures())
		require.NoError(t, err, e.Key)
		units[e.District]++
		sizes[class.Class]++
		industries[e.Industry]++
		require.Equal(t, class.IndustryName.ZH, e.IndustryZH, e.Key)
		if strings.ContainsAny(e.NameZH, "𠮷𬭎") {
			rare++
		}
	}
	for _, d := range registry.Districts(today) {
		require.Positive(t, units[d.ID], d.Name.ZH)
	}
	require.Len(t, sizes, len(registry.SizeClasses()))
	require.Len(t, industries, len(registry.StandardOn(today).Industries))
	require.Equal(t, 2, rare, "names with characters outside the basic plane")
}

func TestPeopleBelongSomewhere(t *testing.T) {
	t.Parallel()
	c := content(t)
	orgs := map[kernel.Role]map[string]bool{kernel.RoleEnterprise: {}, kernel.RoleProvider: {}, kernel.RoleCityOfficer: {}}
	for _, e := range c.Enterprises {
		orgs[kernel.RoleEnterprise][e.Key] = true
	}
	for _, p := range c.Providers {
		orgs[kernel.RoleProvider][p.Key] = true
	}
	for _, a := range c.People.Authorities {
		orgs[kernel.RoleCityOfficer][a.Key] = true
	}
	for _, r := range []kernel.Role{kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleOperator} {
		orgs[r] = orgs[kernel.RoleCityOfficer]
	}
	logins, places := map[string]bool{}, map[string]bool{}
	for _, a := range c.People.Accounts {
		require.Contains(t, kernel.Roles(), a.Role, a.Login)
		require.False(t, logins[a.Login], a.Login)
		require.Regexp(t, `^[a-z][a-z0-9-]{2,31}$`, a.Login)
		logins[a.Login] = true
		if a.Role == kernel.RoleDistrictOfficer {
			_, ok := registry.DistrictOn(a.District, today)
			require.True(t, ok && a.Org == "", a.Login)
			require.False(t, places[a.District], "two officers of one district")
			places[a.District] = true
			continue
		}
		require.True(t, orgs[a.Role][a.Org] && a.District == "", a.Login)
		if a.Role == kernel.RoleEnterprise || a.Role == kernel.RoleProvider {
			require.False(t, places[a.Org], a.Login)
			places[a.Org] = true
		}
	}
}
