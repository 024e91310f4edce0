package rules

import (
	"slices"
	"strings"

	"yunhui/services/kernel"
)

// The two kinds of purchase a selector may single out.
const (
	PurchaseFirst = "first" // the enterprise has had nothing under this policy yet
	PurchaseLater = "later"
)

// Selector says what a rule or cap applies to. An empty dimension selects
// everything; the dimensions given must all hold. A category selects itself and
// everything below it ("infra" selects "infra.compute").
type Selector struct {
	Depths     []string `json:"depths,omitempty"`
	Categories []string `json:"categories,omitempty"`
	Classes    []string `json:"classes,omitempty"`
	Sizes      []string `json:"sizes,omitempty"`
	Purchase   string   `json:"purchase,omitempty"`
}

func categoryWithin(category, of string) bool {
	return category == of || (strings.HasPrefix(category, of) && category[len(of)] == '.')
}

func anyCategory(category string, of []string) bool {
	for _, c := range of {
		if categoryWithin(category, c) {
			return true
		}
	}
	return false
}

// match tells whether the selector selects the line. When the answer hangs on a
// fact nobody has told, missing names that fact.
func (s *Selector) match(l *Line, f *Facts) (ok bool, missing string) {
	if s.Purchase != "" && (s.Purchase == PurchaseFirst) != (f.Used.Purchases == 0) {
		return false, ""
	}
	if len(s.Depths) > 0 {
		if l.Depth == "" {
			missing = "depth"
		} else if !slices.Contains(s.Depths, l.Depth) {
			return false, ""
		}
	}
	if len(s.Categories) > 0 {
		if l.Category == "" {
			missing = "category"
		} else if !anyCategory(l.Category, s.Categories) {
			return false, ""
		}
	}
	if len(s.Classes) > 0 {
		if l.Class == "" {
			missing = "class"
		} else if !slices.Contains(s.Classes, l.Class) {
			return false, ""
		}
	}
	if len(s.Sizes) > 0 {
		if f.Enterprise.SizeClass == "" {
			missing = "enterprise.size_class"
		} else if !slices.Contains(s.Sizes, f.Enterprise.SizeClass) {
			return false, ""
		}
	}
	return missing == "", missing
}

// covers reports whether everything that other selects is selected by s too.
func (s Selector) covers(other Selector) bool {
	within := func(mine, theirs []string) bool {
		return len(mine) == 0 || (len(theirs) > 0 && !slices.ContainsFunc(theirs, func(t string) bool { return !slices.Contains(mine, t) }))
	}
	categories := len(s.Categories) == 0 || (len(other.Categories) > 0 && !slices.ContainsFunc(other.Categories, func(t string) bool { return !anyCategory(t, s.Categories) }))
	return categories && within(s.Depths, other.Depths) && within(s.Classes, other.Classes) && within(s.Sizes, other.Sizes) &&
		(s.Purchase == "" || s.Purchase == other.Purchase)
}

func periodCovers(p, other kernel.Period) bool {
	return (p.From == "" || (other.From != "" && p.From <= other.From)) && (p.To == "" || (other.To != "" && p.To >= other.To))
}
