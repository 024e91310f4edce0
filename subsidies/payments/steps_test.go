package payments_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

// inSteps is a city whose batches move three claims in a transaction.
func inSteps(t *testing.T, test func(t *testing.T, city *subsidiestest.City)) {
	t.Helper()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		city.Payments.Stride = 3
		test(t, city)
	})
}

// step does the next step of the work on a batch as the queue does.
func step(city *subsidiestest.City, id kernel.ID, attempt int) error {
	return database.Run(as(kernel.System()), city.DB, "test.step", func(tx *database.Tx) error {
		return city.Payments.Deliver(tx, queue.Delivery{Kind: payments.Work, Subject: id, Attempt: attempt})
	})
}

func state(t *testing.T, city *subsidiestest.City, id kernel.ID) payments.Batch {
	t.Helper()
	b, _, err := city.Payments.Get(finance, subsidiestest.Finance, id, 0, 1)
	require.NoError(t, err)
	return b
}

func jobs(t *testing.T, city *subsidiestest.City, id kernel.ID) []payments.Job {
	t.Helper()
	out, err := city.Payments.Jobs(finance, subsidiestest.Auditor, id)
	require.NoError(t, err)
	return out
}

func TestALargeBatchIsGatheredInStepsAndPayableOnlyWhenWhole(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 8)
		city.Registry.SetAccount(all[4].EnterpriseID, subsidies.Account{})
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		id := d.Batch.ID
		require.Equal(t, payments.Gathering, d.Batch.State)
		late := city.ClaimIn(t, subsidies.ClaimApproved)
		for _, lines := range []int64{3, 5, 7} {
			b := state(t, city, id)
			require.Equal(t, lines, b.LineCount)
			city.Lawful(t)
			if lines == 7 {
				break
			}
			_, err = city.Payments.Close(finance, id, 0)
			require.True(t, kernel.IsCode(err, "batch.busy"), err)
			_, err = export(finance, city, id, payments.CSV)
			require.True(t, kernel.IsCode(err, "batch.not_closed"), err)
			_, err = city.Payments.Import(finance, id, strings.NewReader(sheet(paid(all[0]))))
			require.True(t, kernel.IsCode(err, "batch.not_closed"), err)
			require.NoError(t, step(city, id, 1))
		}
		require.Equal(t, payments.Drafted, state(t, city, id).State)
		before := city.Traces(t)
		require.NoError(t, step(city, id, 1), "a step too many is none")
		require.Equal(t, before, city.Traces(t))

		work := jobs(t, city, id)
		require.Len(t, work, 1)
		require.Equal(t, []any{payments.Done, int64(8), int64(8), int64(7), int64(1), subsidiestest.Finance.Name}, []any{work[0].State, work[0].Expected, work[0].Seen, work[0].Taken, work[0].Missed, work[0].By})
		left, err := city.Payments.LeftOut(finance, subsidiestest.Auditor, id, "", 10)
		require.NoError(t, err)
		require.Len(t, left, 1)
		require.Equal(t, []any{all[4].ID, "account.missing"}, []any{left[0].ClaimID, left[0].Code})
		require.Equal(t, subsidies.ClaimApproved, city.Claim(t, late.ID).State, "what is approved later waits for the next batch")
		require.EqualValues(t, 7, city.Count(t, "hands", "person_id = ? AND part = 'payer'", subsidiestest.Finance.Person))
		require.EqualValues(t, 7, city.Count(t, "steps", "act = 'batch' AND person_id = ?", subsidiestest.Finance.Person), "in the name of whoever began it")
	})
}

func TestNamedClaimsAreGatheredInStepsToo(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 5)
		ids := []kernel.ID{"no-such", kernel.ID(strings.Repeat("x", 60))}
		for _, c := range all[:4] {
			ids = append(ids, c.ID)
		}
		d, err := city.Payments.Draft(finance, payments.Filter{Policy: subsidiestest.Policy, Claims: ids})
		require.NoError(t, err)
		b, err := city.Payments.Finish(finance, d.Batch.ID)
		require.NoError(t, err)
		require.Equal(t, []any{payments.Drafted, int64(4)}, []any{b.State, b.LineCount})
		city.Lawful(t)
	})
}

