package store

import (
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

type row struct {
	ID                 kernel.ID
	Kind               registry.OrganisationKind
	CreditCode         string
	CodeOverrideReason string
	Name               string
	NameEN             string `gorm:"column:name_en"`
	Industry           string
	Section            string
	HeadCount          *int64
	Revenue            *kernel.Fen `gorm:"column:revenue_fen"`
	Assets             *kernel.Fen `gorm:"column:assets_fen"`
	SizeClass          registry.SizeClass
	District           string
	Chains             string
	FoundedOn          *kernel.Date
	Address            string
	ContactName        string
	ContactPhone       string
	BankName           string
	BankCode           string
	AccountName        string
	AccountNumber      string // sealed
	Status             registry.Status
	StatusReason       string
	DecidedBy          kernel.ID
	DecidedAt          *time.Time
	Version            int64
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

func (row) TableName() string { return "organisations" }

// listed are the columns of a list: all but what is sealed.
var listed = []string{
	"id", "kind", "credit_code", "code_override_reason", "name", "name_en", "industry", "section", "head_count",
	"revenue_fen", "assets_fen", "size_class", "district", "chains", "founded_on", "address", "contact_name",
	"contact_phone", "bank_name", "bank_code", "account_name", "status", "status_reason", "decided_by", "decided_at",
	"version", "created_at", "updated_at",
}

// declared turns a checked declaration into the columns it fills.
func (s *Store) declared(id kernel.ID, d registry.Declaration, class registry.SizeClass) (map[string]any, error) {
	chains, err := json.Marshal(append([]string{}, d.Chains...))
	if err != nil {
		return nil, fmt.Errorf("chains: %w", err)
	}
	account := ""
	if d.AccountNumber != "" {
		if account, err = s.cipher.Seal(accountOf(id), d.AccountNumber); err != nil {
			return nil, fmt.Errorf("seal account number: %w", err)
		}
	}
	var founded any
	if d.FoundedOn != "" {
		founded = d.FoundedOn
	}
	return map[string]any{
		"credit_code": d.CreditCode, "name": d.Name, "name_en": d.NameEN, "industry": d.Industry, "section": d.Section,
		"head_count": d.HeadCount, "revenue_fen": d.Revenue, "assets_fen": d.Assets, "size_class": class,
		"district": d.District, "chains": string(chains), "founded_on": founded, "address": d.Address,
		"contact_name": d.ContactName, "contact_phone": d.ContactPhone, "bank_name": d.BankName, "bank_code": d.BankCode,
		"account_name": d.AccountName, "account_number": account,
	}, nil
}

// organisation rebuilds what was stored; it judges nothing.
func (s *Store) organisation(r row) (registry.Organisation, error) {
	o := registry.Organisation{
		ID: r.ID, Kind: r.Kind, CodeOverrideReason: r.CodeOverrideReason, SizeClass: r.SizeClass,
		Status: r.Status, StatusReason: r.StatusReason, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt,
		Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		Declaration: registry.Declaration{
			CreditCode: r.CreditCode, HistoricalCode: registry.CheckCreditCode(r.CreditCode) != nil,
			Name: r.Name, NameEN: r.NameEN, Industry: r.Industry, Section: r.Section,
			HeadCount: r.HeadCount, Revenue: r.Revenue, Assets: r.Assets, District: r.District,
			Address: r.Address, ContactName: r.ContactName, ContactPhone: r.ContactPhone,
			BankName: r.BankName, BankCode: r.BankCode, AccountName: r.AccountName,
		},
	}
	if r.FoundedOn != nil {
		o.FoundedOn = *r.FoundedOn
	}
	if err := json.Unmarshal([]byte(r.Chains), &o.Chains); err != nil {
		return o, fmt.Errorf("organisation %s: chains: %w", r.ID, err)
	}
	if r.AccountNumber != "" {
		var err error
		if o.AccountNumber, err = s.cipher.Open(accountOf(r.ID), r.AccountNumber); err != nil {
			return o, fmt.Errorf("organisation %s: account number: %w", r.ID, err)
		}
	}
	return o, nil
}
