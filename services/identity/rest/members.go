package rest

import (
	"context"
	"net/http"
	"time"

	"yunhui/services/api"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Member is a person in an official role.
type Member struct {
	ID        kernel.ID   `json:"id" doc:"身份的编号 / of the membership"`
	Person    kernel.ID   `json:"person"`
	Login     string      `json:"login"`
	Name      string      `json:"name"`
	Org       kernel.ID   `json:"org"`
	OrgName   string      `json:"org_name"`
	Role      kernel.Role `json:"role"`
	District  string      `json:"district,omitempty"`
	Active    bool        `json:"active"`
	CreatedAt time.Time   `json:"created_at"`
}

type membersInput struct {
	api.Page
	Role string `query:"role" enum:"district_officer,city_officer,finance,auditor,operator"`
	Org  string `query:"org" maxLength:"36"`
	Q    string `query:"q" maxLength:"100" doc:"姓名的一部分或登录名的开头 / part of the name, or the beginning of a login"`
}

type membersOutput struct{ Body api.List[Member] }

type memberOutput struct{ Body Member }

type newMemberInput struct {
	Body struct {
		Login    string      `json:"login" maxLength:"128"`
		Name     string      `json:"person_name" maxLength:"100"`
		Password string      `json:"password" maxLength:"512"`
		Role     kernel.Role `json:"role" enum:"district_officer,city_officer,finance,auditor,operator"`
		District string      `json:"district,omitempty" maxLength:"20" doc:"仅区县经办 / of district officers only"`
		Org      kernel.ID   `json:"org,omitempty" doc:"所属单位，默认为操作者的单位 / the authority; the operator's own by default"`
	}
}

type setMemberInput struct {
	ID   kernel.ID `path:"id"`
	Body struct {
		Active bool `json:"active"`
	}
}

func (r *Room) members(desk *api.Desk) {
	operators := api.Only(kernel.RoleOperator)
	api.Route(desk, api.Op{
		ID: "list-members", Method: http.MethodGet, Path: "/api/v1/members", Tags: tags, Access: operators,
		Summary: kernel.T("管理、财政、审计和运维人员", "People in official roles"),
	}, r.listMembers)
	api.Route(desk, api.Op{
		ID: "create-member", Method: http.MethodPost, Path: "/api/v1/members", Tags: tags, Access: operators, Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("新增人员", "Add a person in an official role"),
	}, r.createMember)
	api.Route(desk, api.Op{
		ID: "set-member", Method: http.MethodPatch, Path: "/api/v1/members/{id}", Tags: tags, Access: operators,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("停用或恢复人员（停用即时生效）", "Disable or restore a person; disabling takes effect at once"),
	}, r.setMember)
}

func (r *Room) listMembers(ctx context.Context, in *membersInput) (*membersOutput, error) {
	after, _, err := api.PositionOf[kernel.ID](in.Page)
	if err != nil {
		return nil, err
	}
	found, next, err := r.Identity.Members(ctx, identity.MemberFilter{
		Role: kernel.Role(in.Role), Org: kernel.ID(in.Org), Query: in.Q, After: after, Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	out := &membersOutput{}
	if out.Body.Items, err = r.named(ctx, found); err != nil || next == "" {
		return out, err
	}
	out.Body.NextCursor, err = api.CursorAt(next)
	return out, err
}

func (r *Room) createMember(ctx context.Context, in *newMemberInput) (*memberOutput, error) {
	b := in.Body
	if b.Org == "" {
		b.Org = kernel.CallFrom(ctx).Actor.Org
	}
	if err := r.official(ctx, b.Org); err != nil {
		return nil, err
	}
	made, err := r.Identity.CreateMember(ctx,
		identity.NewPerson{Login: b.Login, Name: b.Name, Password: b.Password},
		identity.Membership{Org: b.Org, Role: b.Role, District: b.District})
	return r.one(ctx, made, err)
}

// official refuses organisations that are none of the city's.
func (r *Room) official(ctx context.Context, org kernel.ID) error {
	o, err := r.Organisations.ByID(ctx, org)
	if err != nil && !kernel.IsCode(err, "not_found") {
		return err
	}
	var f kernel.Faults
	f.Check(err == nil && (o.Kind == registry.KindAuthority || o.Kind == registry.KindAuditor), "org", "member.org",
		kernel.T("只能是管理机构或审计机构", "This must be an authority or an auditor"))
	return f.Err()
}

func (r *Room) setMember(ctx context.Context, in *setMemberInput) (*memberOutput, error) {
	m, err := r.Identity.SetMember(ctx, in.ID, in.Body.Active)
	return r.one(ctx, m, err)
}

func (r *Room) one(ctx context.Context, m identity.Member, err error) (*memberOutput, error) {
	if err != nil {
		return nil, err
	}
	list, err := r.named(ctx, []identity.Member{m})
	if err != nil {
		return nil, err
	}
	return &memberOutput{Body: list[0]}, nil
}

// named shows members with the names of their organisations, in one query.
func (r *Room) named(ctx context.Context, all []identity.Member) ([]Member, error) {
	orgs := make([]kernel.ID, 0, len(all))
	for _, m := range all {
		orgs = append(orgs, m.OrgID)
	}
	known, err := r.Organisations.ByIDs(ctx, orgs)
	if err != nil {
		return nil, err
	}
	out := make([]Member, 0, len(all))
	for _, m := range all {
		out = append(out, Member{
			ID: m.ID, Person: m.PersonID, Login: m.Login, Name: m.Name, Org: m.OrgID, OrgName: known[m.OrgID].Name, Role: m.Role,
			District: m.District, Active: m.Status == identity.StatusActive && m.PersonStatus != identity.StatusDisabled, CreatedAt: m.CreatedAt,
		})
	}
	return out, nil
}
