package payments_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"time"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	registrystore "yunhui/services/registry/store"
	"yunhui/subsidies"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

func TestAPayeeWhoseAccountIsChangingIsLeftOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 3)
		city.Registry.SetAccount(all[1].EnterpriseID, subsidies.Account{Bank: "某行", Number: "62220000", Held: true})
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		require.Equal(t, int64(2), d.Batch.LineCount)
		require.Len(t, d.LeftOut, 1)
		require.Equal(t, []any{all[1].ID, "account.change_pending"}, []any{d.LeftOut[0].ClaimID, d.LeftOut[0].Code})

		city.Registry.Settled()
		city.Registry.SetAccount(all[2].EnterpriseID, subsidies.Account{Bank: "另一行", Number: "62220001"})
		b, err := city.Payments.Close(finance, d.Batch.ID, 0)
		require.NoError(t, err)
		require.Equal(t, []any{int64(1), kernel.Fen(300_000)}, []any{b.LineCount, b.Total}, "what has changed since the drafting is taken out when it is closed")
		require.Equal(t, subsidies.ClaimApproved, city.Claim(t, all[2].ID).State)
		left, err := city.Payments.LeftOut(finance, subsidiestest.Finance, b.ID, "", 10)
		require.NoError(t, err)
		require.Len(t, left, 2)
		city.Lawful(t)
		r, err := city.Payments.Reconcile(finance, subsidiestest.Finance, b.ID)
		require.NoError(t, err)
		require.True(t, r.Agrees)
		require.Equal(t, []any{kernel.Fen(300_000), int64(1), int64(1)}, []any{r.Total.Ordered, r.Counts["ordered"], r.Counts["removed"]})

		before := city.Count(t, "batch_lines", "batch_id = ? AND bank_name = '另一行'", b.ID)
		require.Zero(t, before, "the account of a line never changes")
		city.Registry.Settled()
		again, err := city.Payments.Draft(finance, payments.Filter{Policy: subsidiestest.Policy, Claims: []kernel.ID{all[2].ID}})
		require.NoError(t, err)
		city.Registry.SetAccount(all[2].EnterpriseID, subsidies.Account{Bank: "第三行", Number: "62220002"})
		_, err = city.Payments.Close(finance, again.Batch.ID, 0)
		require.True(t, kernel.IsCode(err, "batch.accounts_changed"), "a batch of which nothing would remain: %v", err)
		city.Lawful(t)
	})
}

// nobodyElse has no people: nobody is told.
type nobodyElse struct{}

func (nobodyElse) Prepare(context.Context, identity.NewPerson) (identity.Prepared, error) {
	return identity.Prepared{}, nil
}

func (nobodyElse) Add(*database.Tx, identity.Prepared, identity.Membership, string) (kernel.ID, error) {
	return "", nil
}
func (nobodyElse) MembersOf(*database.Tx, kernel.ID) ([]kernel.ID, error) { return nil, nil }

// record is the real register of accounts, beside the city's own.
type record struct {
	*subsidiestest.Registry
	store  *registrystore.Store
	office *registrystore.Office
	before func() // called when accounts are about to be read
	after  func() // and when they have been
}

func (r *record) Order(tx *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Account, error) {
	if r.before != nil {
		r.before()
	}
	found, err := r.store.Directory().Order(tx, ids)
	if r.after != nil {
		r.after()
	}
	out := map[kernel.ID]subsidies.Account{}
	for id, a := range found {
		out[id] = subsidies.Account{Holder: a.Name, Bank: a.BankName, BankCode: a.BankCode, Number: a.Number, Held: a.Held}
	}
	return out, err
}

func (r *record) ChangedSince(tx *database.Tx, at time.Time) ([]kernel.ID, error) {
	return r.store.Directory().ChangedSince(tx, at)
}

// withRecord puts the firm of a claim on the real record, with account 11111111.
func withRecord(t *testing.T, city *subsidiestest.City, c subsidies.Claim) (r *record, one, other kernel.Actor) {
	t.Helper()
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	require.NoError(t, err)
	store := registrystore.New(city.DB, fields)
	r = &record{Registry: city.Registry, store: store, office: registrystore.NewOffice(city.DB, store, nobodyElse{})}
	city.Payments.Payees = r
	now := city.Clock.Now()
	code, err := registry.MakeCreditCode("91", "500103", "MA5FTE10")
	require.NoError(t, err)
	require.NoError(t, database.Run(as(kernel.System()), city.DB, "test.record", func(tx *database.Tx) error {
		return store.TakeIn(tx, []registry.Organisation{{
			ID: c.EnterpriseID, Kind: registry.KindEnterprise, Status: registry.StatusVerified, SizeClass: registry.SizeSmall, DecidedBy: "officer", DecidedAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now,
			Declaration: registry.Declaration{CreditCode: code, Name: "某企业", District: c.District, BankName: "旧行", BankCode: "123456789012", AccountName: "某企业", AccountNumber: "11111111"},
		}})
	}))
	one = kernel.Actor{Person: "person-one", Name: "一", Org: c.EnterpriseID, Role: kernel.RoleEnterprise}
	other = one
	other.Person = "person-other"
	return r, one, other
}

