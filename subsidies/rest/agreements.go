package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/record"
)

// AgreementView is an agreement as a party sees it.
type AgreementView struct {
	subsidies.Agreement
	Enterprise Party                    `json:"enterprise"`
	Provider   Party                    `json:"provider"`
	Acts       []subsidies.AgreementAct `json:"acts" doc:"您现在可进行的操作 · what you may do now"`
}

// AgreementPage is an agreement with its timeline and computation.
type AgreementPage struct {
	AgreementView
	Timeline []record.Step `json:"timeline"`
	Quote    *Quote        `json:"quote,omitempty" doc:"最近一次测算 · the newest computation"`
	ClaimID  kernel.ID     `json:"claim_id,omitempty" doc:"进行中的申请 · the living claim"`

	Standing *openings.PlaceInLine `json:"standing,omitempty" doc:"在额度分配次序中的位置 · where it stands in the order of allotment"`
}

// DraftAgreement asks for an agreement from a proposal or a plan.
type DraftAgreement struct {
	Policy     string      `json:"policy" minLength:"1" maxLength:"60"`
	ProposalID kernel.ID   `json:"proposal_id,omitempty" maxLength:"36"`
	OfferID    kernel.ID   `json:"offer_id,omitempty" maxLength:"36"`
	PlanID     kernel.ID   `json:"plan_id,omitempty" maxLength:"36"`
	Quantity   int64       `json:"quantity,omitempty" minimum:"0" maximum:"100000"`
	StartsOn   kernel.Date `json:"starts_on" maxLength:"10"`
	EndsOn     kernel.Date `json:"ends_on" maxLength:"10"`
}

// ActOn is the body of an act: the version that was seen, and why.
type ActOn struct {
	Version int64  `json:"version,omitempty" minimum:"0" doc:"您看到的版本；不符则拒绝 · the version you saw; refused when it has moved on"`
	Note    string `json:"note,omitempty" maxLength:"2000"`
}

type agreementAct struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body ActOn
}

func (r *Room) agreementPages(desk *api.Desk) {
	tags := []string{"agreements"}
	api.Route(desk, api.Op{
		ID: "draft-agreement", Method: http.MethodPost, Path: "/api/v1/agreements", Tags: tags, Access: api.Only(kernel.RoleEnterprise), Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("起草服务协议", "Draft an agreement"),
	}, func(ctx context.Context, in *struct{ Body DraftAgreement }) (*body[AgreementPage], error) {
		b := in.Body
		a, err := r.Agreements.Draft(ctx, actor(ctx), agreements.Draft{Policy: b.Policy, Proposal: b.ProposalID, Offer: b.OfferID, Plan: b.PlanID, Quantity: b.Quantity, StartsOn: b.StartsOn, EndsOn: b.EndsOn})
		return r.agreementAfter(ctx, a, err)
	})
	api.Route(desk, api.Op{
		ID: "list-agreements", Method: http.MethodGet, Path: "/api/v1/agreements", Tags: tags, Access: api.Only(parties...),
		Summary: kernel.T("我能看到的服务协议", "The agreements you may see"),
	}, func(ctx context.Context, in *agreementList) (*body[api.List[AgreementView]], error) {
		return answer(r.listAgreements(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-agreement", Method: http.MethodGet, Path: "/api/v1/agreements/{id}", Tags: tags, Access: api.Only(parties...), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一份服务协议", "One agreement"),
	}, func(ctx context.Context, in *idPath) (*body[AgreementPage], error) {
		a, err := r.Agreements.Get(ctx, actor(ctx), in.ID)
		return r.agreementAfter(ctx, a, err)
	})
	act := func(id, path string, who api.Access, summary kernel.Text, do func(context.Context, *agreementAct) (subsidies.Agreement, error)) {
		api.Route(desk, api.Op{
			ID: id, Method: http.MethodPost, Path: "/api/v1/agreements/{id}/" + path, Tags: tags, Access: who,
			Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}, Summary: summary,
		}, func(ctx context.Context, in *agreementAct) (*body[AgreementPage], error) {
			a, err := do(ctx, in)
			return r.agreementAfter(ctx, a, err)
		})
	}
	act("confirm-agreement", "confirm", api.Only(kernel.RoleProvider, kernel.RoleEnterprise), kernel.T("确认协议", "Confirm"), func(ctx context.Context, in *agreementAct) (subsidies.Agreement, error) {
		return r.Agreements.Confirm(ctx, in.ID, in.Body.Version)
	})
	act("decline-agreement", "decline", api.Only(kernel.RoleProvider, kernel.RoleDistrictOfficer), kernel.T("不予确认", "Decline"), func(ctx context.Context, in *agreementAct) (subsidies.Agreement, error) {
		return r.Agreements.Decline(ctx, in.ID, in.Body.Version, record.Reason{Note: in.Body.Note})
	})
	act("accept-agreement", "accept", api.Only(kernel.RoleDistrictOfficer), kernel.T("受理并占用额度", "Accept: the budget is reserved there and then"), func(ctx context.Context, in *agreementAct) (subsidies.Agreement, error) {
		return r.Agreements.Accept(ctx, in.ID, in.Body.Version)
	})
	act("withdraw-agreement", "withdraw", api.Only(kernel.RoleEnterprise), kernel.T("撤回", "Withdraw; what was reserved is released"), func(ctx context.Context, in *agreementAct) (subsidies.Agreement, error) {
		return r.Agreements.Withdraw(ctx, in.ID, in.Body.Version, record.Reason{Note: in.Body.Note})
	})
}

