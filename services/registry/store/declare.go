package store

import (
	"fmt"
	"maps"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Register records a new organisation, pending until its district has verified
// it. A credit code is on record once: another with the same is a conflict
// "organisation.exists". Who may register whom is for the caller to decide.
func (s *Store) Register(tx *database.Tx, kind registry.OrganisationKind, d registry.Declaration) (registry.Organisation, error) {
	if !kind.Valid() {
		return registry.Organisation{}, fmt.Errorf("kind of organisation %q", kind)
	}
	d = d.Normalized()
	class, err := d.Check(kind, tx.Today())
	if err != nil {
		return registry.Organisation{}, err
	}
	id := kernel.NewID(tx.Now)
	columns, err := s.declared(id, d, class)
	if err != nil {
		return registry.Organisation{}, err
	}
	maps.Copy(columns, map[string]any{
		"id": id, "kind": kind, "code_override_reason": "", "status": registry.StatusPending, "status_reason": "",
		"decided_by": "", "version": 1, "created_at": tx.Now, "updated_at": tx.Now,
	})
	if err := tx.Table("organisations").Create(columns).Error; err != nil {
		return registry.Organisation{}, taken(err)
	}
	if err := record(tx, "organisation.register", id, map[string]any{"kind": kind, "credit_code": d.CreditCode, "district": d.District}); err != nil {
		return registry.Organisation{}, err
	}
	return s.written(tx, id)
}

// Declare replaces what an organisation says of itself; a member does so for
// its own organisation. When anything changed that was verified, the
// organisation is pending again; another address or telephone number changes
// no status. An override of the old code does not hold for a new one. The bank
// account is part of the declaration until an officer has first decided about
// the organisation; from then on it changes by Office.ProposeAccount only.
func (s *Store) Declare(tx *database.Tx, id kernel.ID, version int64, d registry.Declaration) (registry.Organisation, error) {
	o, err := s.own(tx, id)
	if err != nil {
		return o, err
	}
	if o.Version != version {
		return o, database.Stale()
	}
	d = d.Normalized()
	if d.AccountNumber != "" && d.AccountNumber == registry.MaskAccount(o.AccountNumber) {
		d.AccountNumber = o.AccountNumber // sent back as it was shown
	}
	class, err := d.Check(o.Kind, tx.Today())
	if err != nil {
		return o, err
	}
	if o.DecidedAt != nil && d.Account() != o.Account() {
		return o, kernel.Conflict("account.second_person", kernel.T("收款账户须另行提出变更，由第二人确认", "A bank account is changed by a proposal of its own, which a second person confirms"))
	}
	columns, err := s.declared(o.ID, d, class)
	if err != nil {
		return o, err
	}
	changed := d.Differs(o.Declaration)
	if changed {
		status, err := o.Status.After(registry.ActDeclare)
		if err != nil {
			return o, err
		}
		maps.Copy(columns, map[string]any{"status": status, "status_reason": ""})
	}
	if d.CreditCode != o.CreditCode {
		columns["code_override_reason"] = ""
	}
	if err := s.update(tx, o.ID, version, columns); err != nil {
		return o, err
	}
	if err := record(tx, "organisation.declare", id, map[string]any{"verified_facts_changed": changed}); err != nil {
		return o, err
	}
	return s.written(tx, id)
}

// written reads back what a write made of the organisation. Results of writes
// are kept for repetitions of the request, so the account number is masked.
func (s *Store) written(tx *database.Tx, id kernel.ID) (registry.Organisation, error) {
	o, err := s.One(tx.DB, id)
	o.AccountNumber = registry.MaskAccount(o.AccountNumber)
	return o, err
}

func (s *Store) own(tx *database.Tx, id kernel.ID) (registry.Organisation, error) {
	actor := tx.Call.Actor
	if actor.Anonymous() {
		return registry.Organisation{}, kernel.Unauthenticated()
	}
	if actor.Org != id {
		return registry.Organisation{}, notFound()
	}
	return s.One(tx.DB, id)
}

// update writes the columns if nobody has written since the version was read.
func (s *Store) update(tx *database.Tx, id kernel.ID, version int64, columns map[string]any) error {
	columns["version"] = version + 1
	columns["updated_at"] = tx.Now
	result := tx.Table("organisations").Where("id = ? AND version = ?", id, version).Updates(columns)
	if result.Error != nil {
		return taken(result.Error)
	}
	return database.Changed(result, database.Stale())
}

func taken(err error) error {
	if database.IsDuplicate(err) {
		return kernel.Conflict("organisation.exists",
			kernel.T("该统一社会信用代码已登记，请联系本单位管理员或所在区县", "This credit code is registered already; ask your organisation's administrator or your district")).Because(err)
	}
	return fmt.Errorf("organisation: %w", err)
}

func record(tx *database.Tx, action string, id kernel.ID, detail any) error {
	return audit.Record(tx, audit.Entry{Action: action, ObjectKind: "organisation", ObjectID: string(id), Detail: detail})
}
