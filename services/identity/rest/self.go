package rest

import (
	"context"
	"net/http"
	"time"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

type callerInput struct{ Caller }

// Me is who is logged in, as what, for whom.
type Me struct {
	Person       kernel.ID       `json:"person"`
	Login        string          `json:"login"`
	Name         string          `json:"name"`
	Membership   kernel.ID       `json:"membership"`
	Role         kernel.Role     `json:"role"`
	District     string          `json:"district,omitempty"`
	Org          kernel.ID       `json:"org"`
	OrgName      string          `json:"org_name"`
	Organisation *MyOrganisation `json:"organisation,omitempty"`
	Memberships  []MyMembership  `json:"memberships"`
}

// MyOrganisation says where the own organisation stands.
type MyOrganisation struct {
	ID           kernel.ID                 `json:"id"`
	Kind         registry.OrganisationKind `json:"kind"`
	CreditCode   string                    `json:"credit_code"`
	Name         string                    `json:"name"`
	NameEN       string                    `json:"name_en,omitempty"`
	District     string                    `json:"district"`
	SizeClass    registry.SizeClass        `json:"size_class,omitempty"`
	Status       registry.Status           `json:"status"`
	StatusReason string                    `json:"status_reason,omitempty"`
}

// MyMembership is one the person may switch to.
type MyMembership struct {
	ID       kernel.ID   `json:"id"`
	Org      kernel.ID   `json:"org"`
	OrgName  string      `json:"org_name"`
	Role     kernel.Role `json:"role"`
	District string      `json:"district,omitempty"`
}

type meOutput struct{ Body Me }

// MySession is one place where the person is logged in.
type MySession struct {
	ID        kernel.ID `json:"id"`
	Address   string    `json:"address"`
	Agent     string    `json:"agent"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Current   bool      `json:"current"`
}

type sessionsOutput struct {
	Body struct {
		Items []MySession `json:"items"`
	}
}

type sessionPath struct {
	ID kernel.ID `path:"id"`
}

func (r *Room) self(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "get-me", Method: http.MethodGet, Path: "/api/v1/me", Tags: tags, Access: api.AnyMember,
		Summary: kernel.T("当前登录人、身份和单位", "Who is logged in, as what, for whom"),
	}, r.me)
	api.Route(desk, api.Op{
		ID: "list-my-sessions", Method: http.MethodGet, Path: "/api/v1/me/sessions", Tags: tags, Access: api.AnyMember,
		Summary: kernel.T("我的登录会话", "Where I am logged in"),
	}, r.sessions)
	api.Route(desk, api.Op{
		ID: "end-my-session", Method: http.MethodDelete, Path: "/api/v1/me/sessions/{id}", Tags: tags, Access: api.AnyMember,
		Summary: kernel.T("结束一个登录会话", "End one of my sessions"),
	}, r.endSession)
}

func (r *Room) me(ctx context.Context, in *callerInput) (*meOutput, error) {
	who, err := r.identify(ctx, in.Caller)
	if err != nil {
		return nil, err
	}
	held, err := r.Identity.Memberships(ctx, who.Actor.Person)
	if err != nil {
		return nil, err
	}
	orgs := []kernel.ID{who.Actor.Org}
	for _, m := range held {
		orgs = append(orgs, m.Org)
	}
	known, err := r.Organisations.ByIDs(ctx, orgs)
	if err != nil {
		return nil, err
	}
	a := who.Actor
	me := Me{Person: a.Person, Login: who.Login, Name: a.Name, Membership: who.Membership, Role: a.Role, District: a.District, Org: a.Org, OrgName: known[a.Org].Name}
	if o, ok := known[a.Org]; ok {
		me.Organisation = &MyOrganisation{
			ID: o.ID, Kind: o.Kind, CreditCode: o.CreditCode, Name: o.Name, NameEN: o.NameEN, District: o.District,
			SizeClass: o.SizeClass, Status: o.Status, StatusReason: o.StatusReason,
		}
	}
	for _, m := range held {
		me.Memberships = append(me.Memberships, MyMembership{ID: m.ID, Org: m.Org, OrgName: known[m.Org].Name, Role: m.Role, District: m.District})
	}
	return &meOutput{Body: me}, nil
}

func (r *Room) sessions(ctx context.Context, in *callerInput) (*sessionsOutput, error) {
	who, err := r.identify(ctx, in.Caller)
	if err != nil {
		return nil, err
	}
	all, err := r.Identity.Sessions(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &sessionsOutput{}
	for _, s := range all {
		out.Body.Items = append(out.Body.Items, MySession(s))
	}
	return out, nil
}

func (r *Room) endSession(ctx context.Context, in *sessionPath) (*struct{}, error) {
	return nil, r.Identity.EndSession(ctx, kernel.CallFrom(ctx).Actor.Person, in.ID)
}
