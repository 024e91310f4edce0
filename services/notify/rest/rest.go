// Package rest lets people read their notifications over HTTP.
package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/notify"
)

// Room serves notifications; everybody sees their own only.
type Room struct{ DB *database.DB }

// Inbox is a page of notifications with the number of unread ones.
type Inbox struct {
	Items      []notify.Item `json:"items"`
	Unread     int64         `json:"unread"`
	NextCursor string        `json:"next_cursor"`
}

type inboxOutput struct{ Body Inbox }

type listInput struct {
	api.Page
	Unread bool `query:"unread" doc:"只看未读 · unread only"`
}

type readInput struct {
	Body struct {
		IDs []kernel.ID `json:"ids,omitempty" maxItems:"100" doc:"缺省为全部 · default: all"`
	}
}

// Register puts the routes on the desk.
func (r *Room) Register(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "list-notifications", Method: http.MethodGet, Path: "/api/v1/notifications", Tags: []string{"notifications"}, Access: api.AnyMember,
		Summary: kernel.T("我的消息", "Your notifications"),
	}, r.list)
	api.Route(desk, api.Op{
		ID: "read-notifications", Method: http.MethodPost, Path: "/api/v1/notifications/read", Tags: []string{"notifications"}, Access: api.AnyMember,
		Summary: kernel.T("标为已读", "Mark as read"),
	}, r.read)
}

func (r *Room) list(ctx context.Context, in *listInput) (*inboxOutput, error) {
	person := kernel.CallFrom(ctx).Actor.Person
	after, _, err := api.PositionOf[kernel.ID](in.Page)
	if err != nil {
		return nil, err
	}
	page, err := notify.List(ctx, r.DB, notify.Query{Person: person, UnreadOnly: in.Unread, After: after, Size: in.PageSize})
	if err != nil {
		return nil, err
	}
	out := &inboxOutput{Body: Inbox{Items: page.Items}}
	if page.Next != "" {
		if out.Body.NextCursor, err = api.CursorAt(page.Next); err != nil {
			return nil, err
		}
	}
	out.Body.Unread, err = notify.Unread(ctx, r.DB, person)
	return out, err
}

func (r *Room) read(ctx context.Context, in *readInput) (*struct{}, error) {
	person := kernel.CallFrom(ctx).Actor.Person
	return nil, database.Run(ctx, r.DB, "notifications.read", func(tx *database.Tx) error {
		return notify.MarkRead(tx, person, in.Body.IDs...)
	})
}
