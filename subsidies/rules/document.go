// Package rules reads policy documents and computes what they grant. It is pure:
// no input or output, no clock, no float. The same document and the same facts
// give the same result, byte for byte, in any year.
package rules

import (
	"slices"
	"strings"

	"yunhui/services/kernel"
)

// Kind says how far a document may be relied on.
type Kind string

// The kinds of document.
const (
	KindInForce      Kind = "in_force"     // 现行: claims may be made under it
	KindReference    Kind = "reference"    // 参考: a published scheme of another place or year
	KindIllustrative Kind = "illustrative" // 示例: figures chosen to show how the site works
)

// Payee is who receives the government's part.
type Payee string

// The payees.
const (
	PayeeEnterprise Payee = "enterprise"
	PayeeProvider   Payee = "provider"
)

// Mechanism is how the government's part reaches the payee.
type Mechanism string

// The mechanisms.
const (
	AfterPayment Mechanism = "after_payment" // 后补助: paid out after the enterprise has paid
	ByVoucher    Mechanism = "voucher"       // 服务券: reserved under a number, redeemed later
	Deduct       Mechanism = "deduct"        // 直减: taken off the bill at purchase
)

// Document is the policy document of one authority, the JSON of
// policy.schema.json. A published version never changes.
type Document struct {
	Code        string        `json:"code"`
	Version     int           `json:"version"`
	Kind        Kind          `json:"kind"`
	Note        kernel.Text   `json:"note,omitzero"`
	Title       kernel.Text   `json:"title"`
	Authority   kernel.Text   `json:"authority"`
	Region      string        `json:"region"`
	Sources     []Source      `json:"sources"`
	InForceFrom kernel.Date   `json:"in_force_from,omitempty"`
	Window      kernel.Period `json:"window,omitzero"`
	Redemption  kernel.Period `json:"redemption,omitzero"`
	Clauses     []Clause      `json:"clauses"`
	Parameters  []Parameter   `json:"parameters,omitempty"`
	Eligibility []Predicate   `json:"eligibility,omitempty"`

	Base           Base            `json:"base"`
	Rates          []RateRule      `json:"rates"`
	Caps           []Cap           `json:"caps,omitempty"`
	ProviderGroups []ProviderGroup `json:"provider_groups,omitempty"`
	Exclusive      []Exclusive     `json:"exclusive,omitempty"`

	FirstPurchaseOnly      *Citation  `json:"first_purchase_only,omitempty"`
	NewUseOnly             *Citation  `json:"new_use_only,omitempty"`
	MinimumPaid            *Threshold `json:"minimum_paid,omitempty"`
	MinimumEnterpriseShare *Threshold `json:"minimum_enterprise_share,omitempty"`
	MinimumSubsidy         *Minimum   `json:"minimum_subsidy,omitempty"`

	Budget *Budget `json:"budget,omitempty"`
	Match  *Match  `json:"match,omitempty"`

	Allotment *Allotment `json:"allotment,omitempty"`

	Payee             Payee           `json:"payee"`
	Mechanism         Mechanism       `json:"mechanism"`
	NoticeWorkingDays int             `json:"notice_working_days"`
	ReservationDays   int             `json:"reservation_days"`
	Rounding          kernel.Rounding `json:"rounding"`
	Evidence          []string        `json:"evidence"`

	Cases []Case `json:"cases,omitempty"`
}

// Source is where the document's figures were published.
type Source struct {
	Title    string      `json:"title"`
	URL      string      `json:"url,omitempty"`
	Accessed kernel.Date `json:"accessed,omitempty"`
	Mark     string      `json:"mark"` // read, cited or own
}

// Clause is one numbered clause of the scheme. Computes lists the parts of the
// document that put it into figures; it is empty for a clause that only informs.
type Clause struct {
	Number   string      `json:"number"`
	Text     kernel.Text `json:"text"`
	Citation string      `json:"citation,omitempty"`
	Computes []string    `json:"computes,omitempty"`
}

// Predicate is one condition of eligibility: a CEL expression over the
// vocabulary (see Vocabulary) that must hold. Reason may quote facts in braces:
// "企业成立 {enterprise.age_months} 个月". Reason and Remedy may be left out: what
// the expression compares, and since when it would hold, is told in any case.
type Predicate struct {
	Clause     string      `json:"clause"`
	Rule       kernel.Text `json:"rule"`
	Expression string      `json:"expression"`
	Reason     kernel.Text `json:"reason,omitzero"`
	Remedy     kernel.Text `json:"remedy,omitzero"`
}

