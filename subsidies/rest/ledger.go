package rest

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"yunhui/services/api"
	"yunhui/services/documents"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
)

// Statement is an account between two days with a page of its postings.
type Statement struct {
	budget.Sums
	Items      []budget.Row `json:"items"`
	NextCursor string       `json:"next_cursor" doc:"为空表示没有更多 / empty: there is no more"`
}

// ClosingPage is a closed period with the balances it sealed.
type ClosingPage struct {
	budget.Closing
	Balances []budget.Balance `json:"balances"`
}

// Closings lists what is closed and what could be closed next.
type Closings struct {
	Items []budget.Closing `json:"items"`
	Due   []string         `json:"due" doc:"可结账期，按先后 · periods that could be closed, in order"`
}

type journalList struct {
	api.Page
	Policy   string         `query:"policy" maxLength:"60"`
	Year     string         `query:"year" maxLength:"4" pattern:"^(20[0-9]{2}|term)?$"`
	District string         `query:"district" maxLength:"20"`
	Account  budget.Account `query:"account" maxLength:"40"`
	Kind     string         `query:"kind" maxLength:"24"`
	Subject  kernel.ID      `query:"subject" maxLength:"36"`
	From     kernel.Date    `query:"from" maxLength:"10"`
	To       kernel.Date    `query:"to" maxLength:"10"`
}

// Extracted says of which account a statement is asked.
type Extracted struct {
	Policy   string         `query:"policy" required:"true" maxLength:"60"`
	Year     string         `query:"year" maxLength:"4" pattern:"^(20[0-9]{2}|term)?$"`
	Account  budget.Account `query:"account" required:"true" maxLength:"40"`
	Scope    string         `query:"scope" maxLength:"20" doc:"出资方：city 或区县 · whose purse"`
	District string         `query:"district" maxLength:"20" doc:"企业所在区县 · of the firms"`
	Category string         `query:"category" maxLength:"40"`
	Payee    kernel.ID      `query:"payee" maxLength:"36"`
	From     kernel.Date    `query:"from" required:"true" maxLength:"10"`
	To       kernel.Date    `query:"to" required:"true" maxLength:"10"`
}

type statementPage struct {
	api.Page
	Extracted
}

