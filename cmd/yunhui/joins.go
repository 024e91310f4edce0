package main

import (
	"context"
	"time"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	registrystore "yunhui/services/registry/store"
	"yunhui/subsidies"
)

// register shows the organisations of record to the rooms that must not know
// the registry's own words.
type register struct {
	directory registrystore.Directory
	clock     kernel.Clock
}

// Firms is the register as the money side sees it.
func (r register) Firms(ctx context.Context, ids ...kernel.ID) (map[kernel.ID]subsidies.Firm, error) {
	found, err := r.directory.ByIDs(ctx, ids)
	out := make(map[kernel.ID]subsidies.Firm, len(found))
	for id, o := range found {
		f := firm(o)
		f.District = r.district(f.District)
		out[id] = f
	}
	return out, err
}

// district is the unit that a district recorded earlier belongs to today.
func (r register) district(id string) string {
	if unit, ok := registry.Current(id, kernel.DayOf(r.clock.Now())); ok {
		return unit.ID
	}
	return id
}

// Order gives the bank accounts of payees to order payments to; those without
// one are absent.
func (r register) Order(tx *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Account, error) {
	found, err := r.directory.Order(tx, ids)
	out := make(map[kernel.ID]subsidies.Account, len(found))
	for id, a := range found {
		if a.Number != "" || a.Held {
			out[id] = subsidies.Account{Holder: a.Name, Bank: a.BankName, BankCode: a.BankCode, Number: a.Number, Held: a.Held}
		}
	}
	return out, err
}

// ChangedSince gives the payees whose account is about to change or has changed.
func (r register) ChangedSince(tx *database.Tx, at time.Time) ([]kernel.ID, error) {
	return r.directory.ChangedSince(tx, at)
}

// Enterprises is the register as the market sees it.
func (r register) Enterprises(ctx context.Context, ids ...kernel.ID) (map[kernel.ID]catalog.Enterprise, error) {
	found, err := r.directory.ByIDs(ctx, ids)
	out := make(map[kernel.ID]catalog.Enterprise, len(found))
	for id, o := range found {
		out[id] = catalog.Enterprise{ID: id, Kind: string(o.Kind), Verified: o.Status == registry.StatusVerified, Name: o.Name, NameEN: o.NameEN, District: r.district(o.District), SizeClass: string(o.SizeClass), Industry: o.Industry, Chains: o.Chains}
	}
	return out, err
}

func firm(o registry.Organisation) subsidies.Firm {
	return subsidies.Firm{
		ID: o.ID, Kind: string(o.Kind), CreditCode: o.CreditCode, Name: o.Name, NameEN: o.NameEN, District: o.District,
		SizeClass: string(o.SizeClass), Industry: o.Industry, Section: o.Section, Chains: o.Chains, FoundedOn: o.FoundedOn,
		Revenue: told(o.Revenue), Assets: told(o.Assets), HeadCount: told(o.HeadCount), Verified: o.Status == registry.StatusVerified,
		ContactName: o.ContactName, ContactPhone: o.ContactPhone,
	}
}

func told[T any](v *T) (value T) {
	if v != nil {
		value = *v
	}
	return value
}
