// Package store keeps the organisations of record in the database and decides
// who may see and change them.
package store

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Cipher seals what must not lie open in the database: account numbers.
type Cipher interface {
	Seal(plain string) (string, error)
	Open(sealed string) (string, error)
}

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
