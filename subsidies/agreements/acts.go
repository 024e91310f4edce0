package agreements

import (
	"context"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// Confirm is the provider's, then the enterprise's confirmation.
func (d *Desk) Confirm(ctx context.Context, id kernel.ID, version int64) (subsidies.Agreement, error) {
	return d.plain(ctx, id, version, subsidies.AgreementConfirm, record.Reason{})
}

// Decline is the provider's or the district's refusal; it needs a text.
func (d *Desk) Decline(ctx context.Context, id kernel.ID, version int64, why record.Reason) (subsidies.Agreement, error) {
	if err := needText(why); err != nil {
		return subsidies.Agreement{}, err
	}
	return d.plain(ctx, id, version, subsidies.AgreementDecline, why)
}

func (d *Desk) plain(ctx context.Context, id kernel.ID, version int64, what subsidies.AgreementAct, why record.Reason) (subsidies.Agreement, error) {
	return database.Do(ctx, d.DB, "agreement."+string(what), func(tx *database.Tx) (subsidies.Agreement, error) {
		a, to, err := act(tx, id, version, what)
		if err == nil {
			err = advance(tx, &a, what, to, nil, why)
		}
		if err == nil && to == subsidies.AgreementEnterpriseConfirmed {
			err = d.enter(tx, a)
		}
		if err == nil && what == subsidies.AgreementDecline {
			err = freed(tx, a.PolicyCode)
		}
		if err != nil {
			return a, err
		}
		return a, queue.Send(tx, queue.Message{Kind: Changed, Subject: a.ID, Payload: Event{State: a.State}})
	})
}

// Accept is the district's acceptance: the quote is computed anew with the facts
// of the moment, and what it grants is reserved there and then. It refuses a firm
// that is not verified (enterprise.unverified), one that is not eligible
// (agreement.not_eligible) and a ceiling that is reached. An agreement that must
// wait — for its draw, for those before it, for money — waits from then on.
func (d *Desk) Accept(ctx context.Context, id kernel.ID, version int64) (subsidies.Agreement, error) {
	a, err := d.accept(ctx, id, version, false)
	if kernel.IsCode(err, "budget.exhausted") { // the money went while we looked
		return d.accept(ctx, id, version, true)
	}
	return a, err
}

func (d *Desk) accept(ctx context.Context, id kernel.ID, version int64, short bool) (subsidies.Agreement, error) {
	seen, err := d.Get(ctx, kernel.CallFrom(ctx).Actor, id)
	if err != nil {
		return seen, err
	}
	firms, err := d.Registry.Firms(ctx, seen.EnterpriseID, seen.ProviderID)
	if err != nil {
		return seen, err
	}
	return database.Do(ctx, d.DB, "agreement.accept", func(tx *database.Tx) (subsidies.Agreement, error) {
		a, to, err := act(tx, id, version, subsidies.AgreementAccept)
		if err != nil {
			return a, err
		}
		firm := firms[a.EnterpriseID]
		if !firm.Verified {
			return a, kernel.Conflict("enterprise.unverified", kernel.T("企业尚未通过核验，请先核验企业", "The enterprise is not verified yet; verify it first"))
		}
		policy, err := d.Policies.Version(tx.Context(), a.PolicyCode, a.PolicyVersion)
		if err != nil {
			return a, err
		}
		if err := estimate(tx, policy, firm, firms[a.ProviderID], &a); err != nil {
			return a, err
		}
		err = allot(tx, policy.Document(), drawOf(a, firms[a.ProviderID], tx.Today()), &a, to, short)
		return a, err
	})
}

// allot reserves what has just been computed, or lets the agreement wait.
func allot(tx *database.Tx, doc rules.Document, taking quotes.Draw, a *subsidies.Agreement, to subsidies.AgreementState, short bool) error {
	if a.Legs.Subsidy == 0 {
		return kernel.Conflict("agreement.not_eligible", kernel.T("按当前条件测算补贴为零，不能占用额度；请查看计算过程", "By the present facts the subsidy is zero, so nothing can be reserved; see the trace"))
	}
	year, err := budget.YearFor(tx, a.PolicyCode)
	if err != nil {
		return err
	}
	reaches := !short
	if reaches {
		if reaches, err = openings.Reach(tx, *a, year); err != nil {
			return err
		}
	}
	if !reaches {
		return wait(tx, a)
	}
	if err := freed(tx, a.PolicyCode); err != nil { // it may take less than was held back for it
		return err
	}
	return reserve(tx, doc, taking, a, subsidies.AgreementAccept, to)
}

// reserve sets the agreement's subsidy aside: under the firm's ceilings and, the
// rows that all wait for, last, in the budget.
func reserve(tx *database.Tx, doc rules.Document, taking quotes.Draw, a *subsidies.Agreement, what subsidies.AgreementAct, to subsidies.AgreementState) error {
	year, err := budget.YearFor(tx, a.PolicyCode)
	if err != nil {
		return err
	}
	a.FundYear = year
	columns := legColumns(*a)
	columns["budget_year"], columns["fund_year"] = a.BudgetYear, a.FundYear
	if doc.ReservationDays > 0 { // without days it does not lapse
		until := tx.Today().AddDays(doc.ReservationDays)
		a.ReserveUntil, columns["reserve_until"] = &until, until
	}
	if doc.Mechanism == rules.ByVoucher {
		number := Number("V", a.ID, tx.Today().Year())
		a.VoucherNumber, columns["voucher_number"] = &number, number
	}
	if err := advance(tx, a, what, to, columns, record.Reason{}); err != nil {
		return err
	}
	if err := queue.Send(tx, queue.Message{Kind: Changed, Subject: a.ID, Payload: Event{State: a.State}}); err != nil {
		return err
	}
	if err := taking.Take(taker(tx), doc, a.Legs.Subsidy, 1); err != nil {
		return err
	}
	return budget.Reserve(tx, subject(*a), budget.PortionOf(a.Legs))
}

func legColumns(a subsidies.Agreement) map[string]any {
	return map[string]any{
		"list_price_fen": a.Legs.ListPrice, "discount_fen": a.Legs.ProviderDiscount, "subsidy_fen": a.Legs.Subsidy,
		"municipal_fen": a.Legs.Municipal, "district_fen": a.Legs.District, "enterprise_fen": a.Legs.EnterpriseShare,
	}
}

// Withdraw is the enterprise's retreat before a claim lives; what was reserved
// goes back.
func (d *Desk) Withdraw(ctx context.Context, id kernel.ID, version int64, why record.Reason) (subsidies.Agreement, error) {
	return database.Do(ctx, d.DB, "agreement.withdraw", func(tx *database.Tx) (subsidies.Agreement, error) {
		a, to, err := act(tx, id, version, subsidies.AgreementWithdraw)
		if err != nil {
			return a, err
		}
		err = end(tx, d.Policies, &a, subsidies.AgreementWithdraw, to, why)
		return a, err
	})
}

// end closes an agreement and releases its reservation, if it holds one. A live
// claim keeps it open (agreement.claimed).
func end(tx *database.Tx, policies *gazette.Library, a *subsidies.Agreement, what subsidies.AgreementAct, to subsidies.AgreementState, why record.Reason) error {
	held := a.State == subsidies.AgreementAccepted
	if held {
		if err := unclaimed(tx, *a, what); err != nil {
			return err
		}
	}
	if err := advance(tx, a, what, to, nil, why); err != nil {
		return err
	}
	if err := queue.Send(tx, queue.Message{Kind: Changed, Subject: a.ID, Payload: Event{State: a.State}}); err != nil {
		return err
	}
	if err := freed(tx, a.PolicyCode); err != nil || !held {
		return err
	}
	policy, err := policies.Version(tx.Context(), a.PolicyCode, a.PolicyVersion)
	if err != nil {
		return err
	}
	if err := draw(*a).Take(taker(tx), policy.Document(), -a.Legs.Subsidy, -1); err != nil {
		return err
	}
	return budget.Release(tx, string(what), subject(*a), budget.PortionOf(a.Legs))
}

func taker(tx *database.Tx) func(budget.Ceiling, kernel.Fen) error {
	return func(c budget.Ceiling, amount kernel.Fen) error { return budget.Draw(tx, c, amount) }
}

func subject(a subsidies.Agreement) budget.Subject {
	return budget.Subject{ID: a.ID, Policy: a.PolicyCode, Year: a.FundYear, District: a.District}
}

func needText(why record.Reason) error {
	var f kernel.Faults
	f.Check(strings.TrimSpace(why.Note) != "", "note", "note.required", kernel.T("请说明原因", "Give the reason in words"))
	return f.Err()
}

// Ceilings lists the ceilings that an agreement's subsidy has drawn on.
func Ceilings(doc rules.Document, a subsidies.Agreement) []budget.Ceiling {
	var all []budget.Ceiling
	note := func(c budget.Ceiling, amount kernel.Fen) error {
		if amount != 0 {
			all = append(all, c)
		}
		return nil
	}
	_ = draw(a).Take(note, doc, 1, 0) // noting does not fail
	return all
}
