package store_test

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

// wrapping is a cipher that shows in the database that it was used.
type wrapping struct{}

func (wrapping) Seal(place, text string) (string, error) {
	return "sealed:" + base64.StdEncoding.EncodeToString([]byte(place+"|"+text)), nil
}

func (wrapping) Open(place, sealed string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sealed, "sealed:"))
	text, ok := strings.CutPrefix(string(raw), place+"|")
	if !ok {
		return "", errors.New("sealed for another place")
	}
	return text, err
}

// town is a registry on one engine, with a hand to act by.
type town struct {
	*testing.T
	db    *database.DB
	store *store.Store
}

func each(t *testing.T, test func(w town)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		test(town{t, db, store.New(db, wrapping{})})
	})
}

func as(a kernel.Actor) context.Context {
	return kernel.WithCall(context.Background(), kernel.Call{Actor: a})
}

func (w town) do(a kernel.Actor, act func(tx *database.Tx) (registry.Organisation, error)) (registry.Organisation, error) {
	return database.Do(as(a), w.db, "test", act)
}

func (w town) register(kind registry.OrganisationKind, d registry.Declaration) registry.Organisation {
	w.Helper()
	o, err := w.do(kernel.Actor{}, func(tx *database.Tx) (registry.Organisation, error) { return w.store.Register(tx, kind, d) })
	if err != nil {
		w.Fatalf("register: %v", err)
	}
	return o
}

func (w town) decide(a kernel.Actor, o registry.Organisation, d store.Decision) (registry.Organisation, error) {
	return w.do(a, func(tx *database.Tx) (registry.Organisation, error) { return w.store.Decide(tx, o.ID, o.Version, d) })
}

func (w town) declare(a kernel.Actor, o registry.Organisation, d registry.Declaration) (registry.Organisation, error) {
	return w.do(a, func(tx *database.Tx) (registry.Organisation, error) { return w.store.Declare(tx, o.ID, o.Version, d) })
}

// recorded counts what the audit knows of an organisation.
func (w town) recorded(id kernel.ID) int64 {
	w.Helper()
	var n int64
	if err := w.db.Read(context.Background()).Table("audit_entries").Where("object_id = ?", id).Count(&n).Error; err != nil {
		w.Fatal(err)
	}
	return n
}

func (w town) wantCode(err error, code string) {
	w.Helper()
	if !kernel.IsCode(err, code) {
		w.Errorf("%v, want %s", err, code)
	}
}

func pointer[T any](v T) *T { return &v }

// teahouse is a fictional enterprise of 渝中区 that declares everything.
func teahouse() registry.Declaration {
	return registry.Declaration{
		CreditCode: "91500103maay4cl12j ", Name: " 重庆𠮷祥𬭎基（虚构）软件有限公司 ", NameEN: "Jixiang (fictional)",
		Industry: "software", Section: "I", HeadCount: pointer(int64(120)), Revenue: pointer(kernel.Fen(5_000_000_00)),
		District: "500103", Chains: []string{"software", "integrated-circuits", "software"}, FoundedOn: "2015-03-01",
		Address: "解放碑1号", ContactName: "张三", ContactPhone: "13800138000",
		BankName: "虚构银行", BankCode: "123456789012", AccountName: "重庆𠮷祥", AccountNumber: "6222 0000 1111 2222",
	}
}

func member(o registry.Organisation) kernel.Actor {
	return kernel.Actor{Person: "m-" + o.ID[:30], Org: o.ID, Role: kernel.RoleEnterprise}
}

func officer(district string) kernel.Actor {
	return kernel.Actor{Person: "officer", Org: "bureau", Role: kernel.RoleDistrictOfficer, District: district}
}

var (
	cityOfficer = kernel.Actor{Person: "city", Org: "city-bureau", Role: kernel.RoleCityOfficer}
	financier   = kernel.Actor{Person: "finance", Org: "treasury", Role: kernel.RoleFinance}
)

