package budget

import (
	"context"
	"iter"
	"time"

	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Extract chooses an account and what of it a statement shows 对账单.
type Extract struct {
	Policy   string
	Year     string
	Account  Account
	Scope    string // purse; empty for all
	District string // of the firms
	Category string
	Payee    kernel.ID // an organisation
	Period   kernel.Period
}

// Sums are the figures over a statement.
type Sums struct {
	Opening kernel.Fen `json:"opening_fen"`
	Raised  kernel.Fen `json:"raised_fen"`
	Lowered kernel.Fen `json:"lowered_fen"`
	Closing kernel.Fen `json:"closing_fen"`
}

// Row is a posting of a statement, with the balance after it.
type Row struct {
	Heading
	Line    int        `json:"line"`
	Scope   string     `json:"scope"`
	Balance kernel.Fen `json:"balance_fen"`
}

// Spot is a position in a statement, with the balance so far.
type Spot struct {
	At      time.Time  `json:"at"`
	ID      kernel.ID  `json:"id"`
	Line    int        `json:"line"`
	Balance kernel.Fen `json:"balance"`
}

func (x Extract) check() error {
	var f kernel.Faults
	f.Check(x.Period.From.Valid(), "from", "field.date", kernel.T("请给出开始日期", "Give the first day"))
	f.Check(x.Period.To.Valid() && x.Period.To >= x.Period.From, "to", "field.date", kernel.T("结束日期不得早于开始日期", "The last day must not be before the first"))
	f.Check(known(x.Account), "account", "field.choice", kernel.T("没有这个科目", "There is no such account"))
	return f.Err()
}

// narrowed is the extract as a person may see it.
func (x Extract) narrowed(who kernel.Actor) (Extract, error) {
	if err := who.Require(Readers...); err != nil {
		return x, err
	}
	if who.Is(kernel.RoleDistrictOfficer) { // the own purse, or what others' purses did for the own district
		if x.Scope != who.District {
			if x.District != "" && x.District != who.District {
				return x, kernel.Forbidden()
			}
			x.District = who.District
		}
	}
	return x, x.check()
}

// Statement returns opening, movement and closing of an account between two
// days, and a page of its postings in order. Every opening is the closing of the
// day before: both are sums of the same postings.
func (d *Desk) Statement(ctx context.Context, who kernel.Actor, x Extract, after *Spot, limit int) (Sums, []Row, error) {
	x, err := x.narrowed(who)
	if err != nil {
		return Sums{}, nil, err
	}
	sums, err := d.sums(ctx, x)
	if err != nil {
		return sums, nil, err
	}
	if after == nil {
		after = &Spot{Balance: sums.Opening}
	}
	rows, err := d.rows(ctx, x, *after, min(max(limit, 1), 1000))
	return sums, rows, err
}

// Whole is a statement with all its postings, for a file.
func (d *Desk) Whole(ctx context.Context, who kernel.Actor, x Extract) (Sums, iter.Seq2[Row, error], error) {
	x, err := x.narrowed(who)
	if err != nil {
		return Sums{}, nil, err
	}
	sums, err := d.sums(ctx, x)
	return sums, d.each(ctx, x, sums.Opening), err
}

func (d *Desk) each(ctx context.Context, x Extract, opening kernel.Fen) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		at := Spot{Balance: opening}
		for {
			some, err := d.rows(ctx, x, at, 1000)
			if err != nil {
				yield(Row{}, err)
				return
			}
			for _, r := range some {
				if !yield(r, nil) {
					return
				}
				at = r.spot()
			}
			if len(some) < 1000 {
				return
			}
		}
	}
}

func (r Row) spot() Spot { return Spot{At: r.At, ID: r.ID, Line: r.Line, Balance: r.Balance} }

// After is the position that follows a row.
func (r Row) After() Spot { return r.spot() }

// sums takes the figures from the daily totals, or where a payee is asked for,
// which they do not know, from the postings.
func (d *Desk) sums(ctx context.Context, x Extract) (s Sums, err error) {
	if x.Payee != "" {
		return d.sumsOfPayee(ctx, x)
	}
	all, err := d.totals(ctx, x.Policy, x.Period.To)
	if err != nil {
		return s, err
	}
	for _, t := range all {
		switch {
		case t.Account != x.Account || t.BudgetYear != x.Year || (x.Scope != "" && t.Scope != x.Scope),
			x.District != "" && t.District != x.District, x.Category != "" && t.Category != x.Category:
		case t.Day < x.Period.From:
			s.Opening += t.Net()
		default:
			s.Raised, s.Lowered = s.Raised+t.Raised, s.Lowered+t.Lowered
		}
	}
	s.Closing = s.Opening + s.Raised - s.Lowered
	return s, nil
}

func (d *Desk) sumsOfPayee(ctx context.Context, x Extract) (s Sums, err error) {
	w, err := d.where(ctx, x)
	if err != nil {
		return s, err
	}
	from := x.Period.From.Start()
	err = d.DB.Read(ctx).Raw(`SELECT COALESCE(SUM(CASE WHEN j.at < ? THEN p.amount_fen ELSE 0 END), 0) AS opening,
			COALESCE(SUM(CASE WHEN j.at >= ? AND p.amount_fen > 0 THEN p.amount_fen ELSE 0 END), 0) AS raised,
			COALESCE(SUM(CASE WHEN j.at >= ? AND p.amount_fen < 0 THEN -p.amount_fen ELSE 0 END), 0) AS lowered, COALESCE(SUM(p.amount_fen), 0) AS closing
		FROM postings p JOIN journals j ON j.id = p.journal_id`+told+"WHERE j.at < ?"+w.and(), append([]any{from, from, from, x.Period.To.AddDays(1).Start()}, w.args...)...).Scan(&s).Error
	return s, err
}

// where is the extract as conditions on postings p and what they are about.
func (d *Desk) where(ctx context.Context, x Extract) (*conditions, error) {
	w := &conditions{}
	w.add("p.policy_code = ? AND p.budget_year = ? AND p.account = ?", x.Policy, x.Year, x.Account)
	w.text("p.scope = ?", x.Scope)
	w.text("COALESCE(c.district, a.district, '') = ?", x.District)
	w.text("COALESCE(ca.category, a.category, '') = ?", x.Category)
	if x.Payee == "" {
		return w, nil
	}
	versions, err := d.paying(ctx, x.Policy, rules.PayeeProvider)
	if err != nil {
		return nil, err
	}
	w.add(payeeOf(versions)+" = ?", x.Payee)
	return w, nil
}

func (d *Desk) rows(ctx context.Context, x Extract, after Spot, limit int) ([]Row, error) {
	w, err := d.where(ctx, x)
	if err != nil {
		return nil, err
	}
	w.period(x.Period)
	if after.ID != "" {
		w.add("(j.at > ? OR (j.at = ? AND (j.id > ? OR (j.id = ? AND p.line > ?))))", after.At, after.At, after.ID, after.ID, after.Line)
	}
	var out []Row
	err = d.DB.Read(ctx).Raw("SELECT "+tellings+", p.line, p.scope, p.amount_fen FROM postings p JOIN journals j ON j.id = p.journal_id"+told+"WHERE 1 = 1"+w.and()+" ORDER BY j.at, j.id, p.line LIMIT ?", append(w.args, limit)...).Scan(&out).Error
	for i := range out {
		after.Balance += out[i].Amount
		out[i].Balance = after.Balance
	}
	return out, err
}
