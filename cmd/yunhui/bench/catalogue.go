package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"yunhui/catalog/offers"
	catalogrest "yunhui/catalog/rest"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// searched are the words of the searches, as people type them: one word and
// several, short and long, with a slip, in English.
var searched = []string{
	"库存", "进销存", "云", "备份", "车间看板 排产", "财务 发票", "质检追溯", "能耗监测", "重庆 制造 云服务器", "erp 系统",
	"仓储 运输", "kubernetes", "backup storage", "数据治理", "安全生产 应急", "給小企業用的財務軟件",
}

// catalogue lists and searches the market over HTTP, every answer with twenty
// offers and all facets.
func catalogue(ctx context.Context, o Options, r *Report) (err error) {
	s, err := openStore(ctx, Options{Connections: o.Connections}, kernel.SystemClock{}, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	o.say("  %d offers", o.Offers)
	if err := stock(ctx, s, o.Offers); err != nil {
		return err
	}
	shelf := offers.NewShelf(s.DB)
	if err := shelf.Load(ctx); err != nil {
		return err
	}
	if shelf.Size() != o.Offers {
		return fmt.Errorf("%d offers are on the shelf, not %d", shelf.Size(), o.Offers)
	}
	desk, err := openDesk(ctx, func(d *api.Desk) {
		(&catalogrest.Room{Offers: &offers.Desk{DB: s.DB, Shelf: shelf}, Shelf: shelf}).Register(d)
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, desk.stop()) }()
	return measureHTTP(ctx, o, r, desk.address, []reading{
		{"catalogue list", lists()}, {"catalogue search", searches()}, {"catalogue, half list half search", mixed(lists(), searches())},
	})
}

const catalogueRoot = "/api/v1/offers?page_size=20"

func lists() [][]byte {
	var all [][]byte
	for _, narrowed := range []string{
		"", "&sort=price", "&category=app", "&category=app.erp", "&depth=business", "&depth=business&price_max_fen=300000",
		"&category=infra&sort=-price", "&sort=newest&category=platform",
	} {
		all = append(all, get(catalogueRoot+narrowed))
	}
	return all
}

func searches() [][]byte {
	var all [][]byte
	for i, words := range searched {
		path := catalogueRoot + "&q=" + url.QueryEscape(words)
		if i%4 == 3 {
			path += "&category=app"
		}
		all = append(all, get(path))
	}
	return all
}

// mixed takes one of each in turn.
func mixed(a, b [][]byte) [][]byte {
	var all [][]byte
	for i := range max(len(a), len(b)) {
		all = append(all, a[i%len(a)], b[i%len(b)])
	}
	return all
}
