package rest

import (
	"context"
	"net/http"

	"yunhui/catalog"
	"yunhui/catalog/demands"
	"yunhui/catalog/matching"
	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// InviteForm names the providers to ask.
type InviteForm struct {
	Providers []kernel.ID `json:"providers" minItems:"1" maxItems:"10"`
}

// CloseForm says why a demand ends without a choice.
type CloseForm struct {
	Reason string `json:"reason" minLength:"2" maxLength:"500"`
}

// ProposalForm is a proposal as a provider writes it.
type ProposalForm struct {
	Offer      kernel.ID   `json:"offer_id" maxLength:"36"`
	Plan       kernel.ID   `json:"plan_id" maxLength:"36"`
	Quantity   int64       `json:"quantity" minimum:"1" maximum:"100000"`
	Discount   kernel.Fen  `json:"discount_fen,omitempty" minimum:"0" doc:"整个数量的优惠合计 · on the whole quantity"`
	Message    string      `json:"message,omitempty" maxLength:"2000"`
	ValidUntil kernel.Date `json:"valid_until"`
}

// ChooseForm names the version of the proposal that was seen.
type ChooseForm struct {
	Version int64 `json:"version" minimum:"1" doc:"您看到的方案版本；服务商已修改则拒绝 · the version you saw; refused when it was revised meanwhile"`
}

func (r *Room) demandActs(desk *api.Desk) {
	op := func(id, path string, access api.Access, summary kernel.Text) api.Op {
		return api.Op{ID: id, Method: http.MethodPost, Path: path, Tags: []string{"demands"}, Access: access, Errors: refusals, Summary: summary}
	}
	post := op("post-demand", "/api/v1/demands", onlyEnterprise, kernel.T("发布需求", "Post a demand"))
	post.Status = http.StatusCreated
	api.Route(desk, post, func(ctx context.Context, in *struct{ Body DemandForm }) (*body[DemandPage], error) {
		b := in.Body
		id, err := r.Demands.Post(ctx, demands.Draft{Title: b.Title, Need: b.Need, Category: b.Category, Budget: b.Budget, WantedBy: b.WantedBy, Systems: b.Systems})
		return r.demandAfter(ctx, id, err)
	})
	api.Route(desk, op("invite-providers", "/api/v1/demands/{id}/invitations", onlyEnterprise, kernel.T("邀请服务商提交方案", "Ask providers for a proposal")),
		func(ctx context.Context, in *struct {
			ID   kernel.ID `path:"id" maxLength:"36"`
			Body InviteForm
		}) (*body[DemandPage], error) {
			id, err := r.Demands.Invite(ctx, in.ID, in.Body.Providers)
			return r.demandAfter(ctx, id, err)
		})
	api.Route(desk, op("close-demand", "/api/v1/demands/{id}/close", onlyEnterprise, kernel.T("关闭需求", "Close a demand")),
		func(ctx context.Context, in *struct {
			ID   kernel.ID `path:"id" maxLength:"36"`
			Body CloseForm
		}) (*body[DemandPage], error) {
			id, err := r.Demands.Close(ctx, in.ID, in.Body.Reason)
			return r.demandAfter(ctx, id, err)
		})
	api.Route(desk, op("propose", "/api/v1/demands/{id}/proposals", onlyProvider, kernel.T("提交或修改方案", "Send a proposal, or revise yours")),
		func(ctx context.Context, in *struct {
			ID   kernel.ID `path:"id" maxLength:"36"`
			Body ProposalForm
		}) (*body[DemandPage], error) {
			b := in.Body
			_, err := r.Demands.Propose(ctx, in.ID, demands.Answer{Offer: b.Offer, Plan: b.Plan, Quantity: b.Quantity, Discount: b.Discount, Message: b.Message, ValidUntil: b.ValidUntil})
			return r.demandAfter(ctx, in.ID, err)
		})
	api.Route(desk, op("choose-proposal", "/api/v1/proposals/{id}/choose", onlyEnterprise, kernel.T("选定方案", "Choose a proposal; the others are declined")),
		func(ctx context.Context, in *struct {
			ID   kernel.ID `path:"id" maxLength:"36"`
			Body ChooseForm
		}) (*body[DemandPage], error) {
			id, err := r.Demands.Choose(ctx, in.ID, in.Body.Version)
			return r.demandAfter(ctx, id, err)
		})
}

func (r *Room) demandAfter(ctx context.Context, id kernel.ID, err error) (*body[DemandPage], error) {
	if err != nil {
		return nil, err
	}
	return answer(r.demand(ctx, id))
}

func (r *Room) proposalViews(ctx context.Context, demand kernel.ID) ([]ProposalView, error) {
	rows, err := r.Demands.Proposals(ctx, actor(ctx), demand)
	if err != nil {
		return nil, err
	}
	plans := make([]kernel.ID, len(rows))
	for i, p := range rows {
		plans[i] = p.PlanID
	}
	named, err := offers.Named(r.Demands.DB.Read(ctx), plans)
	if err != nil {
		return nil, err
	}
	today := kernel.DayOf(r.Demands.DB.Clock().Now())
	out := make([]ProposalView, len(rows))
	for i, p := range rows {
		listed := named[p.PlanID]
		out[i] = ProposalView{
			Proposal: p, Provider: r.Shelf.ProviderName(p.ProviderID), Offer: listed.Offer, Plan: listed.Plan, Unit: listed.Unit,
			Net: p.ListPrice - p.Discount, Expired: p.Status == catalog.ProposalSent && p.ValidUntil < today,
		}
	}
	return out, nil
}

// How much of a ranking is shown.
const (
	mostMatches   = 50
	mostProviders = 20
)

func (r *Room) matches(ctx context.Context, id kernel.ID) (MatchPage, error) {
	need, ranked, err := r.Demands.Matches(ctx, actor(ctx), id)
	if err != nil {
		return MatchPage{}, err
	}
	invited, err := r.Demands.InvitedBy(ctx, id)
	if err != nil {
		return MatchPage{}, err
	}
	asked := make(map[kernel.ID]bool, len(invited))
	for _, p := range invited {
		asked[p] = true
	}
	page := MatchPage{Weights: append([]matching.MatchWeight{}, matching.Weights()...)}
	for _, m := range ranked {
		if b, ok := r.Shelf.Brief(m.Offer); ok && len(page.Offers) < mostMatches {
			page.Offers = append(page.Offers, MatchedOffer{Offer: b, Points: m.Points, Reasons: m.Reasons})
		}
	}
	for _, p := range matching.Providers(need, ranked) {
		if len(page.Providers) == mostProviders {
			break
		}
		page.Providers = append(page.Providers, MatchedProvider{
			Provider: r.Shelf.ProviderName(p.Provider), Points: p.Best.Points, Best: p.Best.Offer, Reasons: p.Best.Reasons, Offers: p.Offers, Invited: asked[p.Provider],
		})
	}
	return page, nil
}
