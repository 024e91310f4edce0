package offers

import (
	"fmt"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// settlePlans makes the active plans of an offer what the drafts say. The offer
// row has been changed before, so two edits cannot meet here.
func settlePlans(tx *database.Tx, offer kernel.ID, drafts []PlanDraft) error {
	var rows []catalog.Plan
	if err := tx.Where("offer_id = ?", offer).Find(&rows).Error; err != nil {
		return err
	}
	known := make(map[kernel.ID]catalog.Plan, len(rows))
	for _, p := range rows {
		known[p.ID] = p
	}
	if err := checkKept(known, drafts); err != nil {
		return err
	}
	for i, d := range drafts {
		var err error
		if d.ID == "" {
			err = addPlan(tx, offer, int64(i+1), d)
		} else {
			err = changePlan(tx, known[d.ID], int64(i+1), d)
		}
		if err != nil {
			return err
		}
		delete(known, d.ID)
	}
	for _, p := range known {
		if p.Status == catalog.PlanRetired {
			continue
		}
		retired := tx.Model(&catalog.Plan{}).Where("id = ? AND version = ?", p.ID, p.Version).
			Updates(map[string]any{"status": catalog.PlanRetired, "version": p.Version + 1})
		if err := database.Changed(retired, database.Stale()); err != nil {
			return err
		}
	}
	return nil
}

func checkKept(known map[kernel.ID]catalog.Plan, drafts []PlanDraft) error {
	var f kernel.Faults
	seen := map[kernel.ID]bool{}
	for i, d := range drafts {
		if d.ID == "" {
			continue
		}
		p, ok := known[d.ID]
		f.Check(ok && !seen[d.ID], fmt.Sprintf("plans[%d].id", i), "plan.unknown", kernel.T("该服务没有这个规格，或重复", "This offer has no such plan, or it is named twice"))
		f.Check(!ok || p.Unit == d.Unit, fmt.Sprintf("plans[%d].unit", i), "plan.unit_fixed", kernel.T("已有规格的计价单位不能更改，请另加规格", "The unit of a plan cannot change; add another plan"))
		seen[d.ID] = true
	}
	return f.Err()
}

func addPlan(tx *database.Tx, offer kernel.ID, position int64, d PlanDraft) error {
	p := catalog.Plan{
		ID: kernel.NewID(tx.Now), OfferID: offer, Position: position, NameZH: d.NameZH, NameEN: d.NameEN, Unit: d.Unit, Price: d.Price,
		IncludesZH: d.IncludesZH, IncludesEN: d.IncludesEN, Status: catalog.PlanActive, Version: 1,
	}
	if err := tx.Create(&p).Error; err != nil {
		return err
	}
	return markPrice(tx, p.ID, p.Price)
}

func changePlan(tx *database.Tx, p catalog.Plan, position int64, d PlanDraft) error {
	changed := tx.Model(&catalog.Plan{}).Where("id = ? AND version = ?", p.ID, p.Version).Updates(map[string]any{
		"position": position, "name_zh": d.NameZH, "name_en": d.NameEN, "price_fen": d.Price,
		"includes_zh": d.IncludesZH, "includes_en": d.IncludesEN, "status": catalog.PlanActive, "version": p.Version + 1,
	})
	if err := database.Changed(changed, database.Stale()); err != nil || p.Price == d.Price {
		return err
	}
	return markPrice(tx, p.ID, d.Price)
}

// markPrice adds to a plan's list-price history, which is never changed.
func markPrice(tx *database.Tx, plan kernel.ID, price kernel.Fen) error {
	return tx.Create(&catalog.PriceMark{ID: kernel.NewID(tx.Now), PlanID: plan, Price: price, FromAt: tx.Now}).Error
}
