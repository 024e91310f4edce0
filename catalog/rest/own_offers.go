package rest

import (
	"context"
	"net/http"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// EditOffer is a changed offer with the version that was seen.
type EditOffer struct {
	offers.OfferDraft
	Version int64 `json:"version" minimum:"1" doc:"您看到的版本；不符则拒绝 · the version you saw; refused when it has moved on"`
}

// MoveOffer lists or withdraws an offer.
type MoveOffer struct {
	Version int64 `json:"version,omitempty" minimum:"0" doc:"您看到的版本 · the version you saw"`
}

type ownOfferList struct {
	api.Page
	Status string `query:"status" enum:"draft,listed,withdrawn"`
}

type moveOffer struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body MoveOffer
}

func (r *Room) ownOffers(desk *api.Desk) {
	tags := []string{"offers"}
	api.Route(desk, api.Op{
		ID: "list-own-offers", Method: http.MethodGet, Path: "/api/v1/my/offers", Tags: tags, Access: onlyProvider,
		Summary: kernel.T("本单位的服务，含草稿与已下架", "Your offers, drafts and withdrawn ones included"),
	}, func(ctx context.Context, in *ownOfferList) (*body[api.List[catalog.Offer]], error) {
		return answer(r.listOwnOffers(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "create-offer", Method: http.MethodPost, Path: "/api/v1/offers", Tags: tags, Access: onlyProvider, Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("新建服务（草稿）", "Create an offer, as a draft"),
	}, func(ctx context.Context, in *struct{ Body offers.OfferDraft }) (*body[OfferPage], error) {
		id, err := r.Offers.Create(ctx, in.Body)
		return r.offerAfter(ctx, id, err)
	})
	api.Route(desk, api.Op{
		ID: "edit-offer", Method: http.MethodPut, Path: "/api/v1/offers/{id}", Tags: tags, Access: onlyProvider, Errors: refusals,
		Summary: kernel.T("修改服务；目录价变动记入历史", "Change an offer; a price that moves is added to the history"),
		About:   kernel.T("未列出的规格停售；带 id 的规格为修改，不带的为新增", "Plans left out are retired; those with an id are changed, those without are added"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body EditOffer
	}) (*body[OfferPage], error) {
		id, err := r.Offers.Edit(ctx, in.ID, in.Body.Version, in.Body.OfferDraft)
		return r.offerAfter(ctx, id, err)
	})
	api.Route(desk, api.Op{
		ID: "list-offer", Method: http.MethodPost, Path: "/api/v1/offers/{id}/list", Tags: tags, Access: onlyProvider, Errors: refusals,
		Summary: kernel.T("上架", "Put an offer on sale"),
	}, func(ctx context.Context, in *moveOffer) (*body[OfferPage], error) {
		id, err := r.Offers.List(ctx, in.ID, in.Body.Version)
		return r.offerAfter(ctx, id, err)
	})
	api.Route(desk, api.Op{
		ID: "withdraw-offer", Method: http.MethodPost, Path: "/api/v1/offers/{id}/withdraw", Tags: tags, Access: onlyProvider, Errors: refusals,
		Summary: kernel.T("下架", "Take an offer off sale"),
	}, func(ctx context.Context, in *moveOffer) (*body[OfferPage], error) {
		id, err := r.Offers.Withdraw(ctx, in.ID, in.Body.Version)
		return r.offerAfter(ctx, id, err)
	})
}

func (r *Room) offerAfter(ctx context.Context, id kernel.ID, err error) (*body[OfferPage], error) {
	if err != nil {
		return nil, err
	}
	return answer(r.offer(ctx, id))
}

func (r *Room) listOwnOffers(ctx context.Context, in *ownOfferList) (out api.List[catalog.Offer], err error) {
	after, _, err := api.PositionOf[kernel.ID](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Offers.Mine(ctx, actor(ctx), in.Status, after, in.PageSize+1)
	if err != nil {
		return out, err
	}
	out.Items, out.NextCursor, err = pageByID(rows, in.PageSize, func(o catalog.Offer) kernel.ID { return o.ID })
	return out, err
}
