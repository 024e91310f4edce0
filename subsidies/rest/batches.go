package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies/payments"
)

// DraftBatch collects approved claims of a policy for payment.
type DraftBatch struct {
	Policy   string      `json:"policy" minLength:"1" maxLength:"60"`
	ClaimIDs []kernel.ID `json:"claim_ids,omitempty" maxItems:"10000" doc:"不填为该政策全部已批准的申请，不限数量 · all approved claims of the policy when left out, however many"`
}

// BatchPage is a batch with a page of its lines.
type BatchPage struct {
	payments.Batch
	Lines      []payments.Shown   `json:"lines"`
	NextCursor string             `json:"next_cursor" doc:"为空表示没有更多 / empty: there is no more"`
	LeftOut    []payments.LeftOut `json:"left_out" doc:"未列入的申请及原因，仅在生成时给出 · what was left out and why, told when drafted"`
	Jobs       []payments.Job     `json:"jobs" doc:"对批次所做的处理，最新的在前 · what was done to it, the newest first"`
}

// LayoutItem names a form in which lists can be taken out.
type LayoutItem struct {
	Code     string      `json:"code"`
	Title    kernel.Text `json:"title"`
	Encoding string      `json:"csv_encoding"`
}

// ActOnBatch is the body of an act on a batch.
type ActOnBatch struct {
	Version int64 `json:"version,omitempty" minimum:"0"`
}

// Receivables is what the caller's organisation is to receive or has received.
type Receivables struct {
	Totals     []payments.Total      `json:"totals" doc:"已批准 approved、拨付中 batched、已拨付 paid"`
	Items      []payments.Receivable `json:"items"`
	NextCursor string                `json:"next_cursor" doc:"为空表示没有更多 / empty: there is no more"`
}

type batchList struct {
	api.Page
	State payments.State `query:"state" enum:"gathering,drafted,closed,exported,settled,releasing,abandoned"`
}

type batchPath struct {
	api.Page
	ID kernel.ID `path:"id" maxLength:"36"`
}

type batchAct struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body ActOnBatch
}

// afterLine is the position among the lines of a batch.
type afterLine struct {
	Line int64
}

// payers take part in payment.
var payers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}

// firstLines is how many lines an act answers with.
const firstLines = 20

func (r *Room) batchPages(desk *api.Desk) {
	tags := []string{"payments"}
	readers := api.Only(kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor)
	conflicts := []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}
	api.Route(desk, api.Op{
		ID: "draft-batch", Method: http.MethodPost, Path: "/api/v1/batches", Tags: tags, Access: api.Only(payers...), Status: http.StatusCreated, Errors: []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("生成拨付批次", "Draft a payment batch"),
	}, func(ctx context.Context, in *struct{ Body DraftBatch }) (*body[BatchPage], error) {
		d, err := r.Payments.Draft(ctx, payments.Filter{Policy: in.Body.Policy, Claims: in.Body.ClaimIDs})
		if err != nil {
			return nil, err
		}
		page, err := r.batchPage(ctx, d.Batch.ID, 0, firstLines)
		page.LeftOut = d.LeftOut
		return answer(page, err)
	})
	api.Route(desk, api.Op{
		ID: "list-batches", Method: http.MethodGet, Path: "/api/v1/batches", Tags: tags, Access: readers,
		Summary: kernel.T("拨付批次，最新的在前", "Payment batches, the newest first"),
	}, func(ctx context.Context, in *batchList) (*body[api.List[payments.Batch]], error) {
		return answer(r.listBatches(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-batch", Method: http.MethodGet, Path: "/api/v1/batches/{id}", Tags: tags, Access: readers, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一个拨付批次及其明细", "One batch with its lines"),
	}, func(ctx context.Context, in *batchPath) (*body[BatchPage], error) {
		at, _, err := api.PositionOf[afterLine](in.Page)
		if err != nil {
			return nil, err
		}
		return answer(r.batchPage(ctx, in.ID, at.Line, in.PageSize))
	})
	act := func(id, path string, summary kernel.Text, do func(context.Context, kernel.ID, int64) (payments.Batch, error)) {
		api.Route(desk, api.Op{
			ID: id, Method: http.MethodPost, Path: "/api/v1/batches/{id}/" + path, Tags: tags, Access: api.Only(payers...), Errors: conflicts, Summary: summary,
		}, func(ctx context.Context, in *batchAct) (*body[BatchPage], error) {
			b, err := do(ctx, in.ID, in.Body.Version)
			if err != nil {
				return nil, err
			}
			return answer(r.batchPage(ctx, b.ID, 0, firstLines))
		})
	}
	act("close-batch", "close", kernel.T("封存批次，之后不再更改", "Close the batch: it will not change any more"), func(ctx context.Context, id kernel.ID, version int64) (payments.Batch, error) {
		return r.Payments.Close(ctx, id, version)
	})
	act("abandon-batch", "abandon", kernel.T("作废未封存的批次", "Give a drafted batch up"), func(ctx context.Context, id kernel.ID, version int64) (payments.Batch, error) {
		return r.Payments.Abandon(ctx, id, version)
	})
	act("resume-batch", "resume", kernel.T("继续中断的处理", "Let work that was stopped go on"), func(ctx context.Context, id kernel.ID, _ int64) (payments.Batch, error) {
		return r.Payments.Resume(ctx, id)
	})
	r.batchBooks(desk)
	r.batchFiles(desk)
	api.Route(desk, api.Op{
		ID: "list-receivables", Method: http.MethodGet, Path: "/api/v1/receivables", Tags: tags, Access: api.Only(kernel.RoleEnterprise, kernel.RoleProvider),
		Summary: kernel.T("本单位应收与已收的补贴", "What your organisation is to receive or has received"),
	}, func(ctx context.Context, in *api.Page) (*body[Receivables], error) {
		return answer(r.receivables(ctx, *in))
	})
}

