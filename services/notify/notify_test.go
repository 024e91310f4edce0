package notify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/notify"
)

func TestAPersonHearsTheSameThingOnce(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		for _, n := range []notify.Notification{
			{Person: "a", Kind: "claim.returned", Dedupe: "claim-1/2", Params: map[string]string{"number": "1"}, Link: "/claims/1"},
			{Person: "a", Kind: "claim.returned", Dedupe: "claim-1/2", Params: map[string]string{"number": "again"}},
			{Person: "b", Kind: "claim.returned", Dedupe: "claim-1/2"},
			{Person: "a", Kind: "hello"},
			{Person: "a", Kind: "hello"},
		} {
			require.NoError(t, database.Run(t.Context(), db, "tell", func(tx *database.Tx) error { return notify.Send(tx, n) }))
		}
		page, err := notify.List(t.Context(), db, notify.Query{Person: "a"})
		require.NoError(t, err)
		require.Len(t, page.Items, 3)
		require.Equal(t, "1", page.Items[2].Params["number"], "the first telling stands")
		require.Equal(t, "/claims/1", page.Items[2].Link)
		b, err := notify.List(t.Context(), db, notify.Query{Person: "b"})
		require.NoError(t, err)
		require.Len(t, b.Items, 1)
	})
}

func TestReadingIsForTheReceiverOnly(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		for range 5 {
			require.NoError(t, database.Run(t.Context(), db, "tell", func(tx *database.Tx) error {
				return notify.Send(tx, notify.Notification{Person: "a", Kind: "hello"})
			}))
		}
		unread := func() int64 {
			n, err := notify.Unread(t.Context(), db, "a")
			require.NoError(t, err)
			return n
		}
		first, err := notify.List(t.Context(), db, notify.Query{Person: "a", Size: 3})
		require.NoError(t, err)
		require.Len(t, first.Items, 3)
		rest, err := notify.List(t.Context(), db, notify.Query{Person: "a", Size: 3, After: first.Next})
		require.NoError(t, err)
		require.Len(t, rest.Items, 2)
		require.Empty(t, rest.Next)

		mark := func(person kernel.ID, ids ...kernel.ID) {
			require.NoError(t, database.Run(t.Context(), db, "read", func(tx *database.Tx) error { return notify.MarkRead(tx, person, ids...) }))
		}
		mark("b", first.Items[0].ID)
		require.EqualValues(t, 5, unread(), "another person's reading changes nothing")
		mark("a", first.Items[0].ID)
		require.EqualValues(t, 4, unread())
		mark("a")
		require.Zero(t, unread(), "no ids means all")
	})
}
