package offers

import (
	"context"
	"slices"
	"strings"

	"yunhui/catalog"
	"yunhui/services/kernel"
)

// ProviderFilter narrows the list of providers.
type ProviderFilter struct {
	Text     string // part of a name
	Category string // with something on sale there
	After    kernel.ID
	Limit    int
}

// Providers lists admitted providers from memory, in the order of their
// registration, which favours nobody by name or price.
func (s *Shelf) Providers(ctx context.Context, f ProviderFilter) ([]ProviderBrief, error) {
	all, err := s.counts(ctx, columnProvider, nil)
	if err != nil {
		return nil, err
	}
	there := all
	if f.Category != "" {
		if there, err = s.counts(ctx, columnProvider, map[string][]string{columnCategory: {f.Category}}); err != nil {
			return nil, err
		}
	}
	words := strings.ToLower(strings.TrimSpace(f.Text))
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []ProviderBrief
	for id, p := range s.providers {
		if p.Status != catalog.ProviderAdmitted || id <= f.After || (f.Category != "" && there[string(id)] == 0) {
			continue
		}
		if words == "" || strings.Contains(strings.ToLower(p.Name+"\n"+p.NameEN), words) {
			out = append(out, ProviderBrief{Provider: *p, Offers: all[string(id)]})
		}
	}
	slices.SortFunc(out, func(a, b ProviderBrief) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out[:min(len(out), max(f.Limit, 1))], nil
}

// Provider returns an admitted provider, or not_found.
func (s *Shelf) Provider(ctx context.Context, id kernel.ID) (ProviderBrief, error) {
	p := s.provider(id)
	if p == nil || p.Status != catalog.ProviderAdmitted {
		return ProviderBrief{}, kernel.NotFound(kernel.T("服务商", "provider"))
	}
	counts, err := s.counts(ctx, columnProvider, map[string][]string{columnProvider: {string(id)}})
	return ProviderBrief{Provider: *p, Offers: counts[string(id)]}, err
}

// ProviderName names a provider of any standing; its ID alone when it is unknown.
func (s *Shelf) ProviderName(id kernel.ID) ProviderName {
	p := s.provider(id)
	if p == nil {
		return ProviderName{ID: id}
	}
	return ProviderName{ID: p.ID, Name: p.Name, NameEN: p.NameEN}
}
