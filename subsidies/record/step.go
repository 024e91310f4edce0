// Package record keeps what happened to agreements and claims: the steps of
// their timelines, the hands they passed through and the traces of their amounts.
package record

import (
	"context"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Kind names what a step, hand or trace belongs to.
type Kind string

// The kinds.
const (
	Agreement Kind = "agreement"
	Claim     Kind = "claim"
	Draft     Kind = "policy_draft" // of a policy
	Clawback  Kind = "clawback"
)

// Step is one entry of a timeline. It is never changed or deleted.
type Step struct {
	ID          kernel.ID   `json:"id"`
	SubjectKind Kind        `json:"-"`
	SubjectID   kernel.ID   `json:"-"`
	Act         string      `json:"act"`
	FromState   string      `json:"from_state"`
	ToState     string      `json:"to_state"`
	PersonID    kernel.ID   `json:"-"`
	PersonName  string      `json:"person_name"`
	OrgID       kernel.ID   `json:"-"`
	Role        kernel.Role `json:"role"`
	ReasonCode  string      `json:"reason_code,omitempty"`
	Note        string      `json:"note,omitempty"`
	At          time.Time   `json:"at"`
}

// TableName names the table for the store.
func (Step) TableName() string { return "steps" }

// Reason is why somebody returned, refused or declined.
type Reason struct {
	Code string
	Note string
}

// Add appends a step taken by the actor of the transaction's call.
func Add(tx *database.Tx, kind Kind, id kernel.ID, act, from, to string, why Reason) error {
	database.Later(tx, NewStep(tx, kind, id, act, from, to, why))
	return nil
}

// NewStep makes a step without storing it, for callers that insert many at once.
func NewStep(tx *database.Tx, kind Kind, id kernel.ID, act, from, to string, why Reason) Step {
	who := tx.Call.Actor
	return Step{
		ID: kernel.NewID(tx.Now), SubjectKind: kind, SubjectID: id, Act: act, FromState: from, ToState: to,
		PersonID: who.Person, PersonName: who.Name, OrgID: who.Org, Role: who.Role,
		ReasonCode: why.Code, Note: why.Note, At: tx.Now,
	}
}

// Steps returns the timeline of a subject, oldest first, at most 200 entries.
func Steps(ctx context.Context, db *database.DB, id kernel.ID) ([]Step, error) {
	var steps []Step
	err := db.Read(ctx).Where("subject_id = ?", id).Order("id").Limit(200).Find(&steps).Error
	return steps, err
}

// hand is one person's part in a claim; the key (subject, person) is law 5.
type hand struct {
	SubjectID kernel.ID
	PersonID  kernel.ID
	Part      subsidies.Part
	At        time.Time
}

func (hand) TableName() string { return "hands" }

// Hand records that the call's actor plays a part in the claim. It refuses
// (code four_eyes) an actor who has played another part in it, and (stale) one who
// is acting in it at this very moment.
func Hand(tx *database.Tx, claim kernel.ID, part subsidies.Part) error {
	if part == subsidies.PartNone {
		return nil
	}
	h := hand{SubjectID: claim, PersonID: tx.Call.Actor.Person, Part: part, At: tx.Now}
	var earlier []hand
	if err := tx.Where("subject_id = ? AND person_id = ?", h.SubjectID, h.PersonID).Limit(1).Find(&earlier).Error; err != nil {
		return err
	}
	if len(earlier) == 0 {
		err := tx.Create(&h).Error
		if database.IsDuplicate(err) {
			return database.Stale() // the same person acts twice at the same time
		}
		return err
	}
	if earlier[0].Part != part {
		return subsidies.FourEyes()
	}
	return nil
}

// HandedBy returns which of the claims the person has already played another
// part in, so that lists can say so beforehand.
func HandedBy(ctx context.Context, db *gorm.DB, person kernel.ID, claims []kernel.ID, part subsidies.Part) (map[kernel.ID]bool, error) {
	var rows []hand
	err := db.WithContext(ctx).Where("subject_id IN ? AND person_id = ? AND part <> ?", claims, person, part).Find(&rows).Error
	handed := make(map[kernel.ID]bool, len(rows))
	for _, r := range rows {
		handed[r.SubjectID] = true
	}
	return handed, err
}
