// Package rest offers the register over HTTP: the reference tables for
// everybody, registration for new firms, and the organisations of record for
// those who may see or decide.
package rest

import (
	"context"

	"yunhui/services/api"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry/store"
)

// Newcomer is the first person of an organisation that registers.
type Newcomer struct {
	Login    string `json:"login" doc:"登录名 · login name"`
	Name     string `json:"name" doc:"姓名 · name of the person"`
	Password string `json:"password" doc:"密码 · password"`
}

// Enroller gives a newcomer an account and the first membership of an
// organisation. Check tells what is wrong with the entries before anything is
// written; the paths of its fields are those of Newcomer.
type Enroller interface {
	Check(ctx context.Context, n Newcomer) error
	Enrol(tx *database.Tx, n Newcomer, org kernel.ID, role kernel.Role) error
}

// Room serves the register.
type Room struct {
	db    *database.DB
	store *store.Store
	enrol Enroller
}

// New makes the room.
func New(db *database.DB, s *store.Store, enrol Enroller) *Room {
	return &Room{db: db, store: s, enrol: enrol}
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	r.reference(desk)
	r.registration(desk)
	r.organisations(desk)
}

func (r *Room) today() kernel.Date { return kernel.DayOf(r.db.Clock().Now()) }

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
