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

// DemandForm is a demand as an enterprise writes it.
type DemandForm struct {
	Title    string       `json:"title" minLength:"2" maxLength:"100"`
	Need     string       `json:"need" minLength:"2" maxLength:"5000" doc:"用自己的话说明需要什么 · what is needed, in your own words"`
	Category string       `json:"category,omitempty" maxLength:"40"`
	Budget   *kernel.Fen  `json:"budget_fen,omitempty" minimum:"1"`
	WantedBy *kernel.Date `json:"wanted_by,omitempty"`
	Systems  []string     `json:"systems,omitempty" maxItems:"20" doc:"在用系统 · systems in use"`
}

// Asker is the enterprise behind a demand.
type Asker struct {
	ID        kernel.ID `json:"id"`
	Name      string    `json:"name"`
	NameEN    string    `json:"name_en"`
	SizeClass string    `json:"size_class"`
	Chains    []string  `json:"chains"`
}

// DemandView is a demand in a list.
type DemandView struct {
	catalog.Demand
	CategoryName kernel.Text `json:"category_name"`
	Enterprise   *Asker      `json:"enterprise,omitempty" doc:"未受邀的服务商不可见 · not shown to providers that were not invited"`
	Invited      bool        `json:"invited" doc:"服务商：本单位是否受邀 · provider: whether you were invited"`
	Proposed     bool        `json:"proposed" doc:"服务商：本单位是否已响应 · provider: whether you have answered"`
	Proposals    int         `json:"proposal_count" doc:"企业：已收到的方案数 · enterprise: how many answers there are"`
}

// DemandPage is a demand with what has been done about it.
type DemandPage struct {
	DemandView
	Invitations []offers.ProviderName `json:"invitations" doc:"企业：已邀请的服务商 · enterprise: whom you have invited"`
	Answers     []ProposalView        `json:"proposals" doc:"企业可见全部，服务商仅见自己的 · all to the enterprise, its own to a provider"`
	Acts        []string              `json:"acts" doc:"您现在可进行的操作：invite、close、choose、propose · what you may do now"`
}

// ProposalView is a proposal with its names.
type ProposalView struct {
	catalog.Proposal
	Provider offers.ProviderName `json:"provider"`
	Offer    kernel.Text         `json:"offer"`
	Plan     kernel.Text         `json:"plan"`
	Unit     string              `json:"unit"`
	Net      kernel.Fen          `json:"net_fen" doc:"优惠后的合计 · what remains after the discount"`
	Expired  bool                `json:"expired"`
}

// MatchedOffer is an offer with its points and their reasons.
type MatchedOffer struct {
	Offer   offers.OfferBrief      `json:"offer"`
	Points  int64                  `json:"points"`
	Reasons []matching.MatchReason `json:"reasons"`
}

// MatchedProvider is a provider ranked by its best offer.
type MatchedProvider struct {
	Provider offers.ProviderName    `json:"provider"`
	Points   int64                  `json:"points"`
	Best     kernel.ID              `json:"best_offer_id"`
	Reasons  []matching.MatchReason `json:"reasons"`
	Offers   int                    `json:"offers" doc:"入围的服务数 · how many of its offers were ranked"`
	Invited  bool                   `json:"invited"`
}

// MatchPage is a ranking and the rules it was made by.
type MatchPage struct {
	Offers    []MatchedOffer         `json:"offers"`
	Providers []MatchedProvider      `json:"providers"`
	Weights   []matching.MatchWeight `json:"weights" doc:"计分规则；同分按需求与服务编号的摘要排序，不偏向任何服务商 · the rules; equals are ordered by a digest of demand and offer, which favours nobody"`
}

type demandList struct {
	api.Page
	Status  string `query:"status" enum:"open,chosen,closed"`
	Invited bool   `query:"invited" doc:"服务商：只看受邀的 · provider: only those you were invited to"`
}

