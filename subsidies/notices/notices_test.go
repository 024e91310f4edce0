package notices_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

var (
	as     = subsidiestest.As
	nobody = as(subsidiestest.Nobody)
	worker = as(kernel.System())
	second = as(subsidiestest.CityOfficer)
)

const reason = "合同金额与实际交付明显不符，请核查。"

// each runs the test in a city on every engine.
func each(t *testing.T, test func(t *testing.T, city *subsidiestest.City)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		test(t, subsidiestest.New(t, db, clock))
	})
}

func idsOf(all []subsidies.Claim) []kernel.ID {
	out := make([]kernel.ID, len(all))
	for i, c := range all {
		out[i] = c.ID
	}
	return out
}

// fields lists path:code of a refusal.
func fields(err error) []string {
	var out []string
	if e := kernel.AsError(err); e != nil {
		for _, f := range e.Fields {
			out = append(out, f.Path+":"+f.Code)
		}
	}
	return out
}

func TestWhatDrawsNoObjectionIsAwardedAfterTheWorkingDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimCityApproved, 3)
		n, err := city.Notices.Open(second, idsOf(all))
		require.NoError(t, err)
		require.Equal(t, kernel.Date("2026-11-30"), n.ClosesOn, "five working days after Monday 2026-11-23")

		before := city.Traces(t)
		city.DayAfter("2026-11-29")
		awarded, err := city.Notices.CloseDue(worker)
		require.NoError(t, err)
		require.Zero(t, awarded, "the last day is the public's")
		require.Equal(t, before, city.Traces(t))

		city.DayAfter(n.ClosesOn)
		awarded, err = city.Notices.CloseDue(worker)
		require.NoError(t, err)
		require.Equal(t, 3, awarded)
		for _, c := range all {
			require.Equal(t, subsidies.ClaimApproved, city.Claim(t, c.ID).State)
		}
		n, entries, err := city.Notices.Get(nobody, n.ID)
		require.NoError(t, err)
		require.Equal(t, notices.Closed, n.State)
		require.Equal(t, notices.ItemApproved, entries[0].State)

		after := city.Traces(t)
		awarded, err = city.Notices.CloseDue(worker)
		require.NoError(t, err)
		require.Zero(t, awarded)
		require.Equal(t, after, city.Traces(t), "repeating it changes nothing")
		city.Lawful(t)
	})
}

func TestANoticeNamesEveryClaimThatCannotBeOnItAndLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		good := city.ClaimIn(t, subsidies.ClaimCityApproved)
		early := city.ClaimIn(t, subsidies.ClaimDistrictApproved)
		draft := city.ClaimIn(t, subsidies.ClaimDraft)
		before := city.Traces(t)
		_, err := city.Notices.Open(second, []kernel.ID{good.ID, early.ID, "no-such-claim", draft.ID})
		require.Equal(t, []string{"claim_ids[1]:state.act", "claim_ids[2]:not_found", "claim_ids[3]:not_found"}, fields(err))
		_, err = city.Notices.Open(second, []kernel.ID{good.ID, good.ID})
		require.Equal(t, []string{"claim_ids[1]:list.repeated"}, fields(err))
		_, err = city.Notices.Open(second, nil)
		require.Equal(t, []string{"claim_ids:field.required"}, fields(err))
		for _, who := range []kernel.Actor{subsidiestest.Nobody, subsidiestest.Finance, subsidiestest.DistrictOfficer, subsidiestest.Claimant(good.EnterpriseID), subsidiestest.Auditor} {
			_, err = city.Notices.Open(as(who), []kernel.ID{good.ID})
			require.Error(t, err, who.Role)
		}
		require.Equal(t, before, city.Traces(t))
		require.Equal(t, good, city.Claim(t, good.ID))
	})
}

func TestTheLongestPeriodHoldsForAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		long := subsidiestest.Document(t, "seven-days")
		long.NoticeWorkingDays = 7
		city.Publish(t, long)
		all := city.ClaimsOf(t, subsidies.ClaimCityApproved, subsidiestest.Deal{}, subsidiestest.Deal{Policy: "seven-days"})
		n, err := city.Notices.Open(second, idsOf(all))
		require.NoError(t, err)
		require.Equal(t, kernel.Date("2026-12-02"), n.ClosesOn)
	})
}

func TestAnObjectionHoldsTheAwardUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimNoticed, 2)
		notice := *all[0].NoticeID
		first, err := city.Notices.Object(nobody, notice, all[0].ID, reason, "13700000000")
		require.NoError(t, err)
		further, err := city.Notices.Object(as(subsidiestest.Claimant("org-rival")), notice, all[0].ID, reason, "")
		require.NoError(t, err)
		require.Equal(t, subsidies.ClaimObjected, city.Claim(t, all[0].ID).State)

		city.DayAfter("2026-12-10")
		awarded, err := city.Notices.CloseDue(worker)
		require.NoError(t, err)
		require.Equal(t, 1, awarded, "only the one without objection")
		n, _, err := city.Notices.Get(nobody, notice)
		require.NoError(t, err)
		require.Equal(t, notices.Open, n.State, "it is kept open by the objection")
		require.Equal(t, notices.Closing, n.On("2026-12-11"))

		_, err = city.Notices.Dismiss(second, first.ID, "经核查，合同与交付一致。")
		require.NoError(t, err)
		require.Equal(t, subsidies.ClaimObjected, city.Claim(t, all[0].ID).State, "another one is open")
		_, err = city.Notices.Dismiss(second, first.ID, "再次驳回")
		require.True(t, kernel.IsCode(err, "objection.decided"), err)

		_, err = city.Notices.Dismiss(second, further.ID, "理由同上。")
		require.NoError(t, err)
		require.Equal(t, subsidies.ClaimApproved, city.Claim(t, all[0].ID).State, "the period is over: awarded at once")
		n, _, err = city.Notices.Get(nobody, notice)
		require.NoError(t, err)
		require.Equal(t, notices.Closed, n.State)
		city.Lawful(t)
	})
}

func TestDismissedInTimeTheClaimGoesBackOnNotice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimNoticed)
		o, err := city.Notices.Object(nobody, *c.NoticeID, c.ID, reason, "")
		require.NoError(t, err)
		journals := city.Count(t, "journals", "")
		_, err = city.Notices.Dismiss(second, o.ID, "不成立。")
		require.NoError(t, err)
		require.Equal(t, subsidies.ClaimNoticed, city.Claim(t, c.ID).State)
		require.Equal(t, journals, city.Count(t, "journals", ""), "no money moved")
		_, err = city.Notices.Object(nobody, *c.NoticeID, c.ID, reason+"另有新证据。", "")
		require.NoError(t, err, "one may object again")
	})
}

func TestWhoDismissesAnObjectionCannotPayTheClaim(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimObjected)
		var o notices.Objection
		require.NoError(t, city.DB.Read(worker).Where("claim_id = ?", c.ID).Take(&o).Error)
		payer := subsidiestest.CityOfficer
		require.NoError(t, database.Run(as(payer), city.DB, "test.hand", func(tx *database.Tx) error { return record.Hand(tx, c.ID, subsidies.PartPayer) }))
		_, err := city.Notices.Dismiss(as(payer), o.ID, "不成立。")
		require.True(t, kernel.IsCode(err, "four_eyes"), err)
		require.Equal(t, subsidies.ClaimObjected, city.Claim(t, c.ID).State)
		require.Equal(t, int64(1), city.Count(t, "objections", "state = 'open'"))
		for _, who := range []kernel.Actor{subsidiestest.Nobody, subsidiestest.Finance, subsidiestest.DistrictOfficer, subsidiestest.Auditor} {
			_, err = city.Notices.Dismiss(as(who), o.ID, "不成立。")
			require.Error(t, err, who.Role)
		}
		_, err = city.Notices.Dismiss(as(subsidiestest.CityReviewer), o.ID, " ")
		require.Equal(t, []string{"answer:field.length"}, fields(err))
	})
}

