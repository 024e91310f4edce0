package offers

import (
	"context"
	"fmt"
	"slices"

	"yunhui/catalog"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/search"
)

// Facets count what a search found, column by column. Each disregards its own
// filter, so that a reader sees what another choice would bring.
type Facets struct {
	Category []FacetValue `json:"category"`
	Depth    []FacetValue `json:"depth"`
	Provider []FacetValue `json:"provider"`
	Chain    []FacetValue `json:"chain"`
	Size     []FacetValue `json:"size"`
}

// FacetValue is a value of a column and how many offers have it.
type FacetValue struct {
	Value string      `json:"value"`
	Name  kernel.Text `json:"name"`
	Count int         `json:"count"`
}

// mostProviders is how many providers a search names beside its result: with
// hundreds of them, a list of all helps nobody.
const mostProviders = 20

// facets names the counted values; the caller holds the lock.
func (s *Shelf) facets(counted map[string][]search.Count, chosen kernel.ID) Facets {
	sellers := counted[columnProvider]
	if len(sellers) > mostProviders {
		head := slices.Clone(sellers[:mostProviders])
		for _, c := range sellers[mostProviders:] {
			if c.Value == string(chosen) {
				head = append(head, c)
			}
		}
		sellers = head
	}
	return Facets{
		Category: named(counted[columnCategory], categoryName),
		Depth:    named(counted[columnDepth], catalog.DepthName),
		Provider: named(sellers, s.providerName),
		Chain:    named(counted[columnChain], ChainName),
		Size:     named(counted[columnSize], catalog.SizeName),
	}
}

func named(counts []search.Count, name func(string) kernel.Text) []FacetValue {
	out := make([]FacetValue, len(counts))
	for i, c := range counts {
		out[i] = FacetValue{Value: c.Value, Name: name(c.Value), Count: c.Count}
	}
	return out
}

func categoryName(code string) kernel.Text {
	c, _ := catalog.FindCategory(code)
	return c.Name
}

// ChainName names an industrial chain.
func ChainName(key string) kernel.Text {
	c, _ := registry.FindChain(key)
	return c.Name
}

func (s *Shelf) providerName(id string) kernel.Text {
	p := s.providers[kernel.ID(id)]
	if p == nil {
		return kernel.Text{}
	}
	return kernel.Text{ZH: p.Name, EN: p.NameEN}
}

// CategoryNode is a category with what is listed below it.
type CategoryNode struct {
	catalog.Category
	Offers   int            `json:"offers" doc:"在架服务数 · how many offers are listed"`
	Children []CategoryLeaf `json:"children"`
}

// CategoryLeaf is a category that offers are listed under.
type CategoryLeaf struct {
	catalog.Category
	Offers int `json:"offers" doc:"在架服务数 · how many offers are listed"`
}

// Categories returns the taxonomy as a tree with the number of offers of each.
func (s *Shelf) Categories(ctx context.Context) ([]CategoryNode, error) {
	counts, err := s.counts(ctx, columnCategory, nil)
	if err != nil {
		return nil, err
	}
	var out []CategoryNode
	for _, c := range catalog.Categories() {
		if !c.Leaf() {
			out = append(out, CategoryNode{Category: c, Offers: counts[c.Code]})
			continue
		}
		parent := &out[len(out)-1]
		parent.Children = append(parent.Children, CategoryLeaf{Category: c, Offers: counts[c.Code]})
	}
	return out, nil
}

// CategoriesOf lists the categories, parents included, in which a provider has
// something on sale.
func (s *Shelf) CategoriesOf(ctx context.Context, provider kernel.ID) ([]string, error) {
	counts, err := s.counts(ctx, columnCategory, map[string][]string{columnProvider: {string(provider)}})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range catalog.Categories() {
		if counts[c.Code] > 0 {
			out = append(out, c.Code)
		}
	}
	return out, nil
}

func (s *Shelf) counts(ctx context.Context, column string, filters map[string][]string) (map[string]int, error) {
	page, err := s.index.Find(ctx, search.Query{Filters: filters, Facets: []string{column}, FacetLimit: 1 << 20, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("count by %s: %w", column, err)
	}
	out := make(map[string]int, len(page.Facets[column]))
	for _, c := range page.Facets[column] {
		out[c.Value] = c.Count
	}
	return out, nil
}
