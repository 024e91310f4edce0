package offers

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Full is an offer with its plans and their list-price history.
type Full struct {
	Offer catalog.Offer
	Plans []catalog.Plan // active ones, in order
	Marks map[kernel.ID][]catalog.PriceMark
}

// Get returns an offer: one on sale to everybody, any to its own provider.
func (d *Desk) Get(ctx context.Context, who kernel.Actor, id kernel.ID) (Full, error) {
	db := d.DB.Read(ctx)
	var full Full
	if err := db.Where("id = ?", id).Take(&full.Offer).Error; err != nil {
		return full, database.Found(err, notFound())
	}
	own := who.Role == kernel.RoleProvider && who.Org == full.Offer.ProviderID
	if !own {
		seller := d.Shelf.provider(full.Offer.ProviderID)
		if full.Offer.Status != catalog.OfferListed || seller == nil || seller.Status != catalog.ProviderAdmitted {
			return Full{}, notFound()
		}
	}
	if err := db.Where("offer_id = ? AND status = ?", id, catalog.PlanActive).Order("position, id").Find(&full.Plans).Error; err != nil {
		return full, fmt.Errorf("plans of %s: %w", id, err)
	}
	marks, err := marksOf(db, full.Plans)
	full.Marks = marks
	return full, err
}

func marksOf(db *gorm.DB, plans []catalog.Plan) (map[kernel.ID][]catalog.PriceMark, error) {
	ids := make([]kernel.ID, len(plans))
	for i, p := range plans {
		ids[i] = p.ID
	}
	out := make(map[kernel.ID][]catalog.PriceMark, len(plans))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []catalog.PriceMark
	if err := db.Where("plan_id IN ?", ids).Order("plan_id, from_at DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list prices: %w", err)
	}
	for _, m := range rows {
		out[m.PlanID] = append(out[m.PlanID], m)
	}
	return out, nil
}

// Mine lists a provider's own offers in every state, the newest first.
func (d *Desk) Mine(ctx context.Context, who kernel.Actor, status string, after kernel.ID, limit int) ([]catalog.Offer, error) {
	if err := who.Require(kernel.RoleProvider); err != nil {
		return nil, err
	}
	q := d.DB.Read(ctx).Where("provider_id = ?", who.Org)
	if status != "" {
		q = q.Where("status = ?", status)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	var out []catalog.Offer
	err := q.Order("id DESC").Limit(limit).Omit("description_zh", "description_en", "data_return_zh", "data_return_en").Find(&out).Error
	return out, err
}

// Plan returns a plan that is on sale as the database knows it, or not_found.
func (d *Desk) Plan(ctx context.Context, offer, plan kernel.ID) (catalog.Listed, error) {
	return OnSale(d.DB.Read(ctx), offer, plan)
}

// OnSale is Plan inside another use case's transaction.
func OnSale(db *gorm.DB, offer, plan kernel.ID) (catalog.Listed, error) {
	var found []listedRow
	err := db.Table("plans p").
		Joins("JOIN offers o ON o.id = p.offer_id").Joins("JOIN providers s ON s.id = o.provider_id").
		Where("p.id = ? AND o.id = ? AND p.status = ? AND o.status = ? AND s.status = ?", plan, offer, catalog.PlanActive, catalog.OfferListed, catalog.ProviderAdmitted).
		Select(listedColumns).Scan(&found).Error
	if err != nil {
		return catalog.Listed{}, fmt.Errorf("plan %s: %w", plan, err)
	}
	if len(found) == 0 {
		return catalog.Listed{}, kernel.NotFound(kernel.T("在售的规格", "plan on sale"))
	}
	return found[0].listed(), nil
}

// Named returns plans of any standing by ID, for showing what was proposed on them.
func Named(db *gorm.DB, plans []kernel.ID) (map[kernel.ID]catalog.Listed, error) {
	out := make(map[kernel.ID]catalog.Listed, len(plans))
	if len(plans) == 0 {
		return out, nil
	}
	var found []listedRow
	err := db.Table("plans p").Joins("JOIN offers o ON o.id = p.offer_id").Where("p.id IN ?", plans).Select(listedColumns).Scan(&found).Error
	for _, r := range found {
		out[r.PlanID] = r.listed()
	}
	return out, err
}

const listedColumns = "o.id AS offer_id, p.id AS plan_id, o.provider_id, o.name_zh AS offer_zh, o.name_en AS offer_en, p.name_zh AS plan_zh, p.name_en AS plan_en, o.category, o.depth, o.class, p.price_fen, p.unit"

type listedRow struct {
	OfferID    kernel.ID
	PlanID     kernel.ID
	ProviderID kernel.ID
	OfferZH    string `gorm:"column:offer_zh"`
	OfferEN    string `gorm:"column:offer_en"`
	PlanZH     string `gorm:"column:plan_zh"`
	PlanEN     string `gorm:"column:plan_en"`
	Category   string
	Depth      string
	Class      string
	Price      kernel.Fen `gorm:"column:price_fen"`
	Unit       string
}

func (r listedRow) listed() catalog.Listed {
	return catalog.Listed{
		OfferID: r.OfferID, PlanID: r.PlanID, ProviderID: r.ProviderID,
		Offer: kernel.Text{ZH: r.OfferZH, EN: r.OfferEN}, Plan: kernel.Text{ZH: r.PlanZH, EN: r.PlanEN},
		Category: r.Category, Depth: r.Depth, Class: r.Class, Price: r.Price, Unit: r.Unit,
	}
}
