package rest

import (
	"context"
	"net/http"

	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/kernel"
)

// AdmitProvider is a city officer's act on a provider of record.
type AdmitProvider struct {
	Outcome string `json:"outcome" enum:"admitted,suspended"`
	Reason  string `json:"reason,omitempty" maxLength:"500" doc:"暂停时必填 · required to suspend"`
}

func (r *Room) admissions(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "admit-provider", Method: http.MethodPost, Path: "/api/v1/providers/{id}/admission", Tags: []string{"providers"}, Access: api.Only(kernel.RoleCityOfficer),
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("准入或暂停服务商", "Admit or suspend a provider"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body AdmitProvider
	}) (*struct{}, error) {
		return nil, r.Offers.Admit(ctx, in.ID, offers.Admission{Admit: in.Body.Outcome == "admitted", Reason: in.Body.Reason}, r.Registry)
	})
}
