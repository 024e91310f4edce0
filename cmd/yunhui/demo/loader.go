package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	registrystore "yunhui/services/registry/store"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/payments"
)

// Loader tells the life of the demo city through the same desks that people
// use, with a clock that it moves through the past months to now. Nothing is
// written behind the desks' backs, so every law holds in the demo city too.
type Loader struct {
	DB         *database.DB // opened with Clock
	Clock      *kernel.ManualClock
	Now        time.Time // when the story ends
	Identity   *identity.Service
	Registry   *registrystore.Store
	Drafts     *drafts.Desk
	Agreements *agreements.Desk
	Claims     *claims.Desk
	Notices    *notices.Desk
	Payments   *payments.Desk
	Clawbacks  *clawbacks.Desk
	Books      *budget.Desk
	Openings   *openings.Desk
	Demands    *demands.Desk
	Shelf      *offers.Shelf
	Files      files.Store
	Runtime    *queue.Runtime // with its handlers bound; drained, never started
	Say        func(format string, args ...any)

	content Content
	people  map[string]kernel.Actor // by login, and by the key of their organisation
	firms   map[string]kernel.ID
	sellers map[string]kernel.ID
	offers  map[string]placed
}

// marker is the lease row that says a city is loaded.
const marker = "demo.city"

// began is how long before now the story starts.
const began = 130 * 24 * time.Hour

// Load loads the city once. On a store that holds it already it does nothing;
// on one that holds other data it refuses.
func (l *Loader) Load(ctx context.Context) error {
	loaded, err := l.loaded(ctx)
	if err != nil || loaded {
		return err
	}
	if l.content, err = Read(); err != nil {
		return err
	}
	l.Clock.Set(l.Now.Add(-began))
	for _, chapter := range []struct {
		name string
		tell func(context.Context) error
	}{
		{"authorities, firms and people", l.populate},
		{"policies and budgets", l.legislate},
		{"the market", l.stock},
		{"agreements and claims", l.live},
	} {
		l.Say("demo city: %s", chapter.name)
		if err := chapter.tell(ctx); err != nil {
			return fmt.Errorf("%s: %w", chapter.name, err)
		}
	}
	l.Clock.Set(l.Now)
	if err := l.author(ctx); err != nil {
		return fmt.Errorf("the next version of the policy: %w", err)
	}
	if err := l.closeBooks(ctx); err != nil {
		return fmt.Errorf("the books: %w", err)
	}
	_, err = l.DB.Lease(ctx, marker, "loaded", 100*365*24*time.Hour)
	return err
}

func (l *Loader) loaded(ctx context.Context) (bool, error) {
	var rows, others int64
	if err := l.DB.Read(ctx).Table("leases").Where("name = ?", marker).Count(&rows).Error; err != nil || rows > 0 {
		return rows > 0, err
	}
	if err := l.DB.Read(ctx).Table("organisations").Count(&others).Error; err != nil {
		return false, err
	}
	if others > 0 {
		return false, errors.New("the store holds other data, or a demo city that was not finished: use an empty one")
	}
	return false, nil
}

// as puts the actor into the context.
func as(ctx context.Context, who kernel.Actor) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: who, Address: "192.0.2.1", RequestID: "demo"})
}
