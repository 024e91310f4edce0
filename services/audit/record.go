package audit

import (
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Entry says what was done, to what. Who, from where and under which request
// come from the call of the transaction.
type Entry struct {
	Action     string // "claim.approve"
	ObjectKind string // "claim"
	ObjectID   string
	Detail     any // what the action changed, stored as JSON; nil for nothing to add
}

type row struct {
	ID         kernel.ID
	At         time.Time
	PersonID   kernel.ID
	OrgID      kernel.ID
	Role       kernel.Role
	Action     string
	ObjectKind string
	ObjectID   string
	Address    string
	RequestID  string
	Detail     string
	Seq        *int64
	PrevHash   *string
	Hash       *string
}

func (row) TableName() string { return "audit_entries" }

// Record adds the entry to the transaction: it is kept exactly when the act is.
func Record(tx *database.Tx, e Entry) error {
	if e.Action == "" || len(e.Action) > 80 || e.ObjectKind == "" || len(e.ObjectKind) > 40 || len(e.ObjectID) > 80 {
		return fmt.Errorf("audit entry %q on %q %q: a name is missing or too long", e.Action, e.ObjectKind, e.ObjectID)
	}
	detail := []byte("{}")
	if e.Detail != nil {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("detail of %s: %w", e.Action, err)
		}
	}
	database.Later(tx, row{
		ID: kernel.NewID(tx.Now), At: tx.Now, PersonID: tx.Call.Actor.Person, OrgID: tx.Call.Actor.Org, Role: tx.Call.Actor.Role,
		Action: e.Action, ObjectKind: e.ObjectKind, ObjectID: e.ObjectID,
		Address: clip(tx.Call.Address, 45), RequestID: clip(tx.Call.RequestID, 64), Detail: string(detail),
	})
	return nil
}

// clip shortens what comes from outside to the width of its column: an odd
// header must not keep an act from being recorded.
func clip(s string, characters int) string {
	r := []rune(s)
	return string(r[:min(len(r), characters)])
}