// Base says which amount the rates apply to. With CostKinds only lines of these
// kinds count; a kind may be excluded as well.
type Base struct {
	Clause        string   `json:"clause"`
	Of            string   `json:"of"`  // contract or paid
	VAT           string   `json:"vat"` // included or excluded
	Excluded      []string `json:"excluded_categories,omitempty"`
	CostKinds     []string `json:"cost_kinds,omitempty"`
	ExcludedKinds []string `json:"excluded_cost_kinds,omitempty"`
}

// The choices of a Base.
const (
	BaseOfContract = "contract"
	BaseOfPaid     = "paid"
	VATIncluded    = "included"
	VATExcluded    = "excluded"
)

// The ways of reckoning bands.
const (
	BandMarginal = "marginal" // each band's rate on the part of the amount within it
	BandWhole    = "whole"    // the rate of the band the amount falls into, on all of it
)

// RateRule grants something to the lines it applies to, in one of three forms:
// a rate, a flat amount once a claim, or bands over the lines' total. The first
// rule in the document that applies to a line is the only one. A rate or flat
// amount that changes by date names its parameter instead of a figure.
type RateRule struct {
	Clause        string        `json:"clause"`
	AppliesTo     Selector      `json:"applies_to,omitzero"`
	Effective     kernel.Period `json:"effective,omitzero"`
	Rate          *kernel.Rate  `json:"rate_bp,omitempty"`
	RateParameter string        `json:"rate_parameter,omitempty"`
	Flat          *kernel.Fen   `json:"flat_fen,omitempty"`
	FlatParameter string        `json:"flat_parameter,omitempty"`
	Bands         []Band        `json:"bands,omitempty"`
	BandMode      string        `json:"band_mode,omitempty"` // marginal (default) or whole
}

// byLine tells whether the rule is reckoned line by line, not over all of them.
func (r *RateRule) byLine() bool { return r.Rate != nil || r.RateParameter != "" }

// Band is one tier: amounts from From up to, not including, To. The last band
// has no To.
type Band struct {
	From kernel.Fen  `json:"from_fen"`
	To   kernel.Fen  `json:"to_fen,omitempty"`
	Rate kernel.Rate `json:"rate_bp"`
}

// The scopes of a cap.
const (
	CapClaim            = "claim"             // one claim
	CapEnterpriseYear   = "enterprise_year"   // one enterprise in one calendar year
	CapEnterprisePolicy = "enterprise_policy" // one enterprise under this policy, ever
	CapCategory         = "category"          // one enterprise under this policy, for the categories named
	CapProviderYear     = "provider_year"     // all enterprises' purchases from one provider in one calendar year
	CapProviderPolicy   = "provider_policy"   // all enterprises' purchases from one provider under this policy
	CapPolicyCategory   = "policy_category"   // all enterprises together under this policy, for the categories named
)

// Cap limits the subsidy over its scope.
type Cap struct {
	Clause         string        `json:"clause"`
	Scope          string        `json:"scope"`
	Key            string        `json:"key,omitempty"` // of a policy_category, the same in every version
	AppliesTo      Selector      `json:"applies_to,omitzero"`
	Effective      kernel.Period `json:"effective,omitzero"`
	Limit          kernel.Fen    `json:"limit_fen,omitzero"`
	LimitParameter string        `json:"limit_parameter,omitempty"`
}

// Quota names what a cap shares among enterprises: the provider's quota, or the
// ceiling of some categories. It is "" for a cap on one enterprise.
func (c Cap) Quota() string {
	switch c.Scope {
	case CapProviderYear, CapProviderPolicy:
		return c.Scope
	case CapPolicyCategory:
		return c.Scope + ":" + c.Key
	default:
		return ""
	}
}

