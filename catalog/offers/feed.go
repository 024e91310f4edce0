package offers

import (
	"context"
	"fmt"
	"maps"
	"time"

	"yunhui/catalog"
	"yunhui/services/kernel"
	"yunhui/services/search"
)

// Refresh takes over what has changed since the last look, by the updated_at of
// offers and providers. A shelf that was never filled is loaded.
func (s *Shelf) Refresh(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.since.IsZero() {
		return s.load(ctx)
	}
	began := s.db.Clock().Now()
	from := s.since.Add(-overlap)
	providers, err := s.changed(ctx, &catalog.Provider{}, from)
	if err != nil {
		return err
	}
	offers, err := s.changed(ctx, &catalog.Offer{}, from)
	if err != nil {
		return err
	}
	if err := s.takeProviders(ctx, providers); err != nil {
		return err
	}
	if err := s.takeOffers(ctx, offers); err != nil {
		return err
	}
	s.since = began
	return nil
}

// Take looks at one offer now: the node that has just written it need not wait.
func (s *Shelf) Take(ctx context.Context, offer kernel.ID) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.since.IsZero() {
		return nil
	}
	return s.takeOffers(ctx, []kernel.ID{offer})
}

// changed lists the rows of a table that were touched after an instant and that
// this shelf has not seen as they are now.
func (s *Shelf) changed(ctx context.Context, table any, from time.Time) ([]kernel.ID, error) {
	type change struct {
		ID        kernel.ID
		Version   int64
		UpdatedAt time.Time
	}
	var out []kernel.ID
	last := change{UpdatedAt: from}
	for {
		var page []change
		err := s.db.Read(ctx).Model(table).Select("id", "version", "updated_at").
			Where("updated_at > ? OR (updated_at = ? AND id > ?)", last.UpdatedAt, last.UpdatedAt, last.ID).
			Order("updated_at, id").Limit(pageRows).Scan(&page).Error
		if err != nil {
			return nil, fmt.Errorf("change feed: %w", err)
		}
		for _, c := range page {
			if seen, ok := s.stamps[c.ID]; !ok || seen.version != c.Version || !seen.at.Equal(c.UpdatedAt) {
				out = append(out, c.ID)
			}
		}
		if len(page) < pageRows {
			return out, nil
		}
		last = page[len(page)-1]
	}
}

// takeProviders takes over changed providers and looks at all they list, since
// a provider's name and admission show in each of its offers.
func (s *Shelf) takeProviders(ctx context.Context, ids []kernel.ID) error {
	for page := range pages(ids) {
		var rows []catalog.Provider
		if err := s.db.Read(ctx).Where("id IN ?", page).Find(&rows).Error; err != nil {
			return fmt.Errorf("providers: %w", err)
		}
		s.mu.Lock()
		for i := range rows {
			s.providers[rows[i].ID] = &rows[i]
		}
		s.mu.Unlock()
		var listed []kernel.ID
		if err := s.db.Read(ctx).Model(&catalog.Offer{}).Where("provider_id IN ? AND status = ?", page, catalog.OfferListed).Order("id").Pluck("id", &listed).Error; err != nil {
			return fmt.Errorf("offers of providers: %w", err)
		}
		if err := s.takeOffers(ctx, listed); err != nil {
			return err
		}
		for _, p := range rows {
			s.stamps[p.ID] = stamp{p.Version, p.UpdatedAt}
		}
	}
	return nil
}

func (s *Shelf) takeOffers(ctx context.Context, ids []kernel.ID) error {
	for page := range pages(ids) {
		if err := s.takePage(ctx, page); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shelf) takePage(ctx context.Context, ids []kernel.ID) error {
	var rows []catalog.Offer
	if err := s.db.Read(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return fmt.Errorf("offers: %w", err)
	}
	plans, err := s.plansOf(ctx, rows)
	if err != nil {
		return err
	}
	put := map[kernel.ID]*OfferBrief{}
	var docs []search.Document
	var gone []string
	for _, o := range rows {
		if b := onSale(o, s.provider(o.ProviderID), plans[o.ID]); b != nil {
			put[o.ID] = b
			docs = append(docs, document(o, b, plans[o.ID]))
		} else {
			gone = append(gone, string(o.ID))
		}
	}
	if err := s.exchange(ctx, put, docs, gone); err != nil {
		return err
	}
	for _, o := range rows {
		s.stamps[o.ID] = stamp{o.Version, o.UpdatedAt}
	}
	return nil
}

// exchange puts briefs in before their documents can be found, and takes them
// out after they can be found no more.
func (s *Shelf) exchange(ctx context.Context, put map[kernel.ID]*OfferBrief, docs []search.Document, gone []string) error {
	s.mu.Lock()
	maps.Copy(s.briefs, put)
	s.mu.Unlock()
	if err := s.index.Put(ctx, docs...); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if len(gone) == 0 {
		return nil
	}
	if err := s.index.Remove(ctx, gone...); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range gone {
		delete(s.briefs, kernel.ID(id))
	}
	return nil
}

func (s *Shelf) provider(id kernel.ID) *catalog.Provider {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.providers[id]
}

// pages cuts a list into what one statement takes.
func pages(ids []kernel.ID) func(func([]kernel.ID) bool) {
	return func(yield func([]kernel.ID) bool) {
		for len(ids) > 0 {
			n := min(len(ids), pageRows)
			if !yield(ids[:n]) {
				return
			}
			ids = ids[n:]
		}
	}
}
