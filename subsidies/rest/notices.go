package rest

import (
	"context"
	"net/http"
	"time"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/notices"
)

// NoticeView is a public notice in a list.
type NoticeView struct {
	ID              kernel.ID     `json:"id"`
	Number          string        `json:"number"`
	State           notices.State `json:"state" doc:"open 公示中；closing 期满、异议处理中；closed 已结束 · open, closing (over, objections being decided), closed"`
	OpenedOn        kernel.Date   `json:"opened_on"`
	ClosesOn        kernel.Date   `json:"closes_on" doc:"可提出异议的最后一天 · the last day on which one may object"`
	DaysLeft        int           `json:"days_left" doc:"今天之后还有几天；0 为最后一天 · days after today; 0 on the last"`
	WorkingDaysLeft int           `json:"working_days_left"`
	ItemCount       int64         `json:"item_count"`
	ClosedAt        *time.Time    `json:"closed_at,omitempty"`
}

// NoticePage is a notice with its entries, masked as the law asks.
type NoticePage struct {
	NoticeView
	Items []notices.Entry `json:"items"`
}

// OpenNotice puts claims on public notice.
type OpenNotice struct {
	ClaimIDs []kernel.ID `json:"claim_ids" minItems:"1" maxItems:"200"`
}

// FileObjection is what somebody holds against a claim on notice.
type FileObjection struct {
	ClaimID kernel.ID `json:"claim_id" minLength:"1" maxLength:"36"`
	Text    string    `json:"text" minLength:"10" maxLength:"2000"`
	Contact string    `json:"contact,omitempty" maxLength:"255" doc:"可不填；仅供经办人联系 · optional; seen by the officer alone"`
}

// ObjectionReceipt is what an objector gets.
type ObjectionReceipt struct {
	ID        kernel.ID `json:"id"`
	CreatedAt time.Time `json:"created_at"`
}

// ObjectionView is an objection as the city officer sees it.
type ObjectionView struct {
	notices.Objection
	NoticeNumber string               `json:"notice_number"`
	ClaimNumber  string               `json:"claim_number"`
	ClaimState   subsidies.ClaimState `json:"claim_state"`
	Enterprise   Party                `json:"enterprise"`
	PeriodOver   bool                 `json:"period_over" doc:"公示期已满，驳回后立即批准 · the period is over: dismissing approves at once"`
}

// DismissObjection answers an objection that does not hold.
type DismissObjection struct {
	Answer string `json:"answer" minLength:"1" maxLength:"2000"`
}

type noticeList struct {
	api.Page
	State notices.State `query:"state" enum:"open,closed" doc:"不填为全部 · all when left out"`
}

type objectionList struct {
	api.Page
	State notices.ObjectionState `query:"state" enum:"open,dismissed,upheld"`
}

