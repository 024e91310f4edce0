package database

import (
	"context"
	"database/sql"
)

// Snapshot runs reads that must agree with each other: what the work reads with
// its context (DB.Read) is as it was at one moment, however long it takes and
// whatever is written meanwhile.
func (d *DB) Snapshot(ctx context.Context, work func(ctx context.Context) error) error {
	inside := &underway{of: d}
	ctx = context.WithValue(ctx, underwayKey{}, inside)
	o := &sql.TxOptions{ReadOnly: true}
	if d.Engine == MySQL {
		o.Isolation = sql.LevelRepeatableRead
	}
	handle := d.read.WithContext(ctx).Begin(o)
	if handle.Error != nil {
		return handle.Error
	}
	inside.handle = handle
	defer func() {
		inside.handle = nil
		handle.Rollback()
	}()
	return work(ctx)
}
