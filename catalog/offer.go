package catalog

import (
	"time"

	"yunhui/services/kernel"
)

// The states of an offer.
const (
	OfferDraft     = "draft"
	OfferListed    = "listed"
	OfferWithdrawn = "withdrawn"
)

// ProviderAdmitted is the state in which a provider's offers are on sale.
const ProviderAdmitted = "admitted"

// Provider 服务商 is an admitted seller; its ID is that of its organisation.
type Provider struct {
	ID         kernel.ID    `json:"id"`
	Status     string       `json:"status"`
	Name       string       `json:"name"`
	NameEN     string       `json:"name_en"`
	District   string       `json:"district"`
	IntroZH    string       `json:"intro_zh" gorm:"column:intro_zh"`
	IntroEN    string       `json:"intro_en" gorm:"column:intro_en"`
	Strengths  []string     `json:"strengths" gorm:"serializer:json"` // category codes
	AdmittedOn *kernel.Date `json:"admitted_on,omitempty"`
	Version    int64        `json:"version"`
	CreatedAt  time.Time    `json:"-"`
	UpdatedAt  time.Time    `json:"-"`
}

// TableName names the table for the store.
func (Provider) TableName() string { return "providers" }

// Offer 服务 is a listed service; Plans are its priced variants.
type Offer struct {
	ID            kernel.ID  `json:"id"`
	ProviderID    kernel.ID  `json:"provider_id"`
	Category      string     `json:"category"`
	Depth         string     `json:"depth"`
	Class         string     `json:"class"`
	NameZH        string     `json:"name_zh" gorm:"column:name_zh"`
	NameEN        string     `json:"name_en" gorm:"column:name_en"`
	SummaryZH     string     `json:"summary_zh" gorm:"column:summary_zh"`
	SummaryEN     string     `json:"summary_en" gorm:"column:summary_en"`
	DescriptionZH string     `json:"description_zh" gorm:"column:description_zh"`
	DescriptionEN string     `json:"description_en" gorm:"column:description_en"`
	Chains        []string   `json:"chains" gorm:"serializer:json"`     // keys of the industrial chains it fits
	Sizes         []string   `json:"sizes" gorm:"serializer:json"`      // size classes it fits
	Integrates    []string   `json:"integrates" gorm:"serializer:json"` // systems it works with
	DataReturnZH  string     `json:"data_return_zh" gorm:"column:data_return_zh"`
	DataReturnEN  string     `json:"data_return_en" gorm:"column:data_return_en"`
	Status        string     `json:"status"`
	LowestPrice   kernel.Fen `json:"price_from_fen" gorm:"column:lowest_price_fen"`
	Version       int64      `json:"version"`
	ListedAt      *time.Time `json:"listed_at,omitempty"`
	CreatedAt     time.Time  `json:"-"`
	UpdatedAt     time.Time  `json:"-"`
}

// TableName names the table for the store.
func (Offer) TableName() string { return "offers" }

// Plan 规格 is a priced variant of an offer.
type Plan struct {
	ID         kernel.ID  `json:"id"`
	OfferID    kernel.ID  `json:"offer_id"`
	Position   int64      `json:"-"`
	NameZH     string     `json:"name_zh" gorm:"column:name_zh"`
	NameEN     string     `json:"name_en" gorm:"column:name_en"`
	Unit       string     `json:"unit"`
	Price      kernel.Fen `json:"price_fen" gorm:"column:price_fen"`
	IncludesZH string     `json:"includes_zh" gorm:"column:includes_zh"`
	IncludesEN string     `json:"includes_en" gorm:"column:includes_en"`
	Status     string     `json:"status"`
	Version    int64      `json:"version"`
}

// TableName names the table for the store.
func (Plan) TableName() string { return "plans" }

// PriceMark is one entry of a plan's frozen list-price history.
type PriceMark struct {
	ID     kernel.ID  `json:"-"`
	PlanID kernel.ID  `json:"-"`
	Price  kernel.Fen `json:"price_fen" gorm:"column:price_fen"`
	FromAt time.Time  `json:"from_at"`
}

// TableName names the table for the store.
func (PriceMark) TableName() string { return "list_prices" }
