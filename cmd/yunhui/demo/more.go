package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// round is how many further stories are told together; those that are paid
// share a notice and a batch.
const round = 100

// ends of further stories, in turn: half are paid, the rest wait somewhere.
var ends = []subsidies.ClaimState{
	subsidies.ClaimPaid, subsidies.ClaimProviderConfirmed, subsidies.ClaimPaid, subsidies.ClaimDistrictApproved,
	subsidies.ClaimPaid, subsidies.ClaimChecked, subsidies.ClaimPaid, subsidies.ClaimCityApproved, subsidies.ClaimPaid, subsidies.ClaimReturned,
}

// tellMore adds claims of grown enterprises through the same desks as all others.
func (l *Loader) tellMore(ctx context.Context, have, target int) error {
	firms, err := l.recall(ctx)
	if err != nil {
		return err
	}
	if len(firms) == 0 {
		return errors.New("grow the enterprises first: claims need firms of their own")
	}
	if err := l.supplement(ctx, target); err != nil {
		return err
	}
	for n := have; n < target; n += round {
		if err := l.tellRound(ctx, firms, n, min(n+round, target)); err != nil {
			return err
		}
		if n/round%10 == 0 {
			l.Say("demo city: %d of %d claims", min(n+round, target), target)
		}
	}
	l.Clock.Set(l.Now)
	return l.Books.Reroll(as(ctx, l.people["finance"]))
}

// supplement votes enough money for the claims that are to come.
func (l *Loader) supplement(ctx context.Context, target int) error {
	return database.Run(as(ctx, l.people["city"]), l.DB, "demo.supplement", func(tx *database.Tx) error {
		return l.vote(tx, fmt.Sprintf("grow-%d", target), kernel.Fen(target)*15_000_000, func(int) kernel.Fen { return kernel.Fen(target)*1_000_000 + 5_000_000_000 })
	})
}

// recall reads the loaded city back: who acts for whom, what is on the shelf,
// and the grown firms.
func (l *Loader) recall(ctx context.Context) ([]Enterprise, error) {
	db := l.DB.Read(ctx)
	l.people, l.content = map[string]kernel.Actor{}, Content{}
	var members []struct {
		PersonID, OrgID       kernel.ID
		Name, Login, OrgName  string
		CreditCode, Kind      string
		Role                  kernel.Role
		District, OrgDistrict string
	}
	err := db.Raw(`SELECT m.person_id, m.org_id, p.name, p.login, o.name AS org_name, o.credit_code, o.kind, m.role, m.district, o.district AS org_district
		FROM memberships m JOIN people p ON p.id = m.person_id JOIN organisations o ON o.id = m.org_id ORDER BY p.login`).Scan(&members).Error
	if err != nil {
		return nil, err
	}
	var firms []Enterprise
	for _, m := range members {
		actor := kernel.Actor{Person: m.PersonID, Name: m.Name, Org: m.OrgID, Role: m.Role, District: m.District}
		key := string(m.OrgID)
		switch m.Role {
		default:
		case kernel.RoleDistrictOfficer:
			key = "district:" + m.District
		case kernel.RoleCityOfficer:
			key = m.Login
			l.people["city"] = actor
		case kernel.RoleFinance:
			key = "finance"
		case kernel.RoleProvider:
			l.content.Providers = append(l.content.Providers, Provider{Key: key, NameZH: m.OrgName, CreditCode: m.CreditCode})
		}
		l.people[key] = actor
		if m.Role == kernel.RoleEnterprise && m.Login[:2] == "g-" {
			firms = append(firms, Enterprise{Key: key, NameZH: m.OrgName, CreditCode: m.CreditCode, District: m.OrgDistrict})
		}
	}
	return firms, l.recallShelf(ctx)
}

func (l *Loader) recallShelf(ctx context.Context) error {
	l.offers = map[string]placed{}
	db := l.DB.Read(ctx)
	var all []catalog.Offer
	if err := db.Where("status = ?", catalog.OfferListed).Order("id").Limit(500).Find(&all).Error; err != nil {
		return err
	}
	for _, o := range all {
		var plans []catalog.Plan
		if err := db.Where("offer_id = ? AND position = 0", o.ID).Find(&plans).Error; err != nil {
			return err
		}
		if len(plans) == 1 {
			key := string(o.ID)
			from := Offer{Key: key, Provider: string(o.ProviderID)}
			l.content.Offers = append(l.content.Offers, from)
			l.offers[key] = placed{offer: o, plans: plans, from: from}
		}
	}
	return nil
}

func (l *Loader) tellRound(ctx context.Context, firms []Enterprise, from, to int) error {
	var paid []*story
	for n := from; n < to; n++ {
		s := &story{l: l, n: n*4 + 3, firm: firms[n*31%len(firms)], quantity: 1, offer: l.offers[l.content.Offers[n*17%len(l.content.Offers)].Key]}
		e := end{claim: ends[n%len(ends)], ago: 1 + float64(n%19)}
		if e.claim == subsidies.ClaimPaid {
			e = end{claim: subsidies.ClaimCityApproved, ago: 27}
			paid = append(paid, s)
		}
		for _, happening := range s.events(l.Now, e) {
			l.Clock.Set(happening.at)
			if err := happening.do(ctx); err != nil {
				return fmt.Errorf("story %d: %w", n, err)
			}
			if err := l.Runtime.Drain(ctx); err != nil {
				return err
			}
		}
	}
	return l.payRound(ctx, paid)
}

// payRound takes claims from the second review to the treasury's answer.
func (l *Loader) payRound(ctx context.Context, paid []*story) error {
	if len(paid) == 0 {
		return nil
	}
	var ids []kernel.ID
	for _, s := range paid {
		ids = append(ids, s.claim.ID)
	}
	l.Clock.Set(l.Now.Add(-days(26)))
	if _, err := l.Notices.Open(as(ctx, l.people["city-b"]), slices.Clip(ids)); err != nil {
		return err
	}
	l.Clock.Set(l.Now.Add(-days(12)))
	if _, err := l.Notices.CloseDue(ctx); err != nil {
		return err
	}
	if err := l.order(ctx); err != nil {
		return err
	}
	l.Clock.Set(l.Now.Add(-days(10)))
	if err := l.settle(ctx, -1); err != nil {
		return err
	}
	return l.Runtime.Drain(ctx)
}
