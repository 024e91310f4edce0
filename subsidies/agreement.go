package subsidies

import (
	"time"

	"yunhui/services/kernel"
)

// AgreementState is a station in the life of an agreement.
type AgreementState string

// The stations of an agreement.
const (
	AgreementDrafted             AgreementState = "drafted"
	AgreementProviderConfirmed   AgreementState = "provider_confirmed"
	AgreementEnterpriseConfirmed AgreementState = "enterprise_confirmed"
	AgreementWaiting             AgreementState = "waiting"  // accepted, and there is no money for it yet
	AgreementAccepted            AgreementState = "accepted" // the budget is reserved
	AgreementCompleted           AgreementState = "completed"
	AgreementDeclined            AgreementState = "declined"
	AgreementWithdrawn           AgreementState = "withdrawn"
	AgreementLapsed              AgreementState = "lapsed" // the reservation was released unused
)

// AgreementAct is what somebody does to an agreement.
type AgreementAct string

// The acts on an agreement.
const (
	AgreementDraft    AgreementAct = "draft"
	AgreementConfirm  AgreementAct = "confirm"
	AgreementDecline  AgreementAct = "decline"
	AgreementWithdraw AgreementAct = "withdraw"
	AgreementAccept   AgreementAct = "accept"
	AgreementWait     AgreementAct = "wait"    // what acceptance comes to when the money does not reach
	AgreementPromote  AgreementAct = "promote" // its turn has come
	AgreementComplete AgreementAct = "complete"
	AgreementLapse    AgreementAct = "lapse"
)

// AgreementMachine is the life of an agreement.
var AgreementMachine = Machine[AgreementState, AgreementAct]{
	Name:    kernel.T("服务协议", "Agreement"),
	Initial: AgreementDrafted,
	Turns: map[AgreementState]Turn{
		AgreementDrafted:             TurnProvider,
		AgreementProviderConfirmed:   TurnEnterprise,
		AgreementEnterpriseConfirmed: TurnDistrict,
		AgreementWaiting:             TurnMachine,
		AgreementAccepted:            TurnEnterprise,
	},
	Transitions: []Transition[AgreementState, AgreementAct]{
		{Act: AgreementConfirm, From: []AgreementState{AgreementDrafted}, To: AgreementProviderConfirmed, By: []kernel.Role{kernel.RoleProvider}},
		{Act: AgreementConfirm, From: []AgreementState{AgreementProviderConfirmed}, To: AgreementEnterpriseConfirmed, By: []kernel.Role{kernel.RoleEnterprise}},
		{Act: AgreementDecline, From: []AgreementState{AgreementDrafted}, To: AgreementDeclined, By: []kernel.Role{kernel.RoleProvider}},
		{Act: AgreementDecline, From: []AgreementState{AgreementEnterpriseConfirmed}, To: AgreementDeclined, By: []kernel.Role{kernel.RoleDistrictOfficer}},
		{Act: AgreementWithdraw, From: []AgreementState{AgreementDrafted, AgreementProviderConfirmed, AgreementEnterpriseConfirmed, AgreementWaiting, AgreementAccepted}, To: AgreementWithdrawn, By: []kernel.Role{kernel.RoleEnterprise}},
		{Act: AgreementAccept, From: []AgreementState{AgreementEnterpriseConfirmed}, To: AgreementAccepted, By: []kernel.Role{kernel.RoleDistrictOfficer}},
		{Act: AgreementWait, From: []AgreementState{AgreementEnterpriseConfirmed}, To: AgreementWaiting, By: []kernel.Role{kernel.RoleSystem}},
		{Act: AgreementPromote, From: []AgreementState{AgreementWaiting}, To: AgreementAccepted, By: []kernel.Role{kernel.RoleSystem}},
		{Act: AgreementDecline, From: []AgreementState{AgreementWaiting}, To: AgreementDeclined, By: []kernel.Role{kernel.RoleDistrictOfficer, kernel.RoleSystem}},
		{Act: AgreementComplete, From: []AgreementState{AgreementAccepted}, To: AgreementCompleted, By: []kernel.Role{kernel.RoleSystem}},
		{Act: AgreementLapse, From: []AgreementState{AgreementAccepted}, To: AgreementLapsed, By: []kernel.Role{kernel.RoleSystem}},
	},
}

// Agreement is offer + plan + price + parties + term 服务协议. Its legs are the
// estimate of the day it was drafted, and from acceptance on what is reserved.
type Agreement struct {
	ID            kernel.ID      `json:"id"`
	Number        string         `json:"number"`
	EnterpriseID  kernel.ID      `json:"enterprise_id"`
	ProviderID    kernel.ID      `json:"provider_id"`
	District      string         `json:"district"`
	PolicyCode    string         `json:"policy_code"`
	PolicyVersion int            `json:"policy_version"`
	OfferID       kernel.ID      `json:"offer_id"`
	PlanID        kernel.ID      `json:"plan_id"`
	ProposalID    *kernel.ID     `json:"proposal_id,omitempty"`
	OfferNameZH   string         `json:"offer_name_zh" gorm:"column:offer_name_zh"`
	OfferNameEN   string         `json:"offer_name_en" gorm:"column:offer_name_en"`
	PlanNameZH    string         `json:"plan_name_zh" gorm:"column:plan_name_zh"`
	PlanNameEN    string         `json:"plan_name_en" gorm:"column:plan_name_en"`
	Category      string         `json:"category"`
	Depth         string         `json:"depth"`
	Class         string         `json:"class"`
	Quantity      int64          `json:"quantity"`
	Legs          Legs           `json:"legs" gorm:"embedded"`
	StartsOn      kernel.Date    `json:"starts_on"`
	EndsOn        kernel.Date    `json:"ends_on"`
	BudgetYear    string         `json:"budget_year"` // whose yearly ceiling the reservation counts against
	FundYear      string         `json:"fund_year"`   // of the appropriation that bears the reservation; empty: that of the policy's whole term
	State         AgreementState `json:"state"`
	Turn          Turn           `json:"turn"`
	Since         time.Time      `json:"since"` // since when it is that turn
	ReserveUntil  *kernel.Date   `json:"reserve_until,omitempty"`
	VoucherNumber *string        `json:"voucher_number,omitempty"`
	Version       int64          `json:"version"`
	CreatedBy     kernel.ID      `json:"created_by"`
	CreatedAt     time.Time      `json:"created_at"`
	UpdatedAt     time.Time      `json:"updated_at"`
}

// TableName names the table for the store.
func (Agreement) TableName() string { return "agreements" }

// RunOut reports whether the time to hand a claim in is over on a day.
func (a Agreement) RunOut(on kernel.Date) bool {
	return a.ReserveUntil != nil && *a.ReserveUntil < on
}

// VisibleTo tells whether the actor may see the agreement, and by which right:
// own organisation, own district, or a city-wide role.
func (a Agreement) VisibleTo(who kernel.Actor) bool {
	switch who.Role {
	case kernel.RoleEnterprise:
		return who.Org == a.EnterpriseID
	case kernel.RoleProvider:
		return who.Org == a.ProviderID
	case kernel.RoleDistrictOfficer:
		return who.District == a.District && a.State != AgreementDrafted && a.State != AgreementProviderConfirmed
	case kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleSystem:
		return true
	default:
		return false
	}
}