func TestAnUpheldObjectionEndsTheClaimUnpaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimObjected)
		journals := city.Count(t, "journals", "")
		_, err := city.Claims.Decide(as(subsidiestest.CityReviewer), c.ID, claims.Decision{Act: subsidies.ClaimRefuse, Reason: record.Reason{Code: "objection_upheld", Note: "异议成立，合同不实。"}})
		require.NoError(t, err)
		require.Equal(t, int64(1), city.Count(t, "objections", "state = 'upheld' AND answer = '异议成立，合同不实。'"))
		_, entries, err := city.Notices.Get(nobody, *c.NoticeID)
		require.NoError(t, err)
		require.Equal(t, notices.ItemRefused, entries[0].State)
		city.DayAfter("2026-12-10")
		awarded, err := city.Notices.CloseDue(worker)
		require.NoError(t, err)
		require.Zero(t, awarded)
		require.Equal(t, journals, city.Count(t, "journals", ""))
		require.Equal(t, int64(1), city.Count(t, "notices", "state = 'closed'"))
		city.Lawful(t)
	})
}

func TestObjectionsThatAreRefusedLeaveNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimNoticed)
		elsewhere := city.ClaimIn(t, subsidies.ClaimNoticed)
		unnoticed := city.ClaimIn(t, subsidies.ClaimCityApproved)
		before := city.Traces(t)
		for name, o := range map[string]struct {
			notice, claim kernel.ID
			text, contact string
			code          string
		}{
			"too short":           {*c.NoticeID, c.ID, "  太贵了，不行    ", "", "invalid_input"},
			"too long":            {*c.NoticeID, c.ID, strings.Repeat("长", 2001), "", "invalid_input"},
			"hidden":              {*c.NoticeID, c.ID, reason + "\u202e", "", "invalid_input"},
			"long contact":        {*c.NoticeID, c.ID, reason, strings.Repeat("1", 256), "invalid_input"},
			"no such notice":      {"no", c.ID, reason, "", "not_found"},
			"of another notice":   {*c.NoticeID, elsewhere.ID, reason, "", "not_found"},
			"not on notice":       {*c.NoticeID, unnoticed.ID, reason, "", "not_found"},
			"claim as the notice": {c.ID, c.ID, reason, "", "not_found"},
		} {
			_, err := city.Notices.Object(nobody, o.notice, o.claim, o.text, o.contact)
			require.True(t, kernel.IsCode(err, o.code), "%s: %v", name, err)
		}
		require.Equal(t, before, city.Traces(t))

		city.DayAfter("2026-11-30")
		_, err := city.Notices.Object(nobody, *c.NoticeID, c.ID, reason, "")
		require.True(t, kernel.IsCode(err, "notice.closed"), "over, although no worker has been by: %v", err)
		require.Equal(t, before, city.Traces(t))
	})
}

func TestOneClaimThatCannotBeAwardedDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimNoticed, 3)
		tamper(t, city, all[1].ID)
		city.DayAfter("2026-11-30")
		awarded, err := city.Notices.CloseDue(worker)
		require.ErrorContains(t, err, string(all[1].ID))
		require.Equal(t, 2, awarded)
		require.Equal(t, subsidies.ClaimNoticed, city.Claim(t, all[1].ID).State)
		require.Equal(t, int64(0), city.Count(t, "journals", "subject_id = ?", all[1].ID))
		require.Equal(t, int64(1), city.Count(t, "notices", "state = 'open'"))
	})
}