func TestARegisteredEnterpriseIsReadBackAsDeclared(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		if o.Status != registry.StatusPending || o.SizeClass != registry.SizeSmall || o.Version != 1 || !o.CreatedAt.Equal(databasetest.Noon) {
			w.Errorf("%+v", o)
		}
		got, err := w.store.Get(as(member(o)), o.ID)
		if err != nil {
			w.Fatal(err)
		}
		want := teahouse().Normalized()
		if got.Differs(want) || got.Name != "重庆𠮷祥𬭎基（虚构）软件有限公司" || got.CreditCode != "91500103MAAY4CL12J" || got.HistoricalCode {
			w.Errorf("got  %+v\nwant %+v", got.Declaration, want)
		}
		if got.Assets != nil || *got.HeadCount != 120 || got.AccountNumber != "6222000011112222" {
			w.Errorf("figures: %+v", got)
		}
		var stored string
		w.db.Read(context.Background()).Table("organisations").Select("account_number").Where("id = ?", o.ID).Scan(&stored)
		if strings.Contains(stored, "2222") || !strings.HasPrefix(stored, "sealed:") {
			w.Errorf("the account number lies open: %s", stored)
		}
		if o.AccountNumber != "****2222" {
			w.Errorf("the result of the write shows %s", o.AccountNumber)
		}
		if w.recorded(o.ID) != 1 {
			w.Error("the registration was not recorded once")
		}
	})
}

func TestACodeIsOnRecordOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		_, err := w.do(kernel.Actor{}, func(tx *database.Tx) (registry.Organisation, error) {
			return w.store.Register(tx, registry.KindProvider, teahouse())
		})
		w.wantCode(err, "organisation.exists")
		other := teahouse()
		other.CreditCode = "91500105MA2TH3BJ3Q"
		p := w.register(registry.KindProvider, other)
		_, err = w.declare(member(p), p, teahouse())
		w.wantCode(err, "organisation.exists")
		if w.recorded(o.ID)+w.recorded(p.ID) != 2 {
			w.Error("a refused write left a record")
		}
	})
}

func TestOfManyAtOnceOneRegisters(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		const hands = 8
		results := make([]error, hands)
		var wg sync.WaitGroup
		for i := range hands {
			wg.Go(func() {
				_, results[i] = w.do(kernel.Actor{}, func(tx *database.Tx) (registry.Organisation, error) {
					return w.store.Register(tx, registry.KindEnterprise, teahouse())
				})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else {
				w.wantCode(err, "organisation.exists")
			}
		}
		if won != 1 {
			w.Errorf("%d registered", won)
		}
	})
}

func TestADistrictVerifiesReturnsAndSuspends(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		district := officer("500103")

		_, err := w.decide(district, o, store.Decision{Act: registry.ActReturn, Reason: "  "})
		w.wantCode(err, "invalid_input")
		_, err = w.decide(district, o, store.Decision{Act: "declare"})
		w.wantCode(err, "invalid_input")
		_, err = w.decide(district, o, store.Decision{Act: registry.ActRestore})
		w.wantCode(err, "organisation.state")

		returned, err := w.decide(district, o, store.Decision{Act: registry.ActReturn, Reason: "执照名称不符"})
		if err != nil || returned.Status != registry.StatusReturned || returned.StatusReason != "执照名称不符" || returned.DecidedBy != "officer" {
			w.Fatalf("%+v %v", returned, err)
		}
		_, err = w.decide(district, o, store.Decision{Act: registry.ActVerify})
		w.wantCode(err, "stale")

		d := teahouse()
		d.Name = "重庆吉祥（虚构）软件有限公司"
		mended, err := w.declare(member(o), returned, d)
		if err != nil || mended.Status != registry.StatusPending || mended.StatusReason != "" {
			w.Fatalf("%+v %v", mended, err)
		}
		verified, err := w.decide(district, mended, store.Decision{Act: registry.ActVerify})
		if err != nil || verified.Status != registry.StatusVerified {
			w.Fatalf("%+v %v", verified, err)
		}
		suspended, err := w.decide(cityOfficer, verified, store.Decision{Act: registry.ActSuspend, Reason: "失信"})
		if err != nil || suspended.Status != registry.StatusSuspended {
			w.Fatalf("%+v %v", suspended, err)
		}
		d.Name = "另一家（虚构）公司"
		_, err = w.declare(member(o), suspended, d)
		w.wantCode(err, "organisation.state")
		if got := w.recorded(o.ID); got != 5 {
			w.Errorf("%d records of five acts", got)
		}
	})
}

