package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

// ClaimView is a claim as a party sees it in a list.
type ClaimView struct {
	subsidies.Claim
	Enterprise      Party                `json:"enterprise"`
	Provider        Party                `json:"provider"`
	AgreementNumber string               `json:"agreement_number"`
	Offer           kernel.Text          `json:"offer"`
	Acts            []subsidies.ClaimAct `json:"acts" doc:"您现在可进行的操作 · what you may do now"`
	Handled         bool                 `json:"handled" doc:"您已在另一环节经手，须由他人办理 · you have had another part in it, so someone else must act"`
}

// ClaimPage is a claim with everything that belongs to it.
type ClaimPage struct {
	ClaimView
	Invoices []subsidies.Invoice      `json:"invoices"`
	Payments []subsidies.Payment      `json:"payments"`
	Evidence []EvidenceView           `json:"evidence"`
	Required []subsidies.EvidenceKind `json:"required_evidence"`
	Checks   []claims.Finding         `json:"checks"`
	Timeline []record.Step            `json:"timeline"`
	Quote    *Quote                   `json:"quote,omitempty"`
	Reserved subsidies.Legs           `json:"reserved" doc:"协议占用的额度 · what the agreement reserved"`
}

type claimList struct {
	api.Page
	State  subsidies.ClaimState `query:"state" enum:"draft,submitted,checked,provider_confirmed,district_approved,city_approved,noticed,objected,approved,batched,paid,returned,refused,withdrawn"`
	Mine   bool                 `query:"mine" doc:"只看待我办理 · only those waiting for me"`
	Policy string               `query:"policy" maxLength:"60"`
}

func (r *Room) claimPages(desk *api.Desk) {
	tags := []string{"claims"}
	api.Route(desk, api.Op{
		ID: "list-claims", Method: http.MethodGet, Path: "/api/v1/claims", Tags: tags, Access: api.Only(parties...),
		Summary: kernel.T("我能看到的兑付申请；待办（mine）以等待最久的在前，其余以最近变动的在前", "The claims you may see; those waiting for you (mine) the longest waiting first, others the latest moved"),
	}, func(ctx context.Context, in *claimList) (*body[api.List[ClaimView]], error) {
		return answer(r.listClaims(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-claim", Method: http.MethodGet, Path: "/api/v1/claims/{id}", Tags: tags, Access: api.Only(parties...), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一份兑付申请：材料、核验、时间线与计算过程", "One claim: evidence, checks, timeline and trace"),
	}, func(ctx context.Context, in *idPath) (*body[ClaimPage], error) {
		return answer(r.claimPage(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "list-reasons", Method: http.MethodGet, Path: "/api/v1/claims/reasons", Tags: tags, Access: api.Public,
		Summary: kernel.T("退回与不予通过的原因代码", "Coded reasons for returns and refusals"),
	}, func(context.Context, *struct{}) (*body[api.List[subsidies.Reason]], error) {
		return &body[api.List[subsidies.Reason]]{Body: api.List[subsidies.Reason]{Items: subsidies.Reasons()}}, nil
	})
}

func (r *Room) listClaims(ctx context.Context, in *claimList) (api.List[ClaimView], error) {
	var out api.List[ClaimView]
	f := claims.Filter{Mine: in.Mine, Policy: in.Policy, Limit: in.PageSize + 1}
	if in.State != "" {
		f.States = []subsidies.ClaimState{in.State}
	}
	after, ok, err := api.PositionOf[claims.Cursor](in.Page)
	if err != nil {
		return out, err
	}
	if ok {
		f.After = &after
	}
	rows, err := r.Claims.List(ctx, actor(ctx), f)
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		last := rows[len(rows)-1]
		if out.NextCursor, err = api.CursorAt(claims.Cursor{Since: last.Since, ID: last.ID}); err != nil {
			return out, err
		}
	}
	out.Items, err = r.claimViews(ctx, rows)
	return out, err
}

// claimViews adds names, the offer and what the actor may do, in a fixed number
// of queries however long the page is.
func (r *Room) claimViews(ctx context.Context, rows []subsidies.Claim) ([]ClaimView, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	firms, ids, signed := make([]kernel.ID, 0, 2*len(rows)), make([]kernel.ID, len(rows)), make([]kernel.ID, len(rows))
	for i, c := range rows {
		firms = append(firms, c.EnterpriseID, c.ProviderID)
		ids[i], signed[i] = c.ID, c.AgreementID
	}
	names, err := r.names(ctx, firms)
	if err != nil {
		return nil, err
	}
	agreed, err := r.Agreements.ByIDs(ctx, signed)
	if err != nil {
		return nil, err
	}
	who := actor(ctx)
	handled, err := record.HandedBy(ctx, r.DB.Read(ctx), who.Person, ids, partOf(who.Role))
	views := make([]ClaimView, len(rows))
	for i, c := range rows {
		a := agreed[c.AgreementID]
		views[i] = ClaimView{
			Claim: c, Enterprise: names[c.EnterpriseID], Provider: names[c.ProviderID], AgreementNumber: a.Number,
			Offer: kernel.Text{ZH: a.OfferNameZH, EN: a.OfferNameEN}, Acts: subsidies.ClaimMachine.Allowed(c.State, who.Role), Handled: handled[c.ID],
		}
	}
	return views, err
}

func (r *Room) claimPage(ctx context.Context, id kernel.ID) (ClaimPage, error) {
	s, err := r.Claims.Sheet(ctx, actor(ctx), id)
	if err != nil {
		return ClaimPage{}, err
	}
	views, err := r.claimViews(ctx, []subsidies.Claim{s.Claim})
	if err != nil {
		return ClaimPage{}, err
	}
	page := ClaimPage{ClaimView: views[0], Invoices: s.Invoices, Payments: s.Payments, Checks: s.Checks}
	if page.Evidence, err = r.evidenceViews(ctx, s.Evidence); err != nil {
		return page, err
	}
	if page.Timeline, err = record.Steps(ctx, r.DB, id); err != nil {
		return page, err
	}
	if page.Quote, err = r.explained(ctx, id); err != nil {
		return page, err
	}
	agreed, err := r.Agreements.ByIDs(ctx, []kernel.ID{s.Claim.AgreementID})
	if err != nil {
		return page, err
	}
	page.Reserved = agreed[s.Claim.AgreementID].Legs
	policy, err := r.Policies.Version(ctx, s.Claim.PolicyCode, s.Claim.PolicyVersion)
	if err != nil {
		return page, err
	}
	for _, kind := range policy.Document().Evidence {
		page.Required = append(page.Required, subsidies.EvidenceKind(kind))
	}
	return page, nil
}

// partOf is the part that a role plays in a claim.
func partOf(role kernel.Role) subsidies.Part {
	return map[kernel.Role]subsidies.Part{
		kernel.RoleEnterprise: subsidies.PartClaimant, kernel.RoleProvider: subsidies.PartProvider, kernel.RoleDistrictOfficer: subsidies.PartDistrict,
		kernel.RoleCityOfficer: subsidies.PartCity, kernel.RoleAuditor: subsidies.PartAuditor, kernel.RoleFinance: subsidies.PartPayer,
	}[role]
}
