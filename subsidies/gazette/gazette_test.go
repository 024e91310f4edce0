package gazette_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

func document(t *testing.T, version int, from kernel.Date) rules.Document {
	t.Helper()
	doc, ok := policies.Find("chongqing-demo-2026")
	require.True(t, ok)
	doc.Version, doc.Window.From = version, from
	return doc
}

func publish(db *database.DB, doc rules.Document) error {
	ctx := kernel.WithCall(context.Background(), kernel.Call{Actor: kernel.Actor{Person: "officer", Role: kernel.RoleCityOfficer}})
	return database.Run(ctx, db, "test.publish", func(tx *database.Tx) error { return gazette.Publish(tx, doc) })
}

func TestAPublishedVersionNeverChanges(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		doc := document(t, 1, "2026-01-01")
		count := func(table string) (n int64) {
			require.NoError(t, db.Read(t.Context()).Table(table).Count(&n).Error)
			return n
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := publish(db, doc); err != nil && !kernel.IsCode(err, "policy.published") {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		require.NoError(t, publish(db, doc), "the same again is no change")
		require.EqualValues(t, 1, count("policies"))
		require.EqualValues(t, 1, count("audit_entries"))

		changed := doc
		changed.ReservationDays++
		require.True(t, kernel.IsCode(publish(db, changed), "policy.published"))
		broken := document(t, 2, "2026-01-01")
		broken.Rates = nil
		broken.Clauses = nil
		require.Error(t, publish(db, broken), "what cannot be computed is not published")
		require.EqualValues(t, 1, count("policies"))
		require.EqualValues(t, 1, count("audit_entries"))

		found, err := gazette.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, found)
		require.NoError(t, database.Run(t.Context(), db, "test.tamper", func(tx *database.Tx) error {
			return tx.Exec("UPDATE policies SET document = REPLACE(document, '3000', '9000')").Error
		}))
		found, err = gazette.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, "explained", found[0].Law)
	})
}

func TestTheVersionOfTheDayIsTheNewestThatHasBegun(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		library := gazette.NewLibrary(db)
		code := document(t, 1, "").Code
		_, err := library.Current(t.Context(), code, "2026-11-23")
		require.True(t, kernel.IsCode(err, "not_found"))
		require.NoError(t, publish(db, document(t, 1, "2026-01-01")))
		second := document(t, 2, "2026-01-01")
		second.InForceFrom = "2026-12-01" // the window has long been open
		require.NoError(t, publish(db, second))
		require.NoError(t, publish(db, document(t, 3, "2027-01-01")))
		clock.Advance(3 * time.Second)
		for day, want := range map[kernel.Date]int{"2026-11-30": 1, "2026-12-01": 2, "2026-12-31": 2, "2027-01-01": 3, "2025-12-31": 1} {
			p, err := library.Current(t.Context(), code, day)
			require.NoError(t, err)
			require.Equal(t, want, p.Document().Version, day)
		}
		versions, err := library.Versions(t.Context(), code)
		require.NoError(t, err)
		require.Len(t, versions, 3)
		require.Equal(t, 3, versions[0].Document().Version)
		_, err = library.Version(t.Context(), code, 4)
		require.True(t, kernel.IsCode(err, "not_found"))
		old, err := library.Version(t.Context(), code, 1)
		require.NoError(t, err)
		require.Equal(t, kernel.Date("2026-01-01"), old.Document().Window.From, "an old version stays readable")
	})
}

func TestALibraryIsReadByManyAtOnce(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	library := gazette.NewLibrary(db)
	doc := document(t, 1, "2026-01-01")
	require.NoError(t, publish(db, doc))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				clock.Advance(time.Second)
				if _, err := library.Current(context.Background(), doc.Code, "2026-11-23"); err != nil {
					t.Errorf("%v", err)
				}
			}
		})
	}
	wg.Wait()
}

func TestAVersionFollowsTheOneBeforeIt(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		today := kernel.DayOf(clock.Now())
		refused := func(doc rules.Document, path string) {
			t.Helper()
			e := kernel.AsError(publish(db, doc))
			require.NotNil(t, e)
			require.Equal(t, path, e.Fields[0].Path)
		}
		refused(document(t, 2, "2027-01-01"), "version")
		require.NoError(t, publish(db, document(t, 1, "2026-01-01")))
		refused(document(t, 3, "2027-01-01"), "version")
		refused(document(t, 2, today.AddDays(-1)), "in_force_from")
		refused(document(t, 2, ""), "in_force_from")
		require.NoError(t, publish(db, document(t, 2, "2027-06-01")))
		refused(document(t, 3, "2027-05-31"), "in_force_from")
		require.NoError(t, publish(db, document(t, 3, "2027-06-01")))
		failing := document(t, 4, "2027-07-01")
		failing.Cases = []rules.Case{{Name: kernel.T("用例", "case"), Facts: rules.Facts{On: "2027-07-01", Lines: []rules.Line{{ListPrice: 100}}}, Expect: rules.Expectation{Eligible: true}}}
		require.True(t, kernel.IsCode(publish(db, failing), "policy.cases"))
	})
}
