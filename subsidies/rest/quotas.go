package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/quotas"
)

// QuotaSetting sets the limit of a shared quota.
type QuotaSetting struct {
	Kind    budget.CeilingKind `json:"kind" enum:"provider_year,provider_policy,policy_category"`
	Subject string             `json:"subject" minLength:"1" maxLength:"80" doc:"服务商，或类别额度代码 · the provider, or the key of the categories"`
	Period  string             `json:"period,omitempty" maxLength:"4" doc:"年度额度的年度 · the year of a yearly quota"`
	Limit   *kernel.Fen        `json:"limit_fen,omitempty" minimum:"0" maximum:"1000000000000000" doc:"缺省即恢复政策规定的额度 · absent: the policy's limit again"`
	Reason  string             `json:"reason" maxLength:"1000"`
}

func (r *Room) quotaPages(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "get-policy-quotas", Method: http.MethodGet, Path: "/api/v1/policies/{code}/quotas", Tags: []string{"policies"},
		Access: api.Only(kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("服务商额度与类别总额度", "Quotas of providers and ceilings of categories"),
	}, func(ctx context.Context, in *struct {
		Code     string    `path:"code" maxLength:"60"`
		Provider kernel.ID `query:"provider_id" maxLength:"36" doc:"即使尚未占用也列出 · listed even if nothing was drawn yet"`
	}) (*body[quotas.QuotaBoard], error) {
		return answer(r.Quotas.Board(ctx, in.Code, in.Provider))
	})
	api.Route(desk, api.Op{
		ID: "set-policy-quota", Method: http.MethodPost, Path: "/api/v1/policies/{code}/quotas", Tags: []string{"policies"},
		Access: api.Only(kernel.RoleCityOfficer), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("说明理由，调整共用额度", "Set another limit, with the reason"),
	}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"60"`
		Body QuotaSetting
	}) (*body[quotas.LimitDecision], error) {
		s := in.Body
		return answer(r.Quotas.Set(ctx, quotas.Setting{Policy: in.Code, Kind: s.Kind, Subject: s.Subject, Period: s.Period, Limit: s.Limit, Reason: s.Reason}))
	})
}