func (r *Room) noticePages(desk *api.Desk) {
	tags := []string{"notices"}
	api.Route(desk, api.Op{
		ID: "list-notices", Method: http.MethodGet, Path: "/api/v1/notices", Tags: tags, Access: api.Public,
		Summary: kernel.T("公示列表，最新的在前", "Public notices, the newest first"),
	}, func(ctx context.Context, in *noticeList) (*body[api.List[NoticeView]], error) {
		return answer(r.listNotices(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-notice", Method: http.MethodGet, Path: "/api/v1/notices/{id}", Tags: tags, Access: api.Public, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一期公示：企业、服务、三方分担与政策依据", "One notice: firms, services, the three legs and the clauses"),
	}, func(ctx context.Context, in *idPath) (*body[NoticePage], error) {
		return answer(r.noticePage(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "open-notice", Method: http.MethodPost, Path: "/api/v1/notices", Tags: tags, Access: api.Only(kernel.RoleCityOfficer), Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("将复审通过的申请公示（最多 200 份）", "Put city-approved claims on public notice (at most 200)"),
	}, func(ctx context.Context, in *struct{ Body OpenNotice }) (*body[NoticePage], error) {
		n, err := r.Notices.Open(ctx, in.Body.ClaimIDs)
		if err != nil {
			return nil, err
		}
		return answer(r.noticePage(ctx, n.ID))
	})
	api.Route(desk, api.Op{
		ID: "file-objection", Method: http.MethodPost, Path: "/api/v1/notices/{id}/objections", Tags: tags, Access: api.Public, Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("对公示提出异议，无需登录", "Object to a claim on notice; no account needed"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body FileObjection
	}) (*body[ObjectionReceipt], error) {
		o, err := r.Notices.Object(ctx, in.ID, in.Body.ClaimID, in.Body.Text, in.Body.Contact)
		return answer(ObjectionReceipt{ID: o.ID, CreatedAt: o.CreatedAt}, err)
	})
	r.objectionPages(desk)
}

func (r *Room) objectionPages(desk *api.Desk) {
	tags := []string{"notices"}
	api.Route(desk, api.Op{
		ID: "list-objections", Method: http.MethodGet, Path: "/api/v1/objections", Tags: tags, Access: api.Only(kernel.RoleCityOfficer, kernel.RoleAuditor),
		Summary: kernel.T("异议列表，最早的在前", "Objections, the oldest first"),
	}, func(ctx context.Context, in *objectionList) (*body[api.List[ObjectionView]], error) {
		return answer(r.listObjections(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "dismiss-objection", Method: http.MethodPost, Path: "/api/v1/objections/{id}/dismiss", Tags: tags, Access: api.Only(kernel.RoleCityOfficer),
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("异议不成立", "Dismiss an objection"),
		About:   kernel.T("异议成立时，请对该申请作出“不予通过”的结论（objection_upheld）", "To uphold it, refuse the claim with the reason objection_upheld"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body DismissObjection
	}) (*body[ObjectionView], error) {
		o, err := r.Notices.Dismiss(ctx, in.ID, in.Body.Answer)
		if err != nil {
			return nil, err
		}
		views, err := r.objectionViews(ctx, []notices.Objection{o})
		if err != nil {
			return nil, err
		}
		return answer(views[0], nil)
	})
}

// after is the position in lists that are ordered by ID.
type after struct {
	ID kernel.ID
}

func (r *Room) noticeView(n notices.Notice) NoticeView {
	days, workdays := r.Notices.Left(n)
	return NoticeView{
		ID: n.ID, Number: n.Number, State: n.On(kernel.DayOf(r.DB.Clock().Now())), OpenedOn: n.OpenedOn, ClosesOn: n.ClosesOn,
		DaysLeft: max(days, 0), WorkingDaysLeft: max(workdays, 0), ItemCount: n.ItemCount, ClosedAt: n.ClosedAt,
	}
}

func (r *Room) listNotices(ctx context.Context, in *noticeList) (api.List[NoticeView], error) {
	var out api.List[NoticeView]
	at, _, err := api.PositionOf[after](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Notices.List(ctx, notices.Filter{State: in.State, After: at.ID, Limit: in.PageSize + 1})
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		if out.NextCursor, err = api.CursorAt(after{rows[len(rows)-1].ID}); err != nil {
			return out, err
		}
	}
	for _, n := range rows {
		out.Items = append(out.Items, r.noticeView(n))
	}
	return out, nil
}

func (r *Room) noticePage(ctx context.Context, id kernel.ID) (NoticePage, error) {
	n, entries, err := r.Notices.Get(ctx, id)
	return NoticePage{NoticeView: r.noticeView(n), Items: entries}, err
}

func (r *Room) listObjections(ctx context.Context, in *objectionList) (api.List[ObjectionView], error) {
	var out api.List[ObjectionView]
	at, _, err := api.PositionOf[after](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Notices.Objections(ctx, actor(ctx), in.State, at.ID, in.PageSize+1)
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		if out.NextCursor, err = api.CursorAt(after{rows[len(rows)-1].ID}); err != nil {
			return out, err
		}
	}
	out.Items, err = r.objectionViews(ctx, rows)
	return out, err
}

func (r *Room) objectionViews(ctx context.Context, rows []notices.Objection) ([]ObjectionView, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	claimIDs, noticeIDs := make([]kernel.ID, len(rows)), make([]kernel.ID, len(rows))
	for i, o := range rows {
		claimIDs[i], noticeIDs[i] = o.ClaimID, o.NoticeID
	}
	claims, err := r.Claims.ByIDs(ctx, claimIDs)
	if err != nil {
		return nil, err
	}
	found, err := r.Notices.ByIDs(ctx, noticeIDs)
	if err != nil {
		return nil, err
	}
	firms := make([]kernel.ID, 0, len(rows))
	for _, c := range claims {
		firms = append(firms, c.EnterpriseID)
	}
	names, err := r.names(ctx, firms)
	today := kernel.DayOf(r.DB.Clock().Now())
	views := make([]ObjectionView, len(rows))
	for i, o := range rows {
		c, n := claims[o.ClaimID], found[o.NoticeID]
		views[i] = ObjectionView{Objection: o, NoticeNumber: n.Number, ClaimNumber: c.Number, ClaimState: c.State, Enterprise: names[c.EnterpriseID], PeriodOver: n.ClosesOn < today}
	}
	return views, err
}
