package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

type listInput struct {
	Kind     string `query:"kind" enum:"enterprise,provider,authority,auditor"`
	Status   string `query:"status" enum:"pending,returned,verified,suspended"`
	District string `query:"district" maxLength:"20"`
	Query    string `query:"q" maxLength:"200" doc:"名称的一部分或信用代码的开头 · part of the name, or the beginning of a credit code"`
	PageSize int    `query:"page_size" minimum:"1" maximum:"200" default:"50"`
	Cursor   string `query:"cursor" maxLength:"36"`
}

type listOutput struct {
	Body struct {
		Items      []OrganisationView `json:"items"`
		NextCursor string             `json:"next_cursor,omitempty"`
	}
}

type oneInput struct {
	ID kernel.ID `path:"id" maxLength:"36"`
}

type declareInput struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body struct {
		Version int64 `json:"version" minimum:"1" doc:"所改版本 · the version that was read"`
		registry.Declaration
	}
}

type decideInput struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body struct {
		Version        int64        `json:"version" minimum:"1"`
		Act            registry.Act `json:"act" enum:"verify,return,suspend,restore"`
		Reason         string       `json:"reason,omitempty" maxLength:"500"`
		OverrideReason string       `json:"code_override_reason,omitempty" maxLength:"500" doc:"认可校验不符的信用代码的理由 · why a code that does not compute may stand"`
	}
}

func (r *Room) organisations(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "list-organisations", Method: http.MethodGet, Path: "/api/v1/organisations", Tags: tags,
		Access:  api.Only(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleOperator),
		Summary: kernel.T("机构名册（区县只见本区县）", "Organisations of record; a district sees its own"),
	}, r.list)
	api.Route(desk, api.Op{
		ID: "get-organisation", Method: http.MethodGet, Path: "/api/v1/organisations/{id}", Tags: tags, Access: api.AnyMember,
		Errors:  []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("机构详情", "One organisation"),
	}, r.get)
	api.Route(desk, api.Op{
		ID: "declare-organisation", Method: http.MethodPut, Path: "/api/v1/organisations/{id}", Tags: tags,
		Access:  api.Only(kernel.RoleEnterprise, kernel.RoleProvider),
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("修改本单位信息", "Change what the own organisation declares"),
		About:   kernel.T("已核实的内容有变动时须重新核实", "When anything verified changes, it is verified anew"),
	}, r.declare)
	api.Route(desk, api.Op{
		ID: "decide-organisation", Method: http.MethodPost, Path: "/api/v1/organisations/{id}/decisions", Tags: tags,
		Access:  api.Only(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer),
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Status:  http.StatusOK,
		Summary: kernel.T("核实、退回、暂停或恢复机构", "Verify, return, suspend or restore an organisation"),
	}, r.decide)
}

func (r *Room) list(ctx context.Context, in *listInput) (*listOutput, error) {
	found, next, err := r.store.List(ctx, store.Filter{
		Kind: registry.OrganisationKind(in.Kind), Status: registry.Status(in.Status), District: in.District,
		Query: in.Query, After: kernel.ID(in.Cursor), Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.NextCursor = string(next)
	for _, o := range found {
		out.Body.Items = append(out.Body.Items, view(o))
	}
	return out, nil
}

func (r *Room) get(ctx context.Context, in *oneInput) (*organisationOutput, error) {
	o, err := r.store.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return whole(o), nil
}

func (r *Room) declare(ctx context.Context, in *declareInput) (*organisationOutput, error) {
	o, err := r.office.Amend(ctx, in.ID, in.Body.Version, in.Body.Declaration)
	if err != nil {
		return nil, err
	}
	return whole(o), nil
}

func (r *Room) decide(ctx context.Context, in *decideInput) (*organisationOutput, error) {
	b := in.Body
	o, err := r.office.Settle(ctx, in.ID, b.Version, store.Decision{Act: b.Act, Reason: b.Reason, OverrideReason: b.OverrideReason})
	if err != nil {
		return nil, err
	}
	return whole(o), nil
}
