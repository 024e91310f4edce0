// Package agreements is the life of service agreements: drafted from an offer or
// a proposal, confirmed by both parties, accepted by the district — when the
// budget is reserved — and completed, or lapsed with the budget given back.
package agreements

import (
	"context"
	"encoding/base32"
	"fmt"
	"maps"
	"strings"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/record"
)

// Desk handles agreements.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
	Market   subsidies.Market
}

// Number makes a short number that people can read out: the year and eight
// characters of the ID's random part, without look-alikes.
func Number(prefix string, id kernel.ID, year int) string {
	raw := strings.ReplaceAll(string(id), "-", "")
	var b [5]byte
	_, _ = fmt.Sscanf(raw[len(raw)-10:], "%02x%02x%02x%02x%02x", &b[0], &b[1], &b[2], &b[3], &b[4])
	return fmt.Sprintf("%s%d-%s", prefix, year, base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").EncodeToString(b[:]))
}

// Get returns an agreement that the actor may see, or not_found.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID) (subsidies.Agreement, error) {
	return get(d.DB.Read(ctx), who, id)
}

func get(db *gorm.DB, who kernel.Actor, id kernel.ID) (subsidies.Agreement, error) {
	var a subsidies.Agreement
	if err := db.Where("id = ?", id).Take(&a).Error; err != nil {
		return a, database.Found(err, notFound())
	}
	if !a.VisibleTo(who) {
		return subsidies.Agreement{}, notFound()
	}
	return a, nil
}

func notFound() error { return kernel.NotFound(kernel.T("服务协议", "agreement")) }

// act finds the transition of an act by the call's actor on a visible agreement.
// It refuses (stale) a version other than the one the person looked at; version 0
// means the caller did not say.
func act(tx *database.Tx, id kernel.ID, version int64, what subsidies.AgreementAct) (subsidies.Agreement, subsidies.AgreementState, error) {
	a, err := get(tx.DB, tx.Call.Actor, id)
	if err != nil {
		return a, "", err
	}
	if version != 0 && version != a.Version {
		return a, "", database.Stale()
	}
	t, err := subsidies.AgreementMachine.Find(a.State, what, tx.Call.Actor.Role)
	return a, t.To, err
}

// advance moves an agreement to its next state under its version, with further
// columns, and records the step and the audit entry.
func advance(tx *database.Tx, a *subsidies.Agreement, what subsidies.AgreementAct, to subsidies.AgreementState, columns map[string]any, why record.Reason) error {
	from := a.State
	set := map[string]any{"state": to, "turn": subsidies.AgreementMachine.Turns[to], "since": tx.Now, "updated_at": tx.Now, "version": a.Version + 1}
	maps.Copy(set, columns)
	if err := database.Change(tx, "agreements", set, "id = ? AND version = ? AND state = ?", []any{a.ID, a.Version, from}, database.Stale()); err != nil {
		return err
	}
	a.State, a.Turn, a.Since, a.UpdatedAt, a.Version = to, subsidies.AgreementMachine.Turns[to], tx.Now, tx.Now, a.Version+1
	return noted(tx, a.ID, what, from, to, why)
}

// noted leaves the step and the audit entry of a move.
func noted(tx *database.Tx, id kernel.ID, what subsidies.AgreementAct, from, to subsidies.AgreementState, why record.Reason) error {
	if err := record.Add(tx, record.Agreement, id, string(what), string(from), string(to), why); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: "agreement." + string(what), ObjectKind: "agreement", ObjectID: string(id), Detail: map[string]any{"from": from, "to": to, "reason": why.Code}})
}
