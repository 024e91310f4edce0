package api

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"yunhui/services/kernel"
	"yunhui/services/telemetry"
)

// apiRoot is where every route of a room lives.
const apiRoot = "/api/v1/"

// Authenticator knows people by their bearer tokens. It answers with a
// kernel.Error of KindUnauthenticated for a token that is not good (any more);
// any other error is taken for a failure of ours.
type Authenticator interface {
	Authenticate(ctx context.Context, bearer string) (kernel.Actor, error)
}

// Options set the desk up. Log and Clock are needed; the rest has usable zero values.
type Options struct {
	Version         string // of the API, for the document
	Log             *slog.Logger
	Clock           kernel.Clock
	Authenticator   Authenticator       // nil: every token is refused
	Metrics         *telemetry.Registry // nil: nothing is counted, and /metrics is not there
	PublicURL       string              // as visitors reach the site; empty: by the listening address
	TrustedProxies  []netip.Prefix      // whose X-Forwarded-For is believed
	RequestTimeout  time.Duration       // 0: 30 s
	MaxBody         int                 // bytes, of routes that do not say; 0: 1 MiB
	AnonymousWrites int                 // a minute and address; 0: 120, negative: without limit
}

// Desk is the front desk. Rooms register on it, then it is opened with Listen
// (or ServeHTTP in tests); from then on its routes stand.
type Desk struct {
	app      *fiber.App
	huma     huma.API
	log      *slog.Logger
	clock    kernel.Clock
	auth     Authenticator
	proxies  []netip.Prefix
	clothes  []header
	polite   *limiter
	timeout  time.Duration
	maxBody  int
	meter    *telemetry.Requests
	unrouted *telemetry.RouteMeter

	publicURL *url.URL // nil when unset

	routes  []*route
	pending *route // being registered with huma
	opened  sync.Once
	closed  atomic.Bool // for further registration
	site    *site

	document func() ([]byte, error)
	checks   readiness

	lifetime context.Context // of every request; ends after the last has been answered
	end      context.CancelFunc
	draining atomic.Bool
}

// New sets up a desk with its own routes: /healthz, /readyz, /metrics,
// /openapi.json and /docs.
func New(o Options) *Desk {
	teach()
	d := &Desk{
		log: o.Log, clock: o.Clock, auth: o.Authenticator, proxies: o.TrustedProxies,
		timeout: orDefault(o.RequestTimeout, 30*time.Second), maxBody: orDefault(o.MaxBody, 1<<20),
		polite: &limiter{clock: o.Clock, limit: orDefault(o.AnonymousWrites, 120)},
		checks: readiness{clock: o.Clock},
	}
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		d.publicURL = u
	}
	d.clothes = clothes(d.publicURL != nil && d.publicURL.Scheme == "https")
	d.lifetime, d.end = context.WithCancel(context.Background())
	if o.Metrics != nil {
		d.meter = telemetry.NewRequests(o.Metrics)
		d.unrouted = d.meter.Route("any", "unrouted")
	}
	d.app = d.newApp()
	d.huma = huma.NewAPI(d.config(o.Version), adapter{d})
	d.document = sync.OnceValues(d.writeDocument)
	d.furnish(o.Metrics)
	return d
}

func (d *Desk) newApp() *fiber.App {
	app := fiber.New(fiber.Config{
		Immutable:               true, // strings outlive their request
		CaseSensitive:           true,
		UnescapePath:            true,
		EnableTrustedProxyCheck: true, // with nobody trusted: fiber believes no header; address.go does
		DisableStartupMessage:   true,
		BodyLimit:               d.maxBody,
		ReadBufferSize:          16 << 10,
		ReadTimeout:             60 * time.Second,
		WriteTimeout:            60 * time.Second,
		IdleTimeout:             90 * time.Second,
		ErrorHandler:            d.unreadable,
	})
	server := app.Server()
	server.HeaderReceived = d.bodyLimit
	server.CloseOnShutdown = true
	serve := server.Handler
	server.Handler = d.knownMethods(serve)
	app.Use(d.front)
	return app
}

// Huma is for what Route does not offer, such as transformers. A route that is
// registered on it directly has no declared access and panics.
func (d *Desk) Huma() huma.API { return d.huma }

// App is the server below the desk, for tests and tools.
func (d *Desk) App() *fiber.App { return d.app }

func orDefault[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
