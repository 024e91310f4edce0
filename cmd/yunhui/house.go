package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/services/api"
	"yunhui/services/calendar"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/files"
	"yunhui/services/identity"
	"yunhui/services/queue"
	registrystore "yunhui/services/registry/store"
	"yunhui/services/settings"
	"yunhui/services/telemetry"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/simulation"
	"yunhui/workers"
)

// house is every room, joined.
type house struct {
	settings settings.Settings
	log      *slog.Logger
	metrics  *telemetry.Registry
	db       *database.DB
	files    files.Store
	fields   *crypto.Fields

	identity   *identity.Service
	registry   *registrystore.Store
	register   register
	policies   *gazette.Library
	drafts     *drafts.Desk
	simulated  *simulation.Desk
	simulator  *simulation.Runner
	quotes     *quotes.Desk
	agreements *agreements.Desk
	claims     *claims.Desk
	notices    *notices.Desk
	payments   *payments.Desk
	clawbacks  *clawbacks.Desk
	books      *budget.Desk
	openings   *openings.Desk
	shelf      *offers.Shelf
	market     market
	runtime    *queue.Runtime
	shift      *workers.Shift
	desk       *api.Desk
}

// open opens the store and joins the rooms. The schema is not touched, save on
// SQLite, where the newcomer's first start makes it.
func open(ctx context.Context, p *process) (*house, error) {
	s, err := settings.FromProcess(p.config)
	if err != nil {
		return nil, err
	}
	if p.clock == nil {
		if p.clock, err = clock(s.Demo, p.clockFile); err != nil {
			return nil, err
		}
	}
	log, err := telemetry.NewLogger(p.err, s.Log.Level, s.Log.Format)
	if err != nil {
		return nil, err
	}
	h := &house{settings: s, log: log, metrics: telemetry.NewRegistry()}
	observer := newTransactions(h.metrics)
	if h.db, err = database.Open(ctx, s.Database, database.Options{Clock: p.clock, Log: log, Observe: observer, MaxConns: 32}); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	if err := h.join(ctx); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	return h, nil
}

func (h *house) join(ctx context.Context) (err error) {
	if h.db.Engine == database.SQLite {
		if err := h.db.Migrate(ctx); err != nil {
			return err
		}
	}
	if h.files, err = files.OpenDisk(h.settings.Path("files")); err != nil {
		return err
	}
	if h.fields, err = crypto.OpenFields(h.settings.MasterKey, h.settings.Path("master.key")); err != nil {
		return err
	}
	h.identity = identity.New(h.db, identity.Options{Fields: h.fields, Demo: h.settings.Demo})
	h.registry = registrystore.New(h.db, h.fields)
	h.register = register{directory: h.registry.Directory(), clock: h.db.Clock()}
	h.policies = gazette.NewLibrary(h.db)
	h.drafts = &drafts.Desk{DB: h.db, Policies: h.policies}
	h.simulated = &simulation.Desk{DB: h.db, Policies: h.policies, Drafts: h.drafts}
	h.simulator = simulation.NewRunner(h.db, h.register, h.log)
	h.shelf = offers.NewShelf(h.db)
	h.market = market{
		shop:    &offers.Desk{DB: h.db, Shelf: h.shelf, Log: h.log},
		demands: &demands.Desk{DB: h.db, Shelf: h.shelf, Registry: h.register},
	}
	h.quotes = &quotes.Desk{DB: h.db, Policies: h.policies, Registry: h.register, Market: h.market}
	h.agreements = &agreements.Desk{DB: h.db, Policies: h.policies, Registry: h.register, Market: h.market}
	h.claims = &claims.Desk{DB: h.db, Policies: h.policies, Registry: h.register}
	h.notices = &notices.Desk{DB: h.db, Policies: h.policies, Registry: h.register, Calendar: calendar.Default()}
	layouts, err := payments.OpenLayouts(h.settings.Path("layouts"))
	if err != nil {
		return err
	}
	h.payments = &payments.Desk{DB: h.db, Policies: h.policies, Registry: h.register, Payees: h.register, Cipher: h.fields, Layouts: layouts}
	h.clawbacks = &clawbacks.Desk{DB: h.db, Calendar: calendar.Default()}
	h.books = &budget.Desk{DB: h.db, Policies: h.policies}
	h.openings = &openings.Desk{DB: h.db, Policies: h.policies, Registry: h.register}
	h.runtime = queue.New(h.db, queue.Options{Redis: h.settings.Redis, Log: h.log})
	h.metrics.Register(h.runtime.Collector())
	h.metrics.Register(newClaimsByState(h.db))
	h.bind()
	return nil
}

func (h *house) close() error {
	h.simulator.Stop()
	return h.db.Close()
}

// bind gives the night shift its tasks and duties.
func (h *house) bind() {
	h.shift = workers.New(h.db, h.runtime)
	h.shift.Money(h.identity, h.agreements, h.claims, h.notices, h.payments)
	h.shift.Clawbacks(h.identity, h.clawbacks)
	h.shift.Books(h.books)
	h.shift.Simulations(h.simulated, h.simulator)
	h.shift.Market(h.identity, h.market.demands)
	h.shift.Duties(workers.Duty{Name: "identity.sweep", Every: 24 * time.Hour, Do: func(ctx context.Context) error {
		_, err := h.identity.Sweep(ctx, 1000)
		return err
	}})
}
