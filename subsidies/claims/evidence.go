package claims

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// maxEvidence bounds the files of one claim.
const maxEvidence = 60

// Fillable refuses unless the actor may see the claim and fill it in.
func (d *Desk) Fillable(ctx context.Context, who kernel.Actor, id kernel.ID) error {
	c, err := d.Get(ctx, who, id)
	if err == nil {
		_, err = subsidies.ClaimMachine.Find(c.State, subsidies.ClaimSubmit, who.Role)
	}
	return err
}

// Attach adds a received file to a draft or returned claim of the actor.
func (d *Desk) Attach(ctx context.Context, id kernel.ID, received files.File, kind subsidies.EvidenceKind) (subsidies.Evidence, error) {
	if !slices.Contains(subsidies.EvidenceKinds(), kind) {
		var f kernel.Faults
		f.Add("kind", "evidence.kind", kernel.T("未知的材料类型", "Unknown kind of evidence"))
		return subsidies.Evidence{}, f.Err()
	}
	return database.Do(ctx, d.DB, "claim.attach", func(tx *database.Tx) (subsidies.Evidence, error) {
		c, _, err := Find(tx, id, 0, subsidies.ClaimSubmit)
		if err != nil {
			return subsidies.Evidence{}, err
		}
		if err := touch(tx, c); err != nil {
			return subsidies.Evidence{}, err
		}
		var n int64
		if err := tx.Model(&subsidies.Evidence{}).Where("claim_id = ?", c.ID).Count(&n).Error; err != nil {
			return subsidies.Evidence{}, err
		}
		if n >= maxEvidence {
			return subsidies.Evidence{}, kernel.Conflict("evidence.too_many", kernel.T("每份申请最多 60 个文件", "A claim holds at most 60 files"))
		}
		file, err := files.Save(tx, received)
		if err != nil {
			return subsidies.Evidence{}, err
		}
		e := subsidies.Evidence{ClaimID: c.ID, FileID: file.ID, Kind: kind, AddedBy: tx.Call.Actor.Person, AddedAt: tx.Now}
		if err := tx.Create(&e).Error; err != nil {
			return e, err
		}
		return e, audit.Record(tx, audit.Entry{Action: "claim.attach", ObjectKind: "claim", ObjectID: string(c.ID), Detail: map[string]any{"file": file.ID, "sha256": file.SHA256, "kind": kind}})
	})
}

// Detach takes a file off a draft or returned claim; the file itself is kept.
func (d *Desk) Detach(ctx context.Context, id, file kernel.ID) error {
	return database.Run(ctx, d.DB, "claim.detach", func(tx *database.Tx) error {
		c, _, err := Find(tx, id, 0, subsidies.ClaimSubmit)
		if err != nil {
			return err
		}
		if err := touch(tx, c); err != nil {
			return err
		}
		gone := tx.Where("claim_id = ? AND file_id = ?", c.ID, file).Delete(&subsidies.Evidence{})
		if err := database.Changed(gone, kernel.NotFound(kernel.T("材料", "evidence"))); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "claim.detach", ObjectKind: "claim", ObjectID: string(c.ID), Detail: map[string]any{"file": file}})
	})
}

// touch makes sure that the claim is still the one that was looked up; it does
// not change the version a person has on screen.
func touch(tx *database.Tx, c subsidies.Claim) error {
	return database.Changed(tx.Exec("UPDATE claims SET updated_at = ? WHERE id = ? AND state = ?", tx.Now, c.ID, c.State), database.Stale())
}

// Evidence returns the files of claims.
func Evidence(db *gorm.DB, claim kernel.ID) ([]subsidies.Evidence, error) {
	var out []subsidies.Evidence
	err := db.Where("claim_id = ?", claim).Order("kind, added_at, file_id").Limit(maxEvidence).Find(&out).Error
	return out, err
}

// Sheet is a claim with all that was filled in.
type Sheet struct {
	Claim    subsidies.Claim
	Invoices []subsidies.Invoice
	Payments []subsidies.Payment
	Evidence []subsidies.Evidence
	Checks   []Finding // of the newest round
}

// Sheet returns a visible claim with its lines, files and check results.
func (d *Desk) Sheet(ctx context.Context, who kernel.Actor, id kernel.ID) (Sheet, error) {
	db := d.DB.Read(ctx)
	c, err := get(db, who, id)
	if err != nil {
		return Sheet{}, err
	}
	return sheet(db, c)
}

func sheet(db *gorm.DB, c subsidies.Claim) (Sheet, error) {
	s := Sheet{Claim: c}
	var err error
	if err = db.Where("claim_id = ?", c.ID).Order("position").Find(&s.Invoices).Error; err != nil {
		return s, err
	}
	if err = db.Where("claim_id = ?", c.ID).Order("position").Find(&s.Payments).Error; err != nil {
		return s, err
	}
	if s.Evidence, err = Evidence(db, c.ID); err != nil {
		return s, err
	}
	err = db.Where("claim_id = ? AND round = ?", c.ID, c.Round).Order("code").Find(&s.Checks).Error
	return s, err
}

// Holder returns the claim that a file is evidence of, if the actor may see it.
func (d *Desk) Holder(ctx context.Context, who kernel.Actor, claim, file kernel.ID) error {
	db := d.DB.Read(ctx)
	if _, err := get(db, who, claim); err != nil {
		return err
	}
	var n int64
	if err := db.Model(&subsidies.Evidence{}).Where("claim_id = ? AND file_id = ?", claim, file).Count(&n).Error; err != nil {
		return err
	}
	if n == 0 {
		return kernel.NotFound(kernel.T("材料", "evidence"))
	}
	return nil
}
