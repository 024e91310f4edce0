package rules

import (
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Result is what a policy grants for some facts, and why.
//
// The legs carry a subsidy only when Eligible. Otherwise Potential says what it
// would be once every failed or undecided condition were met.
type Result struct {
	Policy      string         `json:"policy"`
	Version     int            `json:"version"`
	Legs        subsidies.Legs `json:"legs"`
	Eligible    bool           `json:"eligible"`
	Undecided   bool           `json:"undecided"` // nothing failed, but facts are missing
	Potential   kernel.Fen     `json:"potential_subsidy_fen"`
	Eligibility []Finding      `json:"eligibility"`
	Lines       []LineGrant    `json:"lines"`
	Trace       []Step         `json:"trace"`
}

// Finding is the outcome of one condition.
type Finding struct {
	Clause  string      `json:"clause,omitempty"`
	Rule    kernel.Text `json:"rule"`
	Passed  bool        `json:"passed"`
	Unknown bool        `json:"unknown,omitempty"` // not passed, not failed: a fact is missing
	Missing []string    `json:"missing,omitempty"` // names of the missing facts
	Reason  kernel.Text `json:"reason,omitzero"`
	Remedy  kernel.Text `json:"remedy,omitzero"`
	// What the expression compares and found otherwise, and the first day on which
	// it would hold were nothing to change but the day.
	Compared     []Comparison `json:"compared,omitempty"`
	EligibleFrom kernel.Date  `json:"eligible_from,omitempty"`
}

// Comparison is one comparison of a fact that did not hold.
type Comparison struct {
	Fact      string      `json:"fact"`
	Label     kernel.Text `json:"label"`
	Value     kernel.Text `json:"value"`
	Operator  string      `json:"operator"` // as in the expression: >=, in, ...
	Threshold kernel.Text `json:"threshold"`
}

// LineGrant is the part of one line in the result. The Subsidy of all lines
// adds up to the legs' subsidy.
type LineGrant struct {
	Clause   string     `json:"clause,omitempty"` // of the rule that applied
	List     kernel.Fen `json:"list_price_fen"`
	Discount kernel.Fen `json:"provider_discount_fen"`
	Base     kernel.Fen `json:"base_fen"`
	Granted  kernel.Fen `json:"granted_fen"` // before caps
	Subsidy  kernel.Fen `json:"subsidy_fen"`
}

// UnitFen is the unit of a step whose value is money.
const UnitFen = "fen"

// Step is one line of the trace: under which clause, what was reckoned, how,
// and what came of it.
type Step struct {
	Clause  string      `json:"clause,omitempty"`
	Line    int         `json:"line,omitempty"` // 1-based; 0 concerns the whole claim
	Label   kernel.Text `json:"label"`
	Formula kernel.Text `json:"formula"`
	Unit    string      `json:"unit"`
	Value   int64       `json:"value"`
}
