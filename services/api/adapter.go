package api

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// adapter joins huma to the desk. It is our own because huma's adapter for this
// fiber comes in one package with the adapter for the next, and would bring both
// servers into the binary; and because a route that has not been declared must
// not pass.
type adapter struct{ desk *Desk }

// Handle takes the operation that Route is registering, and no other.
func (a adapter) Handle(op *huma.Operation, serve func(huma.Context)) {
	r := a.desk.pending
	if r == nil || r.Method != op.Method || r.Path != op.Path {
		panic(fmt.Sprintf("api: %s %s: register it with api.Route, which asks who may", op.Method, op.Path))
	}
	r.serve = func(c *fiber.Ctx, _ *visit) error {
		serve(&humaContext{op: op, c: c, ctx: c.UserContext()})
		return nil
	}
}

// ServeHTTP lets huma's test tools knock.
func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.desk.ServeHTTP(w, r) }

// humaContext is one request and its answer as huma sees them.
type humaContext struct {
	op     *huma.Operation
	c      *fiber.Ctx
	ctx    context.Context
	status int
}

var _ huma.Context = (*humaContext)(nil)

func (x *humaContext) Operation() *huma.Operation      { return x.op }
func (x *humaContext) Context() context.Context        { return x.ctx }
func (x *humaContext) TLS() *tls.ConnectionState       { return x.c.Context().TLSConnectionState() }
func (x *humaContext) Version() huma.ProtoVersion      { return huma.ProtoVersion{Proto: x.c.Protocol()} }
func (x *humaContext) Method() string                  { return x.c.Method() }
func (x *humaContext) Host() string                    { return x.c.Hostname() }
func (x *humaContext) RemoteAddr() string              { return visitFrom(x.ctx).call.Address }
func (x *humaContext) Param(name string) string        { return x.c.Params(name) }
func (x *humaContext) Query(name string) string        { return x.c.Query(name) }
func (x *humaContext) Header(name string) string       { return x.c.Get(name) }
func (x *humaContext) BodyReader() io.Reader           { return bytes.NewReader(x.c.Request().Body()) }
func (x *humaContext) SetReadDeadline(time.Time) error { return nil } // the body is here already
func (x *humaContext) Status() int                     { return x.status }
func (x *humaContext) AppendHeader(name, value string) { x.c.Response().Header.Add(name, value) }
func (x *humaContext) SetHeader(name, value string)    { x.c.Response().Header.Set(name, value) }
func (x *humaContext) BodyWriter() io.Writer           { return x.c.Response().BodyWriter() }

func (x *humaContext) GetMultipartForm() (*multipart.Form, error) {
	return x.c.MultipartForm() //nolint:wrapcheck // huma reports it
}

func (x *humaContext) SetStatus(code int) {
	x.status = code
	x.c.Status(code)
}

func (x *humaContext) URL() url.URL {
	u, err := url.ParseRequestURI(string(x.c.Request().RequestURI()))
	if err != nil {
		return url.URL{Path: x.c.Path()}
	}
	return *u
}

func (x *humaContext) EachHeader(each func(name, value string)) {
	for name, value := range x.c.Request().Header.All() {
		each(string(name), string(value))
	}
}

// WithContext gives huma's middleware its own context.
func (x *humaContext) WithContext(ctx context.Context) huma.Context {
	inner := *x
	inner.ctx = ctx
	return &inner
}
