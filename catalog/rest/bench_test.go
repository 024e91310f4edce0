package rest_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/catalog/rest"
	"yunhui/services/api"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

// BenchmarkCatalogue lists and searches 20,000 offers over a socket with all
// facets, the load's own work included, at 16 connections.
func BenchmarkCatalogue(b *testing.B) {
	db, _ := databasetest.SQLite(b)
	h := open(b, db, kernel.NewManualClock(databasetest.Noon), large(20_000).rows()...)
	desk := api.New(api.Options{Log: slog.New(slog.DiscardHandler), Clock: kernel.SystemClock{}})
	(&rest.Room{Offers: &offers.Desk{DB: db, Shelf: h.shelf}, Shelf: h.shelf}).Register(desk)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- desk.Serve(ctx, listener) }()
	base := "http://" + listener.Addr().String() + "/api/v1/offers?page_size=20"
	b.Run("list", func(b *testing.B) {
		load(b, []string{base, base + "&sort=price", base + "&category=app", base + "&depth=business&price_max_fen=300000"})
	})
	var searches []string
	for _, w := range []string{"库存", "进销存", "排产 看板", "备份", "云主机", "财务 发票", "质检追溯", "能耗"} {
		searches = append(searches, base+"&q="+url.QueryEscape(w), base+"&category=app&q="+url.QueryEscape(w))
	}
	b.Run("search", func(b *testing.B) { load(b, searches) })
	cancel()
	require.NoError(b, <-ended)
}

func load(b *testing.B, urls []string) {
	client := &fasthttp.Client{MaxConnsPerHost: 16}
	clock := kernel.SystemClock{}
	var mu sync.Mutex
	var all []time.Duration
	var turn atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	before := processorTime(b)
	b.RunParallel(func(pb *testing.PB) {
		req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		var own []time.Duration
		for pb.Next() {
			req.SetRequestURI(urls[int(turn.Add(1))%len(urls)])
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
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	client.CloseIdleConnections()
}

// processorTime is what the process has used, load and service together: on a
// machine that others use too it tells more than the clock on the wall.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return u.Utime.Nano() + u.Stime.Nano()
}

// large is a stock of many offers.
func large(n int) *stock {
	r := rand.New(rand.NewPCG(3, 4))
	s := &stock{}
	for i := range 400 {
		s.provider(kernel.NewID(databasetest.Noon), fmt.Sprintf("虚构服务商%03d", i), catalog.ProviderAdmitted)
	}
	words := []string{"库存", "进销存", "排产", "看板", "备份", "云主机", "财务", "发票", "质检", "追溯", "能耗", "考勤", "客户", "门户"}
	var leaves []string
	for _, c := range catalog.Categories() {
		if c.Leaf() {
			leaves = append(leaves, c.Code)
		}
	}
	for i := range n {
		name := words[r.IntN(len(words))] + words[r.IntN(len(words))] + fmt.Sprint(i)
		s.offer(s.providers[r.IntN(400)].ID, leaves[r.IntN(len(leaves))], name, catalog.OfferListed, kernel.Fen(r.IntN(1_000_000)))
		s.offers[len(s.offers)-1].Depth = catalog.Depths[r.IntN(4)]
	}
	return s
}
