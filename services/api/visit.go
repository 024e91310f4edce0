package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"yunhui/services/kernel"
)

// visit is one request as the desk knows it. It is also the context of that
// request: its time limit comes from the desk's lifetime and not from the
// connection, because fasthttp cannot see a client leave and would cut a write
// short when the server shuts down.
type visit struct {
	context.Context
	desk   *Desk
	route  *route // nil until a declared route has been reached
	call   kernel.Call
	faults []kernel.Field // what is wrong with query and headers, told with the faults of the body
	code   string         // of the problem that was answered, for the log
}

type visitKey struct{}

// Value finds the visit itself under its key.
func (v *visit) Value(key any) any {
	if _, ok := key.(visitKey); ok {
		return v
	}
	return v.Context.Value(key)
}

func visitFrom(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

func visitOf(c *fiber.Ctx) *visit {
	v, _ := c.Locals(visitKey{}).(*visit)
	return v
}

// receive opens the visit: from where, under which number, in which language.
func (d *Desk) receive(c *fiber.Ctx) *visit {
	client, viaProxy := d.address(c)
	v := &visit{Context: d.lifetime, desk: d}
	v.call = kernel.Call{Address: client.String(), Language: language(c.Get(fiber.HeaderAcceptLanguage))}
	if viaProxy {
		v.call.RequestID = givenRequestID(c.Get(fiber.HeaderXRequestID))
	}
	if v.call.RequestID == "" {
		v.call.RequestID = nextRequestID()
	}
	c.Locals(visitKey{}, v)
	return v
}

// context is for log lines about the visit.
func (v *visit) context() context.Context { return kernel.WithCall(v, v.call) }

var (
	processTag     = randomTag()
	requestCounter atomic.Uint64
)

func randomTag() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// nextRequestID tells requests apart across processes and restarts. It is no
// secret, so a counter does.
func nextRequestID() string {
	return processTag + "-" + strconv.FormatUint(requestCounter.Add(1), 36)
}

// givenRequestID takes over the number a trusted proxy gave, when it has a form
// that can stand in a log.
func givenRequestID(id string) string {
	if len(id) > 64 {
		return ""
	}
	for i := range len(id) {
		c := id[i]
		if letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'; !letter && ('0' > c || c > '9') && c != '-' && c != '_' && c != '.' {
			return ""
		}
	}
	return id
}
