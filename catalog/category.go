// Package catalog is the market: providers and their offers, the demands of
// enterprises and the proposals they get. This package holds the vocabulary;
// matching ranks, store keeps, rest serves.
package catalog

import (
	_ "embed"
	"encoding/json"
	"strings"

	"yunhui/services/kernel"
)

// Category is a node of the service taxonomy. Its code is stable public
// vocabulary: "app" or "app.erp".
type Category struct {
	Code   string      `json:"code"`
	Name   kernel.Text `json:"name"`
	Covers string      `json:"covers"` // examples of what belongs here
}

// Leaf reports whether offers are listed under the category itself.
func (c Category) Leaf() bool { return strings.Contains(c.Code, ".") }

//go:embed data/categories.json
var categoryData []byte

var (
	categories    = mustCategories()
	categoryIndex = indexCategories()
)

func mustCategories() []Category {
	var out []Category
	if err := json.Unmarshal(categoryData, &out); err != nil {
		panic("catalog: categories.json: " + err.Error())
	}
	return out
}

func indexCategories() map[string]Category {
	m := make(map[string]Category, len(categories))
	for _, c := range categories {
		m[c.Code] = c
	}
	return m
}

// Categories returns the taxonomy, parents before children. It must not be changed.
func Categories() []Category { return categories }

// FindCategory returns a category by its code.
func FindCategory(code string) (Category, bool) {
	c, ok := categoryIndex[code]
	return c, ok
}

// Depths lists how deep a service reaches into a firm (Hubei's axis 资源 → 业务 →
// 能力 → 生态), which is what many policies grade by.
var Depths = []string{"resource", "business", "capability", "ecosystem"}

// Units lists what a plan's price is for.
var Units = []string{"once", "month", "quarter", "year", "user_month", "user_year", "device_month", "device_year", "day", "time"}
