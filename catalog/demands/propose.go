package demands

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"yunhui/catalog"
	"yunhui/catalog/offers"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/queue"
)

// Answer is a proposal as a provider writes it.
type Answer struct {
	Offer      kernel.ID
	Plan       kernel.ID
	Quantity   int64
	Discount   kernel.Fen // on the whole quantity
	Message    string
	ValidUntil kernel.Date
}

func (in *Answer) check(today kernel.Date) error {
	var f kernel.Faults
	in.Message = strings.TrimSpace(in.Message)
	length(&f, "message", in.Message, 0, 2000)
	f.Check(in.Quantity >= 1 && in.Quantity <= 100_000, "quantity", "quantity.range", kernel.T("数量应为 1 至 100000", "Quantity must be 1 to 100,000"))
	f.Check(in.Discount >= 0 && in.Discount <= kernel.MaxFen, "discount_fen", "discount.range", kernel.T("优惠金额超出范围", "Discount out of range"))
	f.Check(in.ValidUntil.Valid() && in.ValidUntil >= today && in.ValidUntil <= today.AddDays(366), "valid_until", "date.range", kernel.T("有效期应在今天起一年之内", "It must be valid until a day within a year from today"))
	return f.Err()
}

// Propose answers an open demand that the actor's provider may see with a plan
// of its own that is on sale. A provider has one proposal for a demand; as long
// as the demand is open, a second call revises the first.
func (d *Desk) Propose(ctx context.Context, id kernel.ID, in Answer) (kernel.ID, error) {
	who := kernel.CallFrom(ctx).Actor
	if err := who.Require(kernel.RoleProvider); err != nil {
		return "", err
	}
	if err := in.check(kernel.DayOf(d.DB.Clock().Now())); err != nil {
		return "", err
	}
	if _, err := d.Get(ctx, who, id); err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, "demand.propose", func(tx *database.Tx) (kernel.ID, error) {
		if err := hold(tx, id); err != nil {
			return "", err
		}
		price, err := priceOf(tx, in)
		if err != nil {
			return "", err
		}
		proposal, err := keep(tx, id, in, price)
		if err != nil {
			return "", err
		}
		if err := record(tx, "demand.propose", id, map[string]any{"proposal": proposal, "plan": in.Plan, "quantity": in.Quantity, "list_price_fen": price, "discount_fen": in.Discount}); err != nil {
			return "", err
		}
		return proposal, queue.Send(tx, queue.Message{Kind: Answered, Subject: id, Payload: Event{Proposal: proposal}})
	})
}

// priceOf is the list price of the whole quantity of an own plan on sale.
func priceOf(tx *database.Tx, in Answer) (kernel.Fen, error) {
	var f kernel.Faults
	listed, err := offers.OnSale(tx.DB, in.Offer, in.Plan)
	if e := kernel.AsError(err); err != nil && (e == nil || e.Kind != kernel.KindNotFound) {
		return 0, err
	}
	if err != nil || listed.ProviderID != tx.Call.Actor.Org {
		f.Add("plan_id", "plan.not_yours", kernel.T("请选择本单位在售服务的规格", "Choose a plan of an offer of your own that is on sale"))
		return 0, f.Err()
	}
	total, err := listed.Price.Times(in.Quantity)
	if err != nil || total > kernel.MaxFen {
		f.Add("quantity", "price.range", kernel.T("金额超出范围", "Amount out of range"))
		return 0, f.Err()
	}
	f.Check(in.Discount <= total, "discount_fen", "discount.above_price", kernel.T("优惠不能超过目录价合计", "The discount cannot exceed the list price"))
	return total, f.Err()
}

// keep inserts the provider's proposal or revises the one that stands. The
// demand is held, so there is no third case.
func keep(tx *database.Tx, demand kernel.ID, in Answer, price kernel.Fen) (kernel.ID, error) {
	provider := tx.Call.Actor.Org
	var before []kernel.ID
	if err := tx.Model(&catalog.Proposal{}).Where("demand_id = ? AND provider_id = ?", demand, provider).Pluck("id", &before).Error; err != nil {
		return "", err
	}
	if len(before) == 1 {
		revised := tx.Model(&catalog.Proposal{}).Where("id = ? AND status = ?", before[0], catalog.ProposalSent).Updates(map[string]any{
			"offer_id": in.Offer, "plan_id": in.Plan, "quantity": in.Quantity, "list_price_fen": price, "discount_fen": in.Discount,
			"message": in.Message, "valid_until": in.ValidUntil, "updated_at": tx.Now, "version": gorm.Expr("version + 1"),
		})
		return before[0], database.Changed(revised, notOpen())
	}
	p := catalog.Proposal{
		ID: kernel.NewID(tx.Now), DemandID: demand, ProviderID: provider, OfferID: in.Offer, PlanID: in.Plan, Quantity: in.Quantity,
		ListPrice: price, Discount: in.Discount, Message: in.Message, ValidUntil: in.ValidUntil, Status: catalog.ProposalSent,
		Version: 1, CreatedBy: tx.Call.Actor.Person, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	return p.ID, tx.Create(&p).Error
}