type agreementList struct {
	api.Page
	State subsidies.AgreementState `query:"state" enum:"drafted,provider_confirmed,enterprise_confirmed,waiting,accepted,completed,declined,withdrawn,lapsed"`
	Mine  bool                     `query:"mine" doc:"只看待我办理 · only those waiting for me"`
}

func (r *Room) listAgreements(ctx context.Context, in *agreementList) (api.List[AgreementView], error) {
	var out api.List[AgreementView]
	after, _, err := api.PositionOf[agreements.Cursor](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Agreements.List(ctx, actor(ctx), agreements.Filter{State: in.State, Mine: in.Mine, After: after, Limit: in.PageSize + 1})
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		last := rows[len(rows)-1]
		if out.NextCursor, err = api.CursorAt(agreements.Cursor{Since: last.Since, ID: last.ID}); err != nil {
			return out, err
		}
	}
	out.Items, err = r.agreementViews(ctx, rows)
	return out, err
}

func (r *Room) agreementViews(ctx context.Context, rows []subsidies.Agreement) ([]AgreementView, error) {
	ids := make([]kernel.ID, 0, 2*len(rows))
	for _, a := range rows {
		ids = append(ids, a.EnterpriseID, a.ProviderID)
	}
	names, err := r.names(ctx, ids)
	views := make([]AgreementView, len(rows))
	for i, a := range rows {
		views[i] = AgreementView{Agreement: a, Enterprise: names[a.EnterpriseID], Provider: names[a.ProviderID], Acts: subsidies.AgreementMachine.Allowed(a.State, actor(ctx).Role)}
	}
	return views, err
}

func (r *Room) agreementAfter(ctx context.Context, a subsidies.Agreement, err error) (*body[AgreementPage], error) {
	if err != nil {
		return nil, err
	}
	views, err := r.agreementViews(ctx, []subsidies.Agreement{a})
	if err != nil {
		return nil, err
	}
	page := AgreementPage{AgreementView: views[0]}
	if page.Timeline, err = record.Steps(ctx, r.DB, a.ID); err != nil {
		return nil, err
	}
	if page.Quote, err = r.explained(ctx, a.ID); err != nil {
		return nil, err
	}
	if page.Standing, err = r.Openings.StandingOf(ctx, a); err != nil {
		return nil, err
	}
	page.ClaimID, err = r.Claims.Living(ctx, actor(ctx), a.ID)
	return answer(page, err)
}

// explained shows the newest computation of an agreement or claim; its legs are
// those that were granted.
func (r *Room) explained(ctx context.Context, id kernel.ID) (*Quote, error) {
	c, err := record.Explanation(ctx, r.DB, id)
	if e := kernel.AsError(err); e != nil && e.Kind == kernel.KindNotFound {
		return nil, nil //nolint:nilnil // no computation yet is no fault
	}
	if err != nil {
		return nil, err
	}
	policy, err := r.Policies.Version(ctx, c.Result.Policy, c.Result.Version)
	if err != nil {
		return nil, err
	}
	c.Result.Legs = c.Legs
	q := NewQuote(c.Result, policy.Document().Title)
	return &q, nil
}
