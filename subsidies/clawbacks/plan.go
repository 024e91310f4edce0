package clawbacks

import (
	"context"
	"fmt"

	"yunhui/services/calendar"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
)

// Instalment is a part of what is owed with the day by which it is due.
type Instalment struct {
	ClawbackID kernel.ID   `json:"-" gorm:"primaryKey"`
	No         int64       `json:"no" gorm:"primaryKey"`
	DueOn      kernel.Date `json:"due_on"`
	Amount     kernel.Fen  `json:"amount_fen" gorm:"column:amount_fen"`
}

// TableName names the table for the store.
func (Instalment) TableName() string { return "clawback_instalments" }

// Plan is what the debtor has agreed to: amounts and days, in order.
type Plan struct {
	Version     int64
	Instalments []Instalment
	Note        string
}

func (p Plan) check(today kernel.Date) error {
	terms := TermsOn(today)
	last := today.AddMonths(terms.MostMonths)
	var f kernel.Faults
	f.Check(len(p.Instalments) > 0, "instalments", "field.required", kernel.T("请至少安排一期", "Plan one instalment at least"))
	f.Check(len(p.Instalments) <= terms.MostInstalments, "instalments", "list.too_long", kernel.T("最多 %d 期", "At most %d instalments", terms.MostInstalments))
	before := today
	for i, x := range p.Instalments {
		at := fmt.Sprintf("instalments[%d].", i)
		f.Check(x.Amount > 0 && x.Amount <= kernel.MaxFen, at+"amount_fen", "amount.range", kernel.T("每期金额必须大于零", "Each amount must be above zero"))
		switch {
		case !x.DueOn.Valid():
			f.Add(at+"due_on", "date.invalid", kernel.T("请填写到期日", "Name the day it is due"))
			continue
		case x.DueOn <= before:
			f.Add(at+"due_on", "date.order", kernel.T("到期日须晚于今天，并逐期递增", "Days must lie ahead and follow one another"))
		case x.DueOn > last:
			f.Add(at+"due_on", "date.too_far", kernel.T("最后一期不得晚于 %s", "The last instalment may not be due after %s", string(last)))
		}
		before = x.DueOn
	}
	return f.Err()
}

// Plan agrees the instalments of what is still open. A day off is moved to the
// next working day. A new plan takes the place of an old one.
func (d *Desk) Plan(ctx context.Context, id kernel.ID, p Plan) (subsidies.Clawback, error) {
	if err := p.check(d.Today()); err != nil {
		return subsidies.Clawback{}, err
	}
	return database.Do(ctx, d.DB, "clawback.plan", func(tx *database.Tx) (subsidies.Clawback, error) {
		c, t, err := find(tx, id, p.Version, subsidies.ClawbackPlan)
		if err != nil {
			return c, err
		}
		if c.Held > 0 {
			return c, underWay()
		}
		rows, total := make([]Instalment, len(p.Instalments)), kernel.Fen(0)
		for i, x := range p.Instalments {
			rows[i] = Instalment{ClawbackID: c.ID, No: int64(i + 1), DueOn: workday(d.Calendar, x.DueOn), Amount: x.Amount}
			if total, err = total.Add(x.Amount); err != nil {
				return c, err
			}
		}
		if total != c.Open() {
			var f kernel.Faults
			f.Add("instalments", "plan.total", kernel.T("各期合计应为尚未收回的 %s 元", "The instalments must add up to the ¥%s still open", c.Open().Yuan()))
			return c, f.Err()
		}
		m := move{why: record.Reason{Note: p.Note}, columns: map[string]any{"planned_after_fen": c.Settled(), "next_due_on": rows[0].DueOn}, amount: total}
		if err := advance(tx, &c, t, m); err != nil {
			return c, err
		}
		if err := tx.Where("clawback_id = ?", c.ID).Delete(&Instalment{}).Error; err != nil {
			return c, err
		}
		return c, tx.Create(&rows).Error
	})
}

func underWay() error {
	return kernel.Conflict("clawback.netting_under_way", kernel.T("正在从一笔拨付中抵扣，待拨付结果登记后再办理", "Part of it is being held back from a payment; wait for the result of that payment"))
}

// workday moves a day off to the next working day.
func workday(c *calendar.Calendar, d kernel.Date) kernel.Date {
	if c.IsWorkday(d) {
		return d
	}
	return c.AddWorkdays(d, 1)
}

func instalmentsOf(tx *database.Tx, id kernel.ID) ([]Instalment, error) {
	var rows []Instalment
	err := tx.Where("clawback_id = ?", id).Order("no").Find(&rows).Error
	return rows, err
}

// nextDue is the day of the first instalment that is not met by what is settled,
// or nil when all are.
func nextDue(plan []Instalment, plannedAfter, settled kernel.Fen) *kernel.Date {
	met := settled - plannedAfter
	for _, x := range plan {
		if met < x.Amount {
			due := x.DueOn
			return &due
		}
		met -= x.Amount
	}
	return nil
}

// met says how much of each instalment is settled.
func met(plan []Instalment, plannedAfter, settled kernel.Fen) []kernel.Fen {
	out, left := make([]kernel.Fen, len(plan)), max(settled-plannedAfter, 0)
	for i, x := range plan {
		out[i] = min(left, x.Amount)
		left -= out[i]
	}
	return out
}
