package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/search"
)

// shelf is a small market whose names say what should find them.
func shelf(t *testing.T) *search.Index {
	t.Helper()
	x := search.New("category")
	offer := func(id, category, name, description string, price int64) search.Document {
		return search.Document{
			ID: id,
			Fields: []search.Field{
				{Name: "name", Text: name, Weight: 8},
				{Name: "description", Text: description},
			},
			Keywords: map[string][]string{"category": {category}, "provider": {"p-" + id[:1]}},
			Numbers:  map[string]int64{"price_fen": price},
		}
	}
	require.NoError(t, x.Replace(context.Background(), []search.Document{
		offer("a-ecs", "infra.compute", "弹性云主机 ECS", "按需付费的虚拟机，适合中小企业", 1200),
		offer("a-gpu", "infra.compute", "GPU 算力", "训练推理用的裸金属服务器", 90000),
		offer("a-oss", "infra.storage", "对象存储", "海量文件的归档与备份", 300),
		offer("b-erp", "app.erp", "进销存管理软件", "面向贸易企业，含库存、采购与财务接口", 5000),
		offer("b-fin", "app.finance", "财务云", "记账、报税、电子发票", 2600),
		offer("b-mes", "app.mes", "MES 制造执行系统", "车间看板与排产，支持 Kubernetes 部署", 68000),
		offer("c-bak", "data.backup", "容灾备份一体机", "补贴目录内，两地三中心", 30000),
		offer("c-kit", "support.training", "𠮷林数字化培训", "政府补贴政策解读；繁體客戶也歡迎", 800),
	}))
	return x
}

func find(t *testing.T, x search.Finder, q search.Query) search.Page {
	t.Helper()
	page, err := x.Find(context.Background(), q)
	require.NoError(t, err)
	return page
}

