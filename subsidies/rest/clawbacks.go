package rest

import (
	"context"
	"net/http"
	"slices"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/record"
)

// ClawbackView is a clawback as somebody sees it in a list.
type ClawbackView struct {
	subsidies.Clawback
	ClaimNumber string                  `json:"claim_number"`
	Debtor      Party                   `json:"debtor"`
	GroundText  kernel.Text             `json:"ground_text"`
	Open        kernel.Fen              `json:"open_fen" doc:"尚未收回 · still to come back"`
	Overdue     bool                    `json:"overdue"`
	Acts        []subsidies.ClawbackAct `json:"acts" doc:"您现在可进行的操作 · what you may do now"`
	Handled     bool                    `json:"handled" doc:"您已在另一环节经手，决定须由他人作出 · you have had another part in it, so someone else must decide"`
}

// InstalmentView is an instalment with what is met of it.
type InstalmentView struct {
	clawbacks.Instalment
	Met     kernel.Fen `json:"met_fen"`
	Overdue bool       `json:"overdue"`
}

// ClawbackPage is a clawback with everything that belongs to it.
type ClawbackPage struct {
	ClawbackView
	Ground      clawbacks.Ground  `json:"legal_ground"`
	Instalments []InstalmentView  `json:"instalments"`
	Entries     []clawbacks.Entry `json:"entries" doc:"收款、抵扣与核销 · receipts, nettings and write-offs"`
	Timeline    []record.Step     `json:"timeline"`
	Terms       clawbacks.Terms   `json:"terms"`
}

// ClawbackGrounds are the grounds with their law, and the terms of today.
type ClawbackGrounds struct {
	Items []clawbacks.Ground `json:"items"`
	Terms clawbacks.Terms    `json:"terms"`
}

// ProposeClawback is what an officer wants back of a paid claim.
type ProposeClawback struct {
	ClaimID       kernel.ID  `json:"claim_id" minLength:"1" maxLength:"36"`
	Amount        kernel.Fen `json:"amount_fen"`
	Ground        string     `json:"ground" maxLength:"40"`
	Note          string     `json:"note" maxLength:"2000" doc:"查实的情况 · what was found"`
	Fine          kernel.Fen `json:"fine_fen,omitempty" doc:"另行决定的罚款，不计入追回金额 · a fine decided besides, no part of the amount"`
	FineReference string     `json:"fine_reference,omitempty" maxLength:"80" doc:"处罚决定文号 · the number of the decision on the fine"`
}

// DecideClawback is the second officer's answer.
type DecideClawback struct {
	Version   int64                 `json:"version,omitempty" minimum:"0"`
	Outcome   subsidies.ClawbackAct `json:"outcome" enum:"order,reject"`
	Reference string                `json:"reference,omitempty" maxLength:"80" doc:"追回决定文号 · the number of the decision"`
	Note      string                `json:"note,omitempty" maxLength:"2000"`
}

// WithdrawClawback takes a proposal back.
type WithdrawClawback struct {
	Version int64  `json:"version,omitempty" minimum:"0"`
	Note    string `json:"note,omitempty" maxLength:"2000"`
}

// PlanClawback agrees the instalments of what is still open.
type PlanClawback struct {
	Version     int64               `json:"version,omitempty" minimum:"0"`
	Instalments []PlannedInstalment `json:"instalments" maxItems:"120"`
	Note        string              `json:"note,omitempty" maxLength:"2000"`
}

// PlannedInstalment is one of them; a day off becomes the next working day.
type PlannedInstalment struct {
	DueOn  kernel.Date `json:"due_on" maxLength:"10"`
	Amount kernel.Fen  `json:"amount_fen"`
}

// ReceiveClawback is money that has arrived.
type ReceiveClawback struct {
	Version    int64       `json:"version,omitempty" minimum:"0"`
	Amount     kernel.Fen  `json:"amount_fen"`
	ReceivedOn kernel.Date `json:"received_on" maxLength:"10"`
	Reference  string      `json:"reference" maxLength:"80" doc:"银行流水号，全市只能登记一次 · the bank's reference, once in the whole city"`
}

