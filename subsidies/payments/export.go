package payments

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/documents"
	"yunhui/services/kernel"
)

// Format is a form of the list.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// File is a list that has been taken out.
type File struct {
	Name, Media string
	Content     []byte
}

var columns = []documents.Column{
	{Key: "line_no", Title: kernel.T("序号", "No."), Kind: documents.KindInt},
	{Key: "batch", Title: kernel.T("批次号", "Batch"), Kind: documents.KindText},
	{Key: "claim", Title: kernel.T("申请编号", "Claim"), Kind: documents.KindText},
	{Key: "payee", Title: kernel.T("收款单位", "Payee"), Kind: documents.KindText},
	{Key: "bank", Title: kernel.T("开户银行", "Bank"), Kind: documents.KindText},
	{Key: "bank_code", Title: kernel.T("行号", "Bank code"), Kind: documents.KindText},
	{Key: "account", Title: kernel.T("账号", "Account"), Kind: documents.KindText},
	{Key: "amount_yuan", Title: kernel.T("金额(元)", "Amount (yuan)"), Kind: documents.KindMoney},
	{Key: "purpose", Title: kernel.T("用途", "Purpose"), Kind: documents.KindText},
}

// Export takes a closed batch out as a list for the treasury, accounts in the
// clear. The digest of the list is kept with the first export; a later one that
// would differ is refused, since then somebody has changed the stored lines.
func (d *Desk) Export(ctx context.Context, id kernel.ID, format Format) (File, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return File{}, err
	}
	var f kernel.Faults
	f.Check(format == XLSX || format == CSV, "format", "field.choice", kernel.T("应为以下之一：xlsx、csv", "This must be one of: xlsx, csv"))
	if err := f.Err(); err != nil {
		return File{}, err
	}
	b, _, err := d.batch(ctx, id)
	if err != nil {
		return File{}, err
	}
	if b.State == Drafted || b.State == Abandoned {
		return File{}, kernel.Conflict("batch.not_closed", kernel.T("批次尚未封存，不能导出", "The batch is not closed yet and cannot be taken out"))
	}
	rows, err := d.rows(ctx, b)
	if err != nil {
		return File{}, err
	}
	table := documents.Table{Name: kernel.T("拨付清单", "Payments"), Columns: columns, Rows: documents.Rows(rows)}
	var plain bytes.Buffer
	if err := documents.WriteCSV(&plain, "zh-CN", table); err != nil {
		return File{}, err
	}
	if err := d.taken(ctx, b.ID, plain.Bytes(), format); err != nil {
		return File{}, err
	}
	if format == CSV {
		return File{Name: "拨付批次" + b.Number + ".csv", Media: "text/csv; charset=utf-8", Content: plain.Bytes()}, nil
	}
	var book bytes.Buffer
	err = documents.WriteXLSX(&book, "zh-CN", table)
	return File{Name: "拨付批次" + b.Number + ".xlsx", Media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content: book.Bytes()}, err
}

func (d *Desk) rows(ctx context.Context, b Batch) ([][]any, error) {
	var out [][]any
	for l, err := range d.each(ctx, b.ID) {
		if err != nil {
			return nil, err
		}
		account, err := d.Cipher.Open(l.place(), l.AccountNumber)
		if err != nil {
			return nil, fmt.Errorf("line %d of batch %s: %w", l.LineNo, b.Number, err)
		}
		out = append(out, []any{l.LineNo, b.Number, l.ClaimNumber, l.PayeeName, l.BankName, l.BankCode, account, l.Amount, "企业上云补贴 " + l.ClaimNumber})
	}
	return out, nil
}

// each walks the lines of a batch in order.
func (d *Desk) each(ctx context.Context, batch kernel.ID) iter.Seq2[Numbered, error] {
	return func(yield func(Numbered, error) bool) {
		after := int64(0)
		for {
			some, err := lines(d.DB.Read(ctx), batch, after, 1000)
			if err != nil {
				yield(Numbered{}, err)
				return
			}
			for _, l := range some {
				if !yield(l, nil) {
					return
				}
			}
			if len(some) < 1000 {
				return
			}
			after = some[len(some)-1].LineNo
		}
	}
}

// taken records the export. It keeps no idempotency key: each taking out is a
// fact of its own, and the file must not be stored.
func (d *Desk) taken(ctx context.Context, id kernel.ID, plain []byte, format Format) error {
	sum := sha256.Sum256(plain)
	digest := hex.EncodeToString(sum[:])
	call := kernel.CallFrom(ctx)
	call.IdempotencyKey = ""
	return database.Run(kernel.WithCall(ctx, call), d.DB, "batch.export", func(tx *database.Tx) error {
		b, err := find(tx, id, 0)
		if err != nil {
			return err
		}
		if b.Digest != "" && b.Digest != digest {
			return fmt.Errorf("batch %s: its lines are not those that were taken out before", b.Number)
		}
		set := map[string]any{}
		if b.State == Closed {
			set["state"] = Exported
		}
		if b.Digest == "" {
			set["digest"], set["exported_at"] = digest, tx.Now
		}
		if len(set) > 0 {
			if err := change(tx, &b, set); err != nil {
				return err
			}
		}
		return audit.Record(tx, audit.Entry{Action: "batch.export", ObjectKind: "batch", ObjectID: string(id), Detail: map[string]any{"format": format, "digest": digest, "lines": b.LineCount, "total_fen": b.Total}})
	})
}

var importColumns = slices.Concat(optional(columns), []documents.Column{
	{Key: "amount", Title: kernel.T("金额", "Amount"), Kind: documents.KindMoney, Optional: true},
	{Key: "result", Title: kernel.T("结果", "Result"), Kind: documents.KindText, MaxChars: 20},
	{Key: "failure", Title: kernel.T("失败原因", "Failure"), Kind: documents.KindText, MaxChars: 500, Optional: true},
	{Key: "paid_on", Title: kernel.T("付款日期", "Paid on"), Kind: documents.KindDate, Optional: true},
	{Key: "reference", Title: kernel.T("流水号", "Reference"), Kind: documents.KindText, MaxChars: 80, Optional: true},
})

// optional lets the list itself come back with the results added to it.
func optional(all []documents.Column) []documents.Column {
	out := slices.Clone(all)
	for i := range out {
		out[i].Optional = out[i].Key != "claim"
	}
	return out
}
