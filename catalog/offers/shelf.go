// Package offers is the shelf and the shop: what providers list, kept in the
// database, and held in memory on every node so that looking costs no query.
package offers

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/search"
)

// Shelf holds everything that is on sale: listed offers of admitted providers
// with at least one active plan. It is a cache; the database is the truth.
type Shelf struct {
	db    *database.DB
	index search.Finder

	turn   sync.Mutex // one load, refresh or take at a time; guards the next two
	since  time.Time  // when the last complete look began; zero: never
	stamps map[kernel.ID]stamp

	mu        sync.RWMutex // guards the maps; what they point to is never changed
	briefs    map[kernel.ID]*OfferBrief
	providers map[kernel.ID]*catalog.Provider
}

// stamp tells whether a row has changed since it was read.
type stamp struct {
	version int64
	at      time.Time
}

const (
	pageRows = 1000
	// overlap covers transactions that began before a look and committed after
	// it, and clocks of nodes that disagree a little.
	overlap = 2 * time.Minute
)

// NewShelf makes an empty shelf; Load fills it.
func NewShelf(db *database.DB) *Shelf {
	return &Shelf{
		db: db, index: search.New(columnCategory), stamps: map[kernel.ID]stamp{},
		briefs: map[kernel.ID]*OfferBrief{}, providers: map[kernel.ID]*catalog.Provider{},
	}
}

// Load reads everything anew.
func (s *Shelf) Load(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.load(ctx)
}

// Loaded reports whether the shelf has been filled.
func (s *Shelf) Loaded() bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	return !s.since.IsZero()
}

// Keep refreshes the shelf until ctx ends. Every process that answers from the
// shelf runs its own, since each holds its own copy.
func (s *Shelf) Keep(ctx context.Context, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "catalogue refresh", "error", err)
		}
	}
}

func (s *Shelf) load(ctx context.Context) error {
	began := s.db.Clock().Now()
	stamps := map[kernel.ID]stamp{}
	providers, err := s.readProviders(ctx, stamps)
	if err != nil {
		return err
	}
	briefs := map[kernel.ID]*OfferBrief{}
	var docs []search.Document
	for after := kernel.ID(""); ; {
		var rows []catalog.Offer
		err := s.db.Read(ctx).Where("status = ? AND id > ?", catalog.OfferListed, after).Order("id").Limit(pageRows).Find(&rows).Error
		if err != nil {
			return fmt.Errorf("offers: %w", err)
		}
		plans, err := s.plansOf(ctx, rows)
		if err != nil {
			return err
		}
		for _, o := range rows {
			stamps[o.ID] = stamp{o.Version, o.UpdatedAt}
			if b := onSale(o, providers[o.ProviderID], plans[o.ID]); b != nil {
				briefs[o.ID] = b
				docs = append(docs, document(o, b, plans[o.ID]))
			}
		}
		if len(rows) < pageRows {
			break
		}
		after = rows[len(rows)-1].ID
	}
	if err := s.index.Replace(ctx, docs); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	s.since, s.stamps = began, stamps
	s.mu.Lock()
	defer s.mu.Unlock()
	s.briefs, s.providers = briefs, providers
	return nil
}

func (s *Shelf) readProviders(ctx context.Context, stamps map[kernel.ID]stamp) (map[kernel.ID]*catalog.Provider, error) {
	out := map[kernel.ID]*catalog.Provider{}
	for after := kernel.ID(""); ; {
		var rows []catalog.Provider
		if err := s.db.Read(ctx).Where("id > ?", after).Order("id").Limit(pageRows).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("providers: %w", err)
		}
		for i, p := range rows {
			stamps[p.ID] = stamp{p.Version, p.UpdatedAt}
			out[p.ID] = &rows[i]
		}
		if len(rows) < pageRows {
			return out, nil
		}
		after = rows[len(rows)-1].ID
	}
}

// plansOf reads the active plans of a page of offers, in their order.
func (s *Shelf) plansOf(ctx context.Context, page []catalog.Offer) (map[kernel.ID][]catalog.Plan, error) {
	out := make(map[kernel.ID][]catalog.Plan, len(page))
	if len(page) == 0 {
		return out, nil
	}
	ids := make([]kernel.ID, len(page))
	for i, o := range page {
		ids[i] = o.ID
	}
	var rows []catalog.Plan
	err := s.db.Read(ctx).Where("offer_id IN ? AND status = ?", ids, catalog.PlanActive).Order("offer_id, position, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("plans: %w", err)
	}
	for _, p := range rows {
		out[p.OfferID] = append(out[p.OfferID], p)
	}
	return out, nil
}

// onSale returns the brief of an offer, or nil when it is not on sale.
func onSale(o catalog.Offer, p *catalog.Provider, plans []catalog.Plan) *OfferBrief {
	if o.Status != catalog.OfferListed || p == nil || p.Status != catalog.ProviderAdmitted || len(plans) == 0 {
		return nil
	}
	return newBrief(o, *p, plans)
}
