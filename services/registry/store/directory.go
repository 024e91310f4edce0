package store

import (
	"context"
	"fmt"
	"slices"

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
}

// Accounts finds the bank accounts of organisations. It is for making payment
// files; nothing of it may be shown to anybody else.
func (d Directory) Accounts(ctx context.Context, ids []kernel.ID) (map[kernel.ID]Account, error) {
	out := make(map[kernel.ID]Account, len(ids))
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), batch) {
		found, err := d.store.Load(d.store.db.Read(ctx), some...)
		if err != nil {
			return nil, err
		}
		for id, o := range found {
			out[id] = Account{BankName: o.BankName, BankCode: o.BankCode, Name: o.AccountName, Number: o.AccountNumber}
		}
	}
	return out, nil
}

// directoryColumns are those of a list without the bank.
var directoryColumns = slices.DeleteFunc(slices.Clone(listed), func(column string) bool {
	return column == "bank_name" || column == "bank_code" || column == "account_name"
})
