package subsidies

import "yunhui/services/kernel"

// PolicyDraftState is a station on the way of a policy document to its
// publication.
type PolicyDraftState string

// The stations of a draft.
const (
	PolicyDrafted   PolicyDraftState = "draft"
	PolicySubmitted PolicyDraftState = "submitted"
	PolicyReturned  PolicyDraftState = "returned"
	PolicyPublished PolicyDraftState = "published"
	PolicyWithdrawn PolicyDraftState = "withdrawn"
)

// PolicyDraftAct is what somebody does to a draft.
type PolicyDraftAct string

// The acts on a draft.
const (
	PolicyEdit     PolicyDraftAct = "edit"
	PolicySubmit   PolicyDraftAct = "submit"
	PolicyReturn   PolicyDraftAct = "return"
	PolicyPublish  PolicyDraftAct = "publish"
	PolicyWithdraw PolicyDraftAct = "withdraw"
)

// PolicyDraftMachine is the life of a draft. Whoever publishes it has never edited
// it; the room of drafts sees to that.
var PolicyDraftMachine = Machine[PolicyDraftState, PolicyDraftAct]{
	Name:    kernel.T("政策草案", "Policy draft"),
	Initial: PolicyDrafted,
	Turns:   map[PolicyDraftState]Turn{PolicyDrafted: TurnCity, PolicySubmitted: TurnCity, PolicyReturned: TurnCity},
	Transitions: []Transition[PolicyDraftState, PolicyDraftAct]{
		{Act: PolicyEdit, From: []PolicyDraftState{PolicyDrafted, PolicyReturned}, To: PolicyDrafted, By: cityOfficers},
		{Act: PolicySubmit, From: []PolicyDraftState{PolicyDrafted, PolicyReturned}, To: PolicySubmitted, By: cityOfficers},
		{Act: PolicyReturn, From: []PolicyDraftState{PolicySubmitted}, To: PolicyReturned, By: cityOfficers},
		{Act: PolicyPublish, From: []PolicyDraftState{PolicySubmitted}, To: PolicyPublished, By: cityOfficers},
		{Act: PolicyWithdraw, From: []PolicyDraftState{PolicyDrafted, PolicySubmitted, PolicyReturned}, To: PolicyWithdrawn, By: cityOfficers},
	},
}

var cityOfficers = []kernel.Role{kernel.RoleCityOfficer}
