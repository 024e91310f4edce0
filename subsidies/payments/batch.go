// Package payments orders the government's part from the treasury: approved
// claims are collected into batches 拨付批次, taken out as a list, and settled by
// the results that come back. The house never holds money.
package payments

import (
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
)

// Cipher seals account numbers for the line that holds them.
type Cipher interface {
	Seal(place, text string) (string, error)
	Open(place, sealed string) (string, error)
}

// Payees is what this room asks of the organisations of record about accounts.
type Payees interface {
	// Order returns the accounts to which payments may be ordered in the
	// transaction, by organisation. They are certain: a change that is proposed
	// or takes effect at the same time is either seen here or waits.
	Order(tx *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Account, error)
	// ChangedSince returns whose account is about to change, or has changed
	// after an instant.
	ChangedSince(tx *database.Tx, at time.Time) ([]kernel.ID, error)
}

// Desk handles payment batches.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
	Payees   Payees
	Cipher   Cipher
	Layouts  Layouts
	Stride   int // how many claims one transaction moves; 0: a thousand
}

func (d *Desk) stride() int {
	if d.Stride > 0 {
		return d.Stride
	}
	return 1000
}

// State is a station in the life of a batch.
type State string

// The stations of a batch.
const (
	Gathering State = "gathering" // its lines are being collected
	Drafted   State = "drafted"
	Closed    State = "closed"    // it will not change any more
	Exported  State = "exported"  // it has been taken out
	Settled   State = "settled"   // every line has its result
	Releasing State = "releasing" // it was given up, its claims are on their way back
	Abandoned State = "abandoned"
)

// LineState is where one line of a batch stands.
type LineState string

// The states of a line. An ordered or paid line is live: its claim is in no other.
const (
	Ordered LineState = "ordered"
	Paid    LineState = "paid"
	Failed  LineState = "failed"
	Removed LineState = "removed" // its batch was abandoned
)

// Batch is one list for the treasury to pay.
type Batch struct {
	ID          kernel.ID  `json:"id"`
	Number      string     `json:"number"`
	State       State      `json:"state"`
	PolicyCode  string     `json:"policy_code"`
	LineCount   int64      `json:"line_count"`
	Total       kernel.Fen `json:"total_fen" gorm:"column:total_fen"`
	PaidCount   int64      `json:"paid_count"`
	FailedCount int64      `json:"failed_count"`
	Digest      string     `json:"digest,omitempty"` // SHA-256 of the list as csv, from the first export on
	CreatedBy   kernel.ID  `json:"-"`
	CreatedAt   time.Time  `json:"created_at"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
	ExportedAt  *time.Time `json:"exported_at,omitempty"`
	SettledAt   *time.Time `json:"settled_at,omitempty"`
	Version     int64      `json:"version"`
}

// TableName names the table for the store.
func (Batch) TableName() string { return "batches" }

// Line is one payment of a batch. AccountNumber is sealed.
type Line struct {
	ID            kernel.ID    `json:"id"`
	BatchID       kernel.ID    `json:"-"`
	LineNo        int64        `json:"line_no"`
	ClaimID       kernel.ID    `json:"claim_id"`
	LiveKey       *kernel.ID   `json:"-"`
	District      string       `json:"district"`
	PayeeOrgID    kernel.ID    `json:"payee_org_id"`
	PayeeName     string       `json:"payee_name"`
	BankName      string       `json:"bank_name"`
	BankCode      string       `json:"bank_code"`
	AccountNumber string       `json:"-"`
	Amount        kernel.Fen   `json:"amount_fen" gorm:"column:amount_fen"`
	Municipal     kernel.Fen   `json:"municipal_fen" gorm:"column:municipal_fen"`
	DistrictPart  kernel.Fen   `json:"district_fen" gorm:"column:district_fen"`
	State         LineState    `json:"state"`
	Failure       string       `json:"failure"`
	BankReference string       `json:"bank_reference"`
	PaidOn        *kernel.Date `json:"paid_on,omitempty"`
	Version       int64        `json:"-"`
}

// TableName names the table for the store.
func (Line) TableName() string { return "batch_lines" }

func (l Line) place() string { return "batch_lines.account_number:" + string(l.ID) }

// Numbered is a line with the number of its claim.
type Numbered struct {
	Line
	ClaimNumber string `json:"claim_number"`
}

var payers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}

func notFound() error { return kernel.NotFound(kernel.T("拨付批次", "payment batch")) }

// find reads a batch within a transaction; version 0 means the caller did not
// say which one was seen.
func find(tx *database.Tx, id kernel.ID, version int64) (Batch, error) {
	var b Batch
	if err := tx.Where("id = ?", id).Take(&b).Error; err != nil {
		return b, database.Found(err, notFound())
	}
	if version != 0 && version != b.Version {
		return b, database.Stale()
	}
	return b, nil
}

// change writes columns if nobody has written since the batch was read.
func change(tx *database.Tx, b *Batch, columns map[string]any) error {
	columns["version"] = b.Version + 1
	done := tx.Model(&Batch{}).Where("id = ? AND version = ?", b.ID, b.Version).Updates(columns)
	if err := database.Changed(done, database.Stale()); err != nil {
		return err
	}
	return tx.Where("id = ?", b.ID).Take(b).Error
}
