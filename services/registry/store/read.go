package store

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Load reads an organisation for another use case, with its account number in
// the clear and without asking who acts: q is a transaction (tx.DB) or
// db.Read(ctx). Several ids come in one query; what does not exist is missing
// from the result.
func (s *Store) Load(q *gorm.DB, ids ...kernel.ID) (map[kernel.ID]registry.Organisation, error) {
	var rows []row
	if err := q.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	out := make(map[kernel.ID]registry.Organisation, len(rows))
	for _, r := range rows {
		o, err := s.organisation(r)
		if err != nil {
			return nil, err
		}
		out[o.ID] = o
	}
	return out, nil
}

// One is Load for a single id; it is not_found when there is none.
func (s *Store) One(q *gorm.DB, id kernel.ID) (registry.Organisation, error) {
	found, err := s.Load(q, id)
	if err != nil {
		return registry.Organisation{}, err
	}
	o, ok := found[id]
	if !ok {
		return o, notFound()
	}
	return o, nil
}

// ByCode finds an organisation by its normalised credit code, without asking
// who acts.
func (s *Store) ByCode(q *gorm.DB, code string) (registry.Organisation, error) {
	return s.first(q.Where("credit_code = ?", code))
}

// Get returns an organisation that the caller of ctx may see, with the account
// number masked unless it is theirs or they pay to it.
func (s *Store) Get(ctx context.Context, id kernel.ID) (registry.Organisation, error) {
	actor := kernel.CallFrom(ctx).Actor
	if actor.Anonymous() {
		return registry.Organisation{}, kernel.Unauthenticated()
	}
	o, err := s.first(inSight(s.db.Read(ctx), actor, s.today()).Where("id = ?", id))
	return masked(o, actor), err
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	Kind     registry.OrganisationKind
	Status   registry.Status
	District string // a unit of today: includes what it has succeeded
	Query    string // part of the name, or the beginning of a credit code
	After    kernel.ID
	Limit    int
}

// MaxPage bounds how many rows a list returns at once.
const MaxPage = 200

// List returns the organisations that the caller of ctx may see, oldest first,
// without account numbers, and the id to go on after; it is empty at the end.
func (s *Store) List(ctx context.Context, f Filter) ([]registry.Organisation, kernel.ID, error) {
	actor := kernel.CallFrom(ctx).Actor
	if actor.Anonymous() {
		return nil, "", kernel.Unauthenticated()
	}
	if f.Limit <= 0 || f.Limit > MaxPage {
		f.Limit = MaxPage
	}
	var rows []row
	q := f.narrow(inSight(s.db.Read(ctx), actor, s.today()), s.today())
	if err := q.Select(listed).Order("id").Limit(f.Limit + 1).Find(&rows).Error; err != nil {
		return nil, "", fmt.Errorf("organisations: %w", err)
	}
	var next kernel.ID
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = rows[f.Limit-1].ID
	}
	out := make([]registry.Organisation, 0, len(rows))
	for _, r := range rows {
		o, err := s.organisation(r)
		if err != nil {
			return nil, "", err
		}
		out = append(out, o)
	}
	return out, next, nil
}

func (f Filter) narrow(q *gorm.DB, on kernel.Date) *gorm.DB {
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Status != "" {
		q = q.Where("status = ?", f.Status)
	}
	if f.District != "" {
		q = q.Where("district IN ?", registry.Predecessors(f.District, on))
	}
	if f.Query != "" {
		plain := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(f.Query)
		code := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(registry.NormalizeCreditCode(f.Query))
		q = q.Where("(name LIKE ? ESCAPE '!' OR credit_code LIKE ? ESCAPE '!')", "%"+plain+"%", code+"%")
	}
	if f.After != "" {
		q = q.Where("id > ?", f.After)
	}
	return q
}

func (s *Store) first(q *gorm.DB) (registry.Organisation, error) {
	var rows []row
	if err := q.Limit(1).Find(&rows).Error; err != nil {
		return registry.Organisation{}, fmt.Errorf("organisation: %w", err)
	}
	if len(rows) == 0 {
		return registry.Organisation{}, notFound()
	}
	return s.organisation(rows[0])
}

func (s *Store) today() kernel.Date { return kernel.DayOf(s.db.Clock().Now()) }
