package budget_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
)

// TestAwardsGiveBackToEveryCeilingOrToNone awards several claims at once, each of
// less than was reserved, under ceilings of their own and one that they share.
func TestAwardsGiveBackToEveryCeilingOrToNone(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		of := func(kind budget.CeilingKind, subject string) budget.Ceiling {
			return budget.Ceiling{PolicyCode: "p", Kind: kind, Subject: subject}
		}
		run := func(fn func(tx *database.Tx) error) error {
			return database.Run(kernel.WithCall(t.Context(), kernel.Call{Actor: kernel.System()}), db, "test", fn)
		}
		used := func(c budget.Ceiling) kernel.Fen {
			n, err := budget.Drawn(db.Read(t.Context()), c)
			require.NoError(t, err)
			return n
		}
		shared := of(budget.ProviderPolicy, "seller")
		firms := []kernel.ID{"a", "b", "c"}
		awards := func(ids ...kernel.ID) []budget.Awarding {
			var all []budget.Awarding
			for i, f := range ids {
				owed := kernel.Fen(60 + i)
				all = append(all, budget.Awarding{
					Subject: budget.Subject{ID: f, Policy: "p", District: "d"}, Reserved: budget.Portion{Municipal: 60, District: 40},
					Legs:     subsidies.Legs{ListPrice: 1000, Subsidy: owed, Municipal: owed - 20, District: 20, EnterpriseShare: 1000 - owed},
					Ceilings: []budget.Ceiling{of(budget.EnterprisePolicy, string(f)), shared},
				})
			}
			return all
		}
		require.NoError(t, run(func(tx *database.Tx) error {
			for _, scope := range []string{budget.City, "d"} {
				if err := budget.Appropriate(tx, "act", "p", scope, 1000); err != nil {
					return err
				}
			}
			for _, f := range firms {
				if err := budget.Reserve(tx, budget.Subject{ID: "agreement-" + f, Policy: "p", District: "d"}, budget.Portion{Municipal: 60, District: 40}); err != nil {
					return err
				}
				for _, c := range []budget.Ceiling{of(budget.EnterprisePolicy, string(f)), shared} {
					if err := budget.Draw(tx, c, 100); err != nil {
						return err
					}
				}
			}
			return nil
		}))

		unknown := awards("a", "nobody")
		err := run(func(tx *database.Tx) error { return budget.AwardAll(tx, unknown...) })
		require.True(t, kernel.IsCode(err, "ceiling.reached"), "%v", err)
		require.EqualValues(t, 100, used(of(budget.EnterprisePolicy, "a")), "none without the other")
		require.EqualValues(t, 300, used(shared))

		require.NoError(t, run(func(tx *database.Tx) error { return budget.AwardAll(tx, awards(firms...)...) }))
		for i, f := range firms {
			require.EqualValues(t, 60+i, used(of(budget.EnterprisePolicy, string(f))))
		}
		require.EqualValues(t, 60+61+62, used(shared))
		breaches, err := budget.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, breaches)
	})
}
