package simulation

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

type traced struct {
	ID            kernel.ID
	SubjectKind   string
	SubjectID     kernel.ID
	PolicyCode    string
	PolicyVersion int
	Digest        string
	Document      []byte
	At            time.Time
}

func (traced) TableName() string { return "traces" }

// archive fills a store with made-up claims as if they had been handed in, one a
// minute, with whole traces.
func archive(t testing.TB, db *database.DB, n int) {
	t.Helper()
	s := newSynthetic(n, 1, "2026-01-01")
	law := lanesOf(t, demo(t, nil))[0].policy
	begin := kernel.Date("2026-01-01").Start()
	require.NoError(t, s.each(t.Context(), func(items []item) error {
		return database.Run(t.Context(), db, "test.archive", func(tx *database.Tx) error {
			var rows []subsidies.Claim
			var traces []traced
			for _, i := range items {
				f, err := s.facts(i)
				if err != nil {
					return err
				}
				result, err := law.Quote(f)
				if err != nil {
					return err
				}
				plain, err := json.Marshal(record.Computation{Facts: f, Result: result, Legs: result.Legs})
				if err != nil {
					return err
				}
				var packed bytes.Buffer
				w := gzip.NewWriter(&packed)
				if _, err := w.Write(plain); err != nil {
					return err
				}
				if err := w.Close(); err != nil {
					return err
				}
				at := begin.Add(time.Duration(i.place) * time.Minute)
				id := kernel.ID(fmt.Sprintf("claim-%09d", uint64(n)-i.place)) // not in the order of submission
				rows = append(rows, subsidies.Claim{
					ID: id, Number: i.number, AgreementID: id, EnterpriseID: kernel.ID(i.firm), ProviderID: "p", District: f.Enterprise.District, PolicyCode: law.Document().Code, PolicyVersion: 1,
					State: subsidies.ClaimPaid, Since: at, SubmittedAt: &at, Legs: result.Legs, Version: 1, CreatedAt: at, UpdatedAt: at,
				})
				traces = append(traces,
					traced{ID: id + "-1", SubjectKind: "claim", SubjectID: id, Digest: "x", Document: []byte("an older one, not to be read"), At: at},
					traced{ID: id + "-2", SubjectKind: "claim", SubjectID: id, Digest: "x", Document: packed.Bytes(), At: at})
			}
			if err := database.Insert(tx, rows...); err != nil {
				return err
			}
			return database.Insert(tx, traces...)
		})
	}))
}

// TestStoredClaimsAreReplayedAsIfTheyHadJustBeenMade: what was stored and is read
// back by pages gives the result of what was made up.
func TestStoredClaimsAreReplayedAsIfTheyHadJustBeenMade(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		const n = 3*page + 7
		archive(t, db, n)
		stored := &past{db: db, code: "chongqing-demo-2026"}
		total, err := stored.count(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, n, total)
		lanes := func() []lane { return lanesOf(t, demo(t, richer), demo(t, nil)) }
		made, read := run(t, lanes(), newSynthetic(n, 1, "2026-01-01")), run(t, lanes(), stored)
		for _, side := range []*Side{&made.Winners, &read.Winners, &made.Losers, &read.Losers} {
			for i := range side.Top {
				side.Top[i].Name, side.Top[i].firm = "", "" // looked up by whoever shows them
			}
		}
		require.Equal(t, made, read)
		first, err := stored.first(t.Context())
		require.NoError(t, err)
		require.Equal(t, kernel.Date("2026-01-01"), first)
		half := &past{db: db, span: Span{From: "2026-01-02", To: "2026-01-02"}}
		total, err = half.count(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, min(n-24*60, 24*60), total)
	})
}

// BenchmarkPast replays 150,000 claims out of a store.
func BenchmarkPast(b *testing.B) {
	db, _ := databasetest.SQLite(b)
	archive(b, db, 150_000)
	lanes := lanesOf(b, demo(b, richer), demo(b, nil))
	for b.Loop() {
		r := run(b, lanes, &past{db: db, code: "chongqing-demo-2026"})
		require.EqualValues(b, 150_000, r.Claims)
		require.Zero(b, r.Unreadable)
	}
	b.ReportAllocs()
}
