package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/payments"
)

var treasurer = kernel.Actor{Person: "bench-finance", Name: "财政经办", Org: "bench-treasury", Role: kernel.RoleFinance}

// untouched are the tables of a claim that paying it does not look at.
var untouched = []string{"claim_invoices", "invoice_uses", "claim_payments", "claim_evidence", "claim_checks", "steps", "traces", "ceilings"}

// paying measures the life of one payment batch of many approved claims, each of
// a firm of its own: gathered into lines with the accounts of the moment, closed,
// taken out as a workbook, its results read and booked, and reconciled.
func paying(ctx context.Context, o Options, r *Report) (err error) {
	clock := kernel.NewManualClock(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	s, err := openStore(ctx, o, clock, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	r.Machine.Database = s.engine()
	folder, err := os.MkdirTemp("", "yunhui-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	c := newCity(s, clock)
	if err := c.owed(ctx, o); err != nil {
		return err
	}
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	if err != nil {
		return err
	}
	layouts, err := payments.OpenLayouts("")
	if err != nil {
		return err
	}
	b := &payer{desk: &payments.Desk{DB: s.DB, Policies: c.policies, Registry: crowd{}, Payees: crowd{}, Cipher: fields, Layouts: layouts}, city: c, folder: folder, lines: o.Batch}
	cost := newProcessor(ctx, s)
	for _, step := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"batch built", b.build}, {"batch taken out (xlsx)", b.takeOut}, {"results booked (csv)", b.bringBack}, {"batch reconciled", b.reconcile},
	} {
		o.say("  %s: %d lines", step.name, o.Batch)
		if step.name == "results booked (csv)" {
			if err := b.treasury(ctx); err != nil {
				return err
			}
		}
		measured, peak := watched(as(ctx, treasurer), cost, step.do)
		r.long(step.name, measured, peak, o.Batch)
		if measured.failed != nil {
			return fmt.Errorf("%s: %w", step.name, measured.failed)
		}
	}
	r.Checks = append(r.Checks, fmt.Sprintf("reconciled: %d lines, lines and ledger agree to the fen", o.Batch))
	return nil
}

// batchPolicy is the policy of the bench's payment batch.
const batchPolicy = "bench-batch"

// owed casts approved claims under one policy.
func (c *city) owed(ctx context.Context, o Options) error {
	o.say("  batch: %d claims approved", o.Batch)
	if err := c.legislate(ctx, batchPolicy); err != nil {
		return err
	}
	c.clock.Advance(3 * time.Second) // the library may be as old as its freshness
	claim, err := c.notice(ctx, batchPolicy)
	if err != nil {
		return err
	}
	c.clock.Advance(20 * 24 * time.Hour)
	if _, err := c.notices.CloseDue(ctx); err != nil {
		return err
	}
	if claim, err = c.claims.Get(ctx, kernel.System(), claim.ID); err != nil {
		return err
	}
	m, err := c.mould(ctx, claim, untouched...)
	if err != nil {
		return err
	}
	rest := o.Batch - 1 // the one that the others are cast from is approved as well
	if rest > 0 {
		_, err = c.publish(ctx, []mould{m}, (rest+notices.MaxItems-1)/notices.MaxItems, rest)
	}
	return err
}

// payer leads one batch through its life.
type payer struct {
	desk   *payments.Desk
	city   *city
	folder string
	lines  int
	batch  kernel.ID
}

func (p *payer) build(ctx context.Context) error {
	d, err := p.desk.Draft(ctx, payments.Filter{Policy: batchPolicy})
	if err != nil {
		return err
	}
	p.batch = d.Batch.ID
	b, err := p.desk.Finish(ctx, p.batch)
	if err == nil && b.LineCount != int64(p.lines) {
		err = fmt.Errorf("%d of %d lines are in the batch", b.LineCount, p.lines)
	}
	if err == nil {
		_, err = p.desk.Close(ctx, p.batch, 0)
	}
	return err
}

func (p *payer) takeOut(ctx context.Context) (err error) {
	f, err := os.Create(filepath.Join(p.folder, "list.xlsx"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = p.desk.Export(ctx, p.batch, payments.Export{Format: payments.XLSX}, f)
	return err
}

func (p *payer) results() string { return filepath.Join(p.folder, "results.csv") }

// treasury writes what the treasury would: all lines paid.
func (p *payer) treasury(ctx context.Context) (err error) {
	f, err := os.Create(p.results())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriter(f)
	_, _ = fmt.Fprintln(out, "申请编号,金额,结果,失败原因,付款日期,流水号")
	rows, err := p.city.store.Read(ctx).Model(&subsidies.Claim{}).Select("number, subsidy_fen").Where("batch_id = ?", p.batch).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	day := kernel.DayOf(p.city.clock.Now())
	for rows.Next() {
		var number string
		var amount kernel.Fen
		if err := rows.Scan(&number, &amount); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "%s,%s,成功,,%s,LS%s\n", number, amount.Yuan(), day, number)
	}
	return errors.Join(rows.Err(), out.Flush())
}

func (p *payer) bringBack(ctx context.Context) (err error) {
	f, err := os.Open(p.results())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := p.desk.Import(ctx, p.batch, io.Reader(f)); err != nil {
		return err
	}
	b, err := p.desk.Finish(ctx, p.batch)
	if err == nil && b.PaidCount != int64(p.lines) {
		err = fmt.Errorf("%d of %d lines are paid", b.PaidCount, p.lines)
	}
	return err
}

func (p *payer) reconcile(ctx context.Context) error {
	books, err := p.desk.Reconcile(ctx, treasurer, p.batch)
	if err == nil && !books.Agrees {
		err = fmt.Errorf("the books do not agree: %+v", books.Total)
	}
	return err
}

// crowd is a register that knows every firm, and an account of each.
type crowd struct{}

func (crowd) Firms(ctx context.Context, ids ...kernel.ID) (map[kernel.ID]subsidies.Firm, error) {
	known, err := parties{}.Firms(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, ok := known[id]; !ok {
			firm := known[claimant.Org]
			firm.ID, firm.Name = id, "试算（虚构）"+string(id)
			known[id] = firm
		}
	}
	return known, nil
}

func (crowd) ChangedSince(*database.Tx, time.Time) ([]kernel.ID, error) { return nil, nil }

func (crowd) Order(_ *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Account, error) {
	all := make(map[kernel.ID]subsidies.Account, len(ids))
	for i, id := range ids {
		all[id] = subsidies.Account{Holder: "试算（虚构）" + string(id), Bank: "虚构银行", BankCode: "102653000011", Number: fmt.Sprintf("62220000%011d", i)}
	}
	return all, nil
}
