package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/openings"
)

// DrawView is a draw as everybody may see it.
type DrawView struct {
	openings.Draw
	Acts []subsidies.OpeningAct `json:"acts" doc:"您现在可进行的操作 · what you may do now"`
	Mine int                    `json:"mine,omitempty" doc:"由您封存的种子 · which of the seeds is yours"`
}

// DrawnPlace is a line of a drawn order, masked as the law asks.
type DrawnPlace struct {
	openings.Outcome
	Enterprise   string `json:"enterprise"`
	EnterpriseEN string `json:"enterprise_en"`
}

// ClosedList is a closed list as its digest was made of it.
type ClosedList struct {
	List string `json:"list" doc:"逐字节即为摘要所据 · byte for byte what the digest was made of"`
}

// PledgeSeed publishes the digest of a secret seed.
type PledgeSeed struct {
	Commitment string `json:"commitment" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$"`
}

// RevealSeed lays a seed open.
type RevealSeed struct {
	Seed string `json:"seed" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$"`
}

// ForgoSeed says that a seed is lost.
type ForgoSeed struct {
	Ordinal int    `json:"ordinal" minimum:"1" maximum:"2"`
	Reason  string `json:"reason" minLength:"1" maxLength:"500" doc:"向社会公布 · it is published"`
}

// DrawPath names a draw: a policy and the last day of the window.
type DrawPath struct {
	Policy string      `path:"policy" maxLength:"60"`
	Closes kernel.Date `path:"closes_on" maxLength:"10"`
}

func (r *Room) drawPages(desk *api.Desk) {
	tags := []string{"draws"}
	const one = "/api/v1/draws/{policy}/{closes_on}"
	gone := []kernel.Kind{kernel.KindNotFound}
	api.Route(desk, api.Op{
		ID: "list-draws", Method: http.MethodGet, Path: "/api/v1/draws", Tags: tags, Access: api.Public,
		Summary: kernel.T("已公布的抽签，登记期最晚的在前", "The draws that policies have announced, the latest window first"),
	}, func(ctx context.Context, _ *struct{}) (*body[[]DrawView], error) {
		all, err := r.Openings.Draws(ctx)
		views := make([]DrawView, len(all))
		for i, d := range all {
			views[i] = drawView(ctx, d)
		}
		return answer(views, err)
	})
	api.Route(desk, api.Op{
		ID: "get-draw", Method: http.MethodGet, Path: one, Tags: tags, Access: api.Public, Errors: gone,
		Summary: kernel.T("一次抽签：种子、名单摘要与有效种子", "One draw: its seeds, the digest of its list, the effective seed"),
	}, func(ctx context.Context, in *DrawPath) (*body[DrawView], error) {
		return r.drawAfter(ctx, *in, nil)
	})
	api.Route(desk, api.Op{
		ID: "get-draw-list", Method: http.MethodGet, Path: one + "/list", Tags: tags, Access: api.Public, Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("封存的名单，任何人可据以复算", "The closed list, from which anybody can draw anew"),
	}, func(ctx context.Context, in *DrawPath) (*body[ClosedList], error) {
		text, err := r.Openings.Published(ctx, in.Policy, in.Closes)
		return answer(ClosedList{List: string(text)}, err)
	})
	api.Route(desk, api.Op{
		ID: "get-draw-order", Method: http.MethodGet, Path: one + "/order", Tags: tags, Access: api.Public, Errors: gone,
		Summary: kernel.T("抽签次序与各协议现在的情形", "The order of the draw, and what has become of each"),
	}, func(ctx context.Context, in *struct {
		DrawPath
		api.Page
	}) (*body[api.List[DrawnPlace]], error) {
		return answer(r.drawOrder(ctx, in.DrawPath, in.Page))
	})
	drawActs(r, desk)
}

