package catalog

import (
	"time"

	"yunhui/services/kernel"
)

// The states of a demand.
const (
	DemandOpen   = "open"
	DemandChosen = "chosen"
	DemandClosed = "closed"
)

// The states of a proposal.
const (
	ProposalSent     = "sent"
	ProposalChosen   = "chosen"
	ProposalDeclined = "declined"
)

// Demand 需求 is what an enterprise needs, in its own words.
type Demand struct {
	ID               kernel.ID    `json:"id"`
	EnterpriseID     kernel.ID    `json:"enterprise_id"`
	District         string       `json:"district"`
	Title            string       `json:"title"`
	Need             string       `json:"need"`
	Category         string       `json:"category"` // empty: not said
	Budget           *kernel.Fen  `json:"budget_fen,omitempty" gorm:"column:budget_fen"`
	WantedBy         *kernel.Date `json:"wanted_by,omitempty"`
	Systems          []string     `json:"systems" gorm:"serializer:json"` // already in use
	Status           string       `json:"status"`
	ClosedReason     string       `json:"closed_reason,omitempty"`
	ChosenProposalID *kernel.ID   `json:"chosen_proposal_id,omitempty"`
	Version          int64        `json:"version"`
	CreatedBy        kernel.ID    `json:"-"`
	CreatedAt        time.Time    `json:"created_at"`
	UpdatedAt        time.Time    `json:"updated_at"`
}

// TableName names the table for the store.
func (Demand) TableName() string { return "demands" }

// Invitation asks a provider to answer a demand.
type Invitation struct {
	DemandID   kernel.ID `json:"demand_id"`
	ProviderID kernel.ID `json:"provider_id"`
	CreatedBy  kernel.ID `json:"-"`
	CreatedAt  time.Time `json:"created_at"`
}

// TableName names the table for the store.
func (Invitation) TableName() string { return "demand_invitations" }

// Proposal 响应方案 is a provider's answer to a demand.
type Proposal struct {
	ID         kernel.ID   `json:"id"`
	DemandID   kernel.ID   `json:"demand_id"`
	ProviderID kernel.ID   `json:"provider_id"`
	OfferID    kernel.ID   `json:"offer_id"`
	PlanID     kernel.ID   `json:"plan_id"`
	Quantity   int64       `json:"quantity"`
	ListPrice  kernel.Fen  `json:"list_price_fen" gorm:"column:list_price_fen"` // of the whole quantity
	Discount   kernel.Fen  `json:"discount_fen" gorm:"column:discount_fen"`
	Message    string      `json:"message"`
	ValidUntil kernel.Date `json:"valid_until"`
	Status     string      `json:"status"`
	Version    int64       `json:"version"`
	CreatedBy  kernel.ID   `json:"-"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`
}

// TableName names the table for the store.
func (Proposal) TableName() string { return "proposals" }

// Enterprise is what the market needs to know of an organisation of record.
type Enterprise struct {
	ID        kernel.ID
	Kind      string // enterprise or provider
	Verified  bool   // by its district
	Name      string
	NameEN    string
	District  string
	SizeClass string
	Industry  string
	Chains    []string
}
