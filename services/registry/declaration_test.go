package registry_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

func declared() registry.Declaration {
	heads, revenue := int64(120), kernel.Fen(500_000_000)
	return registry.Declaration{
		CreditCode: "91500103MAAY4CL12J", Name: "重庆𠮷祥（虚构）软件有限公司", Industry: "software", Section: "I",
		HeadCount: &heads, Revenue: &revenue, District: "500103", Chains: []string{"software"}, FoundedOn: "2015-03-01",
		ContactPhone: "13800138000", BankCode: "123456789012", AccountNumber: "6222000011112222",
	}
}

func TestASoundDeclarationPasses(t *testing.T) {
	t.Parallel()
	class, err := declared().Check(registry.KindEnterprise, today)
	if err != nil || class != registry.SizeSmall {
		t.Errorf("%s, %v", class, err)
	}
}

func TestFaultsOfADeclarationAreAllTold(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		kind registry.OrganisationKind
		mend func(d *registry.Declaration)
		want []string // path:code, in order of paths
	}{
		{"nothing declared", registry.KindEnterprise, func(d *registry.Declaration) { *d = registry.Declaration{} },
			[]string{"credit_code:credit_code.length", "district:organisation.district_unknown", "industry:size.industry_unknown", "name:field.too_short"}},
		{"a provider owes no figures", registry.KindProvider, func(d *registry.Declaration) { d.Industry, d.HeadCount, d.Revenue = "", nil, nil }, nil},
		{"an enterprise does", registry.KindEnterprise, func(d *registry.Declaration) { d.HeadCount, d.Revenue = nil, nil },
			[]string{"head_count:size.indicator_missing", "revenue_fen:size.indicator_missing"}},
		{"but a provider's must make sense", registry.KindProvider, func(d *registry.Declaration) { *d.HeadCount = -1; d.Industry = "banking" },
			[]string{"head_count:size.indicator_negative", "industry:size.industry_unknown"}},
		{"an abolished district", registry.KindEnterprise, func(d *registry.Declaration) { d.District = "500112" }, []string{"district:organisation.district_abolished"}},
		{"a code that does not compute", registry.KindEnterprise, func(d *registry.Declaration) { d.CreditCode = "91350100M0001TGQXM" }, []string{"credit_code:credit_code.check_digit"}},
		{"the same, said to be historical", registry.KindEnterprise, func(d *registry.Declaration) { d.CreditCode, d.HistoricalCode = "91350100M0001TGQXM", true }, nil},
		{"no claim of history mends the alphabet", registry.KindEnterprise, func(d *registry.Declaration) { d.CreditCode, d.HistoricalCode = "91350100M0001TGQXI", true }, []string{"credit_code:credit_code.alphabet"}},
		{"200 Chinese characters are 200", registry.KindEnterprise, func(d *registry.Declaration) { d.Name = strings.Repeat("𠮷", 200) }, nil},
		{"201 are too many", registry.KindEnterprise, func(d *registry.Declaration) { d.Name = strings.Repeat("云", 201) }, []string{"name:field.too_long"}},
		{"a disguised name", registry.KindEnterprise, func(d *registry.Declaration) { d.Name = "云\u200b惠科技"; d.Address = "一行\n两行" },
			[]string{"address:field.hidden_characters", "name:field.hidden_characters"}},
		{"everything else", registry.KindEnterprise, func(d *registry.Declaration) {
			d.Section, d.Chains, d.FoundedOn, d.ContactPhone, d.BankCode, d.AccountNumber = "Z", []string{"a", "b", "c", "d", "e", "f"}, "2026-11-24", "12345", "1", "12a"
		}, []string{"account_number:organisation.account_number", "bank_code:organisation.bank_code", "chains:field.too_many", "chains:organisation.chain_unknown",
			"contact_phone:organisation.phone", "founded_on:organisation.founded_on", "section:organisation.section_unknown"}},
		{"a day that does not exist", registry.KindEnterprise, func(d *registry.Declaration) { d.FoundedOn = "2015-02-30" }, []string{"founded_on:organisation.founded_on"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := declared()
			c.mend(&d)
			class, err := d.Check(c.kind, today)
			var got []string
			if e := kernel.AsError(err); e != nil {
				for _, f := range e.Fields {
					got = append(got, f.Path+":"+f.Code)
					if f.Message.ZH == "" || f.Message.EN == "" {
						t.Errorf("%s is not told in both languages", f.Path)
					}
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v (class %s)", got, c.want, class)
			}
		})
	}
}

