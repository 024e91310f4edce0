package store

import (
	"strings"
	"unicode/utf8"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Decision is what an officer decides about an organisation. Faults are told at
// the paths "reason" and "code_override_reason".
type Decision struct {
	Act            registry.Act // verify, return, suspend or restore
	Reason         string       // told to the organisation; required to return and to suspend
	OverrideReason string       // why a code that does not compute may stand; required to verify one
}

const maxReason = 500

// Decide changes the status of an organisation: a district officer for the own
// district, a city officer for all, and nobody for the own organisation.
func (s *Store) Decide(tx *database.Tx, id kernel.ID, version int64, d Decision) (registry.Organisation, error) {
	actor := tx.Call.Actor
	if err := actor.Require(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer); err != nil {
		return registry.Organisation{}, err
	}
	o, err := s.first(inSight(tx.DB, actor, tx.Today()).Where("id = ?", id))
	if err != nil {
		return o, err
	}
	if o.Version != version {
		return o, database.Stale()
	}
	if actor.Org == o.ID {
		return o, kernel.Fail(kernel.KindForbidden, "organisation.own", kernel.T("不能审核本单位", "Nobody decides about the own organisation"))
	}
	d.Reason, d.OverrideReason = strings.TrimSpace(d.Reason), strings.TrimSpace(d.OverrideReason)
	if err := d.check(o); err != nil {
		return o, err
	}
	status, err := o.Status.After(d.Act)
	if err != nil {
		return o, err
	}
	columns := map[string]any{"status": status, "status_reason": d.Reason, "decided_by": actor.Person, "decided_at": tx.Now}
	if d.Act == registry.ActVerify && o.HistoricalCode {
		columns["code_override_reason"] = d.OverrideReason
	}
	if err := s.update(tx, o.ID, version, columns); err != nil {
		return o, err
	}
	detail := map[string]any{"from": o.Status, "to": status, "reason": d.Reason, "override_reason": d.OverrideReason}
	if err := record(tx, "organisation."+string(d.Act), id, detail); err != nil {
		return o, err
	}
	return s.written(tx, id)
}

func (d Decision) check(o registry.Organisation) error {
	var f kernel.Faults
	f.Check(d.Act == registry.ActVerify || d.Act == registry.ActReturn || d.Act == registry.ActSuspend || d.Act == registry.ActRestore,
		"act", "field.choice", kernel.T("应为以下之一：verify、return、suspend、restore", "This must be one of: verify, return, suspend, restore"))
	f.Check(d.Reason != "" || !d.Act.NeedsReason(), "reason", "field.required", kernel.T("请说明理由", "Say why"))
	f.Check(d.OverrideReason != "" || d.Act != registry.ActVerify || !o.HistoricalCode, "code_override_reason", "credit_code.override_needed",
		kernel.T("该信用代码校验不符，认可时须说明理由", "This credit code does not compute; say why it may stand"))
	for _, x := range [][2]string{{"reason", d.Reason}, {"code_override_reason", d.OverrideReason}} {
		f.Check(utf8.RuneCountInString(x[1]) <= maxReason, x[0], "field.too_long", kernel.T("至多%d个字", "At most %d characters", maxReason))
		f.Check(!kernel.Hidden(x[1]), x[0], "field.hidden_characters", kernel.T("含有不可见字符，请重新输入", "This holds characters that cannot be seen; please type it anew"))
	}
	return f.Err()
}
