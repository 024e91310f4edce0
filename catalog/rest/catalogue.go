package rest

import (
	"context"
	"net/http"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// OfferList is a page of a search with what it found counted by column.
type OfferList struct {
	api.List[offers.OfferBrief]
	Facets  offers.Facets `json:"facets"`
	Total   int           `json:"total"`
	Relaxed bool          `json:"relaxed" doc:"没有服务含全部词语，结果只含部分 · no offer had all the words; these have some"`
}

// PlanPage is a plan with its list-price history.
type PlanPage struct {
	catalog.Plan
	History []catalog.PriceMark `json:"history" doc:"目录价历史，新价在前 · list prices, the newest first"`
}

// OfferPage is an offer with all a buyer asks about it.
type OfferPage struct {
	catalog.Offer
	CategoryName kernel.Text         `json:"category_name"`
	Provider     offers.ProviderName `json:"provider"`
	Plans        []PlanPage          `json:"plans"`
	Similar      []offers.OfferBrief `json:"similar" doc:"同类别的相近服务 · similar ones of the category"`
}

type offerSearch struct {
	api.Page
	Q        string     `query:"q" maxLength:"200" doc:"关键词 · words"`
	Category string     `query:"category" maxLength:"40" doc:"类别代码，含其下级 · a category with all below it"`
	Depth    string     `query:"depth" enum:"resource,business,capability,ecosystem"`
	Provider kernel.ID  `query:"provider" maxLength:"36"`
	Chain    string     `query:"chain" maxLength:"60" doc:"产业链代码 · key of an industrial chain"`
	Size     string     `query:"size" enum:"micro,small,medium,large"`
	PriceMax kernel.Fen `query:"price_max_fen" minimum:"0" doc:"0 为不限 · 0: no limit"`
	Sort     string     `query:"sort" enum:"relevance,price,-price,newest" default:"relevance" doc:"无关键词时 relevance 即 newest · without words, relevance means newest"`
}

const similarOffers = 6

func (r *Room) catalogue(desk *api.Desk) {
	tags := []string{"catalogue"}
	api.Route(desk, api.Op{
		ID: "list-offers", Method: http.MethodGet, Path: "/api/v1/offers", Tags: tags, Access: api.Public,
		Summary: kernel.T("查找在售服务", "Find offers"),
	}, func(ctx context.Context, in *offerSearch) (*body[OfferList], error) {
		return answer(r.search(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-offer", Method: http.MethodGet, Path: "/api/v1/offers/{id}", Tags: tags, Access: api.Public, Errors: notFound,
		Summary: kernel.T("一项服务：规格、目录价历史与相近服务", "An offer: its plans, list-price history and similar ones"),
		About:   kernel.T("未上架的服务只有其服务商可见", "One that is not listed is shown to its provider only"),
	}, func(ctx context.Context, in *idPath) (*body[OfferPage], error) {
		return answer(r.offer(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "list-categories", Method: http.MethodGet, Path: "/api/v1/categories", Tags: tags, Access: api.Public,
		Summary: kernel.T("服务类别与在架数量", "The categories and how many offers each has"),
	}, func(ctx context.Context, _ *struct{}) (*body[api.List[offers.CategoryNode]], error) {
		nodes, err := r.Shelf.Categories(ctx)
		return answer(api.List[offers.CategoryNode]{Items: nodes}, err)
	})
}

func (in *offerSearch) check() error {
	var f kernel.Faults
	f.Check(in.Category == "" || knownCategory(in.Category), "category", "category.unknown", kernel.T("没有这个服务类别", "No such category"))
	f.Check(in.Chain == "" || offers.ChainName(in.Chain).ZH != "", "chain", "chain.unknown", kernel.T("没有这条产业链", "No such industrial chain"))
	return f.Err()
}

func knownCategory(code string) bool {
	_, ok := catalog.FindCategory(code)
	return ok
}

func (r *Room) search(ctx context.Context, in *offerSearch) (OfferList, error) {
	if err := in.check(); err != nil {
		return OfferList{}, err
	}
	q := offers.Query{
		Text: in.Q, Category: in.Category, Depth: in.Depth, Provider: in.Provider, Chain: in.Chain, Size: in.Size,
		Sort: in.Sort, Limit: in.PageSize, After: in.Cursor,
	}
	if in.PriceMax > 0 {
		q.PriceMax = &in.PriceMax
	}
	found, err := r.Shelf.Find(ctx, q)
	if err != nil {
		return OfferList{}, err
	}
	return OfferList{
		List:   api.List[offers.OfferBrief]{Items: found.Items, NextCursor: found.Next},
		Facets: found.Facets, Total: found.Total, Relaxed: found.Relaxed,
	}, nil
}

func (r *Room) offer(ctx context.Context, id kernel.ID) (OfferPage, error) {
	full, err := r.Offers.Get(ctx, actor(ctx), id)
	if err != nil {
		return OfferPage{}, err
	}
	named, _ := catalog.FindCategory(full.Offer.Category)
	page := OfferPage{Offer: full.Offer, CategoryName: named.Name, Provider: r.Shelf.ProviderName(full.Offer.ProviderID)}
	for _, p := range full.Plans {
		page.Plans = append(page.Plans, PlanPage{Plan: p, History: full.Marks[p.ID]})
	}
	page.Similar, err = r.Shelf.Similar(ctx, full.Offer, similarOffers)
	return page, err
}
