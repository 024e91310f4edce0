package catalog

import (
	"context"
	"slices"

	"yunhui/services/kernel"
)

// The states of a plan. A retired plan stays as evidence of what was agreed on.
const (
	PlanActive  = "active"
	PlanRetired = "retired"
)

// Classes grade a service where a policy does (Huizhou's A and B); empty: not graded.
var Classes = []string{"A", "B"}

// Sizes lists the size classes of enterprises, as the registry computes them.
var Sizes = []string{"micro", "small", "medium", "large"}

// Registry is what the market asks of the organisations of record.
type Registry interface {
	// Enterprises returns the firms by ID in one query; unknown IDs are absent.
	Enterprises(ctx context.Context, ids ...kernel.ID) (map[kernel.ID]Enterprise, error)
}

// Listed is a plan that is on sale, as other rooms take it over.
type Listed struct {
	OfferID    kernel.ID
	PlanID     kernel.ID
	ProviderID kernel.ID
	Offer      kernel.Text
	Plan       kernel.Text
	Category   string
	Depth      string
	Class      string
	Price      kernel.Fen // list price of one unit
	Unit       string
}

// Proposed is a chosen proposal, as other rooms take it over.
type Proposed struct {
	ID           kernel.ID
	EnterpriseID kernel.ID
	Listed       Listed
	Quantity     int64
	ListPrice    kernel.Fen // of the whole quantity
	Discount     kernel.Fen
}

// Periods tells how often in a year a price of this unit falls due, for
// comparing plans; what is bought once, or by use, counts once.
func Periods(unit string) int64 {
	switch unit {
	case "month", "user_month", "device_month":
		return 12
	case "quarter":
		return 4
	default:
		return 1
	}
}

// KnownDepth reports whether the code is one of Depths.
func KnownDepth(code string) bool { return slices.Contains(Depths, code) }

var depthNames = map[string]kernel.Text{
	"resource":   kernel.T("资源上云", "Resources"),
	"business":   kernel.T("业务上云", "Business"),
	"capability": kernel.T("能力上云", "Capabilities"),
	"ecosystem":  kernel.T("生态上云", "Ecosystem"),
}

var sizeNames = map[string]kernel.Text{
	"micro":  kernel.T("微型企业", "Micro"),
	"small":  kernel.T("小型企业", "Small"),
	"medium": kernel.T("中型企业", "Medium"),
	"large":  kernel.T("大型企业", "Large"),
}

// DepthName names a depth on the screen.
func DepthName(code string) kernel.Text { return depthNames[code] }

// SizeName names a size class on the screen.
func SizeName(code string) kernel.Text { return sizeNames[code] }
