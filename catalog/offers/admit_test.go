package offers_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

// record is a register that knows a few organisations.
type record map[kernel.ID]catalog.Enterprise

func (r record) Enterprises(_ context.Context, ids ...kernel.ID) (map[kernel.ID]catalog.Enterprise, error) {
	out := map[kernel.ID]catalog.Enterprise{}
	for _, id := range ids {
		if e, ok := r[id]; ok {
			out[id] = e
		}
	}
	return out, nil
}

func TestOnlyVerifiedProvidersAreAdmittedAndOnlyByTheCity(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		shelf := offers.NewShelf(db)
		require.NoError(t, shelf.Load(t.Context()))
		desk := &offers.Desk{DB: db, Shelf: shelf}
		known := record{
			"good":       {ID: "good", Kind: "provider", Verified: true, Name: "示例云服务", NameEN: "Example", District: "500103"},
			"unverified": {ID: "unverified", Kind: "provider"},
			"firm":       {ID: "firm", Kind: "enterprise", Verified: true},
		}
		as := func(role kernel.Role) context.Context {
			return kernel.WithCall(t.Context(), kernel.Call{Actor: kernel.Actor{Person: "p", Role: role}})
		}
		city := as(kernel.RoleCityOfficer)
		for _, c := range []struct {
			name string
			ctx  context.Context
			id   kernel.ID
			act  offers.Admission
			code string
		}{
			{"a provider cannot admit itself", as(kernel.RoleProvider), "good", offers.Admission{Admit: true}, "forbidden"},
			{"nobody cannot admit", t.Context(), "good", offers.Admission{Admit: true}, "unauthenticated"},
			{"an enterprise is no provider", city, "firm", offers.Admission{Admit: true}, "not_found"},
			{"an unknown organisation", city, "nobody", offers.Admission{Admit: true}, "not_found"},
			{"not verified yet", city, "unverified", offers.Admission{Admit: true}, "provider.unverified"},
			{"suspended without a reason", city, "good", offers.Admission{}, "invalid_input"},
			{"suspended before it was admitted", city, "good", offers.Admission{Reason: "资质过期"}, "not_found"},
		} {
			err := desk.Admit(c.ctx, c.id, c.act, known)
			require.True(t, kernel.IsCode(err, c.code), "%s: %v", c.name, err)
		}
		for _, table := range []string{"providers", "audit_entries"} {
			var n int64
			require.NoError(t, db.Read(t.Context()).Table(table).Count(&n).Error)
			require.Zero(t, n, table)
		}

		require.NoError(t, desk.Admit(city, "good", offers.Admission{Admit: true}, known))
		_, err := shelf.Provider(t.Context(), "good")
		require.NoError(t, err, "an admitted provider is seen")
		require.NoError(t, desk.Admit(city, "good", offers.Admission{Reason: "资质过期"}, known))
		_, err = shelf.Provider(t.Context(), "good")
		require.True(t, kernel.IsCode(err, "not_found"), "%v", err)
		require.NoError(t, desk.Admit(city, "good", offers.Admission{Admit: true}, known))
		var p catalog.Provider
		require.NoError(t, db.Read(t.Context()).Where("id = ?", "good").Take(&p).Error)
		require.Equal(t, catalog.ProviderAdmitted, p.Status)
		require.EqualValues(t, 3, p.Version)
	})
}