func TestConcurrentWorkersAndObjectorsNeverAwardTwiceOrOverAnObjection(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimNoticed, 4)
		var wait sync.WaitGroup
		for i := range 8 {
			wait.Go(func() { _, _ = city.Notices.Object(nobody, *all[0].NoticeID, all[i%2].ID, reason+fmt.Sprint(i), "") })
		}
		wait.Wait()
		city.DayAfter("2026-11-30")
		errs := make([]error, 4)
		for i := range errs {
			wait.Go(func() { _, errs[i] = city.Notices.CloseDue(worker) })
		}
		wait.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		require.Equal(t, int64(2), city.Count(t, "journals", "kind = 'award'"))
		var objected int64
		for _, c := range all[:2] {
			require.Equal(t, subsidies.ClaimObjected, city.Claim(t, c.ID).State)
			objected += city.Count(t, "objections", "claim_id = ?", c.ID)
		}
		require.GreaterOrEqual(t, objected, int64(2))
		city.Lawful(t)
	})
}

func TestThePublicSeesFirmsAndNeverPersons(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		trader := city.Registry.NewFirm(subsidiestest.District)
		trader.CreditCode, trader.Name = "92500103MA5FTRAD1E", "张三（虚构）小商行"
		city.Registry.Put(trader)
		all := city.ClaimsOf(t, subsidies.ClaimNoticed, subsidiestest.Deal{Firm: trader}, subsidiestest.Deal{})
		n, entries, err := city.Notices.Get(nobody, *all[0].NoticeID)
		require.NoError(t, err)
		require.Len(t, entries, 2)
		byClaim := map[kernel.ID]notices.Entry{}
		for _, e := range entries {
			byClaim[e.ClaimID] = e
		}
		e := byClaim[all[0].ID]
		require.Equal(t, "张＊＊", e.Enterprise)
		require.Empty(t, e.EnterpriseEN)
		require.Equal(t, "92500103********1E", e.CreditCode)
		full := byClaim[all[1].ID]
		require.Contains(t, full.Enterprise, "𠮷祥")
		require.Equal(t, []string{"2.1"}, full.Clauses)
		require.Equal(t, all[1].Legs, full.Legs)
		require.Equal(t, "云上进销存", full.Offer.ZH)
		shown, err := json.Marshal(entries)
		require.NoError(t, err)
		for _, secret := range []string{"李某某", "13800138000", "王甲", "62220000", "张三", "MA5FTRAD", "HT-", "person"} {
			require.NotContains(t, string(shown), secret)
		}
		days, workdays := city.Notices.Left(n)
		require.Equal(t, []int{7, 5}, []int{days, workdays})
	})
}

func TestListsPageThroughOpenAndClosedNotices(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		old := city.ClaimIn(t, subsidies.ClaimNoticed)
		city.DayAfter("2026-12-01")
		newer, newest := city.ClaimIn(t, subsidies.ClaimNoticed), city.ClaimIn(t, subsidies.ClaimNoticed)
		list := func(f notices.Filter) (out []kernel.ID) {
			rows, err := city.Notices.List(nobody, f)
			require.NoError(t, err)
			for _, n := range rows {
				out = append(out, n.ID)
			}
			return out
		}
		require.Equal(t, []kernel.ID{*newest.NoticeID, *newer.NoticeID}, list(notices.Filter{State: notices.Open, Limit: 10}))
		require.Equal(t, []kernel.ID{*old.NoticeID}, list(notices.Filter{State: notices.Closed, Limit: 10}))
		require.Equal(t, []kernel.ID{*newest.NoticeID}, list(notices.Filter{Limit: 1}))
		require.Equal(t, []kernel.ID{*newer.NoticeID, *old.NoticeID}, list(notices.Filter{Limit: 9, After: *newest.NoticeID}))
		_, err := city.Notices.Objections(nobody, subsidiestest.Finance, "", "", 10)
		require.True(t, kernel.IsCode(err, "forbidden"))
	})
}
