package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// unverified are firms left in the districts' verification queues.
var unverified = map[int]bool{7: true, 19: true, 31: true, 43: true, 55: true}

// populate takes in the authorities, the firms and the providers of record, and
// gives each its people; the named accounts come first.
func (l *Loader) populate(ctx context.Context) error {
	l.people, l.firms, l.sellers = map[string]kernel.Actor{}, map[string]kernel.ID{}, map[string]kernel.ID{}
	ready, err := l.Identity.Prepare(ctx, identity.NewPerson{Login: "template", Name: "模板", Password: identity.DemoPassword, Demo: true})
	if err != nil {
		return err
	}
	today := kernel.DayOf(l.Clock.Now())
	return database.Run(as(ctx, kernel.System()), l.DB, "demo.populate", func(tx *database.Tx) error {
		var all []registry.Organisation
		offices := map[string]kernel.ID{}
		for i, a := range l.content.People.Authorities {
			o := l.organisation(tx, registry.KindAuthority, registry.Declaration{CreditCode: authorityCode(i), Name: a.NameZH, NameEN: a.NameEN, District: "500103"})
			if a.Key == "auditor" {
				o.Kind = registry.KindAuditor
			}
			offices[a.Key] = o.ID
			all = append(all, o)
		}
		for i, d := range registry.Districts(today) {
			o := l.organisation(tx, registry.KindAuthority, registry.Declaration{
				CreditCode: authorityCode(100 + i), District: d.ID,
				Name: d.Name.ZH + "经济信息委（演示）", NameEN: "Economy and Information Commission, " + d.Name.EN + " (Demo)",
			})
			offices["district:"+d.ID] = o.ID
			all = append(all, o)
		}
		for i, e := range l.content.Enterprises {
			o := l.organisation(tx, registry.KindEnterprise, e.declaration(i))
			if unverified[i] {
				o.Status, o.DecidedBy, o.DecidedAt = registry.StatusPending, "", nil
			}
			l.firms[e.Key] = o.ID
			all = append(all, o)
		}
		for i, p := range l.content.Providers {
			o := l.organisation(tx, registry.KindProvider, p.declaration(i))
			l.sellers[p.Key] = o.ID
			all = append(all, o)
		}
		if err := l.Registry.TakeIn(tx, all); err != nil {
			return err
		}
		return l.Identity.AddAll(tx, l.staff(tx, ready, offices))
	})
}

func (l *Loader) organisation(tx *database.Tx, kind registry.OrganisationKind, d registry.Declaration) registry.Organisation {
	d = d.Normalized()
	o := registry.Organisation{
		ID: kernel.NewID(tx.Now), Kind: kind, Declaration: d, Status: registry.StatusVerified,
		DecidedBy: "system", DecidedAt: &tx.Now, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if kind == registry.KindEnterprise {
		if class, err := registry.Classify(tx.Today(), d.Figures()); err == nil {
			o.SizeClass = class.Class
		}
	}
	return o
}

// staff are the named accounts, then one person for every other organisation.
func (l *Loader) staff(tx *database.Tx, ready identity.Prepared, offices map[string]kernel.ID) []identity.Newcomer {
	var all []identity.Newcomer
	served := map[kernel.ID]bool{}
	hire := func(login, name string, m identity.Membership, keys ...string) {
		n := identity.Newcomer{Person: kernel.NewID(tx.Now), Prepared: ready.As(login, name), Membership: m, Since: tx.Now}
		actor := kernel.Actor{Person: n.Person, Name: name, Org: m.Org, Role: m.Role, District: m.District}
		for _, key := range append(keys, login) {
			if _, taken := l.people[key]; !taken {
				l.people[key] = actor
			}
		}
		served[m.Org] = true
		all = append(all, n)
	}
	for _, a := range l.content.People.Accounts {
		m := identity.Membership{Role: a.Role, District: a.District}
		switch {
		case a.District != "":
			m.Org = offices["district:"+a.District]
			hire(a.Login, a.Name.ZH, m, "district:"+a.District)
			continue
		case a.Role == kernel.RoleEnterprise:
			m.Org = l.firms[a.Org]
		case a.Role == kernel.RoleProvider:
			m.Org = l.sellers[a.Org]
		default:
			m.Org = offices[a.Org]
		}
		hire(a.Login, a.Name.ZH, m, a.Org)
	}
	for key, org := range ordered(offices) {
		if district, ok := strings.CutPrefix(key, "district:"); ok && !served[org] {
			hire("district-"+district, "区县经办", identity.Membership{Org: org, Role: kernel.RoleDistrictOfficer, District: district}, key)
		}
	}
	for _, e := range l.content.Enterprises {
		if org := l.firms[e.Key]; !served[org] {
			hire("e-"+e.Key, e.ContactName, identity.Membership{Org: org, Role: kernel.RoleEnterprise}, e.Key)
		}
	}
	for _, p := range l.content.Providers {
		if org := l.sellers[p.Key]; !served[org] {
			hire("p-"+p.Key, p.ContactName, identity.Membership{Org: org, Role: kernel.RoleProvider}, p.Key)
		}
	}
	return all
}

func (e Enterprise) declaration(i int) registry.Declaration {
	return registry.Declaration{
		CreditCode: e.CreditCode, Name: e.NameZH, NameEN: e.NameEN, Industry: e.Industry, Section: e.Section,
		HeadCount: &e.HeadCount, Revenue: &e.Revenue, Assets: &e.Assets, District: e.District, Chains: keysOfChains(e.Chains),
		FoundedOn: e.FoundedOn, ContactName: e.ContactName, ContactPhone: e.Phone,
		BankName: "巴渝示例银行（虚构）营业部", BankCode: fmt.Sprintf("9996530%05d", i), AccountName: e.NameZH, AccountNumber: fmt.Sprintf("99965300%010d", 1000+i),
	}
}

func (p Provider) declaration(i int) registry.Declaration {
	team := p.ServiceTeam
	return registry.Declaration{
		CreditCode: p.CreditCode, Name: p.NameZH, NameEN: p.NameEN, Industry: "software", Section: "I", HeadCount: &team, District: p.District,
		FoundedOn: p.FoundedOn, ContactName: p.ContactName, ContactPhone: p.Phone,
		BankName: "巴渝示例银行（虚构）科技支行", BankCode: fmt.Sprintf("9996531%05d", i), AccountName: p.NameZH, AccountNumber: fmt.Sprintf("99965310%010d", 1000+i),
	}
}

// authorityCode makes a code that is valid in form, in a range of its own.
func authorityCode(i int) string {
	code, err := registry.MakeCreditCode("11", "500000", fmt.Sprintf("MAYA%04d", i))
	if err != nil {
		panic("demo: " + err.Error()) // the code is made of constants and a number
	}
	return code
}

// keysOfChains turns the Chinese names of chains into the registry's keys.
func keysOfChains(names []string) []string {
	keys := []string{}
	for _, name := range names {
		for _, c := range registry.ChainsOn("2026-01-01").Chains {
			if c.Name.ZH == name {
				keys = append(keys, c.Key)
			}
		}
	}
	return keys
}

func days(n float64) time.Duration { return time.Duration(n * float64(24*time.Hour)) }
