package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Notification is one thing to tell one person.
type Notification struct {
	Person kernel.ID
	Kind   string            // "claim.returned"; the reader's screen knows the sentence
	Params map[string]string // what the sentence names: numbers, titles, reasons
	Link   string            // path on the site that shows more
	Dedupe string            // one person hears the same Dedupe once; empty: every time
}

type row struct {
	ID        kernel.ID
	PersonID  kernel.ID
	Kind      string
	Params    string
	Link      string
	Dedupe    string
	CreatedAt time.Time
	ReadAt    *time.Time
}

func (row) TableName() string { return "notifications" }

// Send leaves the notification for the person as part of the transaction.
// What the person has been told under the same Dedupe is not told again.
func Send(tx *database.Tx, n Notification) error {
	if n.Person == "" || n.Kind == "" || len(n.Kind) > 60 || len(n.Link) > 200 {
		return fmt.Errorf("notification %q to %q: a name is missing or too long", n.Kind, n.Person)
	}
	if n.Params == nil {
		n.Params = map[string]string{}
	}
	params, err := json.Marshal(n.Params)
	if err != nil {
		return fmt.Errorf("parameters of %s: %w", n.Kind, err)
	}
	id := kernel.NewID(tx.Now)
	once := string(id)
	if n.Dedupe != "" {
		sum := sha256.Sum256([]byte(string(n.Person) + "\x00" + n.Dedupe))
		once = hex.EncodeToString(sum[:])
	}
	err = tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row{
		ID: id, PersonID: n.Person, Kind: n.Kind, Params: string(params), Link: n.Link, Dedupe: once, CreatedAt: tx.Now,
	}).Error
	if err != nil {
		return fmt.Errorf("notify %s: %w", n.Kind, err)
	}
	return nil
}
