// Package rest offers the market over HTTP: the catalogue for everybody, offers
// for their providers, demands and proposals for the two sides.
package rest

import (
	"context"

	"yunhui/catalog"
	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// Room serves the market.
type Room struct {
	Offers   *offers.Desk
	Shelf    *offers.Shelf
	Demands  *demands.Desk
	Registry catalog.Registry
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	r.catalogue(desk)
	r.providers(desk)
	r.admissions(desk)
	r.ownOffers(desk)
	r.demandPages(desk)
	r.demandActs(desk)
}

type body[T any] struct{ Body T }

func answer[T any](v T, err error) (*body[T], error) {
	if err != nil {
		return nil, err
	}
	return &body[T]{Body: v}, nil
}

// idPath is the input of a route on one thing.
type idPath struct {
	ID kernel.ID `path:"id" maxLength:"36"`
}

func actor(ctx context.Context) kernel.Actor { return kernel.CallFrom(ctx).Actor }

var (
	onlyProvider   = api.Only(kernel.RoleProvider)
	onlyEnterprise = api.Only(kernel.RoleEnterprise)
	bothSides      = api.Only(kernel.RoleEnterprise, kernel.RoleProvider)
	notFound       = []kernel.Kind{kernel.KindNotFound}
	refusals       = []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}
)

// pageByID cuts one row too many off and says where to go on.
func pageByID[T any](rows []T, size int, id func(T) kernel.ID) ([]T, string, error) {
	if len(rows) <= size {
		return rows, "", nil
	}
	rows = rows[:size]
	next, err := api.CursorAt(id(rows[size-1]))
	return rows, next, err
}
