package rest

import (
	"time"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// OrganisationView is an organisation as the API shows it.
type OrganisationView struct {
	ID   kernel.ID                 `json:"id"`
	Kind registry.OrganisationKind `json:"kind"`
	registry.Declaration
	DistrictName       kernel.Text              `json:"district_name"`
	CodeOverrideReason string                   `json:"code_override_reason,omitempty"`
	SizeClass          registry.SizeClass       `json:"size_class,omitempty"`
	Classification     *registry.Classification `json:"classification,omitempty" doc:"划型依据 · what the size class rests on"`
	Status             registry.Status          `json:"status"`
	StatusReason       string                   `json:"status_reason,omitempty"`
	DecidedAt          *time.Time               `json:"decided_at,omitempty"`
	Version            int64                    `json:"version"`
	CreatedAt          time.Time                `json:"created_at"`
	UpdatedAt          time.Time                `json:"updated_at"`
}

type organisationOutput struct {
	Body OrganisationView
}

func view(o registry.Organisation) OrganisationView {
	v := OrganisationView{
		ID: o.ID, Kind: o.Kind, Declaration: o.Declaration, CodeOverrideReason: o.CodeOverrideReason, SizeClass: o.SizeClass,
		Status: o.Status, StatusReason: o.StatusReason, DecidedAt: o.DecidedAt,
		Version: o.Version, CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
	}
	if d, ok := registry.FindDistrict(o.District); ok {
		v.DistrictName = d.Name
	}
	return v
}

// whole is the view of a single organisation: with what its class rests on, by
// the standard of the day on which it was last declared.
func whole(o registry.Organisation) *organisationOutput {
	v := view(o)
	if c, err := registry.Classify(kernel.DayOf(o.UpdatedAt), o.Figures()); err == nil && o.SizeClass != "" {
		v.Classification = &c
	}
	return &organisationOutput{Body: v}
}