func TestABatchInWhichNothingCanBePaidEndsAbandoned(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 4)
		for _, c := range all {
			city.Registry.SetAccount(c.EnterpriseID, subsidies.Account{})
		}
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		b, err := city.Payments.Finish(finance, d.Batch.ID)
		require.NoError(t, err)
		require.Equal(t, payments.Abandoned, b.State)
		require.EqualValues(t, 4, city.Count(t, "batch_left_out", "batch_id = ?", b.ID))
		city.Lawful(t)
	})
}

func TestSeveralHandsAtOneBatchDoEachStepOnce(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 14)
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		finish := func() {
			var wait sync.WaitGroup
			errs := make([]error, 5)
			for i := range errs {
				wait.Go(func() { _, errs[i] = city.Payments.Finish(finance, d.Batch.ID) })
			}
			wait.Wait()
			for _, err := range errs {
				require.True(t, err == nil || kernel.IsCode(err, "stale"), err)
			}
			_, err := city.Payments.Finish(finance, d.Batch.ID)
			require.NoError(t, err)
			city.Lawful(t)
		}
		finish()
		require.EqualValues(t, 14, city.Count(t, "batch_lines", "state = 'ordered'"))
		require.EqualValues(t, 14, city.Count(t, "steps", "act = 'batch'"))
		_, err = city.Payments.Close(finance, d.Batch.ID, 0)
		require.NoError(t, err)
		_, err = city.Payments.Import(finance, d.Batch.ID, strings.NewReader(results(all)))
		require.NoError(t, err)
		finish()
		require.EqualValues(t, 13, city.Count(t, "journals", "kind = 'pay'"))
		require.Equal(t, payments.Settled, state(t, city, d.Batch.ID).State)
	})
}

func TestTwoLargeBatchesAtOnceNeverShareAClaim(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		city.ClaimsIn(t, subsidies.ClaimApproved, 12)
		second := subsidiestest.Finance
		second.Person = "person-finance-2"
		var wait sync.WaitGroup
		for _, who := range []kernel.Actor{subsidiestest.Finance, second} {
			wait.Go(func() {
				d, err := city.Payments.Draft(as(who), usual)
				for err == nil {
					var b payments.Batch
					if b, err = city.Payments.Finish(as(who), d.Batch.ID); err == nil && b.State != payments.Gathering {
						return
					}
					if kernel.IsCode(err, "stale") {
						err = nil
					}
				}
				if !kernel.IsCode(err, "batch.empty") && !kernel.IsCode(err, "stale") {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		require.EqualValues(t, 12, city.Count(t, "batch_lines", ""))
		require.EqualValues(t, 12, city.Count(t, "claims", "state = 'batched'"))
		city.Lawful(t)
	})
}

func TestGivingALargeBatchUpGivesEveryClaimBack(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]int{"while it is gathering": 1, "when it is whole": 9} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inSteps(t, func(t *testing.T, city *subsidiestest.City) {
				all := city.ClaimsIn(t, subsidies.ClaimApproved, 11)
				d, err := city.Payments.Draft(finance, usual)
				require.NoError(t, err)
				for range steps {
					require.NoError(t, step(city, d.Batch.ID, 1))
				}
				b, err := city.Payments.Abandon(finance, d.Batch.ID, 0)
				require.NoError(t, err)
				require.Equal(t, payments.Releasing, b.State)
				city.Lawful(t)
				for _, do := range []func(context.Context, kernel.ID, int64) (payments.Batch, error){city.Payments.Abandon, city.Payments.Close} {
					_, err = do(finance, b.ID, 0)
					require.True(t, kernel.IsCode(err, "batch.busy"), err)
				}
				b, err = city.Payments.Finish(finance, b.ID)
				require.NoError(t, err)
				require.Equal(t, payments.Abandoned, b.State)
				require.EqualValues(t, len(all), city.Count(t, "claims", "state = 'approved' AND batch_id IS NULL"))
				city.Lawful(t)
				d, err = city.Payments.Draft(finance, usual)
				require.NoError(t, err)
				b, err = city.Payments.Finish(finance, d.Batch.ID)
				require.NoError(t, err)
				require.EqualValues(t, 11, b.LineCount)
			})
		})
	}
}