func ids(page search.Page) []string {
	ids := []string{}
	for _, h := range page.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func TestPeopleFindWhatTheyMean(t *testing.T) {
	t.Parallel()
	x := shelf(t)
	for _, c := range []struct{ text, first, others string }{
		{"补贴", "c-bak", "c-kit"},
		{"云", "b-fin", "a-ecs"},
		{"𠮷", "c-kit", ""},
		{"𠮷林", "c-kit", ""},
		{"云服务器", "a-ecs", ""},
		{"雲伺服器", "a-ecs", ""},
		{"ＥＣＳ", "a-ecs", ""},
		{"cloud servers", "a-ecs", ""},
		{"备份", "c-bak", "a-oss"},
		{"備份", "c-bak", "a-oss"},
		{"ERP", "", ""},
		{"库存管理软件", "b-erp", ""},
		{"会计", "b-fin", "b-erp"},
		{"kubern", "b-mes", ""},
		{"kubernets", "b-mes", ""},
		{"kuberntees 部署", "b-mes", ""},
		{"客户", "c-kit", ""},
		{"制造执行", "b-mes", ""},
		{"备份 海量", "a-oss", ""},
		{"区块链", "", ""},
		{"云朵", "", ""},
	} {
		page := find(t, x, search.Query{Text: c.text, Match: search.MatchAll})
		require.Equal(t, strings.Fields(c.first+" "+c.others), ids(page), "%q", c.text)
		require.Equal(t, len(page.Hits), page.Total)
		require.False(t, page.Relaxed)
		require.Empty(t, page.Next)
	}
}

func TestWhenNoneHasAllWordsThoseWithSomeAreShownAndItIsSaid(t *testing.T) {
	t.Parallel()
	x := shelf(t)
	page := find(t, x, search.Query{Text: "备份 培训"})
	require.True(t, page.Relaxed)
	require.ElementsMatch(t, []string{"a-oss", "c-bak", "c-kit"}, ids(page))

	page = find(t, x, search.Query{Text: "备份 培训", Filters: map[string][]string{"category": {"infra"}}})
	require.True(t, page.Relaxed, "filters do not decide it")
	require.Equal(t, []string{"a-oss"}, ids(page))

	page = find(t, x, search.Query{Text: "备份 海量", Filters: map[string][]string{"category": {"support"}}})
	require.False(t, page.Relaxed, "a document has both, if not one of these")
	require.Empty(t, page.Hits)

	page = find(t, x, search.Query{Text: "区块链"})
	require.False(t, page.Relaxed)
	require.NotNil(t, page.Hits)
	require.Zero(t, page.Total)
}

func TestANeedInWholeSentencesFindsByAnyOfItsWords(t *testing.T) {
	t.Parallel()
	page := find(t, shelf(t), search.Query{
		Text:  "我们是做汽车配件的小厂，想找一套能排产、有车间看板的系统，最好财务也能对接，预算五万以内",
		Match: search.MatchAny, Why: true,
	})
	require.Equal(t, "b-mes", page.Hits[0].ID)
	require.Contains(t, ids(page), "b-fin")
	require.NotContains(t, ids(page), "a-oss")
}

func TestAHitTellsWhy(t *testing.T) {
	t.Parallel()
	x := shelf(t)
	page := find(t, x, search.Query{Text: "云服务器 中小", Why: true})
	require.Equal(t, []search.Reason{
		{Asked: "云服务器", Found: "云主机", Fields: []string{"name"}},
		{Asked: "中小", Found: "中小", Fields: []string{"description"}},
	}, page.Hits[0].Why)

	page = find(t, x, search.Query{Text: "kubernets", Why: true})
	require.Equal(t, []search.Reason{{Asked: "kubernet", Found: "kubernete", Fields: []string{"description"}}}, page.Hits[0].Why)

	page = find(t, x, search.Query{Text: "备份 培训班级", Why: true})
	require.True(t, page.Relaxed)
	require.Equal(t, []search.Reason{{Asked: "备份", Found: "备份", Fields: []string{"name"}}}, page.Hits[slices.Index(ids(page), "c-bak")].Why)

	require.NoError(t, x.Put(context.Background(), search.Document{ID: "d-bill", Fields: []search.Field{
		{Name: "name", Text: "票据流转"}, {Name: "description", Text: "各类票据"},
	}}))
	page = find(t, x, search.Query{Text: "票据流转", Why: true})
	require.Equal(t, []string{"name"}, page.Hits[0].Why[0].Fields, "the field that has it whole")

	page = find(t, x, search.Query{Text: "财务", Why: false})
	require.Nil(t, page.Hits[0].Why)
}

func TestHierarchiesAreFilteredAndCountedAtEveryLevel(t *testing.T) {
	t.Parallel()
	x := shelf(t)
	page := find(t, x, search.Query{
		Filters: map[string][]string{"category": {"app"}}, Facets: []string{"category", "provider"},
		Sort: search.Sort{Column: "price_fen"},
	})
	require.Equal(t, []string{"b-fin", "b-erp", "b-mes"}, ids(page))
	require.Equal(t, []search.Count{{Value: "p-b", Count: 3}}, page.Facets["provider"])
	require.Equal(t, search.Count{Value: "app", Count: 3}, page.Facets["category"][0])
	require.Equal(t, search.Count{Value: "infra", Count: 3}, page.Facets["category"][1], "own filter is disregarded")

	require.Empty(t, find(t, x, search.Query{Filters: map[string][]string{"category": {"ap"}}}).Hits, "a path, not a prefix of letters")
	page = find(t, x, search.Query{Filters: map[string][]string{"provider": {"p-b", "p-none"}, "category": {"app.erp", "infra"}}, Facets: []string{"provider"}})
	require.Equal(t, []string{"b-erp"}, ids(page))
	require.Equal(t, []search.Count{{Value: "p-a", Count: 3}, {Value: "p-b", Count: 1}, {Value: "p-none", Count: 0}}, page.Facets["provider"])
}

func TestPlainColumnsDoNotSplitAtDots(t *testing.T) {
	t.Parallel()
	x := search.New()
	require.NoError(t, x.Put(context.Background(), search.Document{ID: "1", Keywords: map[string][]string{"version": {"2.0", "2.0"}}}))
	page := find(t, x, search.Query{Facets: []string{"version"}})
	require.Equal(t, []search.Count{{Value: "2.0", Count: 1}}, page.Facets["version"])
}

func TestWhatTheIndexCannotHoldIsRefusedWhole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	x := shelf(t)
	good := search.Document{ID: "good", Fields: []search.Field{{Name: "name", Text: "区块链"}}}
	nine := search.Document{ID: "nine"}
	for i := range 9 {
		nine.Fields = append(nine.Fields, search.Field{Name: fmt.Sprint(i)})
	}
	for name, bad := range map[string]search.Document{
		"no ID":        {},
		"long ID":      {ID: strings.Repeat("x", 300)},
		"heavy":        {ID: "h", Fields: []search.Field{{Name: "name", Weight: 1000}}},
		"many fields":  nine,
		"fields above": {ID: "f", Fields: nine.Fields[:8]},
	} {
		require.Error(t, x.Put(ctx, good, bad), name)
		require.Equal(t, 8, x.Size(), name)
		require.Zero(t, find(t, x, search.Query{Text: "区块链"}).Total, name)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, x.Replace(cancelled, []search.Document{good}), context.Canceled)
	_, err := x.Find(cancelled, search.Query{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 8, x.Size())
}

func TestAnEmptyIndexAnswers(t *testing.T) {
	t.Parallel()
	x := search.New("category")
	page := find(t, x, search.Query{Text: "云", Facets: []string{"category"}, Sort: search.Sort{Column: "price_fen"}})
	require.Zero(t, page.Total)
	require.Empty(t, page.Hits)
	require.Empty(t, page.Next)
	require.NoError(t, x.Put(context.Background()))
	require.NoError(t, x.Remove(context.Background(), "nobody"))
	require.Zero(t, x.Size())
}

// However documents came in, by feed or all at once, the answers are the same.
func TestAFeedEndsWhereARebuildWould(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	docs := offers(1500)
	fed, built := search.New("category"), search.New("category")
	require.NoError(t, fed.Replace(ctx, docs[:700]))
	for i := 700; i < len(docs); i += 40 {
		require.NoError(t, fed.Put(ctx, docs[i:min(i+40, len(docs))]...))
	}
	changed := slices.Clone(docs)
	for i := 0; i < 300; i += 3 {
		changed[i].Numbers = map[string]int64{"price_fen": int64(i)}
		require.NoError(t, fed.Put(ctx, changed[i]))
	}
	for i := range 100 {
		require.NoError(t, fed.Remove(ctx, changed[1000+i].ID))
	}
	changed = slices.Delete(changed, 1000, 1100)
	require.NoError(t, built.Replace(ctx, changed))

	low, high := int64(10_000), int64(900_000)
	for _, q := range []search.Query{
		{}, {Text: "备份"}, {Text: "云主机 数据库", Match: search.MatchAny}, {Filters: map[string][]string{"category": {"app"}, "depth": {"business"}}},
		{Ranges: []search.Range{{Column: "price_fen", Min: &low, Max: &high}}}, {Text: "erp", Filters: map[string][]string{"chains": {"chain-01", "chain-02"}}},
	} {
		q.Facets = []string{"category", "depth", "provider", "chains"}
		q.Limit = 1000
		for _, sort := range []search.Sort{{Column: "price_fen"}, {Column: "price_fen", Desc: true}, {Column: "listed_at", Desc: true}} {
			q.Sort = sort
			a, b := find(t, fed, q), find(t, built, q)
			require.Equal(t, ids(b), ids(a), "%+v", q)
			require.Equal(t, b.Facets, a.Facets, "%+v", q)
			require.Equal(t, b.Total, a.Total)
		}
	}
}

func TestReadersSeeWholeStatesWhileWritersWrite(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	x := search.New("category")
	docs := offers(120)
	require.NoError(t, x.Replace(ctx, docs[:100]))
	pair := func(n int) []search.Document {
		a, b := docs[0], docs[101]
		a.Numbers, b.Numbers = map[string]int64{"turn": int64(n)}, map[string]int64{"turn": int64(n)}
		return []search.Document{a, b}
	}
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				page, err := x.Find(ctx, search.Query{Sort: search.Sort{Column: "turn"}, Facets: threeFacets, Limit: 2})
				if err != nil || page.Total < 99 || page.Total > 101 {
					t.Errorf("half a write was seen: %d, %v", page.Total, err)
					return
				}
				if _, err := x.Find(ctx, search.Query{Text: "备份 云主机", Match: search.MatchAny, Facets: threeFacets, Why: true}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for n := range 60 {
		require.NoError(t, x.Put(ctx, pair(n)...))
		if n%4 == 3 {
			require.NoError(t, x.Remove(ctx, docs[0].ID, docs[101].ID))
		}
	}
	close(done)
	readers.Wait()
}

func TestAMarketFitsInMemory(t *testing.T) { //nolint:paralleltest // weighs the heap of the process
	if testing.Short() {
		t.Skip("builds an index of 20,000 documents")
	}
	_, mebibytes := market()
	require.Less(t, mebibytes, 80.0)
}
