package rules

import (
	"strings"

	"yunhui/services/kernel"
)

// MaxLines is the most lines one quote may have; the cost of expressions is
// estimated for it.
const MaxLines = 200

// The vocabularies of facts.
var (
	Depths      = []string{"resource", "business", "capability", "ecosystem"}
	Classes     = []string{"A", "B"}
	SizeClasses = []string{"large", "medium", "small", "micro"}
	CostKinds   = []string{"cloud_resource", "platform_service", "application", "network", "implementation", "device_access", "support", "equipment", "non_cloud_software", "other"}
	Stars       = []int64{3, 4, 5}
)

// Facts is all a policy may look at.
//
// A fact that was not told is never guessed: an empty text or date, and for an
// enterprise without a credit code (the open calculator) a zero number or an
// empty list, counts as unknown, and the condition that needs it is undecided.
// Once the credit code is given, the facts come from the register and zero is zero.
type Facts struct {
	On         kernel.Date     `json:"on"` // the day of application
	Enterprise EnterpriseFacts `json:"enterprise"`
	Provider   ProviderFacts   `json:"provider,omitzero"`
	Agreement  AgreementFacts  `json:"agreement,omitzero"`
	Claim      ClaimFacts      `json:"claim,omitzero"`
	Lines      []Line          `json:"lines"`
	Used       Used            `json:"used,omitzero"`
	Paid       *kernel.Fen     `json:"paid_fen,omitempty"` // nil before payment: reckoned as if all were paid
}

// EnterpriseFacts describes the applicant.
type EnterpriseFacts struct {
	CreditCode  string      `json:"credit_code,omitempty"`
	District    string      `json:"district,omitempty"`
	SizeClass   string      `json:"size_class,omitempty"` // large, medium, small, micro
	Industry    string      `json:"industry,omitempty"`   // key of the size standard's industries
	Section     string      `json:"section,omitempty"`    // letter of GB/T 4754
	Chains      []string    `json:"chains,omitempty"`
	FoundedOn   kernel.Date `json:"founded_on,omitempty"`
	Revenue     kernel.Fen  `json:"revenue_fen,omitempty"`
	Assets      kernel.Fen  `json:"assets_fen,omitempty"`
	HeadCount   int64       `json:"head_count,omitempty"`
	Verified    bool        `json:"verified,omitempty"`
	Blacklisted bool        `json:"blacklisted,omitempty"`
	IsProvider  bool        `json:"is_provider,omitempty"` // is itself an admitted provider
	Violation   bool        `json:"violation,omitempty"`   // a serious fiscal violation within five years
	Stars       []int64     `json:"stars,omitempty"`       // star ratings held, such as 3 and 4
}

// star is the highest rating held, 0 without one.
func (e *EnterpriseFacts) star() int64 {
	var top int64
	for _, s := range e.Stars {
		top = max(top, s)
	}
	return top
}

// ProviderFacts describes the seller.
type ProviderFacts struct {
	CreditCode string `json:"credit_code,omitempty"`
	District   string `json:"district,omitempty"`
	Admitted   bool   `json:"admitted,omitempty"`
	Related    bool   `json:"related,omitempty"` // a related party of the enterprise
}

// AgreementFacts describes the service agreement.
type AgreementFacts struct {
	SignedOn kernel.Date `json:"signed_on,omitempty"` // the day of the contract
	StartsOn kernel.Date `json:"starts_on,omitempty"`
	EndsOn   kernel.Date `json:"ends_on,omitempty"`
}

// ClaimFacts describes what a claim brings forward.
type ClaimFacts struct {
	Invoiced       *kernel.Fen `json:"invoiced_fen,omitempty"` // VAT included; nil before a claim
	FirstInvoiceOn kernel.Date `json:"first_invoice_on,omitempty"`
	LastInvoiceOn  kernel.Date `json:"last_invoice_on,omitempty"`
	LastPaidOn     kernel.Date `json:"last_paid_on,omitempty"`
}

// Line is one service bought. The amounts are of one unit, VAT included, and
// are multiplied by Quantity; a quantity of 0 means 1.
type Line struct {
	Category  string     `json:"category,omitempty"`
	Depth     string     `json:"depth,omitempty"`
	Class     string     `json:"class,omitempty"`
	CostKind  string     `json:"cost_kind,omitempty"` // derived from the category when not told
	ListPrice kernel.Fen `json:"list_price_fen"`
	Discount  kernel.Fen `json:"discount_fen,omitempty"`
	Tax       kernel.Fen `json:"tax_fen,omitempty"` // deductible VAT within list price less discount
	Quantity  int64      `json:"quantity,omitempty"`
	FirstUse  bool       `json:"first_use,omitempty"`
}

// Used is what the enterprise has been granted before this claim.
type Used struct {
	ThisYear   kernel.Fen            `json:"this_year_fen,omitempty"`   // under this policy, in the calendar year of Facts.On
	ThisPolicy kernel.Fen            `json:"this_policy_fen,omitempty"` // under this policy, ever
	Purchases  int                   `json:"purchases,omitempty"`       // earlier subsidised purchases under this policy
	ByCategory map[string]kernel.Fen `json:"by_category_fen,omitempty"` // under this policy, by category code
	Quotas     map[string]Quota      `json:"quotas,omitempty"`          // of caps that enterprises share, by Cap.Quota
}

// Quota is how far a shared cap is used, by all enterprises. Set is the limit
// that officers have set in place of the policy's.
type Quota struct {
	Used kernel.Fen  `json:"used_fen"`
	Set  *kernel.Fen `json:"set_fen,omitempty"`
}

// kindOfCategory is the kind of cost that the services of a category are; the
// longest match counts.
var kindOfCategory = map[string]string{
	"infra": "cloud_resource", "infra.network": "network", "platform": "platform_service", "iip": "platform_service", "data": "platform_service",
	"data.backup": "cloud_resource", "app": "application", "iip.app": "application", "device": "device_access", "support": "support",
	"support.migration": "implementation",
}

// costKind is the kind told, else the one of the category, else unknown.
func (l *Line) costKind() string {
	if l.CostKind != "" || l.Category == "" {
		return l.CostKind
	}
	if kind, ok := kindOfCategory[l.Category]; ok {
		return kind
	}
	top, _, _ := strings.Cut(l.Category, ".")
	return kindOfCategory[top]
}
