package workers

import (
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/notify"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/openings"
)

// People is what the shift asks of the room of identity.
type People interface {
	MembersOf(tx *database.Tx, org kernel.ID) ([]kernel.ID, error)
	Officers(tx *database.Tx, role kernel.Role, district string) ([]kernel.ID, error)
}

// tell sends one notification to each of the people, once per delivery and link.
func tell(tx *database.Tx, d queue.Delivery, people []kernel.ID, n notify.Notification) error {
	n.Dedupe = string(d.ID) + n.Link
	for _, p := range people {
		n.Person = p
		if err := notify.Send(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// agreementChanged tells the parties of an agreement's new state: the one whose
// turn it is, and the enterprise of everything that ends or settles it.
func agreementChanged(people People) queue.Handler {
	return func(tx *database.Tx, d queue.Delivery) error {
		var e agreements.Event
		if err := d.Into(&e); err != nil {
			return err
		}
		var a subsidies.Agreement
		if err := tx.Where("id = ?", d.Subject).Take(&a).Error; err != nil {
			return fmt.Errorf("agreement %s: %w", d.Subject, err)
		}
		orgs := []kernel.ID{a.EnterpriseID}
		switch e.State {
		default: // the enterprise alone
		case subsidies.AgreementDrafted:
			orgs = []kernel.ID{a.ProviderID}
		case subsidies.AgreementAccepted, subsidies.AgreementWithdrawn, subsidies.AgreementLapsed, subsidies.AgreementDeclined:
			orgs = append(orgs, a.ProviderID)
		}
		to, err := membersOf(tx, people, orgs)
		if err == nil && e.State == subsidies.AgreementEnterpriseConfirmed {
			to, err = people.Officers(tx, kernel.RoleDistrictOfficer, a.District)
		}
		if err != nil {
			return err
		}
		return tell(tx, d, to, notify.Notification{Kind: "agreement." + string(e.State), Link: "/agreements/" + string(a.ID), Params: map[string]string{"number": a.Number, "offer_zh": a.OfferNameZH, "offer_en": a.OfferNameEN}})
	}
}

// drawn tells the enterprise of an agreement its place in a draw.
func drawn(people People) queue.Handler {
	return func(tx *database.Tx, d queue.Delivery) error {
		var found struct {
			ID           kernel.ID
			Number       string
			EnterpriseID kernel.ID
			Place        int64
		}
		if err := tx.Raw("SELECT a.id, a.number, a.enterprise_id, e.place FROM agreements a JOIN opening_entries e ON e.agreement_id = a.id WHERE a.id = ?", d.Subject).Scan(&found).Error; err != nil {
			return err
		}
		to, err := membersOf(tx, people, []kernel.ID{found.EnterpriseID})
		if err != nil {
			return err
		}
		return tell(tx, d, to, notify.Notification{Kind: openings.Drawn, Link: "/agreements/" + string(found.ID), Params: map[string]string{"number": found.Number, "place": fmt.Sprint(found.Place)}})
	}
}

// claimChanged tells whose turn a claim's new state makes it, and the enterprise
// of everything that concerns its money. A message may be about many claims that
// moved together.
func claimChanged(people People) queue.Handler {
	return func(tx *database.Tx, d queue.Delivery) error {
		var e claims.Event
		if err := d.Into(&e); err != nil {
			return err
		}
		ids := e.Claims
		if len(ids) == 0 {
			ids = []kernel.ID{d.Subject}
		}
		var all []subsidies.Claim
		if err := tx.Where("id IN ?", ids).Order("id").Find(&all).Error; err != nil {
			return err
		}
		if len(all) != len(ids) {
			return fmt.Errorf("%d of %d claims are known, first asked for %s", len(all), len(ids), ids[0])
		}
		known := &acquainted{People: people}
		for _, c := range all {
			to, err := claimReaders(tx, known, c, e.State)
			if err != nil {
				return err
			}
			if err := tell(tx, d, to, notify.Notification{Kind: "claim." + string(e.State), Link: "/claims/" + string(c.ID), Params: map[string]string{"number": c.Number, "amount_fen": fmt.Sprint(int64(c.Legs.Subsidy))}}); err != nil {
				return err
			}
		}
		return nil
	}
}

// acquainted asks for the members of an organisation once.
type acquainted struct {
	People
	members map[kernel.ID][]kernel.ID
}

func (a *acquainted) MembersOf(tx *database.Tx, org kernel.ID) ([]kernel.ID, error) {
	if known, ok := a.members[org]; ok {
		return known, nil
	}
	all, err := a.People.MembersOf(tx, org)
	if err != nil {
		return nil, err
	}
	if a.members == nil {
		a.members = map[kernel.ID][]kernel.ID{}
	}
	a.members[org] = all
	return all, nil
}

func claimReaders(tx *database.Tx, people People, c subsidies.Claim, state subsidies.ClaimState) ([]kernel.ID, error) {
	switch state {
	case subsidies.ClaimSubmitted, subsidies.ClaimDraft:
		return nil, nil
	case subsidies.ClaimChecked:
		return membersOf(tx, people, []kernel.ID{c.ProviderID})
	case subsidies.ClaimProviderConfirmed:
		return people.Officers(tx, kernel.RoleDistrictOfficer, c.District)
	case subsidies.ClaimDistrictApproved, subsidies.ClaimObjected:
		return people.Officers(tx, kernel.RoleCityOfficer, "")
	case subsidies.ClaimPaid, subsidies.ClaimRefused, subsidies.ClaimWithdrawn:
		return membersOf(tx, people, []kernel.ID{c.EnterpriseID, c.ProviderID})
	default:
		return membersOf(tx, people, []kernel.ID{c.EnterpriseID})
	}
}

func membersOf(tx *database.Tx, people People, orgs []kernel.ID) ([]kernel.ID, error) {
	var all []kernel.ID
	for _, org := range orgs {
		some, err := people.MembersOf(tx, org)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
