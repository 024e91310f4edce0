package payments

import (
	"context"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/clawbacks"
)

// readers may see batches.
var readers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor}

// List returns batches, the newest first; state "" means all.
func (d *Desk) List(ctx context.Context, who kernel.Actor, state State, after kernel.ID, limit int) ([]Batch, error) {
	if err := who.Require(readers...); err != nil {
		return nil, err
	}
	q := d.DB.Read(ctx).Order("id DESC").Limit(min(max(limit, 1), 101))
	if state != "" {
		q = q.Where("state = ?", state)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	var out []Batch
	err := q.Find(&out).Error
	return out, err
}

// Shown is a line with its account masked, for the screens.
type Shown struct {
	Numbered
	Account string     `json:"account"`
	Held    kernel.Fen `json:"held_fen" doc:"从本笔中扣抵收款单位应退的款项 · held back or netted for what the payee owes"`
}

// Get returns a batch with a page of its lines in order, after a line number.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID, after int64, limit int) (Batch, []Shown, error) {
	if err := who.Require(readers...); err != nil {
		return Batch{}, nil, err
	}
	b, db, err := d.batch(ctx, id)
	if err != nil {
		return b, nil, err
	}
	some, err := lines(db, id, after, min(max(limit, 1), 101))
	if err != nil {
		return b, nil, err
	}
	ids := make([]kernel.ID, len(some))
	for i, l := range some {
		ids[i] = l.ID
	}
	held, err := clawbacks.HeldFrom(db, ids...)
	if err != nil {
		return b, nil, err
	}
	out := make([]Shown, len(some))
	for i, l := range some {
		number, err := d.Cipher.Open(l.place(), l.AccountNumber)
		if err != nil {
			return b, nil, err
		}
		out[i] = Shown{Numbered: l, Account: mask(number), Held: held[l.ID].Total()}
	}
	return b, out, nil
}

func (d *Desk) batch(ctx context.Context, id kernel.ID) (Batch, *gorm.DB, error) {
	db := d.DB.Read(ctx)
	var b Batch
	err := db.Where("id = ?", id).Take(&b).Error
	return b, db, database.Found(err, notFound())
}

func lines(db *gorm.DB, batch kernel.ID, after int64, limit int) ([]Numbered, error) {
	var out []Numbered
	err := db.Model(&Line{}).Select("batch_lines.*, c.number AS claim_number").Joins("JOIN claims c ON c.id = batch_lines.claim_id").
		Where("batch_lines.batch_id = ? AND batch_lines.line_no > ?", batch, after).Order("batch_lines.line_no").Limit(limit).Find(&out).Error
	return out, err
}

func mask(number string) string {
	if len(number) <= 4 {
		return "****"
	}
	return "****" + number[len(number)-4:]
}
