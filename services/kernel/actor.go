package kernel

import "context"

// Role is what a member may do for an organisation.
type Role string

// The roles of the house. A membership carries exactly one.
const (
	RoleEnterprise      Role = "enterprise"
	RoleProvider        Role = "provider"
	RoleDistrictOfficer Role = "district_officer"
	RoleCityOfficer     Role = "city_officer"
	RoleFinance         Role = "finance"
	RoleAuditor         Role = "auditor"
	RoleOperator        Role = "operator"
	RoleSystem          Role = "system" // the workers; nobody can log in as it
)

// Roles lists the roles a person can hold.
func Roles() []Role {
	return []Role{RoleEnterprise, RoleProvider, RoleDistrictOfficer, RoleCityOfficer, RoleFinance, RoleAuditor, RoleOperator}
}

// Actor is who acts: a person in one membership. The zero value is nobody
// (an anonymous visitor).
type Actor struct {
	Person   ID     `json:"person,omitempty"`
	Name     string `json:"name,omitempty"`
	Org      ID     `json:"org,omitempty"`
	Role     Role   `json:"role,omitempty"`
	District string `json:"district,omitempty"` // of a district officer: the unit whose rows may be seen
}

// System is the actor of background work.
func System() Actor { return Actor{Person: "system", Name: "system", Role: RoleSystem} }

// Anonymous reports whether nobody is logged in.
func (a Actor) Anonymous() bool { return a.Person == "" }

// Is reports whether the actor holds one of the roles.
func (a Actor) Is(roles ...Role) bool {
	for _, r := range roles {
		if a.Role == r && r != "" {
			return true
		}
	}
	return false
}

// Require refuses an actor who holds none of the roles: unauthenticated when
// nobody is logged in, forbidden otherwise.
func (a Actor) Require(roles ...Role) error {
	switch {
	case a.Anonymous():
		return Unauthenticated()
	case !a.Is(roles...):
		return Forbidden()
	default:
		return nil
	}
}

// Call is the outer circumstance of one use case: who acts, from where, under
// which request, and the key under which the write may take effect only once.
type Call struct {
	Actor          Actor
	Address        string // client address as the front desk established it
	RequestID      string
	IdempotencyKey string // empty: the caller asked for no protection
	Fingerprint    string // digest of the request that carries the key
	Language       string // "zh-CN" or "en"
}

type callKey struct{}

// WithCall puts the call into the context.
func WithCall(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// CallFrom returns the call of the context; the zero Call is anonymous.
func CallFrom(ctx context.Context) Call {
	c, _ := ctx.Value(callKey{}).(Call)
	return c
}
