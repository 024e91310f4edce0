package gazette

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// freshness is how long a node may not yet know of a version published on another.
const freshness = 2 * time.Second

// Library reads published policies. Compiled versions are kept for ever, since
// they never change; the list of versions is read anew after freshness.
type Library struct {
	db *database.DB

	mu       sync.RWMutex
	compiled map[version]*rules.Policy
	shelf    []*rules.Policy // all versions by code, newest first
	readAt   time.Time
}

type version struct {
	code   string
	number int
}

// NewLibrary opens the library of a store.
func NewLibrary(db *database.DB) *Library {
	return &Library{db: db, compiled: map[version]*rules.Policy{}}
}

// Version returns one published version, or not_found.
func (l *Library) Version(ctx context.Context, code string, number int) (*rules.Policy, error) {
	l.mu.RLock()
	p := l.compiled[version{code, number}]
	l.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	shelf, err := l.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range shelf {
		if p.Document().Code == code && p.Document().Version == number {
			return p, nil
		}
	}
	return nil, notFound()
}

// Forget makes the next reader look at the shelf anew.
func (l *Library) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shelf = nil
}

// Current returns the version that is the law on the day: the newest that holds
// from that day or an earlier one. On a day before all of them it is the first to
// come, under which nothing can be claimed yet; not_found for an unknown code.
func (l *Library) Current(ctx context.Context, code string, on kernel.Date) (*rules.Policy, error) {
	versions, err := l.Versions(ctx, code)
	if err != nil {
		return nil, err
	}
	for _, p := range versions {
		if p.Document().HoldsFrom() <= on {
			return p, nil
		}
	}
	return versions[len(versions)-1], nil
}

// Versions returns all versions of a policy, newest first, or not_found.
func (l *Library) Versions(ctx context.Context, code string) ([]*rules.Policy, error) {
	shelf, err := l.All(ctx)
	if err != nil {
		return nil, err
	}
	var out []*rules.Policy
	for _, p := range shelf {
		if p.Document().Code == code {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, notFound()
	}
	return out, nil
}

// All returns every published version, by code and newest version first. The
// slice must not be changed.
func (l *Library) All(ctx context.Context) ([]*rules.Policy, error) {
	now := l.db.Clock().Now()
	l.mu.RLock()
	shelf, age := l.shelf, now.Sub(l.readAt)
	l.mu.RUnlock()
	if shelf != nil && age >= 0 && age < freshness {
		return shelf, nil
	}
	var rows []row
	if err := l.db.Read(ctx).Where("status = ?", published).Order("code, version DESC").Limit(1000).Find(&rows).Error; err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	shelf = make([]*rules.Policy, 0, len(rows))
	for _, r := range rows {
		p, err := l.compile(r)
		if err != nil {
			return nil, err
		}
		shelf = append(shelf, p)
	}
	l.shelf, l.readAt = shelf, now
	return shelf, nil
}

func (l *Library) compile(r row) (*rules.Policy, error) {
	key := version{r.Code, r.Version}
	if p := l.compiled[key]; p != nil {
		return p, nil
	}
	var doc rules.Document
	if err := json.Unmarshal([]byte(r.Document), &doc); err != nil {
		return nil, fmt.Errorf("policy %s/%d: %w", r.Code, r.Version, err)
	}
	p, err := rules.Compile(doc)
	if err != nil {
		return nil, fmt.Errorf("policy %s/%d: %w", r.Code, r.Version, err)
	}
	l.compiled[key] = p
	return p, nil
}

func notFound() error { return kernel.NotFound(kernel.T("政策", "policy")) }
