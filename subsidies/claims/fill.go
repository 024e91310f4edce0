package claims

import (
	"context"
	"fmt"
	"unicode/utf8"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/record"
)

// The most invoices and payments one claim may have.
const (
	maxInvoices = 50
	maxPayments = 50
)

// Open begins a claim on an accepted agreement. One agreement has one living
// claim (claim.exists). Opening bumps the agreement's version, so that it cannot
// lapse or be withdrawn at the same moment.
func (d *Desk) Open(ctx context.Context, agreement kernel.ID) (subsidies.Claim, error) {
	return database.Do(ctx, d.DB, "claim.open", func(tx *database.Tx) (subsidies.Claim, error) {
		who := tx.Call.Actor
		if err := who.Require(kernel.RoleEnterprise); err != nil {
			return subsidies.Claim{}, err
		}
		var a subsidies.Agreement
		err := tx.Where("id = ? AND enterprise_id = ?", agreement, who.Org).Take(&a).Error
		if err != nil {
			return subsidies.Claim{}, database.Found(err, kernel.NotFound(kernel.T("服务协议", "agreement")))
		}
		held := tx.Exec("UPDATE agreements SET version = version + 1 WHERE id = ? AND state = ?", a.ID, subsidies.AgreementAccepted)
		if err := database.Changed(held, kernel.Conflict("agreement.not_accepted", kernel.T("协议尚未通过区县受理，或已结束", "The agreement is not accepted by the district, or has ended"))); err != nil {
			return subsidies.Claim{}, err
		}
		if a.RunOut(tx.Today()) {
			return subsidies.Claim{}, runOut()
		}
		c := newClaim(tx, a)
		if err := tx.Create(&c).Error; err != nil {
			if database.IsDuplicate(err) {
				return c, kernel.Conflict("claim.exists", kernel.T("该协议已有兑付申请", "This agreement already has a claim"))
			}
			return c, err
		}
		if err := record.Hand(tx, c.ID, subsidies.PartClaimant); err != nil {
			return c, err
		}
		if err := record.Add(tx, record.Claim, c.ID, string(subsidies.ClaimOpen), "", string(c.State), record.Reason{}); err != nil {
			return c, err
		}
		return c, audit.Record(tx, audit.Entry{Action: "claim.open", ObjectKind: "claim", ObjectID: string(c.ID)})
	})
}

// runOut is the refusal of a claim that comes too late. It follows from the day
// alone, and not from whether the reservation has been released yet.
func runOut() error {
	return kernel.Conflict("agreement.run_out", kernel.T("额度占用已到期，不能再申请兑付", "The reservation has run out; nothing can be claimed on it any more"))
}

