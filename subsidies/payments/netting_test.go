package payments_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

// debtor is a firm that has been paid 3,000.00 yuan once and has a second claim
// approved; of the first an amount is ordered back.
type debtor struct {
	*subsidiestest.City
	owes subsidies.Clawback
	next subsidies.Claim
}

func inDebt(t *testing.T, db *database.DB, clock *kernel.ManualClock, amount kernel.Fen, deal func(*subsidiestest.City, *subsidiestest.Deal)) debtor {
	t.Helper()
	city := subsidiestest.New(t, db, clock)
	firm := city.Registry.NewFirm(subsidiestest.District)
	first := subsidiestest.Deal{Firm: firm}
	second := subsidiestest.Deal{Firm: firm, Price: 333_333}
	if deal != nil {
		deal(city, &first)
		deal(city, &second)
	}
	paid := city.ClaimOf(t, first, subsidies.ClaimPaid)
	d := debtor{City: city, next: city.ClaimOf(t, second, subsidies.ClaimApproved)}
	officer := subsidiestest.DistrictOfficer
	officer.District = paid.District
	p, err := city.Clawbacks.Propose(subsidiestest.As(officer), clawbacks.Proposal{ClaimID: paid.ID, Amount: amount, Ground: "correction", Note: "多付"})
	require.NoError(t, err)
	d.owes, err = city.Clawbacks.Decide(subsidiestest.As(subsidiestest.CityOfficer), p.ID, clawbacks.Decision{Act: subsidies.ClawbackOrder})
	require.NoError(t, err)
	return d
}

func (d debtor) draft(t *testing.T) (payments.Batch, payments.Shown) {
	t.Helper()
	made, err := d.Payments.Draft(subsidiestest.As(subsidiestest.Finance), payments.Filter{Policy: d.next.PolicyCode, Claims: []kernel.ID{d.next.ID}})
	require.NoError(t, err)
	_, lines, err := d.Payments.Get(subsidiestest.As(subsidiestest.Finance), subsidiestest.Finance, made.Batch.ID, 0, 10)
	require.NoError(t, err)
	return made.Batch, lines[0]
}

func (d debtor) clawback(t *testing.T) subsidies.Clawback {
	t.Helper()
	s, err := d.Clawbacks.Sheet(t.Context(), subsidiestest.Auditor, d.owes.ID)
	require.NoError(t, err)
	return s.Clawback
}

func (d debtor) reconciles(t *testing.T, batch kernel.ID) payments.Reconciliation {
	t.Helper()
	r, err := d.Payments.Reconcile(t.Context(), subsidiestest.Auditor, batch)
	require.NoError(t, err)
	require.True(t, r.Agrees, "%+v", r)
	return r
}

func TestWhatAPayeeOwesIsNettedWithItsNextPayment(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		d := inDebt(t, db, clock, 40_001, nil)
		whole := d.next.Legs.Subsidy
		b, line := d.draft(t)
		require.Equal(t, []kernel.Fen{whole - 40_001, 40_001, whole - 40_001}, []kernel.Fen{line.Amount, line.Held, b.Total}, "the line orders the rest")
		require.Equal(t, []kernel.Fen{40_001, 0}, []kernel.Fen{d.clawback(t).Held, d.clawback(t).Open()})
		d.Lawful(t)
		d.reconciles(t, b.ID)

		for _, act := range []func() error{
			func() error {
				_, err := d.Clawbacks.RequestWriteOff(subsidiestest.As(subsidiestest.CityOfficer), d.owes.ID, 0, "已注销")
				return err
			},
			func() error {
				_, err := d.Clawbacks.Plan(subsidiestest.As(subsidiestest.Finance), d.owes.ID, clawbacks.Plan{Instalments: []clawbacks.Instalment{{DueOn: "2027-03-01", Amount: 40_001}}})
				return err
			},
		} {
			d.Refused(t, "clawback.netting_under_way", act)
		}

		b, err := d.Payments.Close(subsidiestest.As(subsidiestest.Finance), b.ID, 0)
		require.NoError(t, err)
		d.Pay(t, b)
		c := d.clawback(t)
		require.Equal(t, []any{subsidies.ClawbackClosed, kernel.Fen(40_001), kernel.Fen(0)}, []any{c.State, c.Netted, c.Held})
		require.Equal(t, subsidies.ClaimPaid, d.Claim(t, d.next.ID).State)
		require.Equal(t, d.next.Legs, d.Claim(t, d.next.ID).Legs, "the legs stay whole")
		r := d.reconciles(t, b.ID)
		require.Equal(t, []kernel.Fen{whole - 40_001, 40_001, whole, 0}, []kernel.Fen{r.Total.Paid, r.Total.Netted, r.Total.Ledger, r.Total.Difference})
		d.Lawful(t)
	})
}

