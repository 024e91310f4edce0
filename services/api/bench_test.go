package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

type listedOffer struct {
	ID       kernel.ID   `json:"id"`
	Name     string      `json:"name"`
	Category string      `json:"category"`
	Provider string      `json:"provider"`
	Tags     []string    `json:"tags"`
	Price    kernel.Fen  `json:"lowest_price_fen"`
	Since    kernel.Date `json:"since"`
}

// BenchmarkList is a list of 20 offers over a socket, the load's own work
// included, at 16 connections.
func BenchmarkList(b *testing.B) {
	desk := newBench(b, func(o *api.Options) { o.Clock, o.Log = kernel.SystemClock{}, slog.New(slog.DiscardHandler) })
	items := make([]listedOffer, 20)
	for i := range items {
		items[i] = listedOffer{
			ID: kernel.NewID(noon), Name: fmt.Sprintf("云上财务 %d 号（虚构）", i), Category: "saas.finance", Provider: "虚构云科技",
			Tags: []string{"财务", "入门"}, Price: 129_900, Since: "2026-11-23",
		}
	}
	for n := range 80 { // as many routes as the house has
		api.Route(desk.Desk, op("GET", fmt.Sprintf("/api/v1/room-%d/{id}/thing", n), api.Public), func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	}
	api.Route(desk.Desk, op("GET", "/api/v1/offers", api.Public), func(_ context.Context, in *struct {
		api.Page
		Q        string `query:"q" maxLength:"100"`
		Category string `query:"category"`
	}) (*struct{ Body api.List[listedOffer] }, error) {
		out := &struct{ Body api.List[listedOffer] }{}
		out.Body.Items = items[:in.PageSize]
		return out, nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	url, ended := opened(ctx, b, desk)
	client := &fasthttp.Client{MaxConnsPerHost: 16}

	clock := kernel.SystemClock{}
	var mu sync.Mutex
	all := make([]time.Duration, 0, b.N)
	b.SetParallelism(8) // × GOMAXPROCS
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		req.SetRequestURI(url + "/api/v1/offers?q=%E8%B4%A2%E5%8A%A1&category=saas&page_size=20")
		req.Header.Set("Accept", "application/json, text/plain, */*")
		req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")
		var own []time.Duration
		for pb.Next() {
			started := clock.Now()
			if err := client.Do(req, resp); err != nil || resp.StatusCode() != 200 {
				b.Error(err, resp.StatusCode(), string(resp.Body()))
				return
			}
			own = append(own, clock.Now().Sub(started))
		}
		mu.Lock()
		all = append(all, own...)
		mu.Unlock()
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	cancel()
	client.CloseIdleConnections()
	require.NoError(b, <-ended)
}
