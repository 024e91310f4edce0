package main

import (
	"context"
	"errors"

	catalogrest "yunhui/catalog/rest"
	"yunhui/frontend"
	"yunhui/services/api"
	auditrest "yunhui/services/audit/rest"
	identityrest "yunhui/services/identity/rest"
	notifyrest "yunhui/services/notify/rest"
	registryrest "yunhui/services/registry/rest"
	registrystore "yunhui/services/registry/store"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/quotas"
	"yunhui/subsidies/rest"
)

// openDesk lets every room register its routes.
func (h *house) openDesk() {
	h.desk = api.New(api.Options{
		Version: version, Log: h.log, Clock: h.db.Clock(), Authenticator: h.identity, Metrics: h.metrics,
		PublicURL: h.settings.PublicURL, TrustedProxies: h.settings.Proxies(),
	})
	people := &identityrest.Room{Identity: h.identity, Organisations: h.registry.Directory(), Secure: h.settings.Secure()}
	people.Register(h.desk)
	(&registryrest.Room{Clock: h.db.Clock(), Store: h.registry, Office: registrystore.NewOffice(h.db, h.registry, h.identity)}).Register(h.desk)
	(&notifyrest.Room{DB: h.db}).Register(h.desk)
	(&auditrest.Room{DB: h.db}).Register(h.desk)
	money := &rest.Room{
		DB: h.db, Policies: h.policies, Drafts: h.drafts, Simulations: h.simulated, Registry: h.register, Quotes: h.quotes, Agreements: h.agreements, Claims: h.claims, Files: h.files,
		Notices: h.notices, Payments: h.payments, Stopwatch: &payments.Stopwatch{DB: h.db, Calendar: h.notices.Calendar}, Books: h.books, Clawbacks: h.clawbacks, Openings: h.openings,
		Quotas: &quotas.Desk{DB: h.db, Policies: h.policies, Registry: h.register},
	}
	money.Register(h.desk)
	goods := &catalogrest.Room{Offers: h.market.shop, Shelf: h.shelf, Demands: h.market.demands, Registry: h.register}
	goods.Register(h.desk)
	h.desk.CheckReadiness("database", h.db.Ping)
	h.desk.CheckReadiness("schema", h.db.CheckSchema)
}

// openapi prints the document. It needs the routes and no store with data.
func openapi(ctx context.Context, p *process, args []string) (err error) {
	if err := p.options("openapi", args, nil); err != nil {
		return err
	}
	h, err := open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.openDesk()
	document, err := h.desk.OpenAPI()
	if err != nil {
		return err
	}
	_, err = p.out.Write(document)
	return err
}

func (h *house) site() error { return h.desk.Site(frontend.Files()) }
