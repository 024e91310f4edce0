package store_test

import (
	"context"
	"slices"
	"testing"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

const secret = "绿水青山 to work"

func (w town) people() *identity.Service {
	w.Helper()
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	if err != nil {
		w.Fatal(err)
	}
	return identity.New(w.db, identity.Options{Fields: fields, Passwords: crypto.NewPasswords(crypto.TestCost)})
}

func (w town) office() *store.Office { return store.NewOffice(w.db, w.store, w.people()) }

func application(code, login string) store.Application {
	d := teahouse()
	d.CreditCode = code
	return store.Application{
		Kind: registry.KindEnterprise, Role: kernel.RoleEnterprise, Declaration: d,
		Person: identity.NewPerson{Login: login, Name: "张三", Password: secret},
	}
}

func (w town) rows(table string) int64 {
	w.Helper()
	var n int64
	if err := w.db.Read(context.Background()).Table(table).Count(&n).Error; err != nil {
		w.Fatal(err)
	}
	return n
}

func TestAnOrganisationAndItsFirstMemberComeTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		made, err := office.Enrol(context.Background(), application("91500103MAAY4CL12J", "zhangsan"))
		if err != nil || made.Person == "" || made.Organisation.Status != registry.StatusPending {
			w.Fatalf("%+v %v", made, err)
		}
		_, err = office.Enrol(context.Background(), application("91500103MAAY4CL12J", "lisi"))
		w.wantCode(err, "organisation.exists")
		_, err = office.Enrol(context.Background(), application("91500105MA2TH3BJ3Q", "zhangsan"))
		if e := kernel.AsError(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Code != "login.taken" {
			w.Fatalf("%v", err)
		}
		bad := application("9150010", "a b")
		bad.Person.Password = "short"
		_, err = office.Enrol(context.Background(), bad)
		var paths []string
		if e := kernel.AsError(err); e != nil {
			for _, f := range e.Fields {
				paths = append(paths, f.Path)
			}
		}
		if slices.Sort(paths); !slices.Equal(paths, []string{"credit_code", "login", "password"}) {
			w.Errorf("faults of both parts at once: %v", paths)
		}
		for table, n := range map[string]int64{"organisations": 1, "people": 1, "memberships": 1} {
			if got := w.rows(table); got != n {
				w.Errorf("%d rows in %s, want %d", got, table, n)
			}
		}
	})
}

func TestARepeatedApplicationTakesEffectOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		ctx := kernel.WithCall(context.Background(), kernel.Call{IdempotencyKey: "k", Fingerprint: "over the password"})
		one, err := office.Enrol(ctx, application("91500103MAAY4CL12J", "zhangsan"))
		if err != nil {
			w.Fatal(err)
		}
		two, err := office.Enrol(ctx, application("91500103MAAY4CL12J", "zhangsan"))
		if err != nil || two.Person != one.Person || two.Organisation.ID != one.Organisation.ID {
			w.Fatalf("%+v %v", two, err)
		}
		_, err = office.Enrol(ctx, application("91500105MA2TH3BJ3Q", "zhangsan"))
		w.wantCode(err, "idempotency.reused")
		var kept struct{ Fingerprint, Result string }
		w.db.Read(ctx).Table("idempotency_keys").Select("fingerprint, result").Scan(&kept)
		if kept.Fingerprint == "over the password" || kept.Result == "" {
			w.Errorf("%+v", kept)
		}
	})
}

func TestMembersHearWhatWasDecided(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		made, err := office.Enrol(context.Background(), application("91500103MAAY4CL12J", "zhangsan"))
		if err != nil {
			w.Fatal(err)
		}
		id := made.Organisation.ID
		_, err = office.Settle(as(officer("500108")), id, 1, store.Decision{Act: registry.ActVerify})
		w.wantCode(err, "not_found")
		if w.rows("notifications") != 0 {
			w.Error("somebody was told of what did not happen")
		}
		decided, err := office.Settle(as(officer("500103")), id, 1, store.Decision{Act: registry.ActReturn, Reason: "执照名称不符"})
		if err != nil || decided.Status != registry.StatusReturned {
			w.Fatalf("%+v %v", decided, err)
		}
		var told []struct{ PersonID, Kind, Params string }
		w.db.Read(context.Background()).Table("notifications").Select("person_id, kind, params").Scan(&told)
		if len(told) != 1 || told[0].PersonID != string(made.Person) || told[0].Kind != "organisation.returned" {
			w.Errorf("%+v", told)
		}
	})
}

func TestTheDirectoryNamesManyAndHidesTheirAccounts(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		a := w.register(registry.KindEnterprise, teahouse())
		d := teahouse()
		d.CreditCode, d.AccountNumber = "91500105MA2TH3BJ3Q", "12345678"
		b := w.register(registry.KindProvider, d)
		directory := w.store.Directory()
		found, err := directory.ByIDs(context.Background(), []kernel.ID{a.ID, b.ID, a.ID, "nobody"})
		if err != nil || len(found) != 2 {
			w.Fatalf("%d %v", len(found), err)
		}
		for _, o := range found {
			if o.Name == "" || o.AccountNumber+o.BankName+o.BankCode+o.AccountName != "" {
				w.Errorf("%+v", o)
			}
		}
		if _, err := directory.ByID(context.Background(), "nobody"); !kernel.IsCode(err, "not_found") {
			w.Error(err)
		}
		accounts, err := database.Do(context.Background(), w.db, "test.order", func(tx *database.Tx) (map[kernel.ID]store.Account, error) {
			return directory.Order(tx, []kernel.ID{a.ID, b.ID, "nobody"})
		})
		if err != nil || accounts[a.ID].Number != "6222000011112222" || accounts[b.ID].Number != "12345678" {
			w.Errorf("%+v %v", accounts, err)
		}
	})
}

func TestACityIsTakenInAsItIsGiven(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		decided := w.db.Clock().Now().AddDate(-1, 0, 0)
		var all []registry.Organisation
		for i := range 250 {
			d := teahouse().Normalized()
			body := "MA0" + string(rune('A'+i/25%8)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + string(rune('0'+i/100)) + "0"
			code, err := registry.MakeCreditCode("91", "500103", body)
			if err != nil {
				w.Fatal(err)
			}
			d.CreditCode = code
			all = append(all, registry.Organisation{
				ID: kernel.NewID(decided), Kind: registry.KindEnterprise, Declaration: d, SizeClass: registry.SizeSmall,
				Status: registry.StatusVerified, DecidedBy: "demo", DecidedAt: &decided, CreatedAt: decided, UpdatedAt: decided,
			})
		}
		takeIn := func() error {
			return database.Run(context.Background(), w.db, "test", func(tx *database.Tx) error { return w.store.TakeIn(tx, all) })
		}
		if err := takeIn(); err != nil {
			w.Fatal(err)
		}
		got, err := w.store.One(w.db.Read(context.Background()), all[249].ID)
		if err != nil || got.Status != registry.StatusVerified || !got.DecidedAt.Equal(decided) || got.AccountNumber != "6222000011112222" || got.Version != 1 {
			w.Errorf("%+v %v", got, err)
		}
		w.wantCode(takeIn(), "organisation.exists")
		if w.rows("organisations") != 250 {
			w.Error("a refused call left something")
		}
	})
}
