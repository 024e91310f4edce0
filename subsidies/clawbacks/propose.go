package clawbacks

import (
	"context"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/record"
)

// Proposal is what an officer wants back of a paid claim, and why. A fine is what
// the authority has decided besides; it is recorded, and is no part of the amount.
type Proposal struct {
	ClaimID       kernel.ID
	Amount        kernel.Fen
	Ground        string
	Note          string
	Fine          kernel.Fen
	FineReference string
}

var proposers = []kernel.Role{kernel.RoleDistrictOfficer, kernel.RoleCityOfficer}

func (p Proposal) check(today kernel.Date) error {
	var f kernel.Faults
	ground, ok := GroundOf(p.Ground)
	f.Check(ok, "ground", "ground.unknown", kernel.T("请选择追回事由", "Choose a ground"))
	f.Check(p.Amount > 0 && p.Amount <= kernel.MaxFen, "amount_fen", "amount.range", kernel.T("追回金额必须大于零", "The amount must be above zero"))
	f.Check(strings.TrimSpace(p.Note) != "", "note", "note.required", kernel.T("请写明查实的情况", "Say in words what was found"))
	f.Check(p.Fine >= 0 && p.Fine <= kernel.MaxFen, "fine_fen", "amount.range", kernel.T("罚款金额不能为负", "A fine cannot be negative"))
	if f.Err() != nil || p.Fine == 0 {
		return f.Err()
	}
	least, most, err := ground.FineFor(p.Amount, today)
	if err != nil {
		return err
	}
	if most == 0 {
		f.Add("fine_fen", "fine.none", kernel.T("此事由没有罚款依据", "This ground knows no fine"))
		return f.Err()
	}
	f.Check(p.Fine >= least && p.Fine <= most, "fine_fen", "fine.range", kernel.T("罚款应在 %s 元至 %s 元之间", "The fine must lie between ¥%s and ¥%s", least.Yuan(), most.Yuan()))
	f.Check(strings.TrimSpace(p.FineReference) != "", "fine_reference", "field.required", kernel.T("请填写处罚决定文号", "Name the decision on the fine"))
	return f.Err()
}

