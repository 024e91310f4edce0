package record_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

func as(person kernel.ID) context.Context {
	return kernel.WithCall(context.Background(), kernel.Call{Actor: kernel.Actor{Person: person, Name: "某", Role: kernel.RoleCityOfficer}})
}

func TestAPersonHasOnePartInAClaim(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		hand := func(person, claim kernel.ID, part subsidies.Part) error {
			return database.Run(as(person), db, "test.hand", func(tx *database.Tx) error { return record.Hand(tx, claim, part) })
		}
		hands := func(person kernel.ID, part subsidies.Part, claims ...kernel.ID) error {
			return database.Run(as(person), db, "test.hands", func(tx *database.Tx) error { return record.Hands(tx, claims, part) })
		}
		count := func() (n int64) {
			require.NoError(t, db.Read(t.Context()).Table("hands").Count(&n).Error)
			return n
		}
		require.NoError(t, hand("a", "c1", subsidies.PartDistrict))
		require.NoError(t, hand("a", "c1", subsidies.PartDistrict), "the same part again")
		require.NoError(t, hand("b", "c1", subsidies.PartDistrict), "two may share a part")
		require.NoError(t, hand("a", "c2", subsidies.PartCity), "another claim is another matter")
		require.NoError(t, hand("a", "c1", subsidies.PartNone), "what is no part needs no hand")
		require.EqualValues(t, 3, count())
		for _, part := range []subsidies.Part{subsidies.PartClaimant, subsidies.PartProvider, subsidies.PartCity, subsidies.PartAuditor, subsidies.PartPayer} {
			require.True(t, kernel.IsCode(hand("a", "c1", part), "four_eyes"), part)
			require.True(t, kernel.IsCode(hands("a", part, "c3", "c1", "c4"), "four_eyes"), part)
		}
		require.EqualValues(t, 3, count(), "of many claims none is touched when one may not be")
		require.NoError(t, hands("a", subsidies.PartDistrict, "c1", "c3", "c4"))
		require.EqualValues(t, 5, count())
		require.NoError(t, hands("a", subsidies.PartDistrict))

		handed, err := record.HandedBy(t.Context(), db.Read(t.Context()), "a", []kernel.ID{"c1", "c2", "c3", "c9"}, subsidies.PartDistrict)
		require.NoError(t, err)
		require.Equal(t, map[kernel.ID]bool{"c2": true}, handed)
	})
}

func TestATimelineIsReadInTheOrderItHappened(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		for _, act := range []string{"open", "submit", "pass_checks", "confirm"} { // all at the same instant
			require.NoError(t, database.Run(as("a"), db, "test.step", func(tx *database.Tx) error {
				return record.Add(tx, record.Claim, "c", act, "", "", record.Reason{Code: "other", Note: "𠮷"})
			}))
		}
		steps, err := record.Steps(t.Context(), db, "c")
		require.NoError(t, err)
		var acts []string
		for _, s := range steps {
			acts = append(acts, s.Act)
			require.Equal(t, "𠮷", s.Note)
		}
		require.Equal(t, []string{"open", "submit", "pass_checks", "confirm"}, acts)
	})
}

func TestATraceThatWasTamperedWithIsNotRead(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		explain := func(subsidy kernel.Fen) record.Computation {
			c := record.Computation{Result: rules.Result{Policy: "p", Version: 1}, Legs: subsidies.Legs{ListPrice: 100, Subsidy: subsidy, Municipal: subsidy, EnterpriseShare: 100 - subsidy}}
			require.NoError(t, database.Run(as("a"), db, "test.explain", func(tx *database.Tx) error { return record.Explain(tx, record.Claim, "c", c) }))
			return c
		}
		set := func(column string, value any) {
			require.NoError(t, database.Run(as("a"), db, "test.tamper", func(tx *database.Tx) error {
				return tx.Exec("UPDATE traces SET "+column+" = ? WHERE subject_id = 'c'", value).Error
			}))
		}
		_, err := record.Explanation(t.Context(), db, "c")
		require.True(t, kernel.IsCode(err, "not_found"))
		explain(10)
		newest := explain(30)
		got, err := record.Explanation(t.Context(), db, "c")
		require.NoError(t, err)
		require.Equal(t, newest.Legs, got.Legs, "the newest counts")

		var forged bytes.Buffer
		w := gzip.NewWriter(&forged)
		_, err = w.Write([]byte(`{"legs":{"list_price_fen":100,"government_subsidy_fen":99,"municipal_fen":99,"enterprise_share_fen":1}}`))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		for name, bytes := range map[string][]byte{"forged": forged.Bytes(), "no archive": []byte("x"), "cut off": forged.Bytes()[:20], "empty": {}} {
			set("document", bytes)
			_, err = record.Explanation(t.Context(), db, "c")
			require.Error(t, err, name)
			require.Nil(t, kernel.AsError(err), "%s: nobody outside is told how", name)
		}
	})
}
