// Package rest offers identity over HTTP: login and sessions for everybody, and
// the members of authorities for operators.
//
// The access token is in the answer and meant for memory; the refresh token is
// in a cookie that scripts cannot read and that is sent to /api/v1/auth only.
package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"yunhui/services/api"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Organisations names the organisations that people act for.
type Organisations interface {
	ByID(ctx context.Context, id kernel.ID) (registry.Organisation, error)
	ByIDs(ctx context.Context, ids []kernel.ID) (map[kernel.ID]registry.Organisation, error)
}

// Room serves identity.
type Room struct {
	Identity      *identity.Service
	Organisations Organisations
	Secure        bool // the site is reached by https: the cookie is sent over nothing else
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	r.logins(desk)
	r.passwords(desk)
	r.self(desk)
	r.members(desk)
}

var tags = []string{"identity"}

const (
	cookieName = "yunhui_refresh"
	cookiePath = "/api/v1/auth"
)

// cookie carries the refresh token; an empty one takes the cookie away.
func (r *Room) cookie(token string, until time.Time) *http.Cookie {
	c := &http.Cookie{Name: cookieName, Value: token, Path: cookiePath, HttpOnly: true, Secure: r.Secure, SameSite: http.SameSiteStrictMode} //nolint:gosec // Secure where the site is reached by https
	if token == "" {
		c.MaxAge = -1
	} else {
		c.Expires = until
	}
	return c
}

// Caller is the part of an input that tells sessions apart.
type Caller struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Agent         string `header:"User-Agent" hidden:"true"`
}

func (c Caller) from(ctx context.Context) identity.From {
	return identity.From{Address: kernel.CallFrom(ctx).Address, Agent: c.Agent}
}

// identify finds the session of a caller who has passed the gate.
func (r *Room) identify(ctx context.Context, c Caller) (identity.Identity, error) {
	const scheme = "Bearer "
	if len(c.Authorization) <= len(scheme) {
		return identity.Identity{}, kernel.Unauthenticated()
	}
	return r.Identity.Identify(ctx, strings.TrimSpace(c.Authorization[len(scheme):]))
}
