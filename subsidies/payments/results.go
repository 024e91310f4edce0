package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"strings"

	"yunhui/services/documents"
	"yunhui/services/kernel"
)

// Result is what became of one line, as the treasury says.
type Result struct {
	Row         int // where it stands in the file, for the person who mends it
	ClaimNumber string
	Amount      kernel.Fen
	State       LineState // Paid or Failed
	Failure     string
	PaidOn      kernel.Date
	Reference   string
}

// Import reads a file of results (xlsx or csv) and settles the batch by it. Bad
// rows are named together, and then nothing is changed.
func (d *Desk) Import(ctx context.Context, id kernel.ID, file io.Reader) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	sum := sha256.New()
	x, err := d.examine(ctx, id)
	if err != nil {
		return Batch{}, err
	}
	err = documents.Scan(io.TeeReader(file, sum), d.Layouts.returning(), importLimits, func(row documents.Row) error {
		r, ok := x.parse(row)
		if !ok {
			return x.enough()
		}
		return x.add(r)
	})
	if err != nil {
		return Batch{}, err
	}
	return d.book(ctx, x, hex.EncodeToString(sum.Sum(nil)))
}

// Settle is Import for results that are in memory.
func (d *Desk) Settle(ctx context.Context, id kernel.ID, results []Result) (Batch, error) {
	return d.settleAll(ctx, id, func(yield func(Result) bool) {
		for _, r := range results {
			if !yield(r) {
				return
			}
		}
	})
}

func (d *Desk) settleAll(ctx context.Context, id kernel.ID, results iter.Seq[Result]) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	x, err := d.examine(ctx, id)
	if err != nil {
		return Batch{}, err
	}
	for r := range results {
		if err := x.add(r); err != nil {
			return Batch{}, err
		}
	}
	return d.book(ctx, x, "")
}

// importLimits let the largest batch come back.
var importLimits = documents.Limits{Bytes: 64 << 20, Unpacked: 1 << 30, Rows: 1_000_000}

// parse reads a row, noting what cannot be a result.
func (x *examination) parse(r documents.Row) (Result, bool) {
	out := Result{Row: r.Number, ClaimNumber: strings.ToUpper(r.Text("claim")), Failure: r.Text("failure"), PaidOn: r.Date("paid_on"), Reference: r.Text("reference")}
	before := len(x.faults)
	if other := strings.ToUpper(r.Text("batch")); other != "" && other != x.batch.Number {
		x.fault(out, "batch", "batch.other", "属于另一批次 "+other, "belongs to another batch, "+other)
	} else if check := strings.ToUpper(r.Text("check")); check != "" && check != x.batch.check() {
		x.fault(out, "check", "batch.other_list", "校验码与本批次导出的清单不符，请使用本批次导出的文件", "is not of the list that was taken out of this batch; use the file exported from it")
	}
	switch strings.ToLower(r.Text("result")) {
	case "成功", "已支付", "paid", "success":
		out.State = Paid
	case "失败", "failed", "failure":
		out.State = Failed
	default:
		x.fault(out, "result", "result.unknown", "结果应为“成功”或“失败”", "the result must be paid or failed")
	}
	switch {
	case r.Has("amount") && r.Has("amount_yuan") && r.Fen("amount") != r.Fen("amount_yuan"):
		x.fault(out, "amount", "result.amount", "两列金额不一致", "the two amounts differ")
	case r.Has("amount"):
		out.Amount = r.Fen("amount")
	case r.Has("amount_yuan"):
		out.Amount = r.Fen("amount_yuan")
	default:
		x.fault(out, "amount", "field.required", "缺少金额", "the amount is missing")
	}
	return out, len(x.faults) == before
}

// check finds what is wrong with a result in itself.
func (r Result) check(x *examination) {
	must := func(ok bool, column, code, zh, en string) {
		if !ok {
			x.fault(r, column, code, zh, en)
		}
	}
	switch r.State {
	case Failed:
		must(r.Failure != "", "failure", "field.required", "失败须写明原因", "a failure needs its reason")
	case Paid:
		must(r.PaidOn.Valid(), "paid_on", "field.required", "成功须写明付款日期", "a payment needs its date")
		must(r.PaidOn <= x.today, "paid_on", "date.future", "付款日期晚于今天", "the date of payment lies in the future")
		must(!r.PaidOn.Valid() || r.PaidOn >= x.ordered, "paid_on", "date.order", "付款日期早于批次生成日期", "the date of payment lies before the batch was made")
	default:
		must(false, "result", "result.unknown", "结果应为“成功”或“失败”", "the result must be paid or failed")
	}
}
