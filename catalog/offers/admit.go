package offers

import (
	"context"
	"unicode/utf8"

	"yunhui/catalog"
	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Admission is a city officer's act on a provider.
type Admission struct {
	Admit  bool   // or else suspend
	Reason string // why it is suspended
}

// suspended is the state in which a provider's offers are off the shelf.
const suspended = "suspended"

// Admit lets a verified provider of record sell, or suspends one with a reason;
// its offers leave the shelf meanwhile. It refuses an organisation that is no
// provider (provider.unknown) or not verified yet (provider.unverified).
func (d *Desk) Admit(ctx context.Context, id kernel.ID, a Admission, registry catalog.Registry) error {
	var f kernel.Faults
	f.Check(a.Admit || utf8.RuneCountInString(a.Reason) >= 2, "reason", "reason.required", kernel.T("请说明暂停的原因", "Say why it is suspended"))
	if err := f.Err(); err != nil {
		return err
	}
	found, err := registry.Enterprises(ctx, id)
	if err != nil {
		return err
	}
	who, ok := found[id]
	switch {
	case !ok || who.Kind != "provider":
		return kernel.NotFound(kernel.T("服务商", "provider"))
	case a.Admit && !who.Verified:
		return kernel.Conflict("provider.unverified", kernel.T("该服务商尚未通过登记核验", "The provider's registration is not verified yet"))
	}
	err = database.Run(ctx, d.DB, "provider.admit", func(tx *database.Tx) error {
		if err := tx.Call.Actor.Require(kernel.RoleCityOfficer); err != nil {
			return err
		}
		if err := admit(tx, who, a); err != nil {
			return err
		}
		action := map[bool]string{true: "provider.admit", false: "provider.suspend"}[a.Admit]
		return audit.Record(tx, audit.Entry{Action: action, ObjectKind: "provider", ObjectID: string(id), Detail: map[string]any{"reason": a.Reason}})
	})
	if err != nil {
		return err
	}
	return d.Shelf.Refresh(ctx)
}

func admit(tx *database.Tx, who catalog.Enterprise, a Admission) error {
	state, today := suspended, tx.Today()
	if a.Admit {
		state = catalog.ProviderAdmitted
	}
	changed := tx.Exec("UPDATE providers SET status = ?, name = ?, name_en = ?, district = ?, admitted_on = COALESCE(admitted_on, ?), version = version + 1, updated_at = ? WHERE id = ?",
		state, who.Name, who.NameEN, who.District, today, tx.Now, who.ID)
	if changed.Error != nil || changed.RowsAffected > 0 {
		return changed.Error
	}
	if !a.Admit {
		return kernel.NotFound(kernel.T("服务商", "provider"))
	}
	return tx.Create(&catalog.Provider{
		ID: who.ID, Status: state, Name: who.Name, NameEN: who.NameEN, District: who.District, Strengths: []string{}, AdmittedOn: &today,
		Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}).Error
}