// results pays all claims but the last, which fails.
func results(all []subsidies.Claim) string {
	rows := make([]string, len(all))
	for i, c := range all {
		rows[i] = paid(c)
	}
	rows[len(all)-1] = failed(all[len(all)-1])
	return sheet(rows...)
}

func TestManyResultsAreBookedInStepsOrNotAtAll(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 8)
		b := whole(t, city)
		file := results(all)
		before := city.Traces(t)
		_, err := city.Payments.Import(finance, b.ID, strings.NewReader(file+paid(all[0])+"\n"))
		require.Equal(t, []string{"rows[10].claim:result.repeated"}, codes(err), "a fault in the last row")
		require.Equal(t, before, city.Traces(t), "and nothing was kept of the rows before it")

		b, err = city.Payments.Import(finance, b.ID, strings.NewReader(file))
		require.NoError(t, err)
		require.EqualValues(t, 0, b.PaidCount, "left to the queue")
		require.EqualValues(t, 3, city.Count(t, "batch_job_parts", ""))
		before = city.Traces(t)
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(file))
		require.NoError(t, err, "the same file again is under way")
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(sheet(paid(all[0]))))
		require.True(t, kernel.IsCode(err, "batch.busy"), "another one waits: %v", err)
		require.Equal(t, before, city.Traces(t))

		for _, n := range []int64{3, 6, 7} {
			require.NoError(t, step(city, b.ID, 1))
			require.Equal(t, n, state(t, city, b.ID).PaidCount)
			city.Lawful(t)
		}
		require.Equal(t, payments.Settled, state(t, city, b.ID).State)
		require.Zero(t, city.Count(t, "batch_job_parts", ""))
		require.Equal(t, "账号户名不符", note(t, city, all[7].ID))
		before = city.Traces(t)
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(file))
		require.NoError(t, err)
		require.Equal(t, before, city.Traces(t), "what is booked already changes nothing")

		r, err := city.Payments.Reconcile(finance, subsidiestest.Auditor, b.ID)
		require.NoError(t, err)
		require.True(t, r.Agrees)
		require.Equal(t, []kernel.Fen{2_400_000, 2_100_000, 300_000, 0, 2_100_000, 0}, []kernel.Fen{r.Total.Ordered, r.Total.Paid, r.Total.Failed, r.Total.Outstanding, r.Total.Ledger, r.Total.Difference})
		require.Equal(t, []payments.Level{payments.Municipal, payments.District}, []payments.Level{r.Books[0].Level, r.Books[1].Level})
		require.Equal(t, kernel.Fen(1_440_000), r.Books[0].Ordered)
	})
}

func note(t *testing.T, city *subsidiestest.City, claim kernel.ID) (out string) {
	t.Helper()
	require.NoError(t, city.DB.Read(t.Context()).Table("steps").Where("subject_id = ? AND act = 'fail_payment'", claim).Pluck("note", &out).Error)
	return out
}

// whole gathers all that is approved into a closed batch.
func whole(t *testing.T, city *subsidiestest.City) payments.Batch {
	t.Helper()
	d, err := city.Payments.Draft(finance, usual)
	require.NoError(t, err)
	_, err = city.Payments.Finish(finance, d.Batch.ID)
	require.NoError(t, err)
	b, err := city.Payments.Close(finance, d.Batch.ID, 0)
	require.NoError(t, err)
	return b
}

func TestAStepThatIsBrokenOffHasNotBegun(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 7)
		brokenOff := func(id kernel.ID) {
			before := city.Traces(t)
			ctx, cancel := context.WithCancel(as(kernel.System()))
			err := database.Run(ctx, city.DB, "test.broken", func(tx *database.Tx) error {
				err := city.Payments.Deliver(tx, queue.Delivery{Subject: id, Attempt: 1})
				cancel()
				return errors.Join(err, ctx.Err())
			})
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, before, city.Traces(t))
			city.Lawful(t)
		}
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		brokenOff(d.Batch.ID)
		require.NoError(t, step(city, d.Batch.ID, 2))
		brokenOff(d.Batch.ID)
		b, err := city.Payments.Finish(finance, d.Batch.ID)
		require.NoError(t, err)
		require.EqualValues(t, 7, b.LineCount)
		_, err = city.Payments.Close(finance, b.ID, 0)
		require.NoError(t, err)
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(results(all)))
		require.NoError(t, err)
		brokenOff(b.ID)
		require.NoError(t, step(city, b.ID, 2))
		brokenOff(b.ID)
		b, err = city.Payments.Finish(finance, b.ID)
		require.NoError(t, err)
		require.Equal(t, []int64{6, 1}, []int64{b.PaidCount, b.FailedCount})
		city.Lawful(t)
	})
}

