package search

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/kernel"
)

func numbered(n int) []Document {
	docs := make([]Document, n)
	for i := range docs {
		docs[i] = Document{
			ID:     fmt.Sprintf("doc-%03d", (i*37)%n),
			Fields: []Field{{Name: "name", Text: fmt.Sprintf("云主机%s", []string{"备份", "", "专线备份"}[i%3])}},
		}
		if i%5 != 0 {
			docs[i].Numbers = map[string]int64{"price": int64(i % 7)}
		}
	}
	return docs
}

// Documents that the query does not want come in between all pages.
func TestTurningPagesMeetsEveryHitOnceWhileOthersComeAndGo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, sort := range []Sort{{}, {Column: "price"}, {Column: "price", Desc: true}} {
		for _, text := range []string{"", "备份"} {
			x := New()
			require.NoError(t, x.Replace(ctx, numbered(200)))
			q := Query{Text: text, Sort: sort, Limit: 7, Filters: map[string][]string{}}
			want := whole(t, x, q)
			for i := range 60 {
				id := fmt.Sprintf("doc-%03d-other", i*3)
				require.NoError(t, x.Put(ctx, Document{ID: id, Fields: []Field{{Name: "name", Text: "培训"}}, Numbers: map[string]int64{"price": int64(i % 7)}}))
				if text == "" {
					require.NoError(t, x.Remove(ctx, id)) // a plain list would want it
				}
			}
			got := map[string]int{}
			for n := 0; ; n++ {
				page, err := x.Find(ctx, q)
				require.NoError(t, err)
				for _, h := range page.Hits {
					got[h.ID]++
				}
				if q.After = page.Next; q.After == "" {
					break
				}
				other := Document{ID: fmt.Sprintf("%03d-%d", n*5, n), Fields: []Field{{Name: "name", Text: "培训"}}}
				require.NoError(t, x.Put(ctx, other))
				if text == "" {
					require.NoError(t, x.Remove(ctx, other.ID))
				}
			}
			require.Equal(t, want, got, "%+v %q", sort, text)
		}
	}
}

// Even the fold of changes into the base leaves the scores of other documents be.
func TestOthersComingDoNotChangeAScore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	x := New()
	require.NoError(t, x.Replace(ctx, numbered(220)))
	q := Query{Text: "专线备份", Limit: maxLimit}
	before, err := x.Find(ctx, q)
	require.NoError(t, err)
	base := x.current.Load().views[0].segment
	for i := range 70 {
		require.NoError(t, x.Put(ctx, Document{ID: fmt.Sprintf("other-%d", i), Fields: []Field{{Name: "name", Text: "数字化培训"}}}))
	}
	require.NotSame(t, base, x.current.Load().views[0].segment, "the base was built anew")
	after, err := x.Find(ctx, q)
	require.NoError(t, err)
	require.Equal(t, before.Hits, after.Hits)
}

func TestAReaderKeepsTheStateItBeganWith(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	x := New()
	require.NoError(t, x.Replace(ctx, numbered(30)))
	held := &Index{}
	held.current.Store(x.current.Load())
	want := whole(t, held, Query{Text: "备份"})
	require.NoError(t, x.Remove(ctx, "doc-000", "doc-001", "doc-002"))
	require.NoError(t, x.Put(ctx, Document{ID: "doc-003", Fields: []Field{{Name: "title", Text: "备份"}}}))
	require.Equal(t, want, whole(t, held, Query{Text: "备份"}))
	require.Equal(t, 30, held.Size())
	require.Equal(t, 27, x.Size())
}

func whole(t *testing.T, x *Index, q Query) map[string]int {
	t.Helper()
	q.Limit = maxLimit
	page, err := x.Find(context.Background(), q)
	require.NoError(t, err)
	require.Len(t, page.Hits, page.Total)
	ids := map[string]int{}
	for _, h := range page.Hits {
		ids[h.ID]++
	}
	return ids
}

