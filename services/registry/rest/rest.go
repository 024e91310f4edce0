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
	clock  kernel.Clock
	store  *store.Store
	office *store.Office
}

// New makes the room.
func New(clock kernel.Clock, s *store.Store, office *store.Office) *Room {
	return &Room{clock: clock, store: s, office: office}
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	r.reference(desk)
	r.registration(desk)
	r.organisations(desk)
}

func (r *Room) today() kernel.Date { return kernel.DayOf(r.clock.Now()) }

// day reads a date of a query; an empty one is today.
func (r *Room) day(text string) (kernel.Date, error) {
	if text == "" {
		return r.today(), nil
	}
	d, err := kernel.ParseDate(text)
	if err != nil {
		var f kernel.Faults
		f.Add("on", "field.format", kernel.T("应为存在的日期，如 2026-11-23", "This must be an existing date as 2026-11-23"))
		return "", f.Err()
	}
	return d, nil
}
