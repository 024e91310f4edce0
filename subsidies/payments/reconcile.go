package payments

import (
	"context"

	"gorm.io/gorm"

	"yunhui/services/kernel"
)

// Level says whose money it is.
type Level string

// The levels.
const (
	Municipal Level = "municipal"
	District  Level = "district"
)

// Books is what became of the money that a batch has ordered at one level for
// the firms of one district. Difference is what nobody can account for.
type Books struct {
	District    string     `json:"district"`
	Level       Level      `json:"level"`
	Ordered     kernel.Fen `json:"ordered_fen"`
	Paid        kernel.Fen `json:"paid_fen"`
	Netted      kernel.Fen `json:"netted_fen" doc:"已从拨付中抵扣收款单位应退款的部分 · what payees owed and was netted with these payments"`
	Failed      kernel.Fen `json:"failed_fen"`
	Removed     kernel.Fen `json:"removed_fen"`
	Outstanding kernel.Fen `json:"outstanding_fen"`
	Ledger      kernel.Fen `json:"ledger_fen" doc:"总账中这些明细的已拨付数 · what the ledger says was paid for these lines"`
	Difference  kernel.Fen `json:"difference_fen" doc:"已拨付加抵扣与总账之差，应为零 · paid and netted less ledger; zero when the books agree"`
}

// Reconciliation holds a batch against its lines and the ledger.
type Reconciliation struct {
	Books      []Books          `json:"books"`
	Total      Books            `json:"total"`
	Counts     map[string]int64 `json:"counts" doc:"各状态的明细数 · lines by state"`
	Unlisted   kernel.Fen       `json:"unlisted_fen" doc:"批次总额与明细之差，应为零 · the batch's total less its lines"`
	Unnumbered int64            `json:"unnumbered" doc:"批次笔数与明细数之差，应为零 · the batch's count less its lines"`
	Agrees     bool             `json:"agrees"`
}

// Reconcile adds the lines of a batch up anew, by district, level and state, and
// holds them against what the batch says of itself and what the ledger says was
// paid. All of it is of one moment.
func (d *Desk) Reconcile(ctx context.Context, who kernel.Actor, id kernel.ID) (out Reconciliation, err error) {
	if err := who.Require(readers...); err != nil {
		return out, err
	}
	err = d.DB.Snapshot(ctx, func(ctx context.Context) error {
		b, db, err := d.batch(ctx, id)
		if err != nil {
			return err
		}
		var sums []struct {
			District    string
			State       LineState
			N           int64
			City, Local kernel.Fen
		}
		err = db.Model(&Line{}).Select("district, state, COUNT(*) AS n, SUM(municipal_fen) AS city, SUM(district_fen) AS local").
			Where("batch_id = ?", id).Group("district, state").Order("district, state").Scan(&sums).Error
		if err != nil {
			return err
		}
		var ledger []struct {
			District string
			City     bool
			Amount   kernel.Fen
		}
		err = db.Table("batch_lines l").Select("l.district, p.scope = 'city' AS city, SUM(p.amount_fen) AS amount").
			Joins("JOIN postings p ON p.subject_id = l.claim_id AND p.account = 'paid'").
			Where("l.batch_id = ? AND l.state = ?", id, Paid).Group("l.district, p.scope = 'city'").Scan(&ledger).Error
		if err != nil {
			return err
		}
		r := newReckoning()
		for _, s := range sums {
			if s.State == Removed && b.State != Releasing && b.State != Abandoned {
				r.Counts[string(Removed)] += s.N // taken out before it was closed, and so never ordered
				continue
			}
			r.add(s.District, Municipal, s.State, s.City)
			r.add(s.District, District, s.State, s.Local)
			r.count(s.State, s.N)
		}
		if err := r.net(db, id); err != nil {
			return err
		}
		for _, p := range ledger {
			level := District
			if p.City {
				level = Municipal
			}
			r.row(p.District, level).Ledger += p.Amount
		}
		out = r.finish(b)
		return nil
	})
	return out, err
}

// reckoning gathers the books of a batch.
type reckoning struct {
	Reconciliation
	at map[string]int
}

func newReckoning() *reckoning {
	return &reckoning{at: map[string]int{}, Reconciliation: Reconciliation{Books: []Books{}, Counts: map[string]int64{string(Ordered): 0, string(Paid): 0, string(Failed): 0, string(Removed): 0}}}
}

func (r *reckoning) row(district string, level Level) *Books {
	key := district + "/" + string(level)
	i, known := r.at[key]
	if !known {
		i = len(r.Books)
		r.at[key] = i
		r.Books = append(r.Books, Books{District: district, Level: level})
	}
	return &r.Books[i]
}

func (r *reckoning) add(district string, level Level, state LineState, amount kernel.Fen) {
	for _, b := range []*Books{r.row(district, level), &r.Total} {
		b.Ordered += amount
		switch state {
		case Paid:
			b.Paid += amount
		case Failed:
			b.Failed += amount
		case Removed:
			b.Removed += amount
		default:
			b.Outstanding += amount
		}
	}
}

// net adds what was netted with the payments of a batch.
func (r *reckoning) net(db *gorm.DB, batch kernel.ID) error {
	var held []struct {
		District    string
		City, Local kernel.Fen
	}
	err := db.Table("batch_lines l").Select("l.district, SUM(e.municipal_fen) AS city, SUM(e.district_fen) AS local").
		Joins("JOIN clawback_entries e ON e.line_id = l.id AND e.state = 'booked'").Where("l.batch_id = ?", batch).Group("l.district").Scan(&held).Error
	for _, h := range held {
		r.row(h.District, Municipal).Netted += h.City
		r.row(h.District, District).Netted += h.Local
		r.Total.Netted += h.City + h.Local
	}
	return err
}

func (r *reckoning) count(state LineState, n int64) {
	r.Counts[string(state)] += n
	r.Unnumbered -= n
}

func (r *reckoning) finish(b Batch) Reconciliation {
	r.Unlisted, r.Unnumbered = b.Total-r.Total.Ordered, b.LineCount+r.Unnumbered
	r.Agrees = r.Unlisted == 0 && r.Unnumbered == 0 && r.Counts[string(Paid)] == b.PaidCount && r.Counts[string(Failed)] == b.FailedCount
	for i := range r.Books {
		x := &r.Books[i]
		x.Difference = x.Paid + x.Netted - x.Ledger
		r.Total.Ledger += x.Ledger
		r.Agrees = r.Agrees && x.Difference == 0
	}
	r.Total.Difference = r.Total.Paid + r.Total.Netted - r.Total.Ledger
	return r.Reconciliation
}