func TestTheDocumentBehindACursorMayHaveGone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, sort := range []Sort{{}, {Column: "price"}, {Column: "price", Desc: true}} {
		x := New()
		require.NoError(t, x.Replace(ctx, numbered(60)))
		q := Query{Sort: sort, Limit: 10}
		all, err := x.Find(ctx, Query{Sort: sort, Limit: maxLimit})
		require.NoError(t, err)
		first, err := x.Find(ctx, q)
		require.NoError(t, err)
		require.NoError(t, x.Remove(ctx, first.Hits[9].ID, first.Hits[8].ID))
		q.After = first.Next
		second, err := x.Find(ctx, q)
		require.NoError(t, err)
		require.Equal(t, all.Hits[10:20], second.Hits)
	}
}

func TestACursorServesOnAnotherNodeButNotForAnotherQuery(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	here, there := New("category"), New("category")
	require.NoError(t, here.Replace(ctx, numbered(50)))
	require.NoError(t, there.Replace(ctx, numbered(50)))
	low, high := int64(1), int64(5)
	q := Query{
		Text: "云主机", Filters: map[string][]string{"unheard": nil, "category": {}},
		Ranges: []Range{{"price", &low, &high}}, Sort: Sort{Column: "price"}, Limit: 5,
	}
	first, err := here.Find(ctx, q)
	require.NoError(t, err)
	q.After = first.Next
	a, err := here.Find(ctx, q)
	require.NoError(t, err)
	b, err := there.Find(ctx, q)
	require.NoError(t, err)
	require.Equal(t, a, b)

	others := map[string]func(*Query){
		"text":   func(q *Query) { q.Text = "云" },
		"match":  func(q *Query) { q.Match = MatchAny },
		"filter": func(q *Query) { q.Filters = map[string][]string{"category": {"app"}} },
		"sort":   func(q *Query) { q.Sort.Column = "age" },
		"turn":   func(q *Query) { q.Sort.Desc = true },
		"open":   func(q *Query) { q.Ranges = []Range{{"price", &low, nil}} },
		"bounds": func(q *Query) { q.Ranges = []Range{{"price", &high, &low}} },
	}
	for name, change := range others {
		other := q
		change(&other)
		_, err := here.Find(ctx, other)
		require.True(t, kernel.IsCode(err, "search.cursor_invalid"), name)
	}
	q.Limit, q.Facets, q.Why = 3, []string{"category"}, true
	_, err = here.Find(ctx, q)
	require.NoError(t, err, "how much is shown may change")
}

func TestAnEditedCursorIsRefused(t *testing.T) {
	t.Parallel()
	x := New()
	require.NoError(t, x.Replace(context.Background(), numbered(50)))
	first, err := x.Find(context.Background(), Query{Limit: 5})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		edited := []byte(first.Next)
		if rapid.Bool().Draw(t, "edit") {
			at := rapid.IntRange(0, len(edited)-1).Draw(t, "at")
			edited[at] = rapid.Byte().Draw(t, "byte")
		} else {
			edited = []byte(rapid.String().Draw(t, "made up"))
		}
		if string(edited) == first.Next || len(edited) == 0 {
			return
		}
		_, err := x.Find(context.Background(), Query{Limit: 5, After: string(edited)})
		require.True(t, kernel.IsCode(err, "search.cursor_invalid"))
	})
}

func TestCursorsSayWhatTheyWereGiven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		given := cursor{
			id:    rapid.StringN(1, 60, maxID).Draw(t, "id"),
			value: rapid.Int64().Draw(t, "value"), missing: rapid.Bool().Draw(t, "missing"), relaxed: rapid.Bool().Draw(t, "relaxed"),
		}
		query := rapid.Uint64().Draw(t, "query")
		got, err := decodeCursor(given.encode(query), query)
		require.NoError(t, err)
		require.Equal(t, given, *got)
	})
}
