// Package notices is the public notice 公示: claims that passed both reviews are
// shown to everybody for the policy's working days; whoever objects is heard;
// what drew no objection, or only dismissed ones, is awarded.
package notices

import (
	"time"

	"yunhui/services/calendar"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
)

// Desk handles notices and the objections to them.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
	Calendar *calendar.Calendar

	awards database.Gather[kernel.ID, bool]
}

// State is where a notice stands.
type State string

// The states of a notice. Closing is shown, never stored: the period is over and
// objections are still being decided.
const (
	Open    State = "open"
	Closing State = "closing"
	Closed  State = "closed"
)

// ItemState is where one claim on a notice stands; it follows from the claim.
type ItemState string

// The states of an item.
const (
	ItemOpen     ItemState = "open"
	ItemObjected ItemState = "objected"
	ItemApproved ItemState = "approved"
	ItemRefused  ItemState = "refused"
)

// Notice is one public notice.
type Notice struct {
	ID        kernel.ID   `json:"id"`
	Number    string      `json:"number"`
	State     State       `json:"state"`
	OpenedOn  kernel.Date `json:"opened_on"`
	ClosesOn  kernel.Date `json:"closes_on"` // the last day on which one may object
	ItemCount int64       `json:"item_count"`
	OpenedBy  kernel.ID   `json:"-"`
	Version   int64       `json:"-"`
	CreatedAt time.Time   `json:"created_at"`
	ClosedAt  *time.Time  `json:"closed_at,omitempty"`
}

// TableName names the table for the store.
func (Notice) TableName() string { return "notices" }

// On returns the state as it shows on a day.
func (n Notice) On(today kernel.Date) State {
	if n.State == Open && n.ClosesOn < today {
		return Closing
	}
	return n.State
}

type item struct {
	NoticeID kernel.ID
	ClaimID  kernel.ID
}

func (item) TableName() string { return "notice_items" }

// ObjectionState is where an objection stands.
type ObjectionState string

// The states of an objection.
const (
	ObjectionOpen      ObjectionState = "open"
	ObjectionDismissed ObjectionState = "dismissed"
	ObjectionUpheld    ObjectionState = "upheld"
)

// Objection is what somebody holds against a claim on notice 异议. Text and
// contact are for the city officer's eyes only.
type Objection struct {
	ID        kernel.ID      `json:"id"`
	NoticeID  kernel.ID      `json:"notice_id"`
	ClaimID   kernel.ID      `json:"claim_id"`
	Text      string         `json:"text"`
	Contact   string         `json:"contact"`
	State     ObjectionState `json:"state"`
	CreatedAt time.Time      `json:"created_at"`
	DecidedBy kernel.ID      `json:"-"`
	DecidedAt *time.Time     `json:"decided_at,omitempty"`
	Answer    string         `json:"answer"`
}

// TableName names the table for the store.
func (Objection) TableName() string { return "objections" }

func notFound() error { return kernel.NotFound(kernel.T("公示", "notice")) }
