package registry

import (
	"time"

	"yunhui/services/kernel"
)

// OrganisationKind says what an organisation does in the house.
type OrganisationKind string

// The kinds.
const (
	KindEnterprise OrganisationKind = "enterprise" // applies
	KindProvider   OrganisationKind = "provider"   // sells
	KindAuthority  OrganisationKind = "authority"  // district and city bureaus, finance, the operating centre
	KindAuditor    OrganisationKind = "auditor"    // examines
)

// Valid reports whether k is one of the kinds.
func (k OrganisationKind) Valid() bool {
	return k == KindEnterprise || k == KindProvider || k == KindAuthority || k == KindAuditor
}

// Organisation is an organisation of record.
type Organisation struct {
	ID   kernel.ID
	Kind OrganisationKind
	Declaration
	CodeOverrideReason string    // why an officer let a code stand that does not compute
	SizeClass          SizeClass // empty where the figures do not give one
	Status             Status
	StatusReason       string
	DecidedBy          kernel.ID
	DecidedAt          *time.Time
	Version            int64
	CreatedAt          time.Time
	UpdatedAt          time.Time
}

// MaskAccount hides all but the last four characters of an account number.
func MaskAccount(number string) string {
	if len(number) <= 4 {
		return ""
	}
	return "****" + number[len(number)-4:]
}

// Status is where an organisation stands with its district.
type Status string

// The statuses.
const (
	StatusPending   Status = "pending"   // declared, to be verified
	StatusReturned  Status = "returned"  // to be mended by the organisation
	StatusVerified  Status = "verified"  // what it declared was found true
	StatusSuspended Status = "suspended" // barred for a reason
)

// Act is what changes a status.
type Act string

// The acts.
const (
	ActVerify  Act = "verify"  // officer
	ActReturn  Act = "return"  // officer, with a reason
	ActSuspend Act = "suspend" // officer, with a reason
	ActRestore Act = "restore" // officer: a suspended organisation is looked at anew
	ActDeclare Act = "declare" // the organisation changes what was verified
)

// Transition is one allowed change of status.
type Transition struct {
	From Status
	Act  Act
	To   Status
}

// Transitions lists everything that may happen to an organisation.
func Transitions() []Transition {
	return []Transition{
		{StatusPending, ActVerify, StatusVerified},
		{StatusPending, ActReturn, StatusReturned},
		{StatusVerified, ActReturn, StatusReturned},
		{StatusPending, ActSuspend, StatusSuspended},
		{StatusReturned, ActSuspend, StatusSuspended},
		{StatusVerified, ActSuspend, StatusSuspended},
		{StatusSuspended, ActRestore, StatusPending},
		{StatusPending, ActDeclare, StatusPending},
		{StatusReturned, ActDeclare, StatusPending},
		{StatusVerified, ActDeclare, StatusPending},
	}
}

// After returns the status that an act leads to, or a conflict.
func (s Status) After(act Act) (Status, error) {
	for _, t := range Transitions() {
		if t.From == s && t.Act == act {
			return t.To, nil
		}
	}
	return "", kernel.Conflict("organisation.state",
		kernel.T("该机构当前状态不允许此操作", "The organisation's present status does not allow this"))
}

// NeedsReason reports whether an act must say why.
func (a Act) NeedsReason() bool { return a == ActReturn || a == ActSuspend }