func (r *Room) demandPages(desk *api.Desk) {
	tags := []string{"demands"}
	api.Route(desk, api.Op{
		ID: "list-demands", Method: http.MethodGet, Path: "/api/v1/demands", Tags: tags, Access: bothSides,
		Summary: kernel.T("企业：本企业的需求；服务商：可响应的需求", "Enterprise: your demands; provider: those you can answer"),
	}, func(ctx context.Context, in *demandList) (*body[api.List[DemandView]], error) {
		return answer(r.listDemands(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-demand", Method: http.MethodGet, Path: "/api/v1/demands/{id}", Tags: tags, Access: bothSides, Errors: notFound,
		Summary: kernel.T("一项需求及其方案", "A demand and its proposals"),
	}, func(ctx context.Context, in *idPath) (*body[DemandPage], error) {
		return answer(r.demand(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "match-demand", Method: http.MethodGet, Path: "/api/v1/demands/{id}/matches", Tags: tags, Access: onlyEnterprise, Errors: notFound,
		Summary: kernel.T("为需求匹配服务与服务商，并逐项说明理由", "Offers and providers ranked for a demand, each with its reasons"),
	}, func(ctx context.Context, in *idPath) (*body[MatchPage], error) {
		return answer(r.matches(ctx, in.ID))
	})
}

func (r *Room) listDemands(ctx context.Context, in *demandList) (out api.List[DemandView], err error) {
	after, _, err := api.PositionOf[kernel.ID](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Demands.List(ctx, actor(ctx), demands.Filter{Status: in.Status, Invited: in.Invited, After: after, Limit: in.PageSize + 1})
	if err != nil {
		return out, err
	}
	if rows, out.NextCursor, err = pageByID(rows, in.PageSize, func(s demands.Seen) kernel.ID { return s.Demand.ID }); err != nil {
		return out, err
	}
	out.Items, err = r.demandViews(ctx, rows)
	return out, err
}

// demandViews names what a page of demands shows, in two queries at most.
func (r *Room) demandViews(ctx context.Context, rows []demands.Seen) ([]DemandView, error) {
	var ids, firms []kernel.ID
	for _, s := range rows {
		ids = append(ids, s.Demand.ID)
		if s.Named {
			firms = append(firms, s.Demand.EnterpriseID)
		}
	}
	named := map[kernel.ID]catalog.Enterprise{}
	counts := map[kernel.ID]int{}
	var err error
	if len(firms) > 0 {
		if named, err = r.Registry.Enterprises(ctx, firms...); err != nil {
			return nil, err
		}
	}
	if actor(ctx).Role == kernel.RoleEnterprise {
		if counts, err = r.Demands.Answers(ctx, ids); err != nil {
			return nil, err
		}
	}
	out := make([]DemandView, len(rows))
	for i, s := range rows {
		category, _ := catalog.FindCategory(s.Demand.Category)
		out[i] = DemandView{Demand: s.Demand, CategoryName: category.Name, Invited: s.Invited, Proposed: s.Proposed, Proposals: counts[s.Demand.ID]}
		if firm, ok := named[s.Demand.EnterpriseID]; ok && s.Named {
			out[i].Enterprise = &Asker{ID: firm.ID, Name: firm.Name, NameEN: firm.NameEN, SizeClass: firm.SizeClass, Chains: append([]string{}, firm.Chains...)}
		}
	}
	return out, nil
}

func (r *Room) demand(ctx context.Context, id kernel.ID) (DemandPage, error) {
	who := actor(ctx)
	seen, err := r.Demands.Get(ctx, who, id)
	if err != nil {
		return DemandPage{}, err
	}
	views, err := r.demandViews(ctx, []demands.Seen{seen})
	if err != nil {
		return DemandPage{}, err
	}
	page := DemandPage{DemandView: views[0]}
	if who.Role == kernel.RoleEnterprise {
		invited, err := r.Demands.InvitedBy(ctx, id)
		if err != nil {
			return page, err
		}
		for _, p := range invited {
			page.Invitations = append(page.Invitations, r.Shelf.ProviderName(p))
		}
	}
	if page.Answers, err = r.proposalViews(ctx, id); err != nil {
		return page, err
	}
	page.Acts = acts(who.Role, page)
	return page, nil
}

func acts(role kernel.Role, page DemandPage) []string {
	switch {
	case page.Status != catalog.DemandOpen:
		return nil
	case role == kernel.RoleProvider:
		return []string{"propose"}
	case len(page.Answers) > 0:
		return []string{"invite", "close", "choose"}
	default:
		return []string{"invite", "close"}
	}
}
