package payments_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/calendar"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

func TestTheTimeToPayIsCountedInWorkingDaysFromApproval(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		watch := &payments.Stopwatch{DB: city.DB, Calendar: calendar.Default()}
		speed, err := watch.Speed(t.Context())
		require.NoError(t, err)
		require.Equal(t, payments.Speed{Since: "2025-11-23"}, speed, "nothing was paid yet")
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 10) // approved on Tuesday, 1 December 2026
		require.Equal(t, kernel.Date("2026-12-01"), kernel.DayOf(city.Clock.Now()))
		for i, days := range []int{0, 0, 1, 1, 2, 2, 3, 6, 7, 13} { // the sixth day on is a Monday
			city.Clock.Set(time.Date(2026, 12, 1+days, 4, 0, 0, 0, time.UTC))
			city.Pay(t, city.Batches(t, all[i:i+1])[0])
		}
		speed, err = watch.Speed(t.Context())
		require.NoError(t, err)
		require.Equal(t, []any{int64(10), 2, 5}, []any{speed.Payments, speed.Median, speed.P90})
		city.ClaimIn(t, subsidies.ClaimPaid)
		again, err := watch.Speed(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 11, again.Payments, "looked at again after a while")
	})
}

func TestWhatWaitsIsAddedUpByPolicy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		city.Publish(t, subsidiestest.Document(t, "other-policy"))
		city.ClaimsOf(t, subsidies.ClaimApproved, subsidiestest.Deal{}, subsidiestest.Deal{}, subsidiestest.Deal{Policy: "other-policy"})
		city.ClaimIn(t, subsidies.ClaimPaid)
		found, err := city.Payments.Waiting(finance, subsidiestest.Finance)
		require.NoError(t, err)
		require.Equal(t, []payments.Waiting{{Policy: subsidiestest.Policy, Count: 2, Amount: 600_000}, {Policy: "other-policy", Count: 1, Amount: 300_000}}, found)
		found, err = city.Payments.Waiting(finance, subsidiestest.CityReviewer)
		require.NoError(t, err)
		require.EqualValues(t, 2, found[0].Handled)
		_, err = city.Payments.Waiting(finance, subsidiestest.Auditor)
		require.True(t, kernel.IsCode(err, "forbidden"), err)
	})
}