func (r *Room) ledgerPages(desk *api.Desk) {
	tags := []string{"ledger"}
	readers := api.Only(budget.Readers...)
	gone := []kernel.Kind{kernel.KindNotFound}
	api.Route(desk, api.Op{
		ID: "get-chart-of-accounts", Method: http.MethodGet, Path: "/api/v1/ledger/accounts", Tags: tags, Access: api.Public,
		Summary: kernel.T("会计科目与凭证种类", "The chart of accounts and the kinds of journals"),
	}, func(context.Context, *struct{}) (*body[ChartOfAccounts], error) {
		return &body[ChartOfAccounts]{Body: ChartOfAccounts{budget.Chart, budget.Movements}}, nil
	})
	api.Route(desk, api.Op{
		ID: "list-journals", Method: http.MethodGet, Path: "/api/v1/ledger/journals", Tags: tags, Access: readers,
		Summary: kernel.T("凭证，最新的在前", "Journals, the newest first"),
	}, func(ctx context.Context, in *journalList) (*body[api.List[budget.Heading]], error) {
		return answer(r.journals(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-journal", Method: http.MethodGet, Path: "/api/v1/ledger/journals/{id}", Tags: tags, Access: readers, Errors: gone,
		Summary: kernel.T("一张凭证及其分录", "A journal with its postings"),
	}, func(ctx context.Context, in *idPath) (*body[JournalPage], error) {
		e, lines, err := r.Books.Journal(ctx, actor(ctx), in.ID)
		return answer(JournalPage{e, lines}, err)
	})
	api.Route(desk, api.Op{
		ID: "get-trail", Method: http.MethodGet, Path: "/api/v1/ledger/trails/{id}", Tags: tags, Access: readers, Errors: gone,
		Summary: kernel.T("一笔资金的来龙去脉：协议、申请、科目与计算过程", "The way of one agreement's money: agreement, claims, accounts and traces"),
	}, func(ctx context.Context, in *idPath) (*body[TrailPage], error) {
		return answer(r.trail(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "get-statement", Method: http.MethodGet, Path: "/api/v1/ledger/statement", Tags: tags, Access: readers, Errors: gone,
		Summary: kernel.T("科目对账单：期初、发生、期末", "Statement of an account: opening, postings, closing"),
	}, func(ctx context.Context, in *statementPage) (*body[Statement], error) {
		return answer(r.statement(ctx, in))
	})
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "export-statement", Method: http.MethodGet, Path: "/api/v1/ledger/statement.xlsx", Tags: tags, Access: readers, Errors: gone,
			Summary: kernel.T("导出科目对账单", "The statement as a workbook"),
		},
		Query:    []string{"policy", "year", "account", "scope", "district", "category", "payee", "from", "to"},
		Produces: []string{workbook},
	}, r.exportStatement)
}

func (r *Room) closingPages(desk *api.Desk) {
	tags := []string{"ledger"}
	api.Route(desk, api.Op{
		ID: "list-closings", Method: http.MethodGet, Path: "/api/v1/ledger/closings", Tags: tags, Access: api.Only(whole...),
		Summary: kernel.T("已结与待结账期", "Closed periods and those that are due"),
	}, func(ctx context.Context, _ *struct{}) (*body[Closings], error) {
		var out Closings
		var err error
		if out.Items, err = r.Books.Closings(ctx, actor(ctx)); err == nil {
			out.Due, err = r.Books.Due(ctx)
		}
		return answer(out, err)
	})
	api.Route(desk, api.Op{
		ID: "get-closing", Method: http.MethodGet, Path: "/api/v1/ledger/closings/{period}", Tags: tags, Access: api.Only(whole...), Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一个账期及其封存的余额", "A closed period with its sealed balances"),
	}, func(ctx context.Context, in *struct {
		Period string `path:"period" maxLength:"7"`
	}) (*body[ClosingPage], error) {
		c, balances, err := r.Books.Sealed(ctx, actor(ctx), in.Period)
		return answer(ClosingPage{c, balances}, err)
	})
	api.Route(desk, api.Op{
		ID: "close-period", Method: http.MethodPost, Path: "/api/v1/ledger/closings", Tags: tags, Access: api.Only(kernel.RoleFinance), Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("结账：封存余额，此后不再记入", "Close a period: its balances are sealed and nothing is posted into it"),
	}, func(ctx context.Context, in *struct {
		Body struct {
			Period string `json:"period" pattern:"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$" doc:"2026-10 或 2026"`
		}
	}) (*body[budget.Closing], error) {
		return answer(r.Books.Close(ctx, in.Body.Period))
	})
}

// place is the position among journals as cursors carry it.
type place budget.Place

func (r *Room) journals(ctx context.Context, in *journalList) (out api.List[budget.Heading], err error) {
	at, further, err := api.PositionOf[place](in.Page)
	if err != nil {
		return out, err
	}
	q := budget.Query{Policy: in.Policy, Year: yearOf(in.Year), District: in.District, Account: in.Account, Kind: in.Kind, Subject: in.Subject, Period: kernel.Period{From: in.From, To: in.To}}
	if err := days(in.From, in.To); err != nil {
		return out, err
	}
	var from *budget.Place
	if further {
		from = (*budget.Place)(&at)
	}
	if out.Items, err = r.Books.Journals(ctx, actor(ctx), q, from, in.PageSize+1); err != nil {
		return out, err
	}
	if len(out.Items) > in.PageSize {
		out.Items = out.Items[:in.PageSize]
		last := out.Items[in.PageSize-1]
		out.NextCursor, err = api.CursorAt(place{last.At, last.ID})
	}
	return out, err
}

func days(from, to kernel.Date) error {
	var f kernel.Faults
	for path, day := range map[string]kernel.Date{"from": from, "to": to} {
		f.Check(day == "" || day.Valid(), path, "field.date", kernel.T("应为日期，如 2026-11-23", "This must be a date such as 2026-11-23"))
	}
	return f.Err()
}

// chosen is the extract of a request, its year resolved.
func (r *Room) chosen(ctx context.Context, in Extracted) (budget.Extract, error) {
	year, err := r.Books.YearOf(ctx, in.Policy, yearOf(in.Year))
	return budget.Extract{
		Policy: in.Policy, Year: year, Account: in.Account, Scope: in.Scope, District: in.District, Category: in.Category, Payee: in.Payee,
		Period: kernel.Period{From: in.From, To: in.To},
	}, err
}

func (r *Room) statement(ctx context.Context, in *statementPage) (out Statement, err error) {
	at, further, err := api.PositionOf[budget.Spot](in.Page)
	if err != nil {
		return out, err
	}
	var from *budget.Spot
	if further {
		from = &at
	}
	x, err := r.chosen(ctx, in.Extracted)
	if err != nil {
		return out, err
	}
	if out.Sums, out.Items, err = r.Books.Statement(ctx, actor(ctx), x, from, in.PageSize+1); err != nil {
		return out, err
	}
	if len(out.Items) > in.PageSize {
		out.Items = out.Items[:in.PageSize]
		out.NextCursor, err = api.CursorAt(out.Items[in.PageSize-1].After())
	}
	return out, err
}

const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

var statementColumns = []documents.Column{
	{Key: "day", Title: kernel.T("日期", "Day"), Kind: documents.KindDate},
	{Key: "journal", Title: kernel.T("凭证号", "Journal"), Kind: documents.KindText},
	{Key: "kind", Title: kernel.T("业务", "Kind"), Kind: documents.KindText},
	{Key: "number", Title: kernel.T("协议、申请编号或文号", "Agreement, claim or document"), Kind: documents.KindText},
	{Key: "scope", Title: kernel.T("出资方", "Purse"), Kind: documents.KindText},
	{Key: "district", Title: kernel.T("区县", "District"), Kind: documents.KindText},
	{Key: "category", Title: kernel.T("类别", "Category"), Kind: documents.KindText},
	{Key: "amount", Title: kernel.T("发生额(元)", "Amount (yuan)"), Kind: documents.KindMoney},
	{Key: "balance", Title: kernel.T("余额(元)", "Balance (yuan)"), Kind: documents.KindMoney},
}

func (r *Room) exportStatement(x *api.Exchange) error {
	ctx, language := x.Context(), x.Call().Language
	chosen, err := r.chosen(ctx, Extracted{
		Policy: x.Query("policy"), Year: x.Query("year"), Account: budget.Account(x.Query("account")), Scope: x.Query("scope"), District: x.Query("district"),
		Category: x.Query("category"), Payee: kernel.ID(x.Query("payee")), From: kernel.Date(x.Query("from")), To: kernel.Date(x.Query("to")),
	})
	if err != nil {
		return err
	}
	sums, rows, err := r.Books.Whole(ctx, actor(ctx), chosen)
	if err != nil {
		return err
	}
	kinds := map[string]string{}
	for _, m := range budget.Movements {
		kinds[m.Kind] = m.Name.In(language)
	}
	line := func(day kernel.Date, words kernel.Text, balance kernel.Fen) []any {
		return []any{day, "", words.In(language), "", "", "", "", kernel.Fen(0), balance}
	}
	table := documents.Table{Name: kernel.T("科目对账单", "Statement"), Columns: statementColumns, Rows: func(yield func([]any, error) bool) {
		if !yield(line(chosen.Period.From, kernel.T("期初余额", "Opening balance"), sums.Opening), nil) {
			return
		}
		for row, err := range rows {
			cells := []any{kernel.DayOf(row.At), string(row.ID), kinds[row.Kind], row.Number, row.Scope, row.District, row.Category, row.Amount, row.Balance}
			if !yield(cells, err) || err != nil {
				return
			}
		}
		yield(line(chosen.Period.To, kernel.T("期末余额", "Closing balance"), sums.Closing), nil)
	}}
	var book bytes.Buffer
	if err := documents.WriteXLSX(&book, language, table); err != nil {
		return err
	}
	x.SetHeader("Cache-Control", "private, no-store")
	name := strings.Join([]string{"对账单", chosen.Policy, string(chosen.Account), string(chosen.Period.From), string(chosen.Period.To)}, "-") + ".xlsx"
	return x.Download(name, workbook, int64(book.Len()), &book)
}
