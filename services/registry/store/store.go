// Package store keeps the organisations of record in the database and decides
// who may see and change them.
package store

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Cipher seals what must not lie open in the database, account numbers, each
// for the one place "table.column:id" where it may be opened again.
type Cipher interface {
	Seal(place, text string) (string, error)
	Open(place, sealed string) (string, error)
}

func accountOf(id kernel.ID) string { return "organisations.account_number:" + string(id) }

// Store keeps organisations.
type Store struct {
	db     *database.DB
	cipher Cipher
}

// New makes a store. The cipher must not be nil.
func New(db *database.DB, cipher Cipher) *Store { return &Store{db: db, cipher: cipher} }

func notFound() error {
	return kernel.NotFound(kernel.T("该机构", "organisation"))
}
