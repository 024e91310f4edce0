// Package rest offers the register over HTTP: the reference tables for
// everybody, registration for new firms, and the organisations of record for
// those who may see or decide.
package rest

import (
	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry/store"
)

// Room serves the register.
type Room struct {
	Clock  kernel.Clock
	Store  *store.Store
	Office *store.Office
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	r.reference(desk)
	r.registration(desk)
	r.own(desk)
	r.accounts(desk)
	r.organisations(desk)
}

var tags = []string{"registry"}

func (r *Room) today() kernel.Date { return kernel.DayOf(r.Clock.Now()) }
