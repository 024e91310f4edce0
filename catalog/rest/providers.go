package rest

import (
	"context"
	"net/http"

	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// ProviderPage is a provider with what it sells.
type ProviderPage struct {
	offers.ProviderBrief
	Categories []offers.FacetValue `json:"categories" doc:"有在架服务的类别 · the categories it sells in"`
	Items      []offers.OfferBrief `json:"items" doc:"在架服务，新的在前，至多 100 项；其余用 /offers?provider= · what it sells, newest first, at most 100"`
}

type providerList struct {
	api.Page
	Q        string `query:"q" maxLength:"100" doc:"名称的一部分 · part of a name"`
	Category string `query:"category" maxLength:"40"`
}

func (r *Room) providers(desk *api.Desk) {
	tags := []string{"catalogue"}
	api.Route(desk, api.Op{
		ID: "list-providers", Method: http.MethodGet, Path: "/api/v1/providers", Tags: tags, Access: api.Public,
		Summary: kernel.T("在库服务商", "Admitted providers"),
	}, func(ctx context.Context, in *providerList) (*body[api.List[offers.ProviderBrief]], error) {
		return answer(r.listProviders(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-provider", Method: http.MethodGet, Path: "/api/v1/providers/{id}", Tags: tags, Access: api.Public, Errors: notFound,
		Summary: kernel.T("一家服务商及其在售服务", "A provider and what it sells"),
	}, func(ctx context.Context, in *idPath) (*body[ProviderPage], error) {
		return answer(r.provider(ctx, in.ID))
	})
}

func (r *Room) listProviders(ctx context.Context, in *providerList) (out api.List[offers.ProviderBrief], err error) {
	after, _, err := api.PositionOf[kernel.ID](in.Page)
	if err != nil {
		return out, err
	}
	if in.Category != "" && !knownCategory(in.Category) {
		return out, (&offerSearch{Category: in.Category}).check()
	}
	rows, err := r.Shelf.Providers(ctx, offers.ProviderFilter{Text: in.Q, Category: in.Category, After: after, Limit: in.PageSize + 1})
	if err != nil {
		return out, err
	}
	out.Items, out.NextCursor, err = pageByID(rows, in.PageSize, func(p offers.ProviderBrief) kernel.ID { return p.ID })
	return out, err
}

func (r *Room) provider(ctx context.Context, id kernel.ID) (ProviderPage, error) {
	p, err := r.Shelf.Provider(ctx, id)
	if err != nil {
		return ProviderPage{}, err
	}
	found, err := r.Shelf.Find(ctx, offers.Query{Provider: id, Sort: "newest", Limit: 100})
	return ProviderPage{ProviderBrief: p, Categories: found.Facets.Category, Items: found.Items}, err
}
