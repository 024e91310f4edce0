package subsidies

import (
	"time"

	"yunhui/services/kernel"
)

// ClawbackState is a station in the life of a clawback.
type ClawbackState string

// The stations of a clawback.
const (
	ClawbackProposed          ClawbackState = "proposed"
	ClawbackOrdered           ClawbackState = "ordered" // it is owed: at once, or in instalments
	ClawbackWriteOffRequested ClawbackState = "write_off_requested"
	ClawbackClosed            ClawbackState = "closed" // recovered, or what was left is written off
	ClawbackRejected          ClawbackState = "rejected"
	ClawbackWithdrawn         ClawbackState = "withdrawn"
)

// ClawbackAct is what somebody does to a clawback.
type ClawbackAct string

// The acts on a clawback.
const (
	ClawbackPropose         ClawbackAct = "propose"
	ClawbackOrder           ClawbackAct = "order"
	ClawbackReject          ClawbackAct = "reject"
	ClawbackWithdraw        ClawbackAct = "withdraw"
	ClawbackPlan            ClawbackAct = "plan"    // the instalments are agreed
	ClawbackReceive         ClawbackAct = "receive" // money came back
	ClawbackHold            ClawbackAct = "hold"    // held back from a payment that is ordered
	ClawbackRelease         ClawbackAct = "release" // that payment came to nothing
	ClawbackNet             ClawbackAct = "net"     // that payment was made, less what was held back
	ClawbackSettle          ClawbackAct = "settle"  // nothing is owed any more
	ClawbackRequestWriteOff ClawbackAct = "request_write_off"
	ClawbackWriteOff        ClawbackAct = "write_off"
	ClawbackDeclineWriteOff ClawbackAct = "decline_write_off"
)

// payers order payments and book what became of them.
var payers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}

// ClawbackMachine is the life of a clawback.
var ClawbackMachine = Machine[ClawbackState, ClawbackAct]{
	Name:    kernel.T("追回", "Clawback"),
	Initial: ClawbackProposed,
	Turns: map[ClawbackState]Turn{
		ClawbackProposed:          TurnCity,
		ClawbackOrdered:           TurnDebtor,
		ClawbackWriteOffRequested: TurnCity,
	},
	Transitions: []Transition[ClawbackState, ClawbackAct]{
		{Act: ClawbackOrder, From: []ClawbackState{ClawbackProposed}, To: ClawbackOrdered, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartDecider},
		{Act: ClawbackReject, From: []ClawbackState{ClawbackProposed}, To: ClawbackRejected, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartDecider},
		{Act: ClawbackWithdraw, From: []ClawbackState{ClawbackProposed}, To: ClawbackWithdrawn, By: []kernel.Role{kernel.RoleDistrictOfficer, kernel.RoleCityOfficer}, Part: PartProposer},
		{Act: ClawbackPlan, From: []ClawbackState{ClawbackOrdered}, To: ClawbackOrdered, By: []kernel.Role{kernel.RoleCityOfficer, kernel.RoleFinance}},
		{Act: ClawbackReceive, From: []ClawbackState{ClawbackOrdered}, To: ClawbackOrdered, By: []kernel.Role{kernel.RoleFinance}},
		{Act: ClawbackReceive, From: []ClawbackState{ClawbackWriteOffRequested}, To: ClawbackWriteOffRequested, By: []kernel.Role{kernel.RoleFinance}},
		{Act: ClawbackHold, From: []ClawbackState{ClawbackOrdered}, To: ClawbackOrdered, By: payers},
		{Act: ClawbackRelease, From: []ClawbackState{ClawbackOrdered}, To: ClawbackOrdered, By: payers},
		{Act: ClawbackNet, From: []ClawbackState{ClawbackOrdered}, To: ClawbackOrdered, By: payers},
		{Act: ClawbackSettle, From: []ClawbackState{ClawbackOrdered, ClawbackWriteOffRequested}, To: ClawbackClosed, By: payers},
		{Act: ClawbackRequestWriteOff, From: []ClawbackState{ClawbackOrdered}, To: ClawbackWriteOffRequested, By: []kernel.Role{kernel.RoleCityOfficer, kernel.RoleFinance}},
		{Act: ClawbackWriteOff, From: []ClawbackState{ClawbackWriteOffRequested}, To: ClawbackClosed, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartWriteOffApprover},
		{Act: ClawbackDeclineWriteOff, From: []ClawbackState{ClawbackWriteOffRequested}, To: ClawbackOrdered, By: []kernel.Role{kernel.RoleCityOfficer}, Part: PartWriteOffApprover},
	},
}

