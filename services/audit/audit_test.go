package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

func TestRecordsSayWhoFromWhere(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		ctx := kernel.WithCall(t.Context(), kernel.Call{
			Actor:   kernel.Actor{Person: "p", Org: "o", Role: kernel.RoleCityOfficer},
			Address: "203.0.113.9", RequestID: strings.Repeat("长", 100),
		})
		record(t, ctx, db, audit.Entry{Action: "claim.approve", ObjectKind: "claim", ObjectID: "c1", Detail: map[string]string{"say": "<b>𠮷</b>"}})
		page, err := audit.List(ctx, db, audit.Query{ObjectKind: "claim", ObjectID: "c1"})
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		got := page.Items[0]
		require.Equal(t, "p o city_officer 203.0.113.9", fmt.Sprintf("%s %s %s %s", got.PersonID, got.OrgID, got.Role, got.Address))
		require.Equal(t, strings.Repeat("长", 64), got.RequestID)
		require.JSONEq(t, `{"say":"<b>𠮷</b>"}`, string(got.Detail))
		require.True(t, got.At.Equal(databasetest.Noon))
		require.Nil(t, got.Seq, "business transactions do not seal")
		require.Error(t, database.Run(ctx, db, "act", func(tx *database.Tx) error { return audit.Record(tx, audit.Entry{}) }))
	})
}

func TestLateEntriesAreSealedLate(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		ctx := t.Context()
		clock.Advance(time.Hour)
		entries(t, db, 3)
		require.Equal(t, 3, seal(t, db))
		clock.Set(databasetest.Noon)
		record(t, ctx, db, audit.Entry{Action: "late", ObjectKind: "o", ObjectID: "late"})
		require.Equal(t, 1, seal(t, db))
		require.Zero(t, seal(t, db))
		report, err := audit.Verify(ctx, db)
		require.NoError(t, err)
		require.True(t, report.OK(), "%+v", report.Broken)
		require.EqualValues(t, 4, report.Sealed)
		late, err := audit.List(ctx, db, audit.Query{ObjectID: "late"})
		require.NoError(t, err)
		require.EqualValues(t, 4, *late.Items[0].Seq)
	})
}

func TestTheChainCanBeCheckedByHand(t *testing.T) {
	t.Parallel()
	db, _ := databasetest.SQLite(t)
	entries(t, db, 1)
	seal(t, db)
	page, err := audit.List(t.Context(), db, audit.Query{})
	require.NoError(t, err)
	e := page.Items[0]
	text := `{"action":"act","address":"","at":"2026-11-23T04:00:00.000000Z","detail":"{\"n\":0}","id":"` + string(e.ID) +
		`","object_id":"o0","object_kind":"o","org_id":"","person_id":"","prev_hash":"","request_id":"","role":"","seq":1}`
	sum := sha256.Sum256([]byte(text))
	require.Equal(t, hex.EncodeToString(sum[:]), *e.Hash)
}

func TestTamperingIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sql  string
		seq  int64
		flaw string
	}{
		"changed content":  {"UPDATE audit_entries SET detail = '{}' WHERE seq = 7", 7, "not as it was sealed"},
		"changed actor":    {"UPDATE audit_entries SET person_id = 'x' WHERE seq = 7", 7, "not as it was sealed"},
		"changed time":     {"UPDATE audit_entries SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 7", 7, "not as it was sealed"},
		"removed":          {"DELETE FROM audit_entries WHERE seq = 7", 7, "missing"},
		"removed first":    {"DELETE FROM audit_entries WHERE seq = 1", 1, "missing"},
		"taken out":        {"UPDATE audit_entries SET seq = NULL, hash = NULL, prev_hash = NULL WHERE seq = 7", 7, "missing"},
		"forged hash":      {"UPDATE audit_entries SET hash = 'f' WHERE seq = 7", 7, "not as it was sealed"},
		"cut off the end":  {"DELETE FROM audit_entries WHERE seq > 15", 16, "ends before"},
		"hash wiped":       {"UPDATE audit_entries SET hash = NULL WHERE seq = 7", 7, "not as it was sealed"},
		"moved":            {"UPDATE audit_entries SET seq = CASE seq WHEN 7 THEN 100 ELSE seq END", 7, "missing"},
		"predecessor lies": {"UPDATE audit_entries SET prev_hash = 'f' WHERE seq = 7", 7, "does not follow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, _ := databasetest.SQLite(t)
			entries(t, db, 20)
			seal(t, db)
			head, err := audit.ReadHead(t.Context(), db)
			require.NoError(t, err)
			require.EqualValues(t, 20, head.Seq)
			sound, err := audit.Verify(t.Context(), db, head)
			require.NoError(t, err)
			require.True(t, sound.OK())
			require.Equal(t, head, sound.Head)

			require.NoError(t, database.Run(t.Context(), db, "tamper", func(tx *database.Tx) error { return tx.Exec(c.sql).Error }))
			report, err := audit.Verify(t.Context(), db, head)
			require.NoError(t, err)
			require.False(t, report.OK())
			require.Equal(t, c.seq, report.Broken.Seq)
			require.Contains(t, report.Broken.Flaw, c.flaw)
			require.Equal(t, c.seq-1, report.Sealed, "what came before still holds")
		})
	}
}

func TestTheUnsealedTailHasAnAge(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		entries(t, db, 2)
		clock.Advance(90 * time.Second)
		report, err := audit.Verify(t.Context(), db)
		require.NoError(t, err)
		require.True(t, report.OK())
		require.EqualValues(t, 2, report.Unsealed)
		require.Equal(t, 90*time.Second, report.TailAge)
	})
}

func TestSealersAndWritersAtOnceKeepOneChain(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { entries(t, db, 40) })
		}
		for range 3 {
			all.Go(func() {
				for range 10 {
					_, _ = audit.Seal(t.Context(), db) // a sealer that is outrun fails and may
				}
			})
		}
		all.Wait()
		seal(t, db)
		report, err := audit.Verify(t.Context(), db)
		require.NoError(t, err)
		require.True(t, report.OK(), "%+v", report.Broken)
		require.EqualValues(t, 120, report.Sealed)
		require.Zero(t, report.Unsealed)
	})
}

func TestListsPageWithoutGapsOrRepeats(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		for range 3 {
			entries(t, db, 5)
			clock.Advance(time.Minute)
		}
		seen := map[kernel.ID]bool{}
		q := audit.Query{Action: "act", Size: 4}
		for pages := 1; ; pages++ {
			page, err := audit.List(t.Context(), db, q)
			require.NoError(t, err)
			for _, item := range page.Items {
				require.False(t, seen[item.ID])
				seen[item.ID] = true
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				require.Equal(t, 4, pages)
				break
			}
		}
		require.Len(t, seen, 15)
		middle, err := audit.List(t.Context(), db, audit.Query{From: databasetest.Noon.Add(time.Minute), To: databasetest.Noon.Add(2 * time.Minute)})
		require.NoError(t, err)
		require.Len(t, middle.Items, 5)
		_, err = audit.List(t.Context(), db, audit.Query{Cursor: "x"})
		require.True(t, kernel.IsCode(err, "cursor.invalid"), "%v", err)
	})
}

func record(t *testing.T, ctx context.Context, db *database.DB, e audit.Entry) { //nolint:revive // the test comes first in helpers
	t.Helper()
	require.NoError(t, database.Run(ctx, db, "act", func(tx *database.Tx) error { return audit.Record(tx, e) }))
}

func entries(t *testing.T, db *database.DB, n int) {
	t.Helper()
	for i := range n {
		record(t, t.Context(), db, audit.Entry{Action: "act", ObjectKind: "o", ObjectID: fmt.Sprintf("o%d", i), Detail: map[string]int{"n": i}})
	}
}

func seal(t *testing.T, db *database.DB) int {
	t.Helper()
	n, err := audit.Seal(t.Context(), db)
	require.NoError(t, err)
	return n
}