// batchBooks are the pages about a batch as a whole.
func (r *Room) batchBooks(desk *api.Desk) {
	tags := []string{"payments"}
	readers := api.Only(kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor)
	missing := []kernel.Kind{kernel.KindNotFound}
	api.Route(desk, api.Op{
		ID: "reconcile-batch", Method: http.MethodGet, Path: "/api/v1/batches/{id}/reconciliation", Tags: tags, Access: readers, Errors: missing, Patience: fileTime,
		Summary: kernel.T("对账：按区县和资金级次，应付 = 已付 + 失败 + 撤下 + 未付，并与总账核对", "Reconciliation by district and level: ordered = paid + failed + removed + outstanding, held against the ledger"),
	}, func(ctx context.Context, in *idPath) (*body[payments.Reconciliation], error) {
		return answer(r.Payments.Reconcile(ctx, actor(ctx), in.ID))
	})
	api.Route(desk, api.Op{
		ID: "list-waiting-payments", Method: http.MethodGet, Path: "/api/v1/waiting-payments", Tags: tags, Access: api.Only(payers...),
		Summary: kernel.T("各政策待拨付的份数与金额", "What waits to be paid, by policy"),
	}, func(ctx context.Context, _ *struct{}) (*body[api.List[payments.Waiting]], error) {
		var out api.List[payments.Waiting]
		var err error
		out.Items, err = r.Payments.Waiting(ctx, actor(ctx))
		return answer(out, err)
	})
	api.Route(desk, api.Op{
		ID: "time-to-pay", Method: http.MethodGet, Path: "/api/v1/time-to-pay", Tags: tags, Access: api.Public,
		Summary: kernel.T("从批准到拨付的工作日：中位数与九成以内", "Working days from approval to payment: the median, and what nine of ten do not exceed"),
	}, func(ctx context.Context, _ *struct{}) (*body[payments.Speed], error) {
		return answer(r.Stopwatch.Speed(ctx))
	})
	api.Route(desk, api.Op{
		ID: "list-batch-left-out", Method: http.MethodGet, Path: "/api/v1/batches/{id}/left-out", Tags: tags, Access: readers, Errors: missing,
		Summary: kernel.T("未列入批次的申请及原因", "What was left out of a batch, and why"),
	}, func(ctx context.Context, in *batchPath) (*body[api.List[payments.LeftOut]], error) {
		return answer(r.leftOut(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "list-payment-layouts", Method: http.MethodGet, Path: "/api/v1/payment-layouts", Tags: tags, Access: readers,
		Summary: kernel.T("导出格式", "The forms in which lists can be taken out"),
	}, func(context.Context, *struct{}) (*body[api.List[LayoutItem]], error) {
		var out api.List[LayoutItem]
		for _, l := range r.Payments.Layouts {
			out.Items = append(out.Items, LayoutItem{l.Code, l.Title, l.Encoding})
		}
		return answer(out, nil)
	})
}

func (r *Room) leftOut(ctx context.Context, in *batchPath) (out api.List[payments.LeftOut], err error) {
	at, _, err := api.PositionOf[after](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Payments.LeftOut(ctx, actor(ctx), in.ID, at.ID, in.PageSize+1)
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		out.NextCursor, err = api.CursorAt(after{rows[len(rows)-1].ClaimID})
	}
	out.Items = rows
	return out, err
}

// fileTime is how long a list of the largest batch may take on its way.
const fileTime = 5 * time.Minute

func (r *Room) batchFiles(desk *api.Desk) {
	tags := []string{"payments"}
	conflicts := []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "export-batch", Method: http.MethodGet, Path: "/api/v1/batches/{id}/export", Tags: tags, Access: api.Only(payers...), Errors: conflicts, Patience: fileTime,
			Summary: kernel.T("导出拨付清单（format=xlsx 或 csv，layout=导出格式）", "Take the payment list out (format=xlsx or csv, layout=its form)"),
		},
		Query: []string{"format", "layout"}, Produces: []string{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"},
	}, r.exportBatch)
	api.Raw(desk, api.RawOp{
		Op: api.Op{
			ID: "import-results", Method: http.MethodPost, Path: "/api/v1/batches/{id}/results", Tags: tags, Access: api.Only(payers...), MaxBody: 64 << 20, Patience: fileTime,
			Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict, kernel.KindTooLarge, kernel.KindUnsupported},
			Summary: kernel.T("导入拨付结果（xlsx 或 csv）", "Import payment results (xlsx or csv)"),
			About: kernel.T("列：申请编号、金额、结果（成功/失败）、失败原因、付款日期、流水号；任何一行有误则全部不导入，重复导入同一文件不产生变化",
				"Columns: Claim, Amount, Result (paid/failed), Failure, Paid on, Reference. With any bad row nothing is imported; the same file again changes nothing"),
		},
		Files: []string{"file"}, Answer: BatchPage{},
	}, r.importResults)
}

