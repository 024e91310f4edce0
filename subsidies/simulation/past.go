package simulation

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/record"
	"yunhui/subsidies/rules"
)

// past is the claims that were handed in and neither withdrawn nor refused, with
// the facts as they were.
type past struct {
	db   *database.DB
	code string // empty: those of all policies
	span Span
}

// Span bounds claims by the day on which they were first handed in.
type Span struct {
	From kernel.Date `json:"from,omitempty"`
	To   kernel.Date `json:"to,omitempty"`
}

type submitted struct {
	ID           kernel.ID
	Number       string
	EnterpriseID kernel.ID
	SubmittedAt  time.Time
}

func (p *past) within(db *gorm.DB) *gorm.DB {
	q := db.Table("claims").Where("submitted_at IS NOT NULL AND state NOT IN ?", []subsidies.ClaimState{subsidies.ClaimWithdrawn, subsidies.ClaimRefused})
	if p.code != "" {
		q = q.Where("COALESCE(policy_code, '') = ?", p.code) // read in the order of submission, which an index by policy would spoil
	}
	if p.span.From != "" {
		q = q.Where("submitted_at >= ?", p.span.From.Start())
	}
	if p.span.To != "" {
		q = q.Where("submitted_at < ?", p.span.To.AddDays(1).Start())
	}
	return q
}

func (p *past) count(ctx context.Context) (n int64, err error) {
	err = p.within(p.db.Read(ctx)).Count(&n).Error
	return n, err
}

func (p *past) each(ctx context.Context, yield func([]item) error) error {
	var last submitted
	for {
		q := p.within(p.db.Read(ctx)).Select("id", "number", "enterprise_id", "submitted_at").Order("submitted_at, id").Limit(page)
		if last.ID != "" {
			q = q.Where("submitted_at >= ? AND (submitted_at > ? OR id > ?)", last.SubmittedAt, last.SubmittedAt, last.ID)
		}
		var rows []submitted
		if err := q.Find(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1]
		items, err := p.items(ctx, rows)
		if err != nil {
			return err
		}
		if err := yield(items); err != nil || len(rows) < page {
			return err
		}
	}
}

func (p *past) items(ctx context.Context, rows []submitted) ([]item, error) {
	ids := make([]kernel.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	packed, err := record.Packed(p.db.Read(ctx), ids)
	items := make([]item, len(rows))
	for i, r := range rows {
		items[i] = item{number: r.Number, firm: string(r.EnterpriseID), past: true, packed: packed[r.ID]}
	}
	return items, err
}

func (p *past) facts(i item) (rules.Facts, error) {
	if i.packed == nil {
		return rules.Facts{}, errors.New("claim " + i.number + " has no trace")
	}
	return record.FactsIn(i.packed)
}

// first is the day of the claim that was handed in first, empty when there is none.
func (p *past) first(ctx context.Context) (kernel.Date, error) {
	var rows []submitted
	err := p.within(p.db.Read(ctx)).Select("id", "number", "enterprise_id", "submitted_at").Order("submitted_at, id").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return "", err
	}
	items, err := p.items(ctx, rows)
	if err != nil {
		return "", err
	}
	f, err := p.facts(items[0])
	if err != nil { // one that cannot be read is counted by the replay
		return kernel.DayOf(rows[0].SubmittedAt), nil //nolint:nilerr // see above
	}
	return f.On, nil
}
