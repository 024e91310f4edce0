package queue

import (
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Message asks for background work. It is about Subject, and takes effect once
// if the transaction it is sent in commits, never otherwise.
type Message struct {
	Kind    string    // names the handler, e.g. "claim.check"
	Subject kernel.ID // what the work is about
	Payload any       // stored as JSON; nil when the subject says it all
	At      time.Time // not before; zero means at once
}

// The states of an outbox row.
const (
	stateOpen = "open" // to be delivered, again and again until done
	stateDone = "done" // the effect has happened
	stateDead = "dead" // given up; last_error says why
)

type row struct {
	ID         kernel.ID
	Kind       string
	Subject    kernel.ID
	Payload    string
	Headers    string
	State      string
	NextAt     time.Time
	Owner      string
	Deliveries int64
	LastError  string
	CreatedAt  time.Time
	DoneAt     *time.Time
}

func (row) TableName() string { return "outbox" }

// headers are what follows the work from the request that caused it.
type headers struct {
	RequestID string `json:"request_id,omitempty"`
	Language  string `json:"language,omitempty"`
}

// Send puts the message into the outbox as part of the transaction.
func Send(tx *database.Tx, m Message) error {
	if m.Kind == "" || len(m.Kind) > 60 || len(m.Subject) > 36 {
		return fmt.Errorf("message %q about %q: a kind has 1 to 60 bytes, a subject at most 36", m.Kind, m.Subject)
	}
	payload, err := json.Marshal(m.Payload)
	if err != nil {
		return fmt.Errorf("payload of %s: %w", m.Kind, err)
	}
	follow, err := json.Marshal(headers{RequestID: tx.Call.RequestID, Language: tx.Call.Language})
	if err != nil {
		return fmt.Errorf("headers of %s: %w", m.Kind, err)
	}
	at := m.At.UTC()
	if at.Before(tx.Now) {
		at = tx.Now
	}
	database.Later(tx, row{
		ID: kernel.NewID(tx.Now), Kind: m.Kind, Subject: m.Subject, Payload: string(payload), Headers: string(follow),
		State: stateOpen, NextAt: at.Truncate(time.Microsecond), CreatedAt: tx.Now,
	})
	return nil
}
