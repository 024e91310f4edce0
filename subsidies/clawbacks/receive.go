package clawbacks

import (
	"context"
	"strings"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
)

// EntryKind says by which way money came back, or that it never will.
type EntryKind string

// The kinds of entries.
const (
	Received   EntryKind = "received"
	Netted     EntryKind = "netted"
	WrittenOff EntryKind = "written_off"
)

// EntryState is where an entry stands; only a netting is ever anything but booked.
type EntryState string

// The states of an entry.
const (
	Booked   EntryState = "booked"
	Held     EntryState = "held"     // until the payment it is held back from has its result
	Released EntryState = "released" // that payment was not made
)

// Entry is money that came back, was held back from a payment, or was given up.
// Its amounts are never changed.
type Entry struct {
	ID           kernel.ID   `json:"id"`
	ClawbackID   kernel.ID   `json:"-"`
	Kind         EntryKind   `json:"kind"`
	State        EntryState  `json:"state"`
	Amount       kernel.Fen  `json:"amount_fen" gorm:"column:amount_fen"`
	Municipal    kernel.Fen  `json:"municipal_fen" gorm:"column:municipal_fen"`
	District     kernel.Fen  `json:"district_fen" gorm:"column:district_fen"`
	HappenedOn   kernel.Date `json:"happened_on"`
	Reference    string      `json:"reference"` // the bank's, of a receipt
	ReferenceKey *string     `json:"-"`         // one reference is one receipt, in the whole city
	LineID       kernel.ID   `json:"-"`         // the line of the payment, of a netting
	PersonID     kernel.ID   `json:"-"`
	At           time.Time   `json:"at"`
}

// TableName names the table for the store.
func (Entry) TableName() string { return "clawback_entries" }

func entry(tx *database.Tx, c subsidies.Clawback, kind EntryKind, state EntryState, part budget.Portion) Entry {
	return Entry{
		ID: kernel.NewID(tx.Now), ClawbackID: c.ID, Kind: kind, State: state, Amount: part.Total(), Municipal: part.Municipal, District: part.District,
		HappenedOn: tx.Today(), PersonID: tx.Call.Actor.Person, At: tx.Now,
	}
}

// Receipt is money that has arrived on the treasury's account.
type Receipt struct {
	Version    int64
	Amount     kernel.Fen
	ReceivedOn kernel.Date
	Reference  string
}

func (r Receipt) check(today kernel.Date) error {
	var f kernel.Faults
	f.Check(r.Amount > 0 && r.Amount <= kernel.MaxFen, "amount_fen", "amount.range", kernel.T("收款金额必须大于零", "The amount must be above zero"))
	f.Check(strings.TrimSpace(r.Reference) != "", "reference", "field.required", kernel.T("请填写银行流水号", "Name the bank's reference"))
	f.Check(len(strings.TrimSpace(r.Reference)) <= 80, "reference", "text.too_long", kernel.T("流水号过长", "The reference is too long"))
	f.Check(r.ReceivedOn.Valid(), "received_on", "field.required", kernel.T("请填写到账日期", "Name the day it arrived"))
	f.Check(!r.ReceivedOn.Valid() || r.ReceivedOn <= today, "received_on", "date.future", kernel.T("到账日期晚于今天", "The day lies in the future"))
	return f.Err()
}

// Receive records that money came back; it refills the appropriation it was paid
// from. A bank reference counts once in the whole city, and no more is taken than
// is owed. With the last fen the clawback is closed.
func (d *Desk) Receive(ctx context.Context, id kernel.ID, r Receipt) (subsidies.Clawback, error) {
	if err := r.check(d.Today()); err != nil {
		return subsidies.Clawback{}, err
	}
	return database.Do(ctx, d.DB, "clawback.receive", func(tx *database.Tx) (subsidies.Clawback, error) {
		c, t, err := find(tx, id, r.Version, subsidies.ClawbackReceive)
		if err != nil {
			return c, err
		}
		if c.OrderedOn != nil && r.ReceivedOn < *c.OrderedOn {
			var f kernel.Faults
			f.Add("received_on", "date.order", kernel.T("到账日期早于追回决定", "The day lies before the order"))
			return c, f.Err()
		}
		if r.Amount > c.Open() {
			return c, kernel.Conflict("clawback.more_than_open", kernel.T("尚未收回的只有 %s 元", "Only ¥%s is still open", c.Open().Yuan()))
		}
		part, err := shares(r.Amount, opened(c))
		if err != nil {
			return c, err
		}
		e := entry(tx, c, Received, Booked, part)
		key := strings.ToUpper(strings.TrimSpace(r.Reference))
		e.HappenedOn, e.Reference, e.ReferenceKey = r.ReceivedOn, strings.TrimSpace(r.Reference), &key
		if err := tx.Create(&e).Error; err != nil {
			if database.IsDuplicate(err) {
				return c, kernel.Conflict("receipt.reference_used", kernel.T("此银行流水号已登记过一笔收款", "A receipt with this bank reference is recorded already"))
			}
			return c, err
		}
		if err := settle(tx, &c, t, part, map[string]any{"received_fen": c.Received + r.Amount}, record.Reason{Note: e.Reference}); err != nil {
			return c, err
		}
		return c, bookReturn(tx, c, e)
	})
}

// settle takes a part out of what is open, moves the next due day on and closes
// the clawback when nothing is left.
func settle(tx *database.Tx, c *subsidies.Clawback, t transition, part budget.Portion, columns map[string]any, why record.Reason) error {
	plan, err := instalmentsOf(tx, c.ID)
	if err != nil {
		return err
	}
	columns["open_municipal_fen"], columns["open_district_fen"] = c.OpenMunicipal-part.Municipal, c.OpenDistrict-part.District
	columns["next_due_on"] = nextDue(plan, c.PlannedAfter, c.Settled()+part.Total())
	if err := advance(tx, c, t, move{why: why, columns: columns, amount: part.Total()}); err != nil {
		return err
	}
	return shut(tx, c)
}

// shut closes a clawback of which nothing is owed and nothing is under way.
func shut(tx *database.Tx, c *subsidies.Clawback) error {
	if c.Open() > 0 || c.Held > 0 {
		return nil
	}
	t, err := subsidies.ClawbackMachine.Find(c.State, subsidies.ClawbackSettle, tx.Call.Actor.Role)
	if err != nil {
		return err
	}
	return advance(tx, c, t, move{columns: map[string]any{"closed_at": tx.Now}})
}