func TestANewTelephoneNeedsNoNewVerification(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		verified, err := w.decide(officer("500103"), o, store.Decision{Act: registry.ActVerify})
		if err != nil {
			w.Fatal(err)
		}
		d := teahouse()
		d.ContactPhone, d.AccountNumber = "023-12345678", "****2222" // the account as it was shown
		same, err := w.declare(member(o), verified, d)
		if err != nil || same.Status != registry.StatusVerified || same.ContactPhone != "023-12345678" {
			w.Fatalf("%+v %v", same, err)
		}
		d.Industry = "industry"
		moved, err := w.declare(member(o), same, d)
		if err != nil || moved.Status != registry.StatusPending {
			w.Fatalf("another industry left the status at %s: %v", moved.Status, err)
		}
	})
}

func TestACodeThatDoesNotComputeNeedsAnOfficersReason(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		d := teahouse()
		d.CreditCode = "91350100M0001TGQXM"
		_, err := w.do(kernel.Actor{}, func(tx *database.Tx) (registry.Organisation, error) {
			return w.store.Register(tx, registry.KindEnterprise, d)
		})
		w.wantCode(err, "invalid_input")
		d.HistoricalCode = true
		o := w.register(registry.KindEnterprise, d)
		if !o.HistoricalCode {
			w.Error("the officer is not told")
		}
		_, err = w.decide(officer("500103"), o, store.Decision{Act: registry.ActVerify})
		if e := kernel.AsError(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Code != "credit_code.override_needed" {
			w.Fatalf("verified without a reason: %v", err)
		}
		verified, err := w.decide(officer("500103"), o, store.Decision{Act: registry.ActVerify, OverrideReason: "试点期间颁发，已核执照"})
		if err != nil || verified.CodeOverrideReason != "试点期间颁发，已核执照" {
			w.Fatalf("%+v %v", verified, err)
		}
		renewed, err := w.declare(member(o), verified, teahouse())
		if err != nil || renewed.CodeOverrideReason != "" || renewed.Status != registry.StatusPending {
			w.Errorf("the override outlived its code: %+v %v", renewed, err)
		}
	})
}

func TestOnlyThoseWithARightSeeAndDecide(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		stranger := kernel.Actor{Person: "x", Org: "another", Role: kernel.RoleEnterprise}
		cases := []struct {
			name    string
			actor   kernel.Actor
			see     string // code of the refusal, empty: seen
			decide  string
			account string
		}{
			{"nobody", kernel.Actor{}, "unauthenticated", "unauthenticated", ""},
			{"a stranger", stranger, "not_found", "forbidden", ""},
			{"a member", member(o), "", "forbidden", "6222000011112222"},
			{"an officer of another district", officer("500108"), "not_found", "not_found", ""},
			{"an officer of no known district", officer("nowhere"), "not_found", "not_found", ""},
			{"an officer of the organisation itself", kernel.Actor{Person: "y", Org: o.ID, Role: kernel.RoleDistrictOfficer, District: "500103"}, "", "organisation.own", "6222000011112222"},
			{"finance", financier, "", "forbidden", "6222000011112222"},
			{"the district's officer", officer("500103"), "", "", "****2222"},
		}
		for _, c := range cases {
			got, err := w.store.Get(as(c.actor), o.ID)
			if c.see != "" {
				w.wantCode(err, c.see)
			} else if err != nil || got.AccountNumber != c.account {
				w.Errorf("%s: sees %q: %v", c.name, got.AccountNumber, err)
			}
			list, _, err := w.store.List(as(c.actor), store.Filter{})
			if len(list) != 0 != (c.see == "") || (err != nil) != (c.see == "unauthenticated") {
				w.Errorf("%s lists %d: %v", c.name, len(list), err)
			}
			for _, x := range list {
				if x.AccountNumber != "" {
					w.Errorf("%s is shown account numbers in a list", c.name)
				}
			}
			_, err = w.decide(c.actor, o, store.Decision{Act: registry.ActVerify})
			if c.decide != "" {
				w.wantCode(err, c.decide)
			} else if err != nil {
				w.Errorf("%s: %v", c.name, err)
			}
		}
		d := teahouse()
		_, err := w.declare(stranger, o, d)
		w.wantCode(err, "not_found")
		if got := w.recorded(o.ID); got != 2 {
			w.Errorf("%d records; only the registration and one decision happened", got)
		}
	})
}