func TestWorkThatCannotGoOnStopsAndAPersonDecides(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		city.ClaimsIn(t, subsidies.ClaimApproved, 7)
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		_, err = city.Payments.Resume(finance, d.Batch.ID)
		require.True(t, kernel.IsCode(err, "batch.not_stopped"), err)
		require.NoError(t, step(city, d.Batch.ID, 99))
		work := jobs(t, city, d.Batch.ID)[0]
		require.Equal(t, []any{payments.Stopped, "batch.work_failed"}, []any{work.State, work.Trouble})
		city.Lawful(t)
		require.NoError(t, step(city, d.Batch.ID, 1), "a late delivery does nothing")
		require.EqualValues(t, 3, state(t, city, d.Batch.ID).LineCount)
		for _, who := range []kernel.Actor{subsidiestest.Nobody, subsidiestest.Auditor, subsidiestest.Provider, subsidiestest.DistrictOfficer} {
			_, err = city.Payments.Resume(as(who), d.Batch.ID)
			require.Error(t, err)
			_, err = city.Payments.Finish(as(who), d.Batch.ID)
			require.Error(t, err)
		}
		_, err = city.Payments.Resume(finance, d.Batch.ID)
		require.NoError(t, err)
		b, err := city.Payments.Finish(finance, d.Batch.ID)
		require.NoError(t, err)
		require.EqualValues(t, 7, b.LineCount)
		city.Lawful(t)
	})
}

func TestStoppedWorkMayBeReplaced(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 7)
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		require.NoError(t, step(city, d.Batch.ID, 99))
		b, err := city.Payments.Abandon(finance, d.Batch.ID, 0)
		require.NoError(t, err, "a gathering that was stopped is given up")
		require.Equal(t, payments.Abandoned, b.State)
		city.Lawful(t)
		_, err = city.Payments.Resume(finance, b.ID)
		require.True(t, kernel.IsCode(err, "batch.not_stopped"), err)

		b = whole(t, city)
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(results(all)))
		require.NoError(t, err)
		require.NoError(t, step(city, b.ID, 1))
		require.NoError(t, step(city, b.ID, 99))
		city.Lawful(t)
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(results(all)))
		require.NoError(t, err, "the file may be brought again")
		b, err = city.Payments.Finish(finance, b.ID)
		require.NoError(t, err)
		require.Equal(t, []any{payments.Settled, int64(6), int64(1)}, []any{b.State, b.PaidCount, b.FailedCount})
		require.Zero(t, city.Count(t, "batch_job_parts", ""))
		city.Lawful(t)
	})
}

func TestResultsThatWereTamperedWithAreNotBooked(t *testing.T) {
	t.Parallel()
	inSteps(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 8)
		b := whole(t, city)
		_, err := city.Payments.Import(finance, b.ID, strings.NewReader(results(all)))
		require.NoError(t, err)
		city.Lawful(t)
		tamper(t, city, "UPDATE batch_job_parts SET document = (SELECT document FROM (SELECT document FROM batch_job_parts WHERE part = 1) x) WHERE part = 0")
		found, err := payments.Verify(finance, city.DB)
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.ErrorContains(t, step(city, b.ID, 1), "not what was examined")
		require.EqualValues(t, 0, state(t, city, b.ID).PaidCount)
	})
}

func tamper(t *testing.T, city *subsidiestest.City, statement string, args ...any) {
	t.Helper()
	require.NoError(t, database.Run(as(kernel.System()), city.DB, "test.tamper", func(tx *database.Tx) error { return tx.Exec(statement, args...).Error }))
}