// AskWriteOff asks to give up what is still open.
type AskWriteOff struct {
	Version int64  `json:"version,omitempty" minimum:"0"`
	Note    string `json:"note" maxLength:"2000"`
}

// DecideWriteOff approves or declines that.
type DecideWriteOff struct {
	Version int64                 `json:"version,omitempty" minimum:"0"`
	Outcome subsidies.ClawbackAct `json:"outcome" enum:"write_off,decline_write_off"`
	Note    string                `json:"note" maxLength:"2000"`
}

type clawbackList struct {
	api.Page
	Which  clawbacks.Which `query:"which" enum:"mine,open,overdue,closed" doc:"mine 待我办理；open 已决定未收回；overdue 逾期；closed 已了结"`
	Claim  kernel.ID       `query:"claim" maxLength:"36"`
	Debtor kernel.ID       `query:"debtor" maxLength:"36" doc:"应退单位 · who owes"`
}

func (r *Room) clawbackPages(desk *api.Desk) {
	tags := []string{"clawbacks"}
	api.Route(desk, api.Op{
		ID: "list-clawbacks", Method: http.MethodGet, Path: "/api/v1/clawbacks", Tags: tags, Access: api.Only(parties...),
		Summary: kernel.T("我能看到的追回事项；待办（mine）以等待最久的在前", "The clawbacks you may see; those waiting for you (mine) the longest waiting first"),
	}, func(ctx context.Context, in *clawbackList) (*body[api.List[ClawbackView]], error) {
		return answer(r.listClawbacks(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "list-clawback-grounds", Method: http.MethodGet, Path: "/api/v1/clawbacks/grounds", Tags: tags, Access: api.Public,
		Summary: kernel.T("追回事由、法律依据与罚款幅度", "Grounds of clawbacks, their law and the range of fines"),
	}, func(context.Context, *struct{}) (*body[ClawbackGrounds], error) {
		return &body[ClawbackGrounds]{Body: ClawbackGrounds{Items: clawbacks.Grounds(), Terms: r.Clawbacks.Terms()}}, nil
	})
	api.Route(desk, api.Op{
		ID: "get-clawback", Method: http.MethodGet, Path: "/api/v1/clawbacks/{id}", Tags: tags, Access: api.Only(parties...), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一件追回事项：分期、收款与时间线", "One clawback: instalments, receipts and timeline"),
	}, func(ctx context.Context, in *idPath) (*body[ClawbackPage], error) {
		return answer(r.clawbackPage(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "get-recoverable", Method: http.MethodGet, Path: "/api/v1/claims/{id}/recoverable", Tags: tags, Access: api.Only(parties...), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一份申请已拨付多少、还可追回多少", "What was paid on a claim and what can still be claimed back"),
	}, func(ctx context.Context, in *idPath) (*body[clawbacks.Left], error) {
		return answer(r.Clawbacks.Left(ctx, actor(ctx), in.ID))
	})
	api.Route(desk, api.Op{
		ID: "get-clawback-record", Method: http.MethodGet, Path: "/api/v1/clawbacks/record/{id}", Tags: tags, Access: api.Only(parties...),
		Summary: kernel.T("一个单位的追回记录", "An organisation's record of clawbacks"),
	}, func(ctx context.Context, in *idPath) (*body[clawbacks.Standing], error) {
		return answer(r.Clawbacks.Standing(ctx, actor(ctx), in.ID))
	})
	r.clawbackActs(desk)
}

func (r *Room) clawbackActs(desk *api.Desk) {
	const district, city, finance = kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance
	api.Route(desk, api.Op{
		ID: "propose-clawback", Method: http.MethodPost, Path: "/api/v1/clawbacks", Tags: []string{"clawbacks"}, Access: api.Only(district, city), Status: http.StatusCreated,
		Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}, Summary: kernel.T("提出追回", "Propose a clawback"),
	}, func(ctx context.Context, in *struct{ Body ProposeClawback }) (*body[ClawbackPage], error) {
		b := in.Body
		c, err := r.Clawbacks.Propose(ctx, clawbacks.Proposal{ClaimID: b.ClaimID, Amount: b.Amount, Ground: b.Ground, Note: b.Note, Fine: b.Fine, FineReference: b.FineReference})
		return r.clawbackAfter(ctx, c, err)
	})
	clawbackAct(r, desk, "decide-clawback", "decision", api.Only(city), kernel.T("决定追回或不予追回（须为第二人）", "Order or reject a proposal (a second officer)"),
		func(ctx context.Context, id kernel.ID, b DecideClawback) (subsidies.Clawback, error) {
			return r.Clawbacks.Decide(ctx, id, clawbacks.Decision{Version: b.Version, Act: b.Outcome, Reference: b.Reference, Note: b.Note})
		})
	clawbackAct(r, desk, "withdraw-clawback", "withdraw", api.Only(district, city), kernel.T("撤回本人提出、尚未决定的追回", "Take your own undecided proposal back"),
		func(ctx context.Context, id kernel.ID, b WithdrawClawback) (subsidies.Clawback, error) {
			return r.Clawbacks.Withdraw(ctx, id, b.Version, b.Note)
		})
	clawbackAct(r, desk, "plan-clawback", "plan", api.Only(city, finance), kernel.T("安排分期退回", "Agree the instalments"),
		func(ctx context.Context, id kernel.ID, b PlanClawback) (subsidies.Clawback, error) {
			p := clawbacks.Plan{Version: b.Version, Note: b.Note}
			for _, x := range b.Instalments {
				p.Instalments = append(p.Instalments, clawbacks.Instalment{DueOn: x.DueOn, Amount: x.Amount})
			}
			return r.Clawbacks.Plan(ctx, id, p)
		})
	clawbackAct(r, desk, "receive-clawback", "receipts", api.Only(finance), kernel.T("登记收款", "Record a receipt"),
		func(ctx context.Context, id kernel.ID, b ReceiveClawback) (subsidies.Clawback, error) {
			return r.Clawbacks.Receive(ctx, id, clawbacks.Receipt{Version: b.Version, Amount: b.Amount, ReceivedOn: b.ReceivedOn, Reference: b.Reference})
		})
	clawbackAct(r, desk, "ask-write-off", "write-off", api.Only(city, finance), kernel.T("申请核销未收回部分", "Ask to write off what is still open"),
		func(ctx context.Context, id kernel.ID, b AskWriteOff) (subsidies.Clawback, error) {
			return r.Clawbacks.RequestWriteOff(ctx, id, b.Version, b.Note)
		})
	clawbackAct(r, desk, "decide-write-off", "write-off/decision", api.Only(city), kernel.T("批准或不予核销（须为未经手的第三人）", "Approve or decline a write-off (by someone with no other part)"),
		func(ctx context.Context, id kernel.ID, b DecideWriteOff) (subsidies.Clawback, error) {
			return r.Clawbacks.DecideWriteOff(ctx, id, clawbacks.Decision{Version: b.Version, Act: b.Outcome, Note: b.Note})
		})
}

// clawbackAct registers an act on one clawback, which answers with its page.
func clawbackAct[B any](r *Room, desk *api.Desk, id, path string, access api.Access, summary kernel.Text, do func(context.Context, kernel.ID, B) (subsidies.Clawback, error)) {
	api.Route(desk, api.Op{
		ID: id, Method: http.MethodPost, Path: "/api/v1/clawbacks/{id}/" + path, Tags: []string{"clawbacks"}, Access: access,
		Errors: []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}, Summary: summary,
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body B
	}) (*body[ClawbackPage], error) {
		c, err := do(ctx, in.ID, in.Body)
		return r.clawbackAfter(ctx, c, err)
	})
}

func (r *Room) clawbackAfter(ctx context.Context, c subsidies.Clawback, err error) (*body[ClawbackPage], error) {
	if err != nil {
		return nil, err
	}
	return answer(r.clawbackPage(ctx, c.ID))
}

func (r *Room) listClawbacks(ctx context.Context, in *clawbackList) (api.List[ClawbackView], error) {
	var out api.List[ClawbackView]
	f := clawbacks.Filter{Which: in.Which, Claim: in.Claim, Debtor: in.Debtor, Limit: in.PageSize + 1}
	after, ok, err := api.PositionOf[clawbacks.Cursor](in.Page)
	if err != nil {
		return out, err
	}
	if ok {
		f.After = &after
	}
	rows, err := r.Clawbacks.List(ctx, actor(ctx), f)
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		last := rows[len(rows)-1]
		if out.NextCursor, err = api.CursorAt(clawbacks.Cursor{Since: last.Since, ID: last.ID}); err != nil {
			return out, err
		}
	}
	out.Items, err = r.clawbackViews(ctx, rows)
	return out, err
}