// exportBatch lets the list wait on disk until it is whole: what goes wrong on the
// way is then still told, and the largest list takes no memory.
func (r *Room) exportBatch(x *api.Exchange) (err error) {
	out, err := os.CreateTemp("", "yunhui-export-*")
	if err != nil {
		return fmt.Errorf("a place for the list: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, out.Close())
		}
	}()
	if err := os.Remove(out.Name()); err != nil { // it lives as long as it is open
		return fmt.Errorf("a place for the list: %w", err)
	}
	file, err := r.Payments.Export(x.Context(), kernel.ID(x.Param("id")), payments.Export{Format: payments.Format(x.Query("format")), Layout: x.Query("layout")}, out)
	if err != nil {
		return err
	}
	size, err := out.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = out.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("read the list back: %w", err)
	}
	x.SetHeader("Cache-Control", "private, no-store")
	return x.Download(file.Name, file.Media, size, out)
}

func (r *Room) importResults(x *api.Exchange) (err error) {
	upload, err := x.File("file")
	if err != nil {
		return err
	}
	content, err := upload.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	b, err := r.Payments.Import(x.Context(), kernel.ID(x.Param("id")), content)
	if err != nil {
		return err
	}
	page, err := r.batchPage(x.Context(), b.ID, 0, firstLines)
	if err != nil {
		return err
	}
	page.LeftOut = []payments.LeftOut{}
	return x.JSON(page)
}

func (r *Room) listBatches(ctx context.Context, in *batchList) (api.List[payments.Batch], error) {
	var out api.List[payments.Batch]
	at, _, err := api.PositionOf[after](in.Page)
	if err != nil {
		return out, err
	}
	rows, err := r.Payments.List(ctx, actor(ctx), in.State, at.ID, in.PageSize+1)
	if err != nil {
		return out, err
	}
	if len(rows) > in.PageSize {
		rows = rows[:in.PageSize]
		if out.NextCursor, err = api.CursorAt(after{rows[len(rows)-1].ID}); err != nil {
			return out, err
		}
	}
	out.Items = rows
	return out, nil
}

func (r *Room) batchPage(ctx context.Context, id kernel.ID, from int64, size int) (BatchPage, error) {
	b, lines, err := r.Payments.Get(ctx, actor(ctx), id, from, size+1)
	page := BatchPage{Batch: b, Lines: lines}
	if err != nil {
		return page, err
	}
	if page.Jobs, err = r.Payments.Jobs(ctx, actor(ctx), id); err != nil || len(lines) <= size {
		return page, err
	}
	page.Lines = lines[:size]
	page.NextCursor, err = api.CursorAt(afterLine{lines[size-1].LineNo})
	return page, err
}

func (r *Room) receivables(ctx context.Context, in api.Page) (out Receivables, err error) {
	at, _, err := api.PositionOf[after](in)
	if err != nil {
		return out, err
	}
	if out.Totals, err = r.Payments.Totals(ctx, actor(ctx)); err != nil {
		return out, err
	}
	if out.Items, err = r.Payments.Receivables(ctx, actor(ctx), at.ID, in.PageSize+1); err != nil {
		return out, err
	}
	if len(out.Items) > in.PageSize {
		out.Items = out.Items[:in.PageSize]
		out.NextCursor, err = api.CursorAt(after{out.Items[len(out.Items)-1].ClaimID})
	}
	return out, err
}
