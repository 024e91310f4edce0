package subsidies

import (
	"time"

	"yunhui/services/kernel"
)

// OpeningState is a station in the life of an opening 抽签: the draw of one window
// of one policy.
type OpeningState string

// The stations of an opening. Two officers each pledge a secret seed by its
// digest; once the list is closed both seeds are laid open, and the order follows
// from the seeds and the list. Neither officer can know or choose the outcome.
const (
	OpeningOpen     OpeningState = "open"     // no seed is pledged yet
	OpeningPledged  OpeningState = "pledged"  // one is
	OpeningSealed   OpeningState = "sealed"   // both are
	OpeningClosed   OpeningState = "closed"   // the list is closed and its digest published
	OpeningRevealed OpeningState = "revealed" // one seed lies open
	OpeningDrawn    OpeningState = "drawn"    // both do: the order is published
)

// OpeningAct is what a city officer does to an opening.
type OpeningAct string

// The acts on an opening.
const (
	OpeningPledge OpeningAct = "pledge"
	OpeningClose  OpeningAct = "close"
	OpeningReveal OpeningAct = "reveal"
	OpeningForgo  OpeningAct = "forgo" // a seed is lost: its published digest stands in for it
)

var cityOfficer = []kernel.Role{kernel.RoleCityOfficer}

// OpeningMachine is the life of an opening.
var OpeningMachine = Machine[OpeningState, OpeningAct]{
	Name:    kernel.T("抽签", "Draw"),
	Initial: OpeningOpen,
	Turns: map[OpeningState]Turn{
		OpeningOpen: TurnCity, OpeningPledged: TurnCity, OpeningSealed: TurnCity, OpeningClosed: TurnCity, OpeningRevealed: TurnCity,
	},
	Transitions: []Transition[OpeningState, OpeningAct]{
		{Act: OpeningPledge, From: []OpeningState{OpeningOpen}, To: OpeningPledged, By: cityOfficer},
		{Act: OpeningPledge, From: []OpeningState{OpeningPledged}, To: OpeningSealed, By: cityOfficer},
		{Act: OpeningClose, From: []OpeningState{OpeningSealed}, To: OpeningClosed, By: cityOfficer},
		{Act: OpeningReveal, From: []OpeningState{OpeningClosed}, To: OpeningRevealed, By: cityOfficer},
		{Act: OpeningForgo, From: []OpeningState{OpeningClosed}, To: OpeningRevealed, By: cityOfficer},
		{Act: OpeningReveal, From: []OpeningState{OpeningRevealed}, To: OpeningDrawn, By: cityOfficer},
		{Act: OpeningForgo, From: []OpeningState{OpeningRevealed}, To: OpeningDrawn, By: cityOfficer},
	},
}

// Opening is the draw of one window of one policy.
type Opening struct {
	ID            kernel.ID    `json:"-"`
	PolicyCode    string       `json:"policy_code"`
	PolicyVersion int          `json:"policy_version" doc:"开启本次抽签的版本，其优先序列有效 · the version that opened it, whose bands hold"`
	OpensOn       kernel.Date  `json:"opens_on"`
	ClosesOn      kernel.Date  `json:"closes_on"`
	State         OpeningState `json:"state"`
	Count         int64        `json:"list_count" gorm:"column:list_count"`
	Digest        string       `json:"list_digest" gorm:"column:list_digest" doc:"名单的 SHA-256；名单封存前为空 · SHA-256 of the list; empty until it is closed"`
	ClosedAt      *time.Time   `json:"closed_at,omitempty"`
	DrawnAt       *time.Time   `json:"drawn_at,omitempty"`
	Version       int64        `json:"version"`
	CreatedAt     time.Time    `json:"-"`
}

// TableName names the table for the store.
func (Opening) TableName() string { return "openings" }
