package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"strings"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/documents"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Format is a form of the list.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// File names a list that is taken out.
type File struct{ Name, Media string }

// Export says in which form a batch is to be taken out.
type Export struct {
	Format Format
	Layout string // the code of a layout; "": the standard one
}

// canonical is the form over which the digest of a list is made, whatever it
// looks like outside. It must never change: stored digests are of it.
var canonical = []documents.Column{
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

// Export writes a closed batch as a list for the treasury, accounts in the
// clear, row by row. The digest of the list is kept with the first export; a
// later one that would differ is refused, since then somebody has changed the
// stored lines. Nothing is written before the export is on record.
func (d *Desk) Export(ctx context.Context, id kernel.ID, e Export, w io.Writer) (File, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(payers...); err != nil {
		return File{}, err
	}
	layout, known := d.Layouts.Find(e.Layout)
	var f kernel.Faults
	f.Check(e.Format == XLSX || e.Format == CSV, "format", "field.choice", kernel.T("应为以下之一：xlsx、csv", "This must be one of: xlsx, csv"))
	f.Check(known, "layout", "field.choice", kernel.T("没有该导出格式", "There is no such layout"))
	if err := f.Err(); err != nil {
		return File{}, err
	}
	b, _, err := d.batch(ctx, id)
	if err != nil {
		return File{}, err
	}
	switch b.State {
	case Closed, Exported, Settled:
	default:
		return File{}, kernel.Conflict("batch.not_closed", kernel.T("批次尚未封存，不能导出", "The batch is not closed yet and cannot be taken out"))
	}
	sum, err := d.digest(ctx, b)
	if err != nil {
		return File{}, err
	}
	if b.Digest, err = d.taken(ctx, b.ID, sum, e); err != nil {
		return File{}, err
	}
	table := documents.Table{Name: layout.Sheet, Columns: layout.columns(), Rows: d.rows(ctx, b, layout), Encoding: layout.Encoding}
	name := "拨付批次" + b.Number
	if e.Format == CSV {
		return File{Name: name + ".csv", Media: "text/csv"}, documents.WriteCSV(w, layout.Language, table)
	}
	return File{Name: name + ".xlsx", Media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, documents.WriteXLSX(w, layout.Language, table)
}

// digest reads the list through and sums it up.
func (d *Desk) digest(ctx context.Context, b Batch) (string, error) {
	sum := sha256.New()
	rows := func(yield func([]any, error) bool) {
		for l, err := range d.walk(ctx, b, false) {
			if !yield([]any{l.LineNo, b.Number, l.ClaimNumber, l.PayeeName, l.BankName, l.BankCode, l.account, l.Amount, "企业上云补贴 " + l.ClaimNumber}, err) {
				return
			}
		}
	}
	err := documents.WriteCSV(sum, "zh-CN", documents.Table{Columns: canonical, Rows: rows})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// openLine is a line with its account in the clear.
type openLine struct {
	Numbered
	account string
	firm    subsidies.Firm
}

// walk reads the lines of a batch in order, a page after the other, with their
// payees if wanted.
func (d *Desk) walk(ctx context.Context, b Batch, payees bool) iter.Seq2[openLine, error] {
	return func(yield func(openLine, error) bool) {
		for after := int64(0); ; {
			some, err := d.openSome(ctx, b, after, payees)
			if err != nil {
				yield(openLine{}, err)
				return
			}
			for _, l := range some {
				if !yield(l, nil) {
					return
				}
			}
			if len(some) < d.stride() {
				return
			}
			after = some[len(some)-1].LineNo
		}
	}
}

func (d *Desk) openSome(ctx context.Context, b Batch, after int64, payees bool) ([]openLine, error) {
	some, err := lines(d.DB.Read(ctx), b.ID, after, d.stride())
	if err != nil {
		return nil, err
	}
	out := make([]openLine, len(some))
	for i, l := range some {
		out[i].Numbered = l
		if out[i].account, err = d.Cipher.Open(l.place(), l.AccountNumber); err != nil {
			return nil, fmt.Errorf("line %d of batch %s: %w", l.LineNo, b.Number, err)
		}
	}
	if !payees || len(out) == 0 {
		return out, nil
	}
	ids := make([]kernel.ID, len(out))
	for i, l := range out {
		ids[i] = l.PayeeOrgID
	}
	firms, err := d.Registry.Firms(ctx, ids...)
	for i := range out {
		out[i].firm = firms[out[i].PayeeOrgID]
	}
	return out, err
}

// rows are those of the list in a layout.
func (d *Desk) rows(ctx context.Context, b Batch, layout Layout) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		policy, err := d.policyTitle(ctx, b, layout.Language)
		if err != nil {
			yield(nil, err)
			return
		}
		for l, err := range d.walk(ctx, b, true) {
			if err != nil {
				yield(nil, err)
				return
			}
			if l.Amount == 0 { // nothing is left to transfer
				continue
			}
			row := make([]any, len(layout.Columns))
			for i, c := range layout.Columns {
				row[i] = c.show(b, l, layout.Purpose, policy)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// check is what each line carries of the digest: enough that a line of another
// list is never taken for one of this. It begins with a letter that is no digit,
// lest an office program takes it for a number.
func (b Batch) check() string {
	if b.Digest == "" {
		return ""
	}
	return "H" + strings.ToUpper(b.Digest[:15])
}

func (c LayoutColumn) show(b Batch, l openLine, purpose, policy string) any {
	switch c.Field {
	case "line_no":
		return l.LineNo
	case "batch":
		return b.Number
	case "check":
		return b.check()
	case "claim":
		return l.ClaimNumber
	case "payee":
		return l.PayeeName
	case "credit_code":
		return l.firm.CreditCode
	case "bank":
		return l.BankName
	case "bank_code":
		return l.BankCode
	case "account":
		return l.account
	case "amount_yuan":
		return l.Amount
	case "municipal_yuan":
		return l.Municipal
	case "district_yuan":
		return l.DistrictPart
	case "district":
		return l.District
	case "policy":
		return policy
	case "purpose":
		return strings.NewReplacer("{claim}", l.ClaimNumber, "{batch}", b.Number, "{policy}", policy).Replace(purpose)
	default:
		return c.Fixed
	}
}

// policyTitle is what the policy of a batch is called now.
func (d *Desk) policyTitle(ctx context.Context, b Batch, language string) (string, error) {
	versions, err := d.Policies.Versions(ctx, b.PolicyCode)
	if err != nil || len(versions) == 0 {
		return b.PolicyCode, err
	}
	return versions[0].Document().Title.In(language), nil
}

// taken records the export and returns the digest that the batch is known by.
// It keeps no idempotency key: each taking out is a fact of its own, and the file
// must not be stored.
func (d *Desk) taken(ctx context.Context, id kernel.ID, digest string, e Export) (string, error) {
	call := kernel.CallFrom(ctx)
	call.IdempotencyKey = ""
	return database.Do(kernel.WithCall(ctx, call), d.DB, "batch.export", func(tx *database.Tx) (string, error) {
		b, err := find(tx, id, 0)
		if err != nil {
			return "", err
		}
		if b.Digest != "" && b.Digest != digest {
			return "", fmt.Errorf("batch %s: its lines are not those that were taken out before", b.Number)
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
				return "", err
			}
		}
		detail := map[string]any{"format": e.Format, "layout": e.Layout, "digest": digest, "lines": b.LineCount, "total_fen": b.Total}
		return digest, audit.Record(tx, audit.Entry{Action: "batch.export", ObjectKind: "batch", ObjectID: string(id), Detail: detail})
	})
}
