package notices

import (
	"context"
	"slices"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Filter selects notices: the open ones, the others (closed), or all.
type Filter struct {
	State State // Open, Closed or "" for all
	After kernel.ID
	Limit int
}

// List returns notices, the newest first. Everybody may.
func (d *Desk) List(ctx context.Context, f Filter) ([]Notice, error) {
	today := d.today()
	q := d.DB.Read(ctx).Order("id DESC").Limit(min(max(f.Limit, 1), 101))
	switch f.State {
	case Open:
		q = q.Where("state = ? AND closes_on >= ?", Open, today)
	case Closed, Closing:
		q = q.Where("state = ? OR closes_on < ?", Closed, today)
	}
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	var out []Notice
	err := q.Find(&out).Error
	return out, err
}

// Entry is one claim on a notice as the law lets everybody see it 公示内容: no
// person's name, no telephone, no account, no document.
type Entry struct {
	ClaimID      kernel.ID      `json:"claim_id"`
	ClaimNumber  string         `json:"claim_number"`
	State        ItemState      `json:"state"`
	Enterprise   string         `json:"enterprise"`
	EnterpriseEN string         `json:"enterprise_en"`
	CreditCode   string         `json:"credit_code"`
	District     string         `json:"district"`
	Provider     string         `json:"provider"`
	ProviderEN   string         `json:"provider_en"`
	Offer        kernel.Text    `json:"offer"`
	PolicyCode   string         `json:"policy_code"`
	PolicyTitle  kernel.Text    `json:"policy_title"`
	Clauses      []string       `json:"clauses"` // those that set the rates
	Legs         subsidies.Legs `json:"legs"`
}

// Get returns a notice with its entries. Everybody may.
func (d *Desk) Get(ctx context.Context, id kernel.ID) (Notice, []Entry, error) {
	db := d.DB.Read(ctx)
	var n Notice
	if err := db.Where("id = ?", id).Take(&n).Error; err != nil {
		return n, nil, database.Found(err, notFound())
	}
	var rows []subsidies.Claim
	if err := db.Where("notice_id = ?", id).Order("number").Limit(MaxItems).Find(&rows).Error; err != nil {
		return n, nil, err
	}
	entries, err := d.entries(ctx, rows)
	return n, entries, err
}

func (d *Desk) entries(ctx context.Context, rows []subsidies.Claim) ([]Entry, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	firmIDs, signed := make([]kernel.ID, 0, 2*len(rows)), make([]kernel.ID, len(rows))
	for i, c := range rows {
		firmIDs = append(firmIDs, c.EnterpriseID, c.ProviderID)
		signed[i] = c.AgreementID
	}
	firms, err := d.Registry.Firms(ctx, firmIDs...)
	if err != nil {
		return nil, err
	}
	var agreed []subsidies.Agreement
	if err := d.DB.Read(ctx).Select("id, offer_name_zh, offer_name_en").Where("id IN ?", signed).Find(&agreed).Error; err != nil {
		return nil, err
	}
	offers := make(map[kernel.ID]kernel.Text, len(agreed))
	for _, a := range agreed {
		offers[a.ID] = kernel.Text{ZH: a.OfferNameZH, EN: a.OfferNameEN}
	}
	out := make([]Entry, len(rows))
	for i, c := range rows {
		e := Entry{ClaimID: c.ID, ClaimNumber: c.Number, State: shown(c.State), District: c.District, Offer: offers[c.AgreementID], PolicyCode: c.PolicyCode, Legs: c.Legs}
		firm, provider := firms[c.EnterpriseID], firms[c.ProviderID]
		e.Enterprise, e.EnterpriseEN, e.CreditCode = PublicName(firm), PublicNameEN(firm), PublicCode(firm.CreditCode)
		e.Provider, e.ProviderEN = PublicName(provider), PublicNameEN(provider)
		policy, err := d.Policies.Version(ctx, c.PolicyCode, c.PolicyVersion)
		if err != nil {
			return nil, err
		}
		doc := policy.Document()
		e.PolicyTitle = doc.Title
		for _, rate := range doc.Rates {
			if !slices.Contains(e.Clauses, rate.Clause) {
				e.Clauses = append(e.Clauses, rate.Clause)
			}
		}
		out[i] = e
	}
	return out, nil
}

// shown is what a claim's state means on its notice.
func shown(s subsidies.ClaimState) ItemState {
	switch s {
	case subsidies.ClaimNoticed:
		return ItemOpen
	case subsidies.ClaimObjected:
		return ItemObjected
	case subsidies.ClaimRefused:
		return ItemRefused
	default:
		return ItemApproved
	}
}

// Left is how long one may still object: days and working days after today, and
// both 0 on the last day. It is negative when the period is over.
func (d *Desk) Left(n Notice) (days, workdays int) {
	today := d.today()
	return int(n.ClosesOn.Start().Sub(today.Start()).Hours() / 24), d.Calendar.WorkdaysBetween(today, n.ClosesOn)
}

// Objections lists objections for the city officer and the auditor, the oldest
// first; state "" means all.
func (d *Desk) Objections(ctx context.Context, who kernel.Actor, state ObjectionState, after kernel.ID, limit int) ([]Objection, error) {
	if err := who.Require(kernel.RoleCityOfficer, kernel.RoleAuditor); err != nil {
		return nil, err
	}
	q := d.DB.Read(ctx).Where("id > ?", after).Order("id").Limit(min(max(limit, 1), 101))
	if state != "" {
		q = q.Where("state = ?", state)
	}
	var out []Objection
	err := q.Find(&out).Error
	return out, err
}

func (d *Desk) today() kernel.Date { return kernel.DayOf(d.DB.Clock().Now()) }

// ByIDs returns notices by ID.
func (d *Desk) ByIDs(ctx context.Context, ids []kernel.ID) (map[kernel.ID]Notice, error) {
	var rows []Notice
	err := d.DB.Read(ctx).Where("id IN ?", ids).Find(&rows).Error
	out := make(map[kernel.ID]Notice, len(rows))
	for _, n := range rows {
		out[n.ID] = n
	}
	return out, err
}