func drawActs(r *Room, desk *api.Desk) {
	act(r, desk, "pledge-seed", "pledges", kernel.T("公布本人种子的摘要", "Pledge your seed by its digest"), func(ctx context.Context, at DrawPath, in PledgeSeed) error {
		return r.Openings.Pledge(ctx, at.Policy, at.Closes, in.Commitment)
	})
	act(r, desk, "close-draw-list", "closing", kernel.T("登记期满后封存名单", "Close the list once the window is over"), func(ctx context.Context, at DrawPath, _ struct{}) error {
		return r.Openings.Close(ctx, at.Policy, at.Closes)
	})
	act(r, desk, "reveal-seed", "seeds", kernel.T("公开本人的种子；第二份公开时即抽出次序", "Lay your seed open; with the second one the order is drawn"), func(ctx context.Context, at DrawPath, in RevealSeed) error {
		return r.Openings.Reveal(ctx, at.Policy, at.Closes, in.Seed)
	})
	act(r, desk, "forgo-seed", "losses", kernel.T("另一名经办人的种子遗失，以其摘要代替", "Another officer's seed is lost: its digest stands in for it"), func(ctx context.Context, at DrawPath, in ForgoSeed) error {
		return r.Openings.Forgo(ctx, at.Policy, at.Closes, in.Ordinal, in.Reason)
	})
}

// act registers an act of a city officer on a draw.
func act[T any](r *Room, desk *api.Desk, id, path string, summary kernel.Text, do func(context.Context, DrawPath, T) error) {
	api.Route(desk, api.Op{
		ID: id, Method: http.MethodPost, Path: "/api/v1/draws/{policy}/{closes_on}/" + path, Tags: []string{"draws"}, Access: api.Only(kernel.RoleCityOfficer),
		Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}, Summary: summary,
	}, func(ctx context.Context, in *struct {
		DrawPath
		Body T
	}) (*body[DrawView], error) {
		return r.drawAfter(ctx, in.DrawPath, do(ctx, in.DrawPath, in.Body))
	})
}

func (r *Room) drawAfter(ctx context.Context, at DrawPath, err error) (*body[DrawView], error) {
	if err != nil {
		return nil, err
	}
	d, err := r.Openings.Draw(ctx, at.Policy, at.Closes)
	return answer(drawView(ctx, d), err)
}

func drawView(ctx context.Context, d openings.Draw) DrawView {
	who := actor(ctx)
	v := DrawView{Draw: d, Acts: subsidies.OpeningMachine.Allowed(d.State, who.Role)}
	for _, s := range d.Seeds {
		if !who.Anonymous() && s.PersonID == who.Person {
			v.Mine = s.Ordinal
		}
	}
	return v
}

func (r *Room) drawOrder(ctx context.Context, at DrawPath, page api.Page) (api.List[DrawnPlace], error) {
	var out api.List[DrawnPlace]
	after, _, err := api.PositionOf[int64](page)
	if err != nil {
		return out, err
	}
	rows, err := r.Openings.Outcomes(ctx, at.Policy, at.Closes, after, page.PageSize+1)
	if err != nil {
		return out, err
	}
	if len(rows) > page.PageSize {
		rows = rows[:page.PageSize]
		if out.NextCursor, err = api.CursorAt(rows[len(rows)-1].Place); err != nil {
			return out, err
		}
	}
	ids := make([]kernel.ID, len(rows))
	for i, o := range rows {
		ids[i] = o.EnterpriseID
	}
	firms := map[kernel.ID]subsidies.Firm{}
	if len(ids) > 0 {
		if firms, err = r.Registry.Firms(ctx, ids...); err != nil {
			return out, err
		}
	}
	out.Items = make([]DrawnPlace, len(rows))
	for i, o := range rows {
		f := firms[o.EnterpriseID]
		out.Items[i] = DrawnPlace{Outcome: o, Enterprise: notices.PublicName(f), EnterpriseEN: notices.PublicNameEN(f)}
	}
	return out, nil
}
