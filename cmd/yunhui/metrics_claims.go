package main

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"yunhui/services/database"
	"yunhui/subsidies"
)

// claimsByState counts the claims in each state when the metrics are read, at
// most every countEvery: the count walks an index.
type claimsByState struct {
	db   *database.DB
	desc *prometheus.Desc

	mu     sync.Mutex
	counts map[subsidies.ClaimState]float64
	at     time.Time
}

const countEvery = 15 * time.Second

func newClaimsByState(db *database.DB) *claimsByState {
	return &claimsByState{db: db, desc: prometheus.NewDesc("yunhui_claims", "Claims in each state.", []string{"state"}, nil)}
}

// Describe implements prometheus.Collector.
func (c *claimsByState) Describe(to chan<- *prometheus.Desc) { to <- c.desc }

// Collect implements prometheus.Collector.
func (c *claimsByState) Collect(to chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) > countEvery {
		c.count()
	}
	for state, n := range c.counts {
		to <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, n, string(state))
	}
}

func (c *claimsByState) count() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var rows []struct {
		State subsidies.ClaimState
		N     float64
	}
	if err := c.db.Read(ctx).Model(&subsidies.Claim{}).Select("state, COUNT(*) AS n").Group("state").Scan(&rows).Error; err != nil {
		return // what was last known is shown
	}
	counts := make(map[subsidies.ClaimState]float64, len(rows))
	for _, r := range rows {
		counts[r.State] = r.N
	}
	c.counts, c.at = counts, time.Now()
}
