package main

import (
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"yunhui/services/kernel"
)

// shiftedClock runs ahead of the system's clock by the duration that stands in a
// file ("240h"), so that a demonstration or a test can let working days pass. It
// exists in demo mode only. An unreadable file shifts nothing.
type shiftedClock struct {
	path string

	mu     sync.Mutex
	ahead  time.Duration
	stamp  time.Time
	looked time.Time
}

// Now implements kernel.Clock.
func (c *shiftedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) > 50*time.Millisecond {
		c.looked = time.Now()
		c.look()
	}
	return kernel.SystemClock{}.Now().Add(c.ahead)
}

func (c *shiftedClock) look() {
	info, err := os.Stat(c.path)
	if err != nil || info.ModTime().Equal(c.stamp) {
		return
	}
	text, err := os.ReadFile(c.path)
	if err != nil {
		return
	}
	if ahead, err := time.ParseDuration(strings.TrimSpace(string(text))); err == nil && ahead >= c.ahead {
		c.ahead, c.stamp = ahead, info.ModTime()
	}
}

// clock is the system's, or one that a file shifts in demo mode.
func clock(demo bool, file string) (kernel.Clock, error) {
	switch {
	case file == "":
		return kernel.SystemClock{}, nil
	case !demo:
		return nil, errors.New("--clock-file is for demo mode only")
	default:
		c := &shiftedClock{path: file}
		c.look()
		return c, nil
	}
}