// Propose begins a clawback of a paid claim. All that is claimed back of one claim
// never exceeds what was paid on it, at neither level.
func (d *Desk) Propose(ctx context.Context, p Proposal) (subsidies.Clawback, error) {
	if err := kernel.CallFrom(ctx).Actor.Require(proposers...); err != nil {
		return subsidies.Clawback{}, err
	}
	if err := p.check(d.Today()); err != nil {
		return subsidies.Clawback{}, err
	}
	return database.Do(ctx, d.DB, "clawback.propose", func(tx *database.Tx) (subsidies.Clawback, error) {
		claim, debtor, err := paidClaim(tx, p.ClaimID)
		if err != nil {
			return subsidies.Clawback{}, err
		}
		part, err := demand(tx, claim, p.Amount)
		if err != nil {
			return subsidies.Clawback{}, err
		}
		id := kernel.NewID(tx.Now)
		c := subsidies.Clawback{
			ID: id, Number: agreements.Number("R", id, tx.Today().Year()), ClaimID: claim.ID, DebtorID: debtor, District: claim.District,
			PolicyCode: claim.PolicyCode, PolicyVersion: claim.PolicyVersion,
			State: subsidies.ClawbackMachine.Initial, Turn: subsidies.ClawbackMachine.Turns[subsidies.ClawbackMachine.Initial], Since: tx.Now,
			Ground: p.Ground, Note: strings.TrimSpace(p.Note), Amount: p.Amount, Municipal: part.Municipal, DistrictPart: part.District,
			OpenMunicipal: part.Municipal, OpenDistrict: part.District, Fine: p.Fine, FineReference: strings.TrimSpace(p.FineReference),
			Version: 1, ProposedBy: tx.Call.Actor.Person, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		if err := tx.Create(&c).Error; err != nil {
			return c, err
		}
		if err := record.Hand(tx, c.ID, subsidies.PartProposer); err != nil {
			return c, err
		}
		return c, noted(tx, c, subsidies.ClawbackPropose, "", move{why: record.Reason{Code: p.Ground, Note: c.Note}, amount: c.Amount})
	})
}

// paidClaim finds a claim that the actor may see, and who was paid on it.
func paidClaim(tx *database.Tx, id kernel.ID) (claim subsidies.Claim, debtor kernel.ID, err error) {
	missing := kernel.NotFound(kernel.T("兑付申请", "claim"))
	if err := tx.Where("id = ?", id).Take(&claim).Error; err != nil {
		return claim, "", database.Found(err, missing)
	}
	if !claim.VisibleTo(tx.Call.Actor) {
		return claim, "", missing
	}
	if claim.State != subsidies.ClaimPaid {
		return claim, "", kernel.Conflict("clawback.not_paid", kernel.T("只有已拨付的申请才能追回", "Only a paid claim can be claimed back"))
	}
	err = tx.Raw("SELECT payee_org_id FROM batch_lines WHERE claim_id = ? AND state = 'paid'", id).Scan(&debtor).Error
	return claim, debtor, err
}

// recovery is what was paid on a claim and what of it is being or was claimed
// back, by level. Every clawback of the claim passes through this one row.
type recovery struct {
	ClaimID       kernel.ID  `gorm:"primaryKey"`
	Municipal     kernel.Fen `gorm:"column:municipal_fen"`
	District      kernel.Fen `gorm:"column:district_fen"`
	BackMunicipal kernel.Fen `gorm:"column:back_municipal_fen"`
	BackDistrict  kernel.Fen `gorm:"column:back_district_fen"`
	Version       int64
}

func (recovery) TableName() string { return "claim_recoveries" }

func (r recovery) left() budget.Portion {
	return budget.Portion{Municipal: r.Municipal - r.BackMunicipal, District: r.District - r.BackDistrict}
}

// recoveryOf reads the row of a paid claim, or what it would be when nothing has
// been claimed back yet.
func recoveryOf(tx *database.Tx, claim subsidies.Claim) (r recovery, fresh bool, err error) {
	var rows []recovery
	if err := tx.Where("claim_id = ?", claim.ID).Limit(1).Find(&rows).Error; err != nil {
		return r, false, err
	}
	if len(rows) == 1 {
		return rows[0], false, nil
	}
	return recovery{ClaimID: claim.ID, Municipal: claim.Legs.Municipal, District: claim.Legs.District, Version: 1}, true, nil
}

// demand sets an amount of a claim aside for a clawback, split between the levels
// as the subsidy was, as far as each has anything left.
func demand(tx *database.Tx, claim subsidies.Claim, amount kernel.Fen) (budget.Portion, error) {
	r, fresh, err := recoveryOf(tx, claim)
	if err != nil {
		return budget.Portion{}, err
	}
	left := r.left()
	if amount > left.Total() {
		return budget.Portion{}, kernel.Conflict("clawback.more_than_paid", kernel.T("最多还可追回 %s 元", "At most ¥%s can still be claimed back", left.Total().Yuan()))
	}
	part, err := shares(amount, left)
	if err != nil {
		return part, err
	}
	if fresh {
		r.BackMunicipal, r.BackDistrict = part.Municipal, part.District
		err := tx.Create(&r).Error
		if database.IsDuplicate(err) {
			return part, database.Stale() // somebody else has just begun
		}
		return part, err
	}
	return part, back(tx, claim.ID, part)
}

// back changes what is claimed back of a claim, guarded at both levels.
func back(tx *database.Tx, claim kernel.ID, by budget.Portion) error {
	return database.Guard(tx, database.Stale(), `UPDATE claim_recoveries SET back_municipal_fen = back_municipal_fen + ?, back_district_fen = back_district_fen + ?, version = version + 1
		WHERE claim_id = ? AND municipal_fen - back_municipal_fen >= ? AND district_fen - back_district_fen >= ? AND back_municipal_fen >= ? AND back_district_fen >= ?`,
		by.Municipal, by.District, claim, by.Municipal, by.District, -by.Municipal, -by.District)
}