// Quotas lists the shared caps of a document that a purchase of a category counts
// under, whatever their dates, each once; all of them when no category is given.
func (d Document) Quotas(category string) []string {
	var out []string
	for _, c := range d.Caps {
		counts := c.Scope != CapPolicyCategory || category == "" || anyCategory(category, c.AppliesTo.Categories)
		if q := c.Quota(); q != "" && counts && !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	return out
}

// AsksFirstUse tells whether it matters that a service is used for the first time.
func (d Document) AsksFirstUse() bool {
	return d.NewUseOnly != nil || slices.ContainsFunc(d.Eligibility, func(e Predicate) bool { return strings.Contains(e.Expression, "first_use") })
}

// LooksBack tells whether what an enterprise gets depends on what it has had, other
// than by a plain cap, which its counters guard.
func (d Document) LooksBack() bool {
	back := d.FirstPurchaseOnly != nil || len(d.Exclusive) > 0
	for _, r := range d.Rates {
		back = back || r.AppliesTo.Purchase != ""
	}
	for _, c := range d.Caps {
		plain := c.AppliesTo.Everything() || c.Scope == CapClaim || c.Quota() != ""
		back = back || c.Scope == CapCategory || c.AppliesTo.Purchase != "" || !plain
	}
	for _, e := range d.Eligibility {
		back = back || strings.Contains(e.Expression, "used.")
	}
	return back
}

// QuotaLimit returns the policy's limit of a shared cap for a provider on a day;
// false when none applies.
func (d Document) QuotaLimit(quota, providerCode string, on kernel.Date) (kernel.Fen, bool) {
	lowest, found := kernel.MaxFen, false
	for _, c := range d.Caps {
		if c.Quota() != quota || !c.Effective.Holds(on) {
			continue
		}
		if of := c.AppliesTo.Providers; len(of) > 0 && !slices.Contains(of, d.groupOf(providerCode)) {
			continue
		}
		lowest, found = min(lowest, d.LimitOn(c, on)), true
	}
	return lowest, found
}

// ProviderGroup is a group of providers that rules and caps may single out.
type ProviderGroup struct {
	Clause    string      `json:"clause"`
	Key       string      `json:"key"`
	Name      kernel.Text `json:"name"`
	Providers []string    `json:"providers"` // credit codes
}

// OtherProviders is the key of all providers that are in no group.
const OtherProviders = "others"

// Exclusive is a set of product families of which one enterprise is subsidised
// for one only: the one it has had first, else the one that grants it most.
type Exclusive struct {
	Clause     string      `json:"clause"`
	Name       kernel.Text `json:"name"`
	Categories []string    `json:"categories"`
}

// Citation names the clause a part of the document rests on.
type Citation struct {
	Clause string `json:"clause"`
}

// Threshold is a least proportion.
type Threshold struct {
	Clause    string      `json:"clause"`
	Rate      kernel.Rate `json:"ratio_bp,omitzero"`
	Parameter string      `json:"ratio_parameter,omitempty"`
}

// Minimum is the least subsidy worth a claim.
type Minimum struct {
	Clause    string     `json:"clause"`
	Amount    kernel.Fen `json:"amount_fen,omitzero"`
	Parameter string     `json:"amount_parameter,omitempty"`
}

// Budget is the planned total of the scheme. What each level has appropriated
// is kept by the budget, not by the document.
type Budget struct {
	Clause string     `json:"clause"`
	Total  kernel.Fen `json:"total_fen"`
}

// Match is how the subsidy is shared by the city and the districts. Without
// it the city pays all.
type Match struct {
	Clause    string       `json:"clause"`
	Municipal kernel.Rate  `json:"municipal_bp"`
	Groups    []MatchGroup `json:"groups,omitempty"`
}

// MatchGroup is a group of districts with a ratio of its own, for days of
// application within Effective; without Districts it is all of them. The first
// group that holds decides.
type MatchGroup struct {
	Clause    string        `json:"clause"`
	Name      kernel.Text   `json:"name"`
	Districts []string      `json:"districts,omitempty"`
	Effective kernel.Period `json:"effective,omitzero"`
	Municipal kernel.Rate   `json:"municipal_bp"`
}

// MunicipalRate returns the city's share for an enterprise of the district that
// applies on a day, and the clause that says so.
func (d Document) MunicipalRate(district string, on kernel.Date) (rate kernel.Rate, clause string) {
	if d.Match == nil {
		return kernel.Whole, ""
	}
	for _, g := range d.Match.Groups {
		if g.Effective.Holds(on) && (len(g.Districts) == 0 || slices.Contains(g.Districts, district)) {
			return g.Municipal, g.Clause
		}
	}
	return d.Match.Municipal, d.Match.Clause
}

// ClauseText returns the text of a clause, or the zero Text.
func (d Document) ClauseText(number string) kernel.Text {
	for _, c := range d.Clauses {
		if c.Number == number {
			return c.Text
		}
	}
	return kernel.Text{}
}
