package demo

import (
	"bytes"
	"encoding/json"
	"fmt"

	"yunhui/services/kernel"
)

// Content is everything that is written down about the demo city. Who refers to
// whom goes by key; the loader turns keys into identifiers.
type Content struct {
	Providers   []Provider
	Offers      []Offer
	Enterprises []Enterprise
	People      People
}

// Provider is a fictional seller.
type Provider struct {
	Key            string        `json:"key"`
	NameZH         string        `json:"name_zh"`
	NameEN         string        `json:"name_en"`
	CreditCode     string        `json:"credit_code"`
	FoundedOn      kernel.Date   `json:"founded_on"`
	District       string        `json:"district"`
	Intro          kernel.Text   `json:"intro"`
	Strengths      []string      `json:"strengths"`    // leaf category codes
	ServiceTeam    int64         `json:"service_team"` // persons
	ContactName    string        `json:"contact_name"`
	Phone          string        `json:"phone"`
	Certifications []kernel.Text `json:"certifications"` // as claimed; nobody checked them
}

// Offer is a service of a provider.
type Offer struct {
	Key         string        `json:"key"`
	Provider    string        `json:"provider"` // key
	Category    string        `json:"category"`
	Depth       string        `json:"depth"`
	Class       string        `json:"class"` // "A": multi-tenant or containerised; "B": other
	Name        kernel.Text   `json:"name"`
	Summary     kernel.Text   `json:"summary"`
	Description kernel.Text   `json:"description"`
	Chains      []string      `json:"chains"` // Chinese names; empty fits any
	Sizes       []string      `json:"sizes"`  // size classes it fits
	Systems     []kernel.Text `json:"systems"`
	DataReturn  kernel.Text   `json:"data_return"`
	Plans       []Plan        `json:"plans"` // the first is the ordinary way in; add-ons come last
}

// Plan is a priced variant; its key is unique within the offer.
type Plan struct {
	Key      string      `json:"key"`
	Name     kernel.Text `json:"name"`
	Unit     string      `json:"unit"`
	Price    kernel.Fen  `json:"price_fen"`
	Includes kernel.Text `json:"includes"`
}

// Enterprise is a fictional firm with what it needs.
type Enterprise struct {
	Key         string      `json:"key"`
	NameZH      string      `json:"name_zh"`
	NameEN      string      `json:"name_en"`
	CreditCode  string      `json:"credit_code"`
	Industry    string      `json:"industry"` // row of the size standard
	IndustryZH  string      `json:"industry_zh"`
	Section     string      `json:"section"`
	District    string      `json:"district"`
	HeadCount   int64       `json:"head_count"`
	Revenue     kernel.Fen  `json:"revenue_fen"`
	Assets      kernel.Fen  `json:"assets_fen"`
	FoundedOn   kernel.Date `json:"founded_on"`
	ContactName string      `json:"contact_name"`
	Phone       string      `json:"phone"`
	Chains      []string    `json:"chains"` // Chinese names
	Needs       []Need      `json:"needs"`
}

// Need is what an enterprise asks of the market in its own words. ByWhen counts
// days from the day the demo city is loaded.
type Need struct {
	Title    kernel.Text   `json:"title"`
	Category string        `json:"category"` // empty: the firm did not say
	Text     kernel.Text   `json:"text"`
	Budget   kernel.Fen    `json:"budget_fen"`
	ByWhen   int           `json:"by_when_offset_days"`
	Systems  []kernel.Text `json:"systems"` // already in use
}

// People are the named accounts of the demo and the authorities they work for.
type People struct {
	Authorities []Authority `json:"authorities"`
	Accounts    []Account   `json:"people"`
}

// Authority is an office of the demo city; districts have theirs by rule.
type Authority struct {
	Key    string `json:"key"`
	NameZH string `json:"name_zh"`
	NameEN string `json:"name_en"`
}

// Account is a person who can log in. Exactly one of Org and District is set:
// Org is the key of an enterprise, a provider or an authority, by Role.
type Account struct {
	Login    string      `json:"login"`
	Name     kernel.Text `json:"name"`
	Role     kernel.Role `json:"role"`
	Org      string      `json:"org,omitempty"`
	District string      `json:"district,omitempty"`
	Title    kernel.Text `json:"title"`
	Note     kernel.Text `json:"note"` // what the account shows, for the login page
}

// Read decodes the embedded files. Unknown keys are errors.
func Read() (Content, error) {
	var c Content
	for name, into := range map[string]any{
		"providers": &c.Providers, "offers": &c.Offers, "enterprises": &c.Enterprises, "people": &c.People,
	} {
		raw, err := Files.ReadFile("data/" + name + ".json")
		if err != nil {
			return Content{}, fmt.Errorf("demo content: %w", err)
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(into); err != nil {
			return Content{}, fmt.Errorf("demo content %s: %w", name, err)
		}
	}
	return c, nil
}