// clawbackViews adds names, numbers and what the actor may do, in a fixed number
// of queries however long the page is.
func (r *Room) clawbackViews(ctx context.Context, rows []subsidies.Clawback) ([]ClawbackView, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	firms, ids := make([]kernel.ID, len(rows)), make([]kernel.ID, len(rows))
	for i, c := range rows {
		firms[i], ids[i] = c.DebtorID, c.ClaimID
	}
	names, err := r.names(ctx, firms)
	if err != nil {
		return nil, err
	}
	numbers, err := r.Clawbacks.ClaimNumbers(ctx, ids...)
	if err != nil {
		return nil, err
	}
	who := actor(ctx)
	handled, err := r.Clawbacks.Handled(ctx, who, rows)
	views, today := make([]ClawbackView, len(rows)), r.Clawbacks.Today()
	for i, c := range rows {
		ground, _ := clawbacks.GroundOf(c.Ground)
		views[i] = ClawbackView{
			Clawback: c, ClaimNumber: numbers[c.ClaimID], Debtor: names[c.DebtorID], GroundText: ground.Text, Open: c.Open(), Overdue: c.Overdue(today),
			Acts: clawbackActsOf(c, who), Handled: handled[c.ID],
		}
	}
	return views, err
}

// paymentActs follow from payments and receipts; no screen offers them.
var paymentActs = []subsidies.ClawbackAct{subsidies.ClawbackHold, subsidies.ClawbackNet, subsidies.ClawbackRelease, subsidies.ClawbackSettle}

