package store_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

// verified is a firm of two members whose account an officer has seen.
func (w town) verified(office *store.Office) (o registry.Organisation, one, other kernel.Actor) {
	w.Helper()
	made, err := office.Enrol(context.Background(), application("91500103MAAY4CL12J", "zhangsan"))
	if err != nil {
		w.Fatal(err)
	}
	o, err = office.Settle(as(officer("500103")), made.Organisation.ID, 1, store.Decision{Act: registry.ActVerify})
	if err != nil {
		w.Fatal(err)
	}
	one = kernel.Actor{Person: made.Person, Name: "张三", Org: o.ID, Role: kernel.RoleEnterprise}
	other = one
	other.Person, other.Name = "person-lisi", "李四"
	return o, one, other
}

func newAccount() store.Proposal {
	return store.Proposal{BankAccount: registry.BankAccount{BankName: "另一（虚构）银行", BankCode: "210987654321", AccountName: "重庆𠮷祥", AccountNumber: "9555 0000 3333 4444"}, Reason: "换开户行"}
}

// onRecord is where the firm is paid now, and whether it is held.
func (w town) onRecord(id kernel.ID) store.Account {
	w.Helper()
	found, err := database.Do(context.Background(), w.db, "test.order", func(tx *database.Tx) (map[kernel.ID]store.Account, error) {
		return w.store.Directory().Order(tx, []kernel.ID{id})
	})
	if err != nil {
		w.Fatal(err)
	}
	return found[id]
}

func (w town) wantAccount(id kernel.ID, number string, held bool) {
	w.Helper()
	if a := w.onRecord(id); a.Number != number || a.Held != held {
		w.Errorf("%s, held %v; want %s, %v", a.Number, a.Held, number, held)
	}
}

const before, after = "6222000011112222", "9555000033334444"

func TestAnAccountChangesWhenASecondPersonConfirmsIt(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]func(other kernel.Actor) (kernel.Actor, store.Verdict){
		"another member": func(other kernel.Actor) (kernel.Actor, store.Verdict) { return other, store.Verdict{Confirm: true} },
		"the district's officer": func(kernel.Actor) (kernel.Actor, store.Verdict) {
			return officer("500103"), store.Verdict{Confirm: true, Document: "开户证明 2026-11-20"}
		},
		"a city officer": func(kernel.Actor) (kernel.Actor, store.Verdict) {
			return cityOfficer, store.Verdict{Confirm: true, Document: "开户证明"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(w town) {
				office := w.office()
				o, one, other := w.verified(office)
				w.wantAccount(o.ID, before, false)
				c, err := office.ProposeAccount(as(one), newAccount())
				if err != nil || c.State != registry.ChangeProposed || c.AccountNumber != "****4444" || c.FormerAccount != "****2222" {
					w.Fatalf("%+v %v", c, err)
				}
				w.wantAccount(o.ID, before, true)
				who, verdict := second(other)
				c, err = office.DecideAccount(as(who), c.ID, c.Version, verdict)
				if err != nil || c.State != registry.ChangeConfirmed {
					w.Fatalf("%+v %v", c, err)
				}
				w.wantAccount(o.ID, after, false)
				got, err := w.store.Get(as(one), o.ID)
				if err != nil || got.Status != registry.StatusVerified || got.AccountNumber != after || got.BankCode != "210987654321" {
					w.Errorf("%+v %v", got, err)
				}
				_, err = office.DecideAccount(as(who), c.ID, 0, verdict)
				w.wantCode(err, "account.decided")
				if n := w.rows("notifications"); n != 3 { // verified, proposed, confirmed: to the one member on record
					w.Errorf("%d notifications", n)
				}
				w.wantLawful()
				var open int64
				w.db.Read(context.Background()).Table("audit_entries").Where("detail LIKE ?", "%"+after+"%").Count(&open)
				var sealed string
				w.db.Read(context.Background()).Table("account_changes").Pluck("account_number", &sealed)
				if open != 0 || strings.Contains(sealed, "4444") {
					w.Errorf("the number lies open: %d, %s", open, sealed)
				}
				if n := w.recorded(o.ID); n != 5 { // registered, first member, verified, proposed, confirmed
					w.Errorf("%d entries", n)
				}
				since, err := database.Do(context.Background(), w.db, "test.since", func(tx *database.Tx) ([]kernel.ID, error) {
					return w.store.Directory().ChangedSince(tx, tx.Now)
				})
				if err != nil || !slices.Equal(since, []kernel.ID{o.ID}) {
					w.Errorf("%v %v", since, err)
				}
			})
		})
	}
}

func (w town) breaches() (laws []string) {
	w.Helper()
	found, err := w.store.Verify(context.Background())
	if err != nil {
		w.Fatal(err)
	}
	for _, b := range found {
		laws = append(laws, b.Law)
	}
	return laws
}

