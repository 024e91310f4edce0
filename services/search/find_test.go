package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pieces are few, so that random texts and queries meet, and include synonyms of
// each other, weak words, near spellings and beginnings.
var pieces = []string{
	"云", "主", "机", "服", "务", "器", "备", "份", "数", "据", "库", "补", "贴", "𠮷", "雲", "系统", "云主机", "云服务器", "数据库",
	" ECS ", " erp", "Ｅｒｐ ", " 企业资源计划", " server ", " servers", " cloud ", " backup ", " bakcup ", " serverless ", "，", "。", " ", "x", " software ",
}

func drawText(t *rapid.T, most int, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, most).Draw(t, label), "")
}

func drawDocument(t *rapid.T, id string) Document {
	d := Document{ID: id, Keywords: map[string][]string{}, Numbers: map[string]int64{}}
	for _, name := range []string{"name", "body"} {
		d.Fields = append(d.Fields, Field{Name: name, Text: drawText(t, 9, name), Weight: rapid.IntRange(0, 5).Draw(t, "weight")})
	}
	d.Keywords["category"] = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "a.b", "a.b.c", "d", "d.e"}), 0, 3).Draw(t, "category")
	d.Keywords["depth"] = []string{rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "depth")}
	if rapid.Bool().Draw(t, "priced") {
		d.Numbers["price"] = rapid.Int64Range(-3, 3).Draw(t, "price")
	}
	d.Numbers["age"] = rapid.Int64Range(0, 100).Draw(t, "age")
	return d
}

func drawQuery(t *rapid.T) Query {
	q := Query{
		Text:       drawText(t, 4, "text"),
		Match:      rapid.SampledFrom([]Match{MatchBest, MatchAll, MatchAny}).Draw(t, "match"),
		Sort:       Sort{rapid.SampledFrom([]string{"", "price", "age", "unheard"}).Draw(t, "sort"), rapid.Bool().Draw(t, "desc")},
		Limit:      rapid.IntRange(1, 12).Draw(t, "limit"),
		Facets:     rapid.SliceOfN(rapid.SampledFrom([]string{"category", "depth", "unheard"}), 0, 3).Draw(t, "facets"),
		FacetLimit: rapid.IntRange(0, 3).Draw(t, "facet limit"),
		Filters:    map[string][]string{},
		Why:        rapid.Bool().Draw(t, "why"),
	}
	if rapid.Bool().Draw(t, "by category") {
		q.Filters["category"] = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "a.b", "d", "unheard"}), 0, 2).Draw(t, "categories")
	}
	if rapid.Bool().Draw(t, "by depth") {
		q.Filters["depth"] = rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y"}), 0, 2).Draw(t, "depths")
	}
	if rapid.Bool().Draw(t, "by price") {
		r := Range{Column: rapid.SampledFrom([]string{"price", "age", "unheard"}).Draw(t, "range")}
		low, high := rapid.Int64Range(-3, 3).Draw(t, "low"), rapid.Int64Range(-3, 60).Draw(t, "high")
		if rapid.Bool().Draw(t, "from") {
			r.Min = &low
		}
		if rapid.Bool().Draw(t, "to") {
			r.Max = &high
		}
		q.Ranges = append(q.Ranges, r)
	}
	return q
}

// A page at a time, the index says exactly what looking at every document says,
// after any history of writes.
func TestAgreesWithLookingAtEveryDocument(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		id := rapid.Map(rapid.IntRange(0, 60), func(n int) string { return fmt.Sprintf("doc-%02d", n) })
		var docs []Document
		for range rapid.IntRange(0, 40).Draw(t, "documents") {
			docs = append(docs, drawDocument(t, id.Draw(t, "id")))
		}
		x, o := New("category"), newOracle("category", docs)
		require.NoError(t, x.Replace(ctx, docs))
		for range rapid.IntRange(0, 6).Draw(t, "writes") {
			if d := drawDocument(t, id.Draw(t, "id")); rapid.Bool().Draw(t, "put") {
				o.put(d)
				require.NoError(t, x.Put(ctx, d))
			} else {
				o.remove(d.ID)
				require.NoError(t, x.Remove(ctx, d.ID))
			}
		}
		require.Equal(t, len(o.now), x.Size())
		for range 4 {
			requireSame(t, x, o, drawQuery(t))
		}
	})
}

func requireSame(t *rapid.T, x *Index, o *oracle, q Query) {
	want, facets, relaxed := o.find(q)
	var got []Hit
	for {
		page, err := x.Find(context.Background(), q)
		require.NoError(t, err)
		require.Equal(t, len(want), page.Total, "%+v", q)
		require.Equal(t, relaxed, page.Relaxed, "%+v", q)
		for _, column := range q.Facets {
			require.ElementsMatch(t, facets[column], page.Facets[column], "%s of %+v", column, q)
			require.True(t, slices.Equal(facets[column], page.Facets[column]), "order of %s", column)
		}
		got = append(got, page.Hits...)
		if page.Next == "" {
			break
		}
		require.Len(t, page.Hits, q.Limit)
		q.After = page.Next
	}
	require.Len(t, got, len(want))
	for i, h := range want {
		require.Equal(t, h.doc.ID, got[i].ID, "place %d of %+v", i, q)
		require.Equal(t, int64(h.score), got[i].Score, "score of %s in %+v", h.doc.ID, q)
		require.Equal(t, q.Why && h.score > 0, len(got[i].Why) > 0)
	}
}