func newClaim(tx *database.Tx, a subsidies.Agreement) subsidies.Claim {
	id := kernel.NewID(tx.Now)
	state := subsidies.ClaimMachine.Initial
	return subsidies.Claim{
		ID: id, Number: agreements.Number("C", id, tx.Today().Year()), AgreementID: a.ID, LiveKey: &a.ID,
		EnterpriseID: a.EnterpriseID, ProviderID: a.ProviderID, District: a.District, PolicyCode: a.PolicyCode, PolicyVersion: a.PolicyVersion,
		State: state, Turn: subsidies.ClaimMachine.Turns[state], Since: tx.Now, Legs: a.Legs,
		Version: 1, CreatedBy: tx.Call.Actor.Person, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
}

// Filling is what the enterprise writes into a claim. It replaces what was there.
type Filling struct {
	Version          int64
	ContractNumber   string
	ContractSignedOn *kernel.Date
	AcceptedOn       *kernel.Date
	Invoices         []subsidies.Invoice
	Payments         []subsidies.Payment
}

// check refuses what cannot be stored; what is merely unfinished is allowed
// until the claim is submitted.
func (f Filling) check() error {
	var faults kernel.Faults
	tooLong := kernel.T("内容过长", "Too long")
	text := func(path, s string, most int) {
		faults.Check(utf8.RuneCountInString(s) <= most, path, "field.too_long", tooLong)
		faults.Check(!kernel.Hidden(s), path, "field.hidden_characters", kernel.T("含有不可见字符", "Contains invisible characters"))
	}
	date := func(path string, d kernel.Date) {
		faults.Check(d == "" || (d.Valid() && d >= "2000-01-01" && d <= "2100-01-01"), path, "date.invalid", kernel.T("日期无效", "Not a valid date"))
	}
	amount := func(path string, f kernel.Fen) {
		faults.Check(f >= 0 && f <= kernel.MaxFen, path, "amount.range", kernel.T("金额超出范围", "Amount out of range"))
	}
	text("contract_number", f.ContractNumber, 80)
	for path, d := range map[string]*kernel.Date{"contract_signed_on": f.ContractSignedOn, "accepted_on": f.AcceptedOn} {
		if d != nil {
			date(path, *d)
		}
	}
	faults.Check(len(f.Invoices) <= maxInvoices, "invoices", "list.too_long", kernel.T("发票最多 50 张", "At most 50 invoices"))
	faults.Check(len(f.Payments) <= maxPayments, "payments", "list.too_long", kernel.T("付款最多 50 笔", "At most 50 payments"))
	for i, v := range f.Invoices {
		at := fmt.Sprintf("invoices[%d].", i)
		text(at+"number", v.Number, 20)
		text(at+"code", v.Code, 12)
		text(at+"seller_code", v.SellerCode, 18)
		text(at+"buyer_code", v.BuyerCode, 18)
		text(at+"item", v.Item, 200)
		date(at+"issued_on", v.IssuedOn)
		amount(at+"amount_fen", v.Amount)
		amount(at+"tax_fen", v.Tax)
	}
	for i, p := range f.Payments {
		at := fmt.Sprintf("payments[%d].", i)
		text(at+"payer", p.Payer, 200)
		text(at+"payee", p.Payee, 200)
		text(at+"bank_reference", p.BankReference, 80)
		date(at+"paid_on", p.PaidOn)
		amount(at+"amount_fen", p.Amount)
	}
	return faults.Err()
}

// Save stores what has been filled in so far, in a draft or a returned claim.
// Whoever fills in is a hand of the claimant (law 5), whoever hands it in.
func (d *Desk) Save(ctx context.Context, id kernel.ID, f Filling) (subsidies.Claim, error) {
	if err := f.check(); err != nil {
		return subsidies.Claim{}, err
	}
	return database.Do(ctx, d.DB, "claim.save", func(tx *database.Tx) (subsidies.Claim, error) {
		c, _, err := Find(tx, id, f.Version, subsidies.ClaimSubmit)
		if err != nil {
			return c, err
		}
		if err := record.Hand(tx, c.ID, subsidies.PartClaimant); err != nil {
			return c, err
		}
		var paid kernel.Fen
		for _, p := range f.Payments {
			paid += p.Amount
		}
		saved := tx.Model(&subsidies.Claim{}).Where("id = ? AND version = ?", c.ID, c.Version).Updates(map[string]any{
			"contract_number": f.ContractNumber, "contract_signed_on": f.ContractSignedOn, "accepted_on": f.AcceptedOn,
			"paid_fen": paid, "updated_at": tx.Now, "version": c.Version + 1,
		})
		if err := database.Changed(saved, database.Stale()); err != nil {
			return c, err
		}
		c.ContractNumber, c.ContractSignedOn, c.AcceptedOn, c.Paid = f.ContractNumber, f.ContractSignedOn, f.AcceptedOn, paid
		c.UpdatedAt, c.Version = tx.Now, c.Version+1
		if err := replaceLines(tx, c.ID, f); err != nil {
			return c, err
		}
		return c, audit.Record(tx, audit.Entry{Action: "claim.save", ObjectKind: "claim", ObjectID: string(c.ID), Detail: map[string]any{
			"contract_number": f.ContractNumber, "invoices": len(f.Invoices), "payments": len(f.Payments), "paid_fen": paid,
		}})
	})
}

func replaceLines(tx *database.Tx, claim kernel.ID, f Filling) error {
	if err := tx.Where("claim_id = ?", claim).Delete(&subsidies.Invoice{}).Error; err != nil {
		return err
	}
	if err := tx.Where("claim_id = ?", claim).Delete(&subsidies.Payment{}).Error; err != nil {
		return err
	}
	invoices := make([]subsidies.Invoice, len(f.Invoices))
	for i, v := range f.Invoices {
		v.ID, v.ClaimID, v.Position, v.NumberKey = kernel.NewID(tx.Now), claim, int64(i), v.Key()
		invoices[i] = v
	}
	payments := make([]subsidies.Payment, len(f.Payments))
	for i, p := range f.Payments {
		p.ID, p.ClaimID, p.Position = kernel.NewID(tx.Now), claim, int64(i)
		payments[i] = p
	}
	if len(invoices) > 0 {
		if err := tx.Create(&invoices).Error; err != nil {
			return err
		}
	}
	if len(payments) == 0 {
		return nil
	}
	return tx.Create(&payments).Error
}
