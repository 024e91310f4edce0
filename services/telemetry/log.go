package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"yunhui/services/kernel"
)

// NewLogger writes to w in the format "json" or "text", from the level "debug",
// "info", "warn" or "error" upward. Each line written with a context carries the
// request of that context; attributes whose names speak of secrets are hidden.
func NewLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q: want debug, info, warn or error", level)
	}
	o := &slog.HandlerOptions{Level: l, ReplaceAttr: hideSecrets}
	switch format {
	case "json":
		return slog.New(withRequest{slog.NewJSONHandler(w, o)}), nil
	case "text":
		return slog.New(withRequest{slog.NewTextHandler(w, o)}), nil
	default:
		return nil, fmt.Errorf("log format %q: want json or text", format)
	}
}

// withRequest adds who and which request to lines that have a call in their context.
type withRequest struct{ slog.Handler }

func (h withRequest) Handle(ctx context.Context, r slog.Record) error {
	call := kernel.CallFrom(ctx)
	if call.RequestID != "" {
		r.AddAttrs(slog.String("request_id", call.RequestID))
	}
	if call.Actor.Person != "" {
		r.AddAttrs(slog.String("person", string(call.Actor.Person)))
	}
	return h.Handler.Handle(ctx, r)
}

func (h withRequest) WithAttrs(a []slog.Attr) slog.Handler {
	return withRequest{h.Handler.WithAttrs(a)}
}

func (h withRequest) WithGroup(name string) slog.Handler {
	return withRequest{h.Handler.WithGroup(name)}
}

var secretWords = []string{"password", "passwd", "secret", "token", "authorization", "cookie", "private_key", "dsn"}

func hideSecrets(_ []string, a slog.Attr) slog.Attr {
	name := strings.ToLower(a.Key)
	for _, w := range secretWords {
		if strings.Contains(name, w) {
			return slog.String(a.Key, "[hidden]")
		}
	}
	return a
}
