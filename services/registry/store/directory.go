package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Directory is what other rooms may ask of the organisations of record, without
// asking who acts: they show organisations beside what is theirs.
type Directory struct{ store *Store }

// Directory opens the store for reading by other rooms.
func (s *Store) Directory() Directory { return Directory{s} }

// batch bounds the parameters of one query.
const batch = 500

// ByIDs finds organisations in as few queries as can be, without bank accounts.
// What does not exist is missing from the result.
func (d Directory) ByIDs(ctx context.Context, ids []kernel.ID) (map[kernel.ID]registry.Organisation, error) {
	out := make(map[kernel.ID]registry.Organisation, len(ids))
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), batch) {
		var rows []row
		if err := d.store.db.Read(ctx).Select(directoryColumns).Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("organisations: %w", err)
		}
		for _, r := range rows {
			o, err := d.store.organisation(r)
			if err != nil {
				return nil, err
			}
			out[o.ID] = o
		}
	}
	return out, nil
}

// ByID finds one organisation, without its bank account.
func (d Directory) ByID(ctx context.Context, id kernel.ID) (registry.Organisation, error) {
	found, err := d.ByIDs(ctx, []kernel.ID{id})
	if err != nil {
		return registry.Organisation{}, err
	}
	o, ok := found[id]
	if !ok {
		return o, notFound()
	}
	return o, nil
}

// Account is where money for an organisation goes.
type Account struct {
	BankName string
	BankCode string
	Name     string // of the holder
	Number   string // in the clear
	Held     bool   // a change is waiting to be confirmed: nothing is paid meanwhile
}

// Order finds the bank accounts to which payments are ordered in this
// transaction. It is for making payment files; nothing of it may be shown to
// anybody else.
//
// The rows of the organisations are written first and read then. So whoever
// proposes or confirms a change at the same time waits, or has been waited for:
// what is read is the newest account and will be that when the transaction
// commits, whatever the engine's isolation.
func (d Directory) Order(tx *database.Tx, ids []kernel.ID) (map[kernel.ID]Account, error) {
	out := make(map[kernel.ID]Account, len(ids))
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), batch) {
		marks, args := database.In(some)
		free, err := database.Exec(tx, "UPDATE organisations SET account_uses = account_uses + 1 WHERE id IN "+marks+" AND account_change = ''", args...)
		if err != nil {
			return nil, err
		}
		var held []kernel.ID
		if err := tx.Table("organisations").Where("id IN ? AND account_change <> ''", some).Pluck("id", &held).Error; err != nil {
			return nil, fmt.Errorf("organisations: %w", err)
		}
		found, err := d.store.Load(tx.DB, some...)
		if err != nil {
			return nil, err
		}
		if free+int64(len(held)) != int64(len(found)) { // a change was proposed or decided since this transaction began
			return nil, database.Stale()
		}
		for id, o := range found {
			out[id] = Account{BankName: o.BankName, BankCode: o.BankCode, Name: o.AccountName, Number: o.AccountNumber, Held: slices.Contains(held, id)}
		}
	}
	return out, nil
}

// ChangedSince lists the organisations whose account is about to change, or has
// changed after an instant.
func (d Directory) ChangedSince(tx *database.Tx, at time.Time) (ids []kernel.ID, err error) {
	err = tx.Table("account_changes").Where("state = ? OR (state = ? AND decided_at >= ?)", registry.ChangeProposed, registry.ChangeConfirmed, at).Distinct().Pluck("org_id", &ids).Error
	if err != nil {
		err = fmt.Errorf("account changes: %w", err)
	}
	return ids, err
}

// directoryColumns are those of a list without the bank.
var directoryColumns = slices.DeleteFunc(slices.Clone(listed), func(column string) bool {
	return column == "bank_name" || column == "bank_code" || column == "account_name"
})
