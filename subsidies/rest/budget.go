package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// ActOnAppropriation is the body of a decision on an act.
type ActOnAppropriation struct {
	Version int64  `json:"version,omitempty" minimum:"0"`
	Note    string `json:"note,omitempty" maxLength:"500"`
}

// DuePayee is what a payee has coming, with its name.
type DuePayee struct {
	budget.Due
	Organisation Party `json:"organisation"`
}

// JournalPage is a journal with its postings.
type JournalPage struct {
	budget.Heading
	Postings []budget.Posting `json:"postings"`
}

// TrailPage follows the money of an agreement: parties, claims, what stands on
// which account, and the trace of the newest computation of each.
type TrailPage struct {
	Agreement  TrailStep        `json:"agreement"`
	Claims     []TrailStep      `json:"claims"`
	Enterprise Party            `json:"enterprise"`
	Provider   Party            `json:"provider"`
	Standings  []budget.Holding `json:"standings"`
}

// TrailStep is an agreement or a claim on the trail.
type TrailStep struct {
	ID     kernel.ID      `json:"id"`
	Number string         `json:"number"`
	State  string         `json:"state"`
	Policy string         `json:"policy_code"`
	Legs   subsidies.Legs `json:"legs"`
	Trace  []rules.Step   `json:"trace"`
}

// ChartOfAccounts is the chart with the kinds of journals.
type ChartOfAccounts struct {
	Accounts  []budget.AccountInfo  `json:"accounts"`
	Movements []budget.MovementInfo `json:"movements"`
}

type boardPath struct {
	Policy string `path:"policy" maxLength:"60"`
	Year   string `query:"year" maxLength:"4" pattern:"^(20[0-9]{2}|term)?$" doc:"年度；term 为政策期内统筹；不填为当前 · a year, or term for the whole term's money; the one in use when left out"`
}

type payeeList struct {
	api.Page
	Policy string `path:"policy" maxLength:"60"`
	Year   string `query:"year" maxLength:"4" pattern:"^(20[0-9]{2}|term)?$"`
}

type actList struct {
	api.Page
	Policy string          `query:"policy" maxLength:"60"`
	State  budget.ActState `query:"state" enum:"proposed,approved,refused,withdrawn"`
}

type actPath struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body ActOnAppropriation
}

// whole may see the books of the whole city; the ledger is open to district
// officers too, for their own district.
var (
	whole   = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor}
	keepers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}
)

func (r *Room) budgetPages(desk *api.Desk) {
	tags := []string{"budget"}
	readers := api.Only(budget.Readers...)
	gone := []kernel.Kind{kernel.KindNotFound}
	api.Route(desk, api.Op{
		ID: "get-budget", Method: http.MethodGet, Path: "/api/v1/budgets/{policy}", Tags: tags, Access: readers, Errors: gone,
		Summary: kernel.T("预算看板：资金流向、逐日余额与用完日预测", "Budget board: flows, what was free day by day, and when it runs out"),
	}, func(ctx context.Context, in *boardPath) (*body[budget.Board], error) {
		return answer(r.Books.Board(ctx, actor(ctx), in.Policy, yearOf(in.Year)))
	})
	api.Route(desk, api.Op{
		ID: "list-payees", Method: http.MethodGet, Path: "/api/v1/budgets/{policy}/payees", Tags: tags, Access: readers, Errors: gone,
		Summary: kernel.T("按收款方的应付、已付与退回，应付多者在前", "Payable, paid and returned by payee, the most payable first"),
	}, func(ctx context.Context, in *payeeList) (*body[api.List[DuePayee]], error) {
		return answer(r.payees(ctx, in))
	})
	r.actPages(desk)
	r.ledgerPages(desk)
	r.closingPages(desk)
}