func TestTelephoneNumbers(t *testing.T) {
	t.Parallel()
	for number, good := range map[string]bool{
		"13800138000": true, "023-12345678": true, "02312345678": true, "0755-1234567-801": true, "400-123-4567": true, "4001234567": true,
		"12800138000": false, "1380013800": false, "12345678": false, "023-1234": false, "138 0013 8000": false, "十三": false,
	} {
		d := declared()
		d.ContactPhone = number
		if _, err := d.Check(registry.KindEnterprise, today); (err == nil) != good {
			t.Errorf("%s: %v", number, err)
		}
	}
}

func TestNormalisingADeclaration(t *testing.T) {
	t.Parallel()
	d := registry.Declaration{CreditCode: " 91500103maay4cl12j", Name: "　重庆云惠 ", BankCode: "1234 5678 9012", AccountNumber: " 6222 0000 ", Chains: []string{"software", "computers", "software"}}
	got := d.Normalized()
	if got.CreditCode != "91500103MAAY4CL12J" || got.Name != "重庆云惠" || got.BankCode != "123456789012" || got.AccountNumber != "62220000" || !slices.Equal(got.Chains, []string{"computers", "software"}) {
		t.Errorf("%+v", got)
	}
	if !slices.Equal(d.Chains, []string{"software", "computers", "software"}) {
		t.Error("the declaration it was given changed")
	}
	if got.Differs(got.Normalized()) {
		t.Error("normalising twice changes something")
	}
}

func TestOnlyVerifiedFactsCountAsAChange(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(d *registry.Declaration){
		"code": func(d *registry.Declaration) { d.CreditCode = "91500105MA2TH3BJ3Q" }, "name": func(d *registry.Declaration) { d.Name = "甲乙" },
		"revenue": func(d *registry.Declaration) { r := *d.Revenue + 1; d.Revenue = &r }, "no revenue": func(d *registry.Declaration) { d.Revenue = nil },
		"assets": func(d *registry.Declaration) { a := kernel.Fen(1); d.Assets = &a }, "heads": func(d *registry.Declaration) { h := int64(1); d.HeadCount = &h },
		"account": func(d *registry.Declaration) { d.AccountNumber = "12345678" }, "district": func(d *registry.Declaration) { d.District = "wansheng" },
		"chains": func(d *registry.Declaration) { d.Chains = nil }, "founded": func(d *registry.Declaration) { d.FoundedOn = "" },
	} {
		d := declared()
		change(&d)
		if !d.Differs(declared()) {
			t.Errorf("%s: the change went unseen", name)
		}
	}
	d := declared()
	d.ContactPhone, d.ContactName, d.Address, d.NameEN = "", "李四", "别处", "Other"
	if d.Differs(declared()) {
		t.Error("an address is no verified fact")
	}
}

func TestStatusesMoveOnlyAlongTheTransitions(t *testing.T) {
	t.Parallel()
	acts := []registry.Act{registry.ActVerify, registry.ActReturn, registry.ActSuspend, registry.ActRestore, registry.ActDeclare}
	rapid.Check(t, func(t *rapid.T) {
		status := registry.StatusPending
		for _, act := range rapid.SliceOf(rapid.SampledFrom(acts)).Draw(t, "acts") {
			next, err := status.After(act)
			allowed := slices.Contains(registry.Transitions(), registry.Transition{From: status, Act: act, To: next})
			if (err == nil) != allowed {
				t.Fatalf("%s by %s: %s, %v", status, act, next, err)
			}
			if next == registry.StatusVerified && act != registry.ActVerify {
				t.Fatalf("%s verified it", act)
			}
			if err == nil {
				status = next
			}
		}
	})
}

func TestAnOrganisationSurvivesJSON(t *testing.T) {
	t.Parallel()
	o := registry.Organisation{ID: "1", Kind: registry.KindEnterprise, Declaration: declared(), Status: registry.StatusPending, Version: 3}
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var back registry.Organisation
	if err := json.Unmarshal(raw, &back); err != nil || back.ID != o.ID || back.Differs(o.Declaration) || back.Status != o.Status || back.Version != 3 {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestAccountsAreMasked(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"6222000011112222": "****2222", "": "", "1234": ""} {
		if got := registry.MaskAccount(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestTheSuccessorsOfAnAbolishedDistrictAreNamed(t *testing.T) {
	t.Parallel()
	d := declared()
	d.District = "500112"
	_, err := d.Check(registry.KindEnterprise, today)
	e := kernel.AsError(err)
	if e == nil || len(e.Fields) != 1 {
		t.Fatalf("%v", err)
	}
	if got := e.Fields[0].Message.ZH; got != "渝北区已撤销，请改选两江新区或北碚区" {
		t.Error(got)
	}
	if _, err := d.Check(registry.KindEnterprise, "2025-11-05"); err != nil {
		t.Errorf("on its last day: %v", err)
	}
}
