package api

import (
	"slices"
	"strings"

	"yunhui/services/kernel"
)

// Access says who may use a route. Its zero value lets nobody in and cannot be
// registered: every route says who may.
type Access struct {
	kind  accessKind
	roles []kernel.Role
}

type accessKind int

const (
	undeclared accessKind = iota
	public
	anyMember
	onlyRoles
)

// Public is for everybody, logged in or not.
var Public = Access{kind: public}

// AnyMember is for everybody who is logged in.
var AnyMember = Access{kind: anyMember}

// Only is for members who hold one of the roles. It panics on no role and on
// roles that nobody can hold.
func Only(roles ...kernel.Role) Access {
	if len(roles) == 0 {
		panic("api.Only: which roles?")
	}
	for _, r := range roles {
		if !slices.Contains(kernel.Roles(), r) {
			panic("api.Only: nobody can hold the role " + string(r))
		}
	}
	return Access{kind: onlyRoles, roles: slices.Clone(roles)}
}

// Allows reports whether the actor may.
func (a Access) Allows(actor kernel.Actor) bool { return a.check(actor) == nil }

// Names lists who may: "public", "member", or the roles.
func (a Access) Names() []string {
	switch a.kind {
	case public:
		return []string{"public"}
	case anyMember:
		return []string{"member"}
	default:
		names := make([]string, 0, len(a.roles))
		for _, r := range a.roles {
			names = append(names, string(r))
		}
		return names
	}
}

// String joins the names.
func (a Access) String() string { return strings.Join(a.Names(), ", ") }

func (a Access) check(actor kernel.Actor) error {
	switch {
	case a.kind == public:
		return nil
	case a.kind == anyMember && !actor.Anonymous():
		return nil
	case a.kind == anyMember:
		return kernel.Unauthenticated()
	default:
		return actor.Require(a.roles...)
	}
}
