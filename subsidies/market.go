package subsidies

import (
	"context"

	"yunhui/services/kernel"
)

// Listed is what the money side needs to know of a plan on the market.
type Listed struct {
	OfferID    kernel.ID   `json:"offer_id"`
	PlanID     kernel.ID   `json:"plan_id"`
	ProviderID kernel.ID   `json:"provider_id"`
	Offer      kernel.Text `json:"offer"`
	Plan       kernel.Text `json:"plan"`
	Category   string      `json:"category"`
	Depth      string      `json:"depth"`
	Class      string      `json:"class"`
	Price      kernel.Fen  `json:"price_fen"` // list price of one unit
	Unit       string      `json:"unit"`
}

// Proposed is what the money side needs to know of a provider's proposal.
type Proposed struct {
	ID           kernel.ID
	EnterpriseID kernel.ID
	Listed       Listed
	Quantity     int64
	ListPrice    kernel.Fen // of the whole quantity
	Discount     kernel.Fen
}

// Market is what the money side asks of the catalogue. Both calls answer
// not_found for what is not on sale, or not the asking enterprise's.
type Market interface {
	// Plan returns a plan of a listed offer.
	Plan(ctx context.Context, offer, plan kernel.ID) (Listed, error)
	// Proposal returns a proposal made to the enterprise and still standing.
	Proposal(ctx context.Context, enterprise, proposal kernel.ID) (Proposed, error)
}

// Firm is what the money side needs to know of an organisation of record.
type Firm struct {
	ID           kernel.ID
	Kind         string // enterprise or provider
	CreditCode   string
	Name         string
	NameEN       string
	District     string
	SizeClass    string
	Industry     string
	Section      string
	Chains       []string
	FoundedOn    kernel.Date
	Revenue      kernel.Fen
	Assets       kernel.Fen
	HeadCount    int64
	Verified     bool
	ContactName  string
	ContactPhone string
}

// Account is where an organisation is paid.
type Account struct {
	Holder, Bank, BankCode, Number string
	Held                           bool // it is about to change, and nothing is paid meanwhile
}

// Registry is what the money side asks of the organisations of record.
type Registry interface {
	// Firms returns the organisations by ID in one query; unknown IDs are absent.
	Firms(ctx context.Context, ids ...kernel.ID) (map[kernel.ID]Firm, error)
}
