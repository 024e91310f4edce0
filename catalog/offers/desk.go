package offers

import (
	"context"
	"log/slog"
	"maps"

	"yunhui/catalog"
	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Desk is where providers keep their offers.
type Desk struct {
	DB    *database.DB
	Shelf *Shelf
	Log   *slog.Logger
}

// Create keeps a new offer as a draft: nobody else sees it until it is listed.
func (d *Desk) Create(ctx context.Context, in OfferDraft) (kernel.ID, error) {
	who := kernel.CallFrom(ctx).Actor
	if err := who.Require(kernel.RoleProvider); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, "offer.create", func(tx *database.Tx) (kernel.ID, error) {
		if err := admitted(tx, who.Org); err != nil {
			return "", err
		}
		o := in.offer()
		o.ID, o.ProviderID, o.Status, o.Version, o.CreatedAt, o.UpdatedAt = kernel.NewID(tx.Now), who.Org, catalog.OfferDraft, 1, tx.Now, tx.Now
		if err := tx.Create(&o).Error; err != nil {
			return "", err
		}
		if err := settlePlans(tx, o.ID, in.Plans); err != nil {
			return "", err
		}
		return o.ID, record(tx, "offer.create", o.ID, map[string]any{"name": o.NameZH, "price_from_fen": o.LowestPrice})
	})
}

// Edit changes an own offer under the version that was seen. A price that moves
// is added to the plan's history; plans left out are retired, not deleted.
func (d *Desk) Edit(ctx context.Context, id kernel.ID, version int64, in OfferDraft) (kernel.ID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	return d.change(ctx, "offer.edit", id, version, func(tx *database.Tx, o catalog.Offer) error {
		next := in.offer()
		next.Version, next.UpdatedAt = o.Version+1, tx.Now
		result := tx.Model(&catalog.Offer{}).Where("id = ? AND version = ?", o.ID, o.Version).
			Select("category", "depth", "class", "name_zh", "name_en", "summary_zh", "summary_en", "description_zh", "description_en",
				"chains", "sizes", "integrates", "data_return_zh", "data_return_en", "lowest_price_fen", "version", "updated_at").
			Updates(&next)
		if err := database.Changed(result, database.Stale()); err != nil {
			return err
		}
		if err := settlePlans(tx, o.ID, in.Plans); err != nil {
			return err
		}
		return record(tx, "offer.edit", o.ID, map[string]any{"name": next.NameZH, "price_from_fen": next.LowestPrice, "price_from_fen_before": o.LowestPrice})
	})
}

// List puts a draft or withdrawn offer on sale.
func (d *Desk) List(ctx context.Context, id kernel.ID, version int64) (kernel.ID, error) {
	return d.change(ctx, "offer.list", id, version, func(tx *database.Tx, o catalog.Offer) error {
		if o.Status == catalog.OfferListed {
			return offerState()
		}
		return move(tx, "offer.list", o, catalog.OfferListed, map[string]any{"listed_at": tx.Now})
	})
}

// Withdraw takes an offer off sale. What was agreed on its terms stands.
func (d *Desk) Withdraw(ctx context.Context, id kernel.ID, version int64) (kernel.ID, error) {
	return d.change(ctx, "offer.withdraw", id, version, func(tx *database.Tx, o catalog.Offer) error {
		if o.Status != catalog.OfferListed {
			return offerState()
		}
		return move(tx, "offer.withdraw", o, catalog.OfferWithdrawn, nil)
	})
}

func offerState() error {
	return kernel.Conflict("offer.state", kernel.T("服务当前的状态不允许此操作", "The offer's present state does not allow this"))
}

// change runs a write on an own offer and shows the shelf what came of it.
func (d *Desk) change(ctx context.Context, name string, id kernel.ID, version int64, work func(*database.Tx, catalog.Offer) error) (kernel.ID, error) {
	who := kernel.CallFrom(ctx).Actor
	if err := who.Require(kernel.RoleProvider); err != nil {
		return "", err
	}
	return database.Do(ctx, d.DB, name, func(tx *database.Tx) (kernel.ID, error) {
		var o catalog.Offer
		if err := tx.Where("id = ? AND provider_id = ?", id, who.Org).Take(&o).Error; err != nil {
			return "", database.Found(err, notFound())
		}
		if err := admitted(tx, who.Org); err != nil {
			return "", err
		}
		if version != 0 && version != o.Version {
			return "", database.Stale()
		}
		tx.AfterCommit(func() {
			if err := d.Shelf.Take(context.WithoutCancel(ctx), id); err != nil {
				d.Log.WarnContext(ctx, "catalogue take", "offer", id, "error", err)
			}
		})
		return id, work(tx, o)
	})
}

func move(tx *database.Tx, action string, o catalog.Offer, to string, columns map[string]any) error {
	set := map[string]any{"status": to, "version": o.Version + 1, "updated_at": tx.Now}
	maps.Copy(set, columns)
	result := tx.Model(&catalog.Offer{}).Where("id = ? AND version = ? AND status = ?", o.ID, o.Version, o.Status).Updates(set)
	if err := database.Changed(result, database.Stale()); err != nil {
		return err
	}
	return record(tx, action, o.ID, map[string]any{"from": o.Status, "to": to})
}

// admitted refuses a provider who may not sell.
func admitted(tx *database.Tx, provider kernel.ID) error {
	var n int64
	if err := tx.Model(&catalog.Provider{}).Where("id = ? AND status = ?", provider, catalog.ProviderAdmitted).Count(&n).Error; err != nil {
		return err
	}
	if n == 0 {
		return kernel.Conflict("provider.not_admitted", kernel.T("贵单位尚未入库或已暂停，不能发布或修改服务", "Your organisation is not admitted, or is suspended; it cannot publish or change offers"))
	}
	return nil
}

func record(tx *database.Tx, action string, id kernel.ID, detail any) error {
	return audit.Record(tx, audit.Entry{Action: action, ObjectKind: "offer", ObjectID: string(id), Detail: detail})
}

func notFound() error { return kernel.NotFound(kernel.T("服务", "offer")) }
