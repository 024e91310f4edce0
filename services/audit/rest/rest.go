// Package rest lets auditors read the record over HTTP.
package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Room serves the record.
type Room struct{ DB *database.DB }

type listInput struct {
	api.Page
	ObjectKind string    `query:"object_kind" maxLength:"40" doc:"如 claim、agreement、policy · e.g. claim"`
	ObjectID   string    `query:"object_id" maxLength:"80"`
	Person     kernel.ID `query:"person" maxLength:"36"`
	Action     string    `query:"action" maxLength:"80"`
}

type listOutput struct{ Body api.List[audit.Item] }

// State is what recomputing the chain found.
type State struct {
	OK          bool         `json:"ok"`
	Sealed      int64        `json:"sealed" doc:"已入链 · entries that fit"`
	Unsealed    int64        `json:"unsealed" doc:"待入链 · entries that wait for the sealer"`
	TailSeconds int64        `json:"tail_seconds" doc:"最早待入链记录的秒数 · age of the oldest of them"`
	Broken      *audit.Break `json:"broken,omitempty"`
}

type stateOutput struct{ Body State }

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	readers := api.Only(kernel.RoleAuditor, kernel.RoleOperator)
	api.Route(desk, api.Op{
		ID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit", Tags: []string{"audit"}, Access: readers,
		Summary: kernel.T("操作记录，最近的在前", "The record, newest first"),
	}, r.list)
	api.Route(desk, api.Op{
		ID: "verify-audit", Method: http.MethodGet, Path: "/api/v1/audit/verification", Tags: []string{"audit"}, Access: readers,
		Summary: kernel.T("重新计算记录的哈希链", "Recompute the record's hash chain"),
	}, func(ctx context.Context, _ *struct{}) (*stateOutput, error) {
		report, err := audit.Verify(ctx, r.DB)
		return &stateOutput{Body: State{OK: report.OK(), Sealed: report.Sealed, Unsealed: report.Unsealed, TailSeconds: int64(report.TailAge.Seconds()), Broken: report.Broken}}, err
	})
}

func (r *Room) list(ctx context.Context, in *listInput) (*listOutput, error) {
	page, err := audit.List(ctx, r.DB, audit.Query{ObjectKind: in.ObjectKind, ObjectID: in.ObjectID, Person: in.Person, Action: in.Action, Cursor: in.Cursor, Size: in.PageSize})
	if err != nil {
		return nil, err
	}
	return &listOutput{Body: api.List[audit.Item]{Items: page.Items, NextCursor: page.Next}}, nil
}