func TestTheNewDistrictInheritsTheRowsOfTheOld(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		// as it was recorded before the districts were merged
		err := database.Run(context.Background(), w.db, "test", func(tx *database.Tx) error {
			return tx.Table("organisations").Where("id = ?", o.ID).Update("district", "500112").Error
		})
		if err != nil {
			w.Fatal(err)
		}
		for district, sees := range map[string]bool{"liangjiang": true, "500112": true, "500105": true, "500103": false, "500109": false} {
			list, _, err := w.store.List(as(officer(district)), store.Filter{})
			if err != nil || (len(list) == 1) != sees {
				w.Errorf("%s sees %d: %v", district, len(list), err)
			}
		}
		list, _, err := w.store.List(as(cityOfficer), store.Filter{District: "liangjiang"})
		if err != nil || len(list) != 1 {
			w.Errorf("filtered by the successor: %d, %v", len(list), err)
		}
	})
}

func TestListsGoOnWhereTheyStopped(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		var want []kernel.ID
		for i := range 5 {
			d := teahouse()
			code, err := registry.MakeCreditCode("91", "500103", "MA00000"+string(rune('0'+i)))
			if err != nil {
				w.Fatal(err)
			}
			d.CreditCode = code
			d.Name = "山城_" + string(rune('甲'+i)) + "100%（虚构）公司"
			want = append(want, w.register(registry.KindEnterprise, d).ID)
		}
		var got []kernel.ID
		f := store.Filter{Kind: registry.KindEnterprise, Status: registry.StatusPending, Limit: 2}
		for pages := 0; ; pages++ {
			list, next, err := w.store.List(as(cityOfficer), f)
			if err != nil || pages > 3 {
				w.Fatalf("page %d: %v", pages, err)
			}
			for _, o := range list {
				got = append(got, o.ID)
			}
			if f.After = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			w.Errorf("%v, want %v", got, want)
		}
		for query, n := range map[string]int{"山城_": 5, "100%": 5, "0%0": 0, "城_甲": 1, "山_": 0, "91500103ma": 5, "虚构": 5, "!": 0} {
			list, _, err := w.store.List(as(cityOfficer), store.Filter{Query: query})
			if err != nil || len(list) != n {
				w.Errorf("%q finds %d, want %d: %v", query, len(list), n, err)
			}
		}
		list, _, err := w.store.List(as(cityOfficer), store.Filter{Kind: registry.KindProvider})
		if err != nil || len(list) != 0 {
			w.Errorf("providers: %d, %v", len(list), err)
		}
		found, err := w.store.ByCode(w.db.Read(context.Background()), "91500103MA000000")
		if err == nil {
			w.Errorf("half a code found %s", found.ID)
		}
		many, err := w.store.Load(w.db.Read(context.Background()), append(want, "nobody")...)
		if err != nil || len(many) != 5 {
			w.Errorf("loaded %d: %v", len(many), err)
		}
	})
}
