package payments

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"yunhui/services/calendar"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Speed is how long firms wait for their money once it is approved, in working
// days: half of them no longer than the median, nine of ten no longer than the
// 90th percentile.
type Speed struct {
	Payments int64       `json:"payments"`
	Since    kernel.Date `json:"since" doc:"统计自该日起的拨付 · payments from this day on"`
	Median   int         `json:"median_working_days"`
	P90      int         `json:"p90_working_days"`
}

// Stopwatch measures from approval to payment. What it found is good for a while:
// the public asks for it often, and it changes by the day.
type Stopwatch struct {
	DB       *database.DB
	Calendar *calendar.Calendar

	mu    sync.Mutex
	found Speed
	until time.Time
}

const (
	measured  = 20_000 // payments that are looked at, the latest
	measuring = 365    // days back
	goodFor   = 10 * time.Minute
)

// Speed measures, or tells what was measured a short while ago.
func (s *Stopwatch) Speed(ctx context.Context) (Speed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.DB.Clock().Now()
	if now.Before(s.until) {
		return s.found, nil
	}
	found, err := s.measure(ctx, kernel.DayOf(now).AddDays(-measuring))
	if err != nil {
		return found, err
	}
	s.found, s.until = found, now.Add(goodFor)
	return found, nil
}

func (s *Stopwatch) measure(ctx context.Context, since kernel.Date) (Speed, error) {
	out := Speed{Since: since}
	latest := s.DB.Read(ctx).Model(&Line{}).Select("claim_id, paid_on").Where("state = ?", Paid).Order("id DESC").Limit(measured)
	var spans []struct {
		At     time.Time
		PaidOn kernel.Date
	}
	err := s.DB.Read(ctx).Table("(?) AS l", latest).Select("s.at, l.paid_on").Joins("JOIN steps s ON s.subject_id = l.claim_id AND s.act = ?", subsidies.ClaimAward).
		Where("l.paid_on >= ?", since).Scan(&spans).Error
	if err != nil {
		return out, fmt.Errorf("time to pay: %w", err)
	}
	days := make([]int, len(spans))
	for i, x := range spans {
		days[i] = s.Calendar.WorkdaysBetween(kernel.DayOf(x.At), x.PaidOn)
	}
	slices.Sort(days)
	if out.Payments = int64(len(days)); len(days) > 0 {
		out.Median, out.P90 = days[(len(days)-1)/2], days[(len(days)*9+9)/10-1]
	}
	return out, nil
}