// clawbackActsOf lists what the actor may do; a proposal is taken back by who made it.
func clawbackActsOf(c subsidies.Clawback, who kernel.Actor) []subsidies.ClawbackAct {
	acts := []subsidies.ClawbackAct{}
	for _, act := range subsidies.ClawbackMachine.Allowed(c.State, who.Role) {
		own := act != subsidies.ClawbackWithdraw || c.ProposedBy == who.Person
		if own && !slices.Contains(paymentActs, act) {
			acts = append(acts, act)
		}
	}
	return acts
}

func (r *Room) clawbackPage(ctx context.Context, id kernel.ID) (ClawbackPage, error) {
	s, err := r.Clawbacks.Sheet(ctx, actor(ctx), id)
	if err != nil {
		return ClawbackPage{}, err
	}
	views, err := r.clawbackViews(ctx, []subsidies.Clawback{s.Clawback})
	if err != nil {
		return ClawbackPage{}, err
	}
	page := ClawbackPage{ClawbackView: views[0], Entries: s.Entries, Timeline: s.Steps, Terms: r.Clawbacks.Terms()}
	page.Ground, _ = clawbacks.GroundOf(s.Clawback.Ground)
	today := r.Clawbacks.Today()
	for i, x := range s.Instalments {
		page.Instalments = append(page.Instalments, InstalmentView{Instalment: x, Met: s.Met[i], Overdue: x.DueOn < today && s.Met[i] < x.Amount && s.Clawback.Open() > 0})
	}
	return page, nil
}
