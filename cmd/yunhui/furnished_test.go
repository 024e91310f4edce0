package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/policies"
)

// password is that of everybody in these tests.
const password = "Jialing-River-2026"

// homeDistrict is where the tests' firm and its officer are.
const homeDistrict = "500103"

// settingsFile writes a settings file into the test's folder.
func settingsFile(t *testing.T, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "yunhui.yaml")
	text := fmt.Sprintf("data: %s\nlog:\n  level: error\n", filepath.Join(filepath.Dir(name), "data"))
	for _, l := range lines {
		text += l + "\n"
	}
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

// openHouse joins all rooms on the settings of a file.
func openHouse(t *testing.T, config string) *house {
	t.Helper()
	h, err := open(t.Context(), &process{out: io.Discard, err: io.Discard, config: config})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.close()) })
	return h
}

// officials are the logins of those whom nobody registers over HTTP.
var officials = map[string]identity.Membership{
	"district":    {Org: "district-office", Role: kernel.RoleDistrictOfficer, District: homeDistrict},
	"elsewhere":   {Org: "district-office", Role: kernel.RoleDistrictOfficer, District: "500105"},
	"city":        {Org: "city-office", Role: kernel.RoleCityOfficer},
	"city-second": {Org: "city-office", Role: kernel.RoleCityOfficer},
	"finance":     {Org: "city-office", Role: kernel.RoleFinance},
	"auditor":     {Org: "audit-office", Role: kernel.RoleAuditor},
	"operator":    {Org: "city-office", Role: kernel.RoleOperator},
}

// furnish gives an empty house its offices, its officials and one funded policy.
func furnish(t *testing.T, h *house, more map[string]identity.Membership) {
	t.Helper()
	ctx := kernel.WithCall(context.Background(), kernel.Call{Actor: kernel.System()})
	ready, err := h.identity.Prepare(ctx, identity.NewPerson{Login: "somebody", Name: "某人", Password: password})
	require.NoError(t, err)
	doc, ok := policies.Find("chongqing-demo-2026")
	require.True(t, ok)
	require.NoError(t, database.Run(ctx, h.db, "test.furnish", func(tx *database.Tx) error {
		var offices []registry.Organisation
		for i, id := range []kernel.ID{"district-office", "city-office", "audit-office", "some-firm", "some-seller"} {
			kind := []registry.OrganisationKind{registry.KindAuthority, registry.KindAuthority, registry.KindAuditor, registry.KindEnterprise, registry.KindProvider}[i]
			code, err := registry.MakeCreditCode("11", "500000", fmt.Sprintf("MATY%04d", i))
			if err != nil {
				return err
			}
			offices = append(offices, registry.Organisation{
				ID: id, Kind: kind, Declaration: registry.Declaration{CreditCode: code, Name: fmt.Sprintf("机构%d（测试）", i), District: homeDistrict}.Normalized(),
				Status: registry.StatusVerified, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
			})
		}
		if err := h.registry.TakeIn(tx, offices); err != nil {
			return err
		}
		var staff []identity.Newcomer
		for _, some := range []map[string]identity.Membership{officials, more} {
			for login, m := range some {
				staff = append(staff, identity.Newcomer{Person: kernel.NewID(tx.Now), Prepared: ready.As(login, "某"+login), Membership: m, Since: tx.Now})
			}
		}
		if err := h.identity.AddAll(tx, staff); err != nil {
			return err
		}
		if err := gazette.Publish(tx, doc); err != nil {
			return err
		}
		for _, scope := range []string{budget.City, homeDistrict} {
			if err := budget.Appropriate(tx, "test", doc.Code, scope, 1_000_000_000); err != nil {
				return err
			}
		}
		return nil
	}))
}