func (r *Room) actPages(desk *api.Desk) {
	tags := []string{"budget"}
	api.Route(desk, api.Op{
		ID: "list-appropriation-acts", Method: http.MethodGet, Path: "/api/v1/appropriation-acts", Tags: tags, Access: api.Only(budget.Readers...),
		Summary: kernel.T("额度事项：下达与追加、核减、调剂", "Acts on appropriations: supplements, reductions, transfers"),
	}, func(ctx context.Context, in *actList) (*body[api.List[budget.Act]], error) {
		return answer(r.acts(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "propose-appropriation-act", Method: http.MethodPost, Path: "/api/v1/appropriation-acts", Tags: tags, Access: api.Only(keepers...), Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("提出额度事项，须由另一人决定", "Propose an act; another person decides it"),
	}, func(ctx context.Context, in *struct{ Body budget.ActProposal }) (*body[budget.Act], error) {
		return answer(r.Books.Propose(ctx, in.Body))
	})
	for _, way := range []struct {
		id      string
		summary kernel.Text
		do      func(context.Context, kernel.ID, int64, string) (budget.Act, error)
	}{
		{"approve", kernel.T("批准并执行额度事项", "Approve an act and carry it out"), func(ctx context.Context, id kernel.ID, v int64, note string) (budget.Act, error) {
			return r.Books.Approve(ctx, id, v, note)
		}},
		{"refuse", kernel.T("不同意额度事项", "Refuse an act"), func(ctx context.Context, id kernel.ID, v int64, note string) (budget.Act, error) {
			return r.Books.Refuse(ctx, id, v, note)
		}},
		{"withdraw", kernel.T("撤回本人提出的额度事项", "Withdraw an act that you proposed"), func(ctx context.Context, id kernel.ID, v int64, note string) (budget.Act, error) {
			return r.Books.Withdraw(ctx, id, v, note)
		}},
	} {
		api.Route(desk, api.Op{
			ID: way.id + "-appropriation-act", Method: http.MethodPost, Path: "/api/v1/appropriation-acts/{id}/" + way.id, Tags: tags, Access: api.Only(keepers...),
			Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}, Summary: way.summary,
		}, func(ctx context.Context, in *actPath) (*body[budget.Act], error) {
			return answer(way.do(ctx, in.ID, in.Body.Version, in.Body.Note))
		})
	}
}

// yearOf reads the parameter: absent is the appropriation in use.
func yearOf(parameter string) *string {
	switch parameter {
	case "":
		return nil
	case "term":
		parameter = ""
	}
	return &parameter
}

func (r *Room) acts(ctx context.Context, in *actList) (out api.List[budget.Act], err error) {
	at, _, err := api.PositionOf[after](in.Page)
	if err != nil {
		return out, err
	}
	if out.Items, err = r.Books.Acts(ctx, actor(ctx), in.Policy, in.State, at.ID, in.PageSize+1); err != nil {
		return out, err
	}
	if len(out.Items) > in.PageSize {
		out.Items = out.Items[:in.PageSize]
		out.NextCursor, err = api.CursorAt(after{out.Items[in.PageSize-1].ID})
	}
	return out, err
}

// afterDue is the position among payees.
type afterDue struct {
	Payable kernel.Fen
	Payee   kernel.ID
}

func (r *Room) payees(ctx context.Context, in *payeeList) (out api.List[DuePayee], err error) {
	at, further, err := api.PositionOf[afterDue](in.Page)
	if err != nil {
		return out, err
	}
	var from *budget.Due
	if further {
		from = &budget.Due{Payable: at.Payable, Payee: at.Payee}
	}
	year, err := r.Books.YearOf(ctx, in.Policy, yearOf(in.Year))
	if err != nil {
		return out, err
	}
	rows, err := r.Books.Payees(ctx, actor(ctx), budget.Fund{Policy: in.Policy, Year: year}, from, in.PageSize+1)
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		if out.NextCursor, err = api.CursorAt(afterDue{rows[in.PageSize-1].Payable, rows[in.PageSize-1].Payee}); err != nil {
			return out, err
		}
	}
	ids := make([]kernel.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.Payee
	}
	names, err := r.names(ctx, ids)
	for _, row := range rows {
		out.Items = append(out.Items, DuePayee{row, names[row.Payee]})
	}
	return out, err
}

func (r *Room) trail(ctx context.Context, id kernel.ID) (page TrailPage, err error) {
	t, err := r.Books.Trail(ctx, actor(ctx), id)
	if err != nil {
		return page, err
	}
	a := t.Agreement
	page.Standings = t.Standings
	names, err := r.names(ctx, []kernel.ID{a.EnterpriseID, a.ProviderID})
	if err != nil {
		return page, err
	}
	page.Enterprise, page.Provider = names[a.EnterpriseID], names[a.ProviderID]
	page.Agreement = TrailStep{ID: a.ID, Number: a.Number, State: string(a.State), Policy: a.PolicyCode, Legs: a.Legs}
	if page.Agreement.Trace, err = r.traceOf(ctx, a.ID); err != nil {
		return page, err
	}
	for _, c := range t.Claims {
		step := TrailStep{ID: c.ID, Number: c.Number, State: string(c.State), Policy: c.PolicyCode, Legs: c.Legs}
		if step.Trace, err = r.traceOf(ctx, c.ID); err != nil {
			return page, err
		}
		page.Claims = append(page.Claims, step)
	}
	return page, nil
}

// traceOf is the newest trace of a subject; none where nothing was computed yet.
func (r *Room) traceOf(ctx context.Context, id kernel.ID) ([]rules.Step, error) {
	c, err := record.Explanation(ctx, r.DB, id)
	if kernel.IsCode(err, "not_found") {
		return nil, nil
	}
	return c.Result.Trace, err
}
