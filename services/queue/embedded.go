package queue

import (
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"yunhui/services/kernel"
)

// embedded is a Redis inside the process. It forgets everything with the
// process, which the outbox makes good. Its keys expire only when its clock is
// driven, so a goroutine drives it.
type embedded struct {
	server   *miniredis.Miniredis
	password string
	quit     chan struct{}
	driver   sync.WaitGroup
}

func startEmbedded() (*embedded, error) {
	e := &embedded{server: miniredis.NewMiniRedis(), password: rand.Text(), quit: make(chan struct{})}
	e.server.RequireAuth(e.password)
	if err := e.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("embedded redis: %w", err)
	}
	e.driver.Go(e.drive)
	return e, nil
}

func (e *embedded) drive() {
	clock := kernel.SystemClock{}
	last := clock.Now()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-e.quit:
			return
		case <-tick.C:
			now := clock.Now()
			e.server.FastForward(max(0, now.Sub(last)))
			last = now
		}
	}
}

func (e *embedded) client() redis.UniversalClient {
	return redis.NewClient(&redis.Options{Addr: e.server.Addr(), Password: e.password})
}

func (e *embedded) stop() {
	close(e.quit)
	e.driver.Wait()
	e.server.Close()
}