func TestAPaymentThatFailsNetsNothing(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		d := inDebt(t, db, clock, 40_001, nil)
		due := d.owes.NextDueOn
		back := func() {
			t.Helper()
			c := d.clawback(t)
			require.Equal(t, []any{subsidies.ClawbackOrdered, kernel.Fen(40_001), kernel.Fen(0), kernel.Fen(0)}, []any{c.State, c.Open(), c.Held, c.Netted})
			require.Equal(t, due, c.NextDueOn)
			require.Equal(t, subsidies.ClaimApproved, d.Claim(t, d.next.ID).State)
			d.Lawful(t)
		}
		b, _ := d.draft(t)
		_, err := d.Payments.Abandon(subsidiestest.As(subsidiestest.Finance), b.ID, 0)
		require.NoError(t, err)
		back()

		b, line := d.draft(t)
		_, err = d.Payments.Close(subsidiestest.As(subsidiestest.Finance), b.ID, 0)
		require.NoError(t, err)
		_, err = d.Payments.Settle(subsidiestest.As(subsidiestest.Finance), b.ID, []payments.Result{{Row: 2, ClaimNumber: line.ClaimNumber, Amount: line.Amount, State: payments.Failed, Failure: "账户已销"}})
		require.NoError(t, err)
		back()
		d.reconciles(t, b.ID)

		b, line = d.draft(t)
		require.EqualValues(t, 40_001, line.Held, "and from the next one it is held back again")
		b, err = d.Payments.Close(subsidiestest.As(subsidiestest.Finance), b.ID, 0)
		require.NoError(t, err)
		d.Pay(t, b)
		require.EqualValues(t, 40_001, d.clawback(t).Netted)
		d.reconciles(t, b.ID)
		d.Lawful(t)
	})
}

func TestAPaymentOfWhichAllIsHeldBackNeedsNoBank(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		d := inDebt(t, db, clock, 300_000, nil)
		whole := d.next.Legs.Subsidy
		b, line := d.draft(t)
		require.Equal(t, []kernel.Fen{0, whole}, []kernel.Fen{line.Amount, line.Held})
		b, err := d.Payments.Close(subsidiestest.As(subsidiestest.Finance), b.ID, 0)
		require.NoError(t, err)
		require.Equal(t, payments.Settled, b.State)
		require.Equal(t, subsidies.ClaimPaid, d.Claim(t, d.next.ID).State)
		c := d.clawback(t)
		require.Equal(t, []any{subsidies.ClawbackOrdered, whole, 300_000 - whole}, []any{c.State, c.Netted, c.Open()})
		d.reconciles(t, b.ID)
		d.Lawful(t)
		var list bytes.Buffer
		_, err = d.Payments.Export(subsidiestest.As(subsidiestest.Finance), b.ID, payments.Export{Format: payments.CSV}, &list)
		require.NoError(t, err)
		require.NotContains(t, list.String(), line.ClaimNumber, "there is nothing to transfer")
		require.Equal(t, 1, strings.Count(strings.TrimSpace(list.String()), "\n")+1, "the heading alone")
	})
}

// TestADistrictHoldsBackForItselfAlone: a provider owes one district; from what
// another district pays it nothing is taken, and the city takes its own.
func TestADistrictHoldsBackForItselfAlone(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		calls := 0
		d := inDebt(t, db, clock, 50_000, func(c *subsidiestest.City, deal *subsidiestest.Deal) {
			if calls++; calls == 1 {
				doc := subsidiestest.Document(t, "pays-the-provider")
				doc.Payee = "provider"
				c.Publish(t, doc)
				deal.District = subsidiestest.OtherDistrict
				deal.Firm = subsidies.Firm{}
			}
			deal.Policy = "pays-the-provider"
		})
		require.Equal(t, subsidiestest.ProviderOrg, d.owes.DebtorID)
		require.Equal(t, subsidiestest.OtherDistrict, d.owes.District)
		b, line := d.draft(t)
		require.Equal(t, []kernel.Fen{d.next.Legs.District, d.next.Legs.Municipal - d.owes.Municipal}, []kernel.Fen{line.DistrictPart, line.Municipal})
		b, err := d.Payments.Close(subsidiestest.As(subsidiestest.Finance), b.ID, 0)
		require.NoError(t, err)
		d.Pay(t, b)
		c := d.clawback(t)
		require.Equal(t, []kernel.Fen{0, d.owes.DistrictPart, d.owes.Municipal}, []kernel.Fen{c.OpenMunicipal, c.OpenDistrict, c.Netted})
		d.reconciles(t, b.ID)
		d.Lawful(t)
	})
}

// TestADraftThatRacesWithAReceiptTakesNothingTwice: both want the same money.
func TestADraftThatRacesWithAReceiptTakesNothingTwice(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		d := inDebt(t, db, clock, 40_000, nil)
		errs := make([]error, 2)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, errs[0] = d.Payments.Draft(subsidiestest.As(subsidiestest.Finance), payments.Filter{Policy: d.next.PolicyCode})
		})
		wg.Go(func() {
			_, errs[1] = d.Clawbacks.Receive(subsidiestest.As(subsidiestest.Finance), d.owes.ID, clawbacks.Receipt{Amount: 40_000, ReceivedOn: kernel.DayOf(clock.Now()), Reference: "race"})
		})
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				require.Equal(t, kernel.KindConflict, kernel.AsError(err).Kind, "%v", err)
			}
		}
		c := d.clawback(t)
		require.EqualValues(t, 40_000, c.Held+c.Received+c.Open())
		require.True(t, c.Held == 0 || c.Received == 0, "one of the two has it")
		d.Lawful(t)
	})
}
