package payments

import (
	"context"
	"fmt"
	"io"
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

// Import reads a file of results (xlsx or csv) and settles the batch by it. All
// bad rows are named at once, and then nothing is changed.
func (d *Desk) Import(ctx context.Context, id kernel.ID, file io.Reader) (Batch, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return Batch{}, err
	}
	rows, err := documents.Read(file, importColumns, documents.Limits{Rows: MaxLines})
	if err != nil {
		return Batch{}, err
	}
	results, err := parse(rows)
	if err != nil {
		return Batch{}, err
	}
	return d.Settle(ctx, id, results)
}

func parse(rows []documents.Row) ([]Result, error) {
	var f kernel.Faults
	out := make([]Result, 0, len(rows))
	for _, r := range rows {
		x := Result{Row: r.Number, ClaimNumber: strings.ToUpper(r.Text("claim")), Failure: r.Text("failure"), PaidOn: r.Date("paid_on"), Reference: r.Text("reference")}
		switch strings.ToLower(r.Text("result")) {
		case "成功", "已支付", "paid", "success":
			x.State = Paid
		case "失败", "failed", "failure":
			x.State = Failed
		default:
			f.Add(x.at("result"), "result.unknown", x.says("结果应为“成功”或“失败”", "the result must be paid or failed"))
		}
		switch {
		case r.Has("amount") && r.Has("amount_yuan") && r.Fen("amount") != r.Fen("amount_yuan"):
			f.Add(x.at("amount"), "result.amount", x.says("两列金额不一致", "the two amounts differ"))
		case r.Has("amount"):
			x.Amount = r.Fen("amount")
		case r.Has("amount_yuan"):
			x.Amount = r.Fen("amount_yuan")
		default:
			f.Add(x.at("amount"), "field.required", x.says("缺少金额", "the amount is missing"))
		}
		out = append(out, x)
	}
	return out, f.Err()
}

func (r Result) at(column string) string { return fmt.Sprintf("rows[%d].%s", r.Row, column) }

func (r Result) says(zh, en string) kernel.Text {
	return kernel.Text{ZH: fmt.Sprintf("第 %d 行：", r.Row) + zh, EN: fmt.Sprintf("Row %d: ", r.Row) + en}
}

// check finds what is wrong with a result in itself.
func (r Result) check(f *kernel.Faults, ordered, today kernel.Date) {
	switch r.State {
	case Failed:
		f.Check(r.Failure != "", r.at("failure"), "field.required", r.says("失败须写明原因", "a failure needs its reason"))
	case Paid:
		f.Check(r.PaidOn.Valid(), r.at("paid_on"), "field.required", r.says("成功须写明付款日期", "a payment needs its date"))
		f.Check(r.PaidOn <= today, r.at("paid_on"), "date.future", r.says("付款日期晚于今天", "the date of payment lies in the future"))
		f.Check(!r.PaidOn.Valid() || r.PaidOn >= ordered, r.at("paid_on"), "date.order", r.says("付款日期早于批次生成日期", "the date of payment lies before the batch was made"))
	default:
		f.Add(r.at("result"), "result.unknown", r.says("结果应为“成功”或“失败”", "the result must be paid or failed"))
	}
}