func (r *record) propose(who kernel.Actor, number string) (registry.AccountChange, error) {
	return r.office.ProposeAccount(as(who), registrystore.Proposal{BankAccount: registry.BankAccount{BankName: "新行", BankCode: "210987654321", AccountName: "某企业", AccountNumber: number}, Reason: "换行"})
}

// TestAChangeBetweenLookingAndOrderingIsSeen lets the change happen when the
// drafting has begun to read and has not yet read the account. On SQLite there is
// one writer at a time, and so no such moment.
func TestAChangeBetweenLookingAndOrderingIsSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		if city.DB.Engine == database.SQLite {
			return
		}
		c := city.ClaimIn(t, subsidies.ClaimApproved)
		r, one, other := withRecord(t, city, c)
		var once sync.Once
		var change registry.AccountChange
		r.before = func() {
			once.Do(func() {
				var err error
				change, err = r.propose(one, "22222222")
				require.NoError(t, err)
			})
		}
		_, err := city.Payments.Draft(finance, usual)
		require.Equal(t, []string{"claim_ids:account.change_pending"}, codes(err), "proposed after the drafting had begun")
		once = sync.Once{}
		r.before = func() {
			once.Do(func() {
				_, err := r.office.DecideAccount(as(other), change.ID, 0, registrystore.Verdict{Confirm: true})
				require.NoError(t, err)
			})
		}
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		require.Equal(t, "新行", bank(t, city, d.Batch), "confirmed after the drafting had begun")
		city.Lawful(t)
	})
}

func bank(t *testing.T, city *subsidiestest.City, b payments.Batch) string {
	t.Helper()
	_, lines, err := city.Payments.Get(finance, subsidiestest.Finance, b.ID, 0, 1)
	require.NoError(t, err)
	return lines[0].BankName
}

func TestAChangeAfterTheAccountWasReadWaitsForTheOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimApproved)
		r, one, other := withRecord(t, city, c)
		proposed := make(chan error, 1)
		r.after = func() {
			r.after = nil
			go func() { _, err := r.propose(one, "22222222"); proposed <- err }()
		}
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		require.NoError(t, <-proposed)
		require.Equal(t, "旧行", bank(t, city, d.Batch))
		var change registry.AccountChange
		all, err := r.store.Changes(as(other), c.EnterpriseID)
		require.NoError(t, err)
		change = all[0]
		_, err = r.office.DecideAccount(as(other), change.ID, 0, registrystore.Verdict{Confirm: true})
		require.NoError(t, err)
		require.Equal(t, "旧行", bank(t, city, d.Batch), "the account of a line never changes")
		_, err = city.Payments.Close(finance, d.Batch.ID, 0)
		require.True(t, kernel.IsCode(err, "batch.accounts_changed"), err)
		city.Lawful(t)
	})
}

// TestChangesAndBatchesRunIntoEachOther lets proposals, confirmations, refusals
// and batches meet. Nobody is told more than to try again, and no law is broken.
func TestChangesAndBatchesRunIntoEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimApproved)
		r, one, other := withRecord(t, city, c)
		var wait sync.WaitGroup
		wait.Go(func() {
			for i := range 15 {
				change, err := r.propose(one, fmt.Sprintf("%08d", 22_222_222+i))
				if err != nil {
					continue
				}
				_, _ = r.office.DecideAccount(as(other), change.ID, 0, registrystore.Verdict{Confirm: i%3 != 0, Note: "不符"})
			}
		})
		for n := range 2 {
			wait.Go(func() {
				who := subsidiestest.Finance
				who.Person = kernel.ID(fmt.Sprintf("person-finance-%d", n))
				for range 15 {
					d, err := city.Payments.Draft(as(who), usual)
					if err == nil {
						_, err = city.Payments.Abandon(as(who), d.Batch.ID, 0)
					}
					if e := kernel.AsError(err); err != nil && (e == nil || (e.Code != "batch.empty" && e.Code != "stale" && e.Code != "busy")) {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		city.Lawful(t)
		found, err := r.store.Verify(finance)
		require.NoError(t, err)
		require.Empty(t, found)
	})
}