// The parts of a clawback; like those of a claim they are played by different
// people. Who has asked for a write-off may have proposed or decided before.
const (
	PartProposer         Part = "proposer"
	PartDecider          Part = "decider"
	PartWriteOffAsker    Part = "write_off_asker"
	PartWriteOffApprover Part = "write_off_approver"
)

// Clawback is what an organisation has to give back of a paid claim 追回. The
// levels of government get back what each had paid, by the same proportion.
//
// Of its amount every fen is at any time in exactly one place:
// open (OpenMunicipal + OpenDistrict), held back from a payment that is under way,
// received, netted against a payment that was made, or written off.
type Clawback struct {
	ID             kernel.ID     `json:"id"`
	Number         string        `json:"number"`
	ClaimID        kernel.ID     `json:"claim_id"`
	DebtorID       kernel.ID     `json:"debtor_id"` // who was paid, and owes it back
	District       string        `json:"district"`
	PolicyCode     string        `json:"policy_code"`
	PolicyVersion  int           `json:"policy_version"`
	State          ClawbackState `json:"state"`
	Turn           Turn          `json:"turn"`
	Since          time.Time     `json:"since"`
	Ground         string        `json:"ground"`
	Note           string        `json:"note"`
	Amount         kernel.Fen    `json:"amount_fen" gorm:"column:amount_fen"`
	Municipal      kernel.Fen    `json:"municipal_fen" gorm:"column:municipal_fen"`
	DistrictPart   kernel.Fen    `json:"district_fen" gorm:"column:district_fen"`
	OpenMunicipal  kernel.Fen    `json:"open_municipal_fen" gorm:"column:open_municipal_fen"`
	OpenDistrict   kernel.Fen    `json:"open_district_fen" gorm:"column:open_district_fen"`
	Held           kernel.Fen    `json:"held_fen" gorm:"column:held_fen"`
	Received       kernel.Fen    `json:"received_fen" gorm:"column:received_fen"`
	Netted         kernel.Fen    `json:"netted_fen" gorm:"column:netted_fen"`
	WrittenOff     kernel.Fen    `json:"written_off_fen" gorm:"column:written_off_fen"`
	Fine           kernel.Fen    `json:"fine_fen" gorm:"column:fine_fen"` // what the authority decided besides; no part of the amount
	FineReference  string        `json:"fine_reference"`
	OrderReference string        `json:"order_reference"` // the number of the decision 文号
	OrderedOn      *kernel.Date  `json:"ordered_on,omitempty"`
	PlannedAfter   kernel.Fen    `json:"-" gorm:"column:planned_after_fen"` // how much was settled when the instalments were agreed
	NextDueOn      *kernel.Date  `json:"next_due_on,omitempty"`             // of the first instalment that is not met
	RemindedFor    *kernel.Date  `json:"-"`
	ClosedAt       *time.Time    `json:"closed_at,omitempty"`
	Version        int64         `json:"version"`
	ProposedBy     kernel.ID     `json:"-"`
	CreatedAt      time.Time     `json:"created_at"`
	UpdatedAt      time.Time     `json:"updated_at"`
}

// TableName names the table for the store.
func (Clawback) TableName() string { return "clawbacks" }

// Open is what is still to come back by any way.
func (c Clawback) Open() kernel.Fen { return c.OpenMunicipal + c.OpenDistrict }

// Settled is what nobody waits for any more; what is held back from a payment
// counts, though the payment may still fail.
func (c Clawback) Settled() kernel.Fen { return c.Amount - c.Open() }

// Overdue reports whether an instalment has passed its day unmet.
func (c Clawback) Overdue(on kernel.Date) bool {
	return c.NextDueOn != nil && *c.NextDueOn < on && (c.State == ClawbackOrdered || c.State == ClawbackWriteOffRequested)
}

// VisibleTo tells whether the actor may see the clawback: the own organisation
// from the order on, the own district, or a city-wide role.
func (c Clawback) VisibleTo(who kernel.Actor) bool {
	switch who.Role {
	case kernel.RoleEnterprise, kernel.RoleProvider:
		return who.Org == c.DebtorID && c.OrderedOn != nil
	case kernel.RoleDistrictOfficer:
		return who.District == c.District
	case kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleSystem:
		return true
	default:
		return false
	}
}