func (w town) wantLawful() {
	w.Helper()
	if found := w.breaches(); len(found) > 0 {
		w.Errorf("breaches of %v", found)
	}
}

func TestVerifyNamesWhatWasDoneToAccountsByHand(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		_, one, other := w.verified(office)
		c, err := office.ProposeAccount(as(one), newAccount())
		if err != nil {
			w.Fatal(err)
		}
		try := func(do, undo, law string) {
			w.Helper()
			for i, statement := range []string{do, undo} {
				err := database.Run(context.Background(), w.db, "test.tamper", func(tx *database.Tx) error { return tx.Exec(statement).Error })
				if err != nil {
					w.Fatal(err)
				}
				if found := w.breaches(); (i == 0) != slices.Contains(found, law) {
					w.Errorf("%s: %v, want %s", statement, found, law)
				}
			}
			w.wantLawful()
		}
		w.wantLawful()
		try("UPDATE organisations SET account_change = ''", "UPDATE organisations SET account_change = '"+string(c.ID)+"'", "nothing lost")
		try("UPDATE account_changes SET live_key = NULL", "UPDATE account_changes SET live_key = org_id", "once")
		try("UPDATE account_changes SET state = 'refused'", "UPDATE account_changes SET state = 'proposed'", "nothing lost")
		if _, err := office.DecideAccount(as(other), c.ID, 1, store.Verdict{Confirm: true}); err != nil {
			w.Fatal(err)
		}
		try("UPDATE account_changes SET decided_by = proposed_by", "UPDATE account_changes SET decided_by = 'person-lisi'", "four eyes")
		try("UPDATE account_changes SET decided_role = 'city_officer'", "UPDATE account_changes SET decided_role = 'enterprise'", "four eyes")
		try("UPDATE organisations SET bank_name = '别的行'", "UPDATE organisations SET bank_name = '另一（虚构）银行'", "four eyes")
		try("UPDATE account_changes SET bank_code = '1'", "UPDATE account_changes SET bank_code = '210987654321'", "four eyes")
		try("UPDATE organisations SET account_change = 'x'", "UPDATE organisations SET account_change = ''", "nothing lost")
	})
}

func TestNobodyChangesAnAccountAlone(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		o, one, other := w.verified(office)
		d := teahouse()
		d.AccountNumber = after
		_, err := w.declare(one, o, d)
		w.wantCode(err, "account.second_person")
		d = teahouse()
		d.BankCode = "210987654321"
		_, err = w.declare(one, o, d)
		w.wantCode(err, "account.second_person")
		d = teahouse()
		d.Address, d.AccountNumber = "另一处", "****2222"
		o, err = w.declare(one, o, d)
		if err != nil {
			w.Fatalf("all else changes as before, the account sent back as it was shown: %v", err)
		}

		same := newAccount()
		same.BankAccount = registry.BankAccount{BankName: "虚构银行", BankCode: "123456789012", AccountName: "重庆𠮷祥", AccountNumber: "6222 0000 1111 2222"}
		_, err = office.ProposeAccount(as(one), same)
		w.wantCode(err, "account.same")
		_, err = office.ProposeAccount(as(one), store.Proposal{BankAccount: registry.BankAccount{BankCode: "1", AccountNumber: "x"}})
		if e := kernel.AsError(err); e == nil || len(e.Fields) != 5 {
			w.Errorf("every fault at once: %v", err)
		}
		for _, who := range []kernel.Actor{{}, cityOfficer, financier, officer("500103")} {
			if _, err = office.ProposeAccount(as(who), newAccount()); err == nil {
				w.Errorf("%s proposed", who.Role)
			}
		}
		c, err := office.ProposeAccount(as(one), newAccount())
		if err != nil {
			w.Fatal(err)
		}
		_, err = office.ProposeAccount(as(other), newAccount())
		w.wantCode(err, "account.change_pending")

		yes := store.Verdict{Confirm: true, Document: "开户证明"}
		disguised := officer("500103")
		disguised.Person = one.Person // the same person in a second office
		stranger := kernel.Actor{Person: "p", Org: "another-firm", Role: kernel.RoleEnterprise}
		for name, x := range map[string]struct {
			who     kernel.Actor
			verdict store.Verdict
			code    string
		}{
			"who proposed it":               {one, yes, "account.second_person"},
			"the same person as an officer": {disguised, yes, "account.second_person"},
			"a member of another firm":      {stranger, yes, "not_found"},
			"another district":              {officer("500108"), yes, "not_found"},
			"the treasury":                  {financier, yes, "forbidden"},
			"nobody":                        {kernel.Actor{}, yes, "unauthenticated"},
			"an officer who saw nothing":    {officer("500103"), store.Verdict{Confirm: true}, "invalid_input"},
			"a refusal without a word":      {other, store.Verdict{}, "invalid_input"},
		} {
			_, err := office.DecideAccount(as(x.who), c.ID, c.Version, x.verdict)
			if !kernel.IsCode(err, x.code) {
				w.Errorf("%s: %v", name, err)
			}
		}
		_, err = office.WithdrawAccount(as(other), c.ID, c.Version)
		w.wantCode(err, "forbidden")
		_, err = office.DecideAccount(as(other), c.ID, 99, yes)
		w.wantCode(err, "stale")
		w.wantAccount(o.ID, before, true)

		if _, err = office.DecideAccount(as(other), c.ID, c.Version, store.Verdict{Note: "没有换行"}); err != nil {
			w.Fatal(err)
		}
		w.wantAccount(o.ID, before, false)
		c, err = office.ProposeAccount(as(one), newAccount())
		if err != nil {
			w.Fatalf("a refused one does not stand in the way: %v", err)
		}
		if _, err = office.WithdrawAccount(as(one), c.ID, c.Version); err != nil {
			w.Fatal(err)
		}
		w.wantAccount(o.ID, before, false)
	})
}

