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
	api.Page
	Kind     string `query:"kind" enum:"enterprise,provider,authority,auditor"`
	Status   string `query:"status" enum:"pending,returned,verified,suspended"`
	District string `query:"district" maxLength:"20"`
	Q        string `query:"q" maxLength:"200" doc:"名称的一部分或信用代码的开头 / part of the name, or the beginning of a credit code"`
}

type listOutput struct{ Body api.List[OrganisationItem] }

type onePath struct {
	ID kernel.ID `path:"id"`
}

// Verification is what an officer decides about an organisation.
type Verification struct {
	Version            int64  `json:"version" minimum:"1" doc:"所审版本 / the version that was looked at"`
	Outcome            string `json:"outcome" enum:"verified,returned,suspended,restored"`
	Reason             string `json:"reason,omitempty" maxLength:"500" doc:"退回和暂停时必填 / required to return and to suspend"`
	CodeOverrideReason string `json:"code_override_reason,omitempty" maxLength:"500" doc:"认可校验不符的信用代码的理由 / why a code that does not compute may stand"`
}

type verificationInput struct {
	ID   kernel.ID `path:"id"`
	Body Verification
}

var officers = []kernel.Role{kernel.RoleDistrictOfficer, kernel.RoleCityOfficer}

func (r *Room) organisations(desk *api.Desk) {
	readers := api.Only(append(officers, kernel.RoleAuditor)...)
	api.Route(desk, api.Op{
		ID: "list-organisations", Method: http.MethodGet, Path: "/api/v1/organisations", Tags: tags, Access: readers,
		Summary: kernel.T("机构名册（区县只见本区县），先登记者在前", "Organisations of record, the earliest first; a district sees its own"),
	}, r.list)
	api.Route(desk, api.Op{
		ID: "get-organisation", Method: http.MethodGet, Path: "/api/v1/organisations/{id}", Tags: tags, Access: readers,
		Summary: kernel.T("机构详情", "One organisation"),
	}, r.get)
	api.Route(desk, api.Op{
		ID: "verify-organisation", Method: http.MethodPost, Path: "/api/v1/organisations/{id}/verification", Tags: tags, Access: api.Only(officers...),
		Errors: []kernel.Kind{kernel.KindConflict}, Status: http.StatusOK,
		Summary: kernel.T("核实、退回、暂停或恢复机构", "Verify, return, suspend or restore an organisation"),
	}, r.verify)
}

func (r *Room) list(ctx context.Context, in *listInput) (*listOutput, error) {
	after, _, err := api.PositionOf[kernel.ID](in.Page)
	if err != nil {
		return nil, err
	}
	found, next, err := r.Store.List(ctx, store.Filter{
		Kind: registry.OrganisationKind(in.Kind), Status: registry.Status(in.Status), District: in.District,
		Query: in.Q, After: after, Limit: in.PageSize,
	})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	for _, o := range found {
		out.Body.Items = append(out.Body.Items, line(o))
	}
	if next != "" {
		out.Body.NextCursor, err = api.CursorAt(next)
	}
	return out, err
}

func (r *Room) get(ctx context.Context, in *onePath) (*organisationOutput, error) {
	o, err := r.Store.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return shown(o), nil
}

var actOf = map[string]registry.Act{
	"verified": registry.ActVerify, "returned": registry.ActReturn, "suspended": registry.ActSuspend, "restored": registry.ActRestore,
}

func (r *Room) verify(ctx context.Context, in *verificationInput) (*organisationOutput, error) {
	b := in.Body
	o, err := r.Office.Settle(ctx, in.ID, b.Version, store.Decision{Act: actOf[b.Outcome], Reason: b.Reason, OverrideReason: b.CodeOverrideReason})
	if err != nil {
		return nil, err
	}
	return shown(o), nil
}
