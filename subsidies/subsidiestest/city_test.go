package subsidiestest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/subsidiestest"
)

func TestAClaimIsDrivenToEveryState(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		for _, state := range []subsidies.ClaimState{
			subsidies.ClaimDraft, subsidies.ClaimSubmitted, subsidies.ClaimChecked, subsidies.ClaimProviderConfirmed, subsidies.ClaimDistrictApproved,
			subsidies.ClaimCityApproved, subsidies.ClaimReturned, subsidies.ClaimRefused, subsidies.ClaimWithdrawn,
			subsidies.ClaimNoticed, subsidies.ClaimObjected, subsidies.ClaimApproved, subsidies.ClaimBatched, subsidies.ClaimPaid,
		} {
			require.Equal(t, state, city.ClaimIn(t, state).State)
		}
		city.Lawful(t)
	})
}
