package database

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// queryLog sends gorm's own messages to slog. Statements are logged without
// their parameters, which may be personal data, and only when they fail for a
// reason that is not part of ordinary life.
type queryLog struct{ log *slog.Logger }

func (q queryLog) LogMode(logger.LogLevel) logger.Interface { return q }

func (q queryLog) Info(ctx context.Context, msg string, args ...any) {
	q.log.InfoContext(ctx, fmt.Sprintf(msg, args...))
}

func (q queryLog) Warn(ctx context.Context, msg string, args ...any) {
	q.log.WarnContext(ctx, fmt.Sprintf(msg, args...))
}

func (q queryLog) Error(ctx context.Context, msg string, args ...any) {
	q.log.ErrorContext(ctx, fmt.Sprintf(msg, args...))
}

// mostLogged bounds the bytes of a logged statement: bulk inserts are long.
const mostLogged = 400

func (q queryLog) Trace(ctx context.Context, _ time.Time, statement func() (string, int64), err error) {
	if err == nil || errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, context.Canceled) || IsDuplicate(err) || Retryable(err) {
		return
	}
	text, _ := statement()
	text = text[:min(len(text), mostLogged)]
	q.log.WarnContext(ctx, "statement failed", "sql", text, "error", err)
}

// ParamsFilter hides the parameters of logged statements.
func (q queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}
