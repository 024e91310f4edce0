package subsidies

import (
	"time"

	"yunhui/services/kernel"
)

// ClaimState is a station in the life of a claim.
type ClaimState string

// The stations of a claim.
const (
	ClaimDraft             ClaimState = "draft"
	ClaimSubmitted         ClaimState = "submitted"
	ClaimChecked           ClaimState = "checked"
	ClaimProviderConfirmed ClaimState = "provider_confirmed"
	ClaimDistrictApproved  ClaimState = "district_approved"
	ClaimCityApproved      ClaimState = "city_approved"
	ClaimNoticed           ClaimState = "noticed"
	ClaimObjected          ClaimState = "objected"
	ClaimApproved          ClaimState = "approved" // the money is awarded
	ClaimBatched           ClaimState = "batched"
	ClaimPaid              ClaimState = "paid"
	ClaimReturned          ClaimState = "returned" // for correction; the clock is paused
	ClaimRefused           ClaimState = "refused"
	ClaimWithdrawn         ClaimState = "withdrawn"
)

// ClaimAct is what somebody does to a claim.
type ClaimAct string

// The acts on a claim.
const (
	ClaimOpen          ClaimAct = "open"
	ClaimSubmit        ClaimAct = "submit"
	ClaimPassChecks    ClaimAct = "pass_checks"
	ClaimFailChecks    ClaimAct = "fail_checks"
	ClaimConfirm       ClaimAct = "confirm"
	ClaimDispute       ClaimAct = "dispute" // the provider does not recognise it
	ClaimApproveReview ClaimAct = "approve"
	ClaimReturn        ClaimAct = "return"
	ClaimRefuse        ClaimAct = "refuse"
	ClaimNotice        ClaimAct = "put_on_notice"
	ClaimObject        ClaimAct = "object"
	ClaimDismiss       ClaimAct = "dismiss_objection"
	ClaimAward         ClaimAct = "award"
	ClaimBatch         ClaimAct = "batch"
	ClaimPay           ClaimAct = "pay"
	ClaimFailPayment   ClaimAct = "fail_payment"
	ClaimWithdraw      ClaimAct = "withdraw"
)

// ClaimMachine is the life of a claim.
var ClaimMachine = Machine[ClaimState, ClaimAct]{
	Name:    kernel.T("兑付申请", "Claim"),
	Initial: ClaimDraft,
	Turns: map[ClaimState]Turn{
		ClaimDraft:             TurnEnterprise,
		ClaimReturned:          TurnEnterprise,
		ClaimSubmitted:         TurnMachine,
		ClaimChecked:           TurnProvider,
		ClaimProviderConfirmed: TurnDistrict,
		ClaimDistrictApproved:  TurnCity,
		ClaimCityApproved:      TurnCity,
		ClaimNoticed:           TurnPublic,
		ClaimObjected:          TurnCity,
		ClaimApproved:          TurnFinance,
		ClaimBatched:           TurnFinance,
	},
	Transitions: []Transition[ClaimState, ClaimAct]{
		{Act: ClaimSubmit, From: []ClaimState{ClaimDraft, ClaimReturned}, To: ClaimSubmitted, By: []kernel.Role{kernel.RoleEnterprise}, Part: PartClaimant},
		{Act: ClaimPassChecks, From: []ClaimState{ClaimSubmitted}, To: ClaimChecked, By: []kernel.Role{kernel.RoleSystem}},
		{Act: ClaimFailChecks, From: []ClaimState{ClaimSubmitted}, To: ClaimReturned, By: []kernel.Role{kernel.RoleSystem}},
		{Act: ClaimConfirm, From: []ClaimState{ClaimChecked}, To: ClaimProviderConfirmed, By: []kernel.Role{kernel.RoleProvider}, Part: PartProvider},
		{Act: ClaimDispute, From: []ClaimState{ClaimChecked}, To: ClaimReturned, By: []kernel.Role{kernel.RoleProvider}, Part: PartProvider},
		{Act: ClaimApproveReview, From: []ClaimState{ClaimProviderConfirmed}, To: ClaimDistrictApproved, By: []kernel.Role{kernel.RoleDistrictOfficer}, Part: PartDistrict},
		{Act: ClaimReturn, From: []ClaimState{ClaimProviderConfirmed}, To: ClaimReturned, By: []kernel.Role{kernel.RoleDistrictOfficer}, Part: PartDistrict},
		{Act: ClaimRefuse, From: []ClaimState{ClaimProviderConfirmed}, To: ClaimRefused, By: []kernel.Role{kernel.RoleDistrictOfficer}, Part: PartDistrict},
		{Act: ClaimApproveReview, From: []ClaimState{ClaimDistrictApproved}, To: ClaimCityApproved, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartCity},
		{Act: ClaimReturn, From: []ClaimState{ClaimDistrictApproved}, To: ClaimReturned, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartCity},
		{Act: ClaimRefuse, From: []ClaimState{ClaimDistrictApproved, ClaimObjected}, To: ClaimRefused, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartCity},
		{Act: ClaimNotice, From: []ClaimState{ClaimCityApproved}, To: ClaimNoticed, By: []kernel.Role{kernel.RoleCityOfficer}},
		{Act: ClaimObject, From: []ClaimState{ClaimNoticed}, To: ClaimObjected, By: []kernel.Role{kernel.RoleSystem}},
		{Act: ClaimDismiss, From: []ClaimState{ClaimObjected}, To: ClaimNoticed, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartCity},
		{Act: ClaimAward, From: []ClaimState{ClaimNoticed}, To: ClaimApproved, By: []kernel.Role{kernel.RoleSystem}},
		{Act: ClaimBatch, From: []ClaimState{ClaimApproved}, To: ClaimBatched, By: []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}, Part: PartPayer},
		{Act: ClaimPay, From: []ClaimState{ClaimBatched}, To: ClaimPaid, By: []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}, Part: PartPayer},
		{Act: ClaimFailPayment, From: []ClaimState{ClaimBatched}, To: ClaimApproved, By: []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}, Part: PartPayer},
		{Act: ClaimWithdraw, From: []ClaimState{ClaimDraft}, To: ClaimWithdrawn, By: []kernel.Role{kernel.RoleEnterprise, kernel.RoleSystem}},
		{Act: ClaimWithdraw, From: []ClaimState{ClaimReturned, ClaimSubmitted, ClaimChecked, ClaimProviderConfirmed}, To: ClaimWithdrawn, By: []kernel.Role{kernel.RoleEnterprise}},
	},
}