func TestAFirstDeclarationMayStillMendItsAccount(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		o := w.register(registry.KindEnterprise, teahouse())
		d := teahouse()
		d.AccountNumber = after
		if _, err := w.declare(member(o), o, d); err != nil {
			w.Fatal(err)
		}
		w.wantAccount(o.ID, after, false)
	})
}

func TestWhoSeesAChangeAndItsNumber(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		o, one, other := w.verified(office)
		c, err := office.ProposeAccount(as(one), newAccount())
		if err != nil {
			w.Fatal(err)
		}
		auditor := kernel.Actor{Person: "audit", Org: "auditor", Role: kernel.RoleAuditor}
		waiting := func(who kernel.Actor) string {
			all, err := w.store.Waiting(as(who))
			if err != nil {
				return kernel.AsError(err).Code
			}
			out := ""
			for _, x := range all {
				out += x.OrgName + " " + x.AccountNumber
			}
			return out
		}
		name := "重庆𠮷祥𬭎基（虚构）软件有限公司 "
		for who, want := range map[kernel.Actor]string{officer("500103"): name + after, cityOfficer: name + after, financier: name + "****4444", auditor: name + "****4444", officer("500108"): "", one: "forbidden", {}: "unauthenticated"} {
			if got := waiting(who); got != want {
				w.Errorf("%s of %s: %q, want %q", who.Role, who.District, got, want)
			}
		}
		if _, err := office.DecideAccount(as(other), c.ID, 1, store.Verdict{Confirm: true}); err != nil {
			w.Fatal(err)
		}
		if got := waiting(cityOfficer); got != "" {
			w.Error(got)
		}
		for who, want := range map[kernel.Actor]string{other: after, officer("500103"): "****4444", auditor: "****4444"} {
			all, err := w.store.Changes(as(who), o.ID)
			if err != nil || len(all) != 1 || all[0].AccountNumber != want || all[0].ProposedName != "张三" || all[0].DecidedName != "李四" {
				w.Errorf("%s: %+v %v", who.Role, all, err)
			}
		}
		_, err = w.store.Changes(as(officer("500108")), o.ID)
		w.wantCode(err, "not_found")
	})
}

func TestOfManyDecisionsAboutAnAccountOneStands(t *testing.T) {
	t.Parallel()
	each(t, func(w town) {
		office := w.office()
		o, one, other := w.verified(office)
		var proposals sync.WaitGroup
		made := make([]registry.AccountChange, 6)
		for i := range made {
			proposals.Go(func() {
				who := one
				if i%2 == 1 {
					who = other
				}
				made[i], _ = office.ProposeAccount(as(who), newAccount())
			})
		}
		proposals.Wait()
		made = slices.DeleteFunc(made, func(c registry.AccountChange) bool { return c.ID == "" })
		if len(made) != 1 {
			w.Fatalf("%d proposals at once", len(made))
		}
		var wait sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wait.Go(func() {
				switch i % 4 {
				case 0:
					_, errs[i] = office.DecideAccount(as(cityOfficer), made[0].ID, 0, store.Verdict{Confirm: true, Document: "开户证明"})
				case 1:
					_, errs[i] = office.DecideAccount(as(officer("500103")), made[0].ID, 0, store.Verdict{Note: "不符"})
				case 2:
					_, errs[i] = office.WithdrawAccount(as(one), made[0].ID, 0)
				default:
					_, errs[i] = office.WithdrawAccount(as(other), made[0].ID, 0)
				}
			})
		}
		wait.Wait()
		stood := 0
		for _, err := range errs {
			if err == nil {
				stood++
			}
		}
		if stood != 1 {
			w.Errorf("%d decisions stand: %v", stood, errs)
		}
		a := w.onRecord(o.ID)
		if a.Held || w.rows("account_changes") != 1 {
			w.Errorf("%+v", a)
		}
	})
}
