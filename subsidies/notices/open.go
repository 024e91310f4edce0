package notices

import (
	"context"
	"fmt"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/claims"
)

// MaxItems bounds the claims of one notice.
const MaxItems = 200

// Open puts city-approved claims on public notice, all or none. Each claim that
// cannot be noticed is named at claim_ids[i]. Where the policies of the claims
// ask for different periods, the longest holds for all.
func (d *Desk) Open(ctx context.Context, ids []kernel.ID) (Notice, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(kernel.RoleCityOfficer); err != nil {
		return Notice{}, err
	}
	if err := checkIDs(ids); err != nil {
		return Notice{}, err
	}
	days, err := d.period(ctx, ids)
	if err != nil {
		return Notice{}, err
	}
	return database.Do(ctx, d.DB, "notice.open", func(tx *database.Tx) (Notice, error) {
		all, t, err := approved(tx, ids)
		if err != nil {
			return Notice{}, err
		}
		return d.publish(tx, all, t, days)
	})
}

func checkIDs(ids []kernel.ID) error {
	var f kernel.Faults
	f.Check(len(ids) > 0, "claim_ids", "field.required", kernel.T("请至少选择一份申请", "Choose at least one claim"))
	f.Check(len(ids) <= MaxItems, "claim_ids", "list.too_long", kernel.T("每期公示最多 %d 份申请", "At most %d claims on one notice", MaxItems))
	seen := make(map[kernel.ID]bool, len(ids))
	for i, id := range ids {
		f.Check(!seen[id], fmt.Sprintf("claim_ids[%d]", i), "list.repeated", kernel.T("重复的申请", "This claim is listed twice"))
		seen[id] = true
	}
	return f.Err()
}

// approved reads the claims in the order asked for and names each that cannot
// be put on notice.
func approved(tx *database.Tx, ids []kernel.ID) ([]subsidies.Claim, subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], error) {
	var rows []subsidies.Claim
	var t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct]
	if err := tx.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, t, err
	}
	byID := make(map[kernel.ID]subsidies.Claim, len(rows))
	for _, c := range rows {
		byID[c.ID] = c
	}
	var f kernel.Faults
	out := make([]subsidies.Claim, 0, len(ids))
	for i, id := range ids {
		c, ok := byID[id]
		path := fmt.Sprintf("claim_ids[%d]", i)
		if !ok || !c.VisibleTo(tx.Call.Actor) {
			f.Add(path, "not_found", kernel.T("没有找到该申请", "No such claim"))
			continue
		}
		found, err := subsidies.ClaimMachine.Find(c.State, subsidies.ClaimNotice, tx.Call.Actor.Role)
		if e := kernel.AsError(err); e != nil {
			f.Add(path, e.Code, kernel.T("申请 %[1]s 当前为 %[2]s，不能公示", "Claim %[1]s is %[2]s and cannot be put on notice", c.Number, string(c.State)))
			continue
		}
		t, out = found, append(out, c)
	}
	return out, t, f.Err()
}

// period is the longest notice that the policies of the claims ask for. It reads
// before the transaction, which must not wait for a second connection; a claim's
// policy never changes.
func (d *Desk) period(ctx context.Context, ids []kernel.ID) (int, error) {
	var under []subsidies.Claim
	err := d.DB.Read(ctx).Select("policy_code, policy_version").Where("id IN ?", ids).Group("policy_code, policy_version").Find(&under).Error
	if err != nil {
		return 0, err
	}
	days := 0
	for _, c := range under {
		policy, err := d.Policies.Version(ctx, c.PolicyCode, c.PolicyVersion)
		if err != nil {
			return 0, fmt.Errorf("policy %s/%d of a claim: %w", c.PolicyCode, c.PolicyVersion, err)
		}
		days = max(days, policy.Document().NoticeWorkingDays)
	}
	return days, nil
}

func (d *Desk) publish(tx *database.Tx, all []subsidies.Claim, t subsidies.Transition[subsidies.ClaimState, subsidies.ClaimAct], days int) (Notice, error) {
	id, today := kernel.NewID(tx.Now), tx.Today()
	n := Notice{
		ID: id, Number: agreements.Number("N", id, today.Year()), State: Open, OpenedOn: today, ClosesOn: d.Calendar.AddWorkdays(today, days),
		ItemCount: int64(len(all)), OpenedBy: tx.Call.Actor.Person, Version: 1, CreatedAt: tx.Now,
	}
	if err := tx.Create(&n).Error; err != nil {
		return n, err
	}
	items := make([]item, len(all))
	for i, c := range all {
		items[i] = item{NoticeID: id, ClaimID: c.ID}
	}
	if err := tx.Create(&items).Error; err != nil {
		return n, err
	}
	if err := claims.AdvanceAll(tx, all, t, claims.Move{Act: t.Act, Columns: map[string]any{"notice_id": id}}); err != nil {
		return n, err
	}
	return n, audit.Record(tx, audit.Entry{Action: "notice.open", ObjectKind: "notice", ObjectID: string(id), Detail: map[string]any{"number": n.Number, "claims": len(all), "closes_on": n.ClosesOn}})
}