// Claim is the request to pay 兑付申请. Until it is awarded its legs are the
// latest computation; from then on they are what was awarded.
type Claim struct {
	ID               kernel.ID    `json:"id"`
	Number           string       `json:"number"`
	AgreementID      kernel.ID    `json:"agreement_id"`
	LiveKey          *kernel.ID   `json:"-"` // the agreement while the claim lives: one live claim each
	ContractKey      *string      `json:"-"` // the contract while the claim lives: one subsidy each
	EnterpriseID     kernel.ID    `json:"enterprise_id"`
	ProviderID       kernel.ID    `json:"provider_id"`
	District         string       `json:"district"`
	PolicyCode       string       `json:"policy_code"`
	PolicyVersion    int          `json:"policy_version"`
	State            ClaimState   `json:"state"`
	Turn             Turn         `json:"turn"`
	Since            time.Time    `json:"since"`
	Round            int64        `json:"round"` // how often it has been submitted
	SubmittedAt      *time.Time   `json:"submitted_at,omitempty"`
	ContractNumber   string       `json:"contract_number"`
	ContractSignedOn *kernel.Date `json:"contract_signed_on,omitempty"`
	AcceptedOn       *kernel.Date `json:"accepted_on,omitempty"`
	Legs             Legs         `json:"legs" gorm:"embedded"`
	Paid             kernel.Fen   `json:"paid_fen" gorm:"column:paid_fen"` // what the enterprise has paid the provider
	NoticeID         *kernel.ID   `json:"notice_id,omitempty"`
	BatchID          *kernel.ID   `json:"batch_id,omitempty"`
	CommitmentAt     *time.Time   `json:"commitment_at,omitempty"`
	WorkingDaysUsed  int64        `json:"-"` // on the authority's side before the present turn
	Version          int64        `json:"version"`
	CreatedBy        kernel.ID    `json:"created_by"`
	CreatedAt        time.Time    `json:"created_at"`
	UpdatedAt        time.Time    `json:"updated_at"`
}

// TableName names the table for the store.
func (Claim) TableName() string { return "claims" }

// VisibleTo tells whether the actor may see the claim: own organisation, own
// district, or a city-wide role. Drafts are the enterprise's alone.
func (c Claim) VisibleTo(who kernel.Actor) bool {
	draft := c.State == ClaimDraft
	switch who.Role {
	case kernel.RoleEnterprise:
		return who.Org == c.EnterpriseID
	case kernel.RoleProvider:
		return who.Org == c.ProviderID && !draft
	case kernel.RoleDistrictOfficer:
		return who.District == c.District && !draft
	case kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor:
		return !draft
	default:
		return who.Role == kernel.RoleSystem
	}
}
