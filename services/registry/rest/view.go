package rest

import (
	"time"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Organisation is one organisation of record as its own members and its officers
// see it.
type Organisation struct {
	ID   kernel.ID                 `json:"id"`
	Kind registry.OrganisationKind `json:"kind"`
	registry.Declaration
	DistrictName       kernel.Text              `json:"district_name"`
	CodeCheck          CodeCheck                `json:"code_check"`
	CodeOverrideReason string                   `json:"code_override_reason,omitempty"`
	OverrideNeeded     bool                     `json:"override_needed" doc:"认可前须说明信用代码理由 / an officer must give a reason for the code to verify"`
	SizeClass          registry.SizeClass       `json:"size_class,omitempty"`
	Classification     *registry.Classification `json:"classification,omitempty" doc:"划型依据 / what the size class rests on"`
	Status             registry.Status          `json:"status"`
	StatusReason       string                   `json:"status_reason,omitempty"`
	DecidedAt          *time.Time               `json:"decided_at,omitempty"`
	Version            int64                    `json:"version"`
	CreatedAt          time.Time                `json:"created_at"`
	UpdatedAt          time.Time                `json:"updated_at"`
}

// OrganisationItem is one line of a list: no bank, no telephone.
type OrganisationItem struct {
	ID             kernel.ID                 `json:"id"`
	Kind           registry.OrganisationKind `json:"kind"`
	CreditCode     string                    `json:"credit_code"`
	Name           string                    `json:"name"`
	NameEN         string                    `json:"name_en,omitempty"`
	Industry       string                    `json:"industry,omitempty"`
	SizeClass      registry.SizeClass        `json:"size_class,omitempty"`
	District       string                    `json:"district"`
	DistrictName   kernel.Text               `json:"district_name"`
	OverrideNeeded bool                      `json:"override_needed"`
	Status         registry.Status           `json:"status"`
	Version        int64                     `json:"version"`
	CreatedAt      time.Time                 `json:"created_at"`
	UpdatedAt      time.Time                 `json:"updated_at"`
}

type organisationOutput struct{ Body Organisation }

// shown is the whole of an organisation.
func shown(o registry.Organisation) *organisationOutput {
	v := Organisation{
		ID: o.ID, Kind: o.Kind, Declaration: o.Declaration, DistrictName: districtName(o.District), CodeCheck: checkCode(o.CreditCode),
		CodeOverrideReason: o.CodeOverrideReason, OverrideNeeded: overrideNeeded(o), SizeClass: o.SizeClass,
		Status: o.Status, StatusReason: o.StatusReason, DecidedAt: o.DecidedAt,
		Version: o.Version, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
	}
	v.Classification = classification(o)
	return &organisationOutput{Body: v}
}

// classification is what the size class rests on, by the standard of the day on
// which the organisation was last changed; nil without a class.
func classification(o registry.Organisation) *registry.Classification {
	c, err := registry.Classify(kernel.DayOf(o.UpdatedAt), o.Figures())
	if err != nil || o.SizeClass == "" {
		return nil
	}
	return &c
}

func line(o registry.Organisation) OrganisationItem {
	return OrganisationItem{
		ID: o.ID, Kind: o.Kind, CreditCode: o.CreditCode, Name: o.Name, NameEN: o.NameEN, Industry: o.Industry, SizeClass: o.SizeClass,
		District: o.District, DistrictName: districtName(o.District), OverrideNeeded: overrideNeeded(o), Status: o.Status,
		Version: o.Version, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
	}
}

func overrideNeeded(o registry.Organisation) bool {
	return o.HistoricalCode && o.CodeOverrideReason == ""
}

func districtName(id string) kernel.Text {
	d, _ := registry.FindDistrict(id)
	return d.Name
}
