package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

// DecideClaim is a decision on a claim. Which review it is follows from the
// claim's state and the caller's role.
type DecideClaim struct {
	Version    int64              `json:"version,omitempty" minimum:"0"`
	Outcome    subsidies.ClaimAct `json:"outcome" enum:"confirm,dispute,approve,return,refuse" doc:"服务商：confirm/dispute；审核人：approve/return/refuse · provider: confirm or dispute; reviewer: approve, return or refuse"`
	ReasonCode string             `json:"reason_code,omitempty" maxLength:"40"`
	Note       string             `json:"note,omitempty" maxLength:"2000"`
}

// Workload says what waits for the caller.
type Workload struct {
	Claims     map[subsidies.ClaimState]int64 `json:"claims"`
	Agreements int64                          `json:"agreements"`
}

func (r *Room) decisions(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "decide-claim", Method: http.MethodPost, Path: "/api/v1/claims/{id}/decision", Tags: []string{"claims"},
		Access:  api.Only(kernel.RoleProvider, kernel.RoleDistrictOfficer, kernel.RoleCityOfficer),
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("对兑付申请作出结论", "Decide on a claim"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body DecideClaim
	}) (*body[ClaimPage], error) {
		c, err := r.Claims.Decide(ctx, in.ID, claims.Decision{Version: in.Body.Version, Act: in.Body.Outcome, Reason: record.Reason{Code: in.Body.ReasonCode, Note: in.Body.Note}})
		return r.claimAfter(ctx, c, err)
	})
	api.Route(desk, api.Op{
		ID: "get-workload", Method: http.MethodGet, Path: "/api/v1/workload", Tags: []string{"claims"}, Access: api.Only(parties...),
		Summary: kernel.T("待我办理的数量", "How much waits for me"),
	}, func(ctx context.Context, _ *struct{}) (*body[Workload], error) {
		return answer(r.workload(ctx))
	})
}

func (r *Room) workload(ctx context.Context) (w Workload, err error) {
	if w.Claims, err = r.Claims.Counts(ctx, actor(ctx)); err != nil {
		return w, err
	}
	w.Agreements, err = r.Agreements.Counts(ctx, actor(ctx))
	return w, err
}
