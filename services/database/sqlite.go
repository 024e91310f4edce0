package database

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/gormlite"
	"gorm.io/gorm"
)

// sqliteTime has a fixed width, so that instants sort as text.
const sqliteTime = "2006-01-02T15:04:05.000000Z07:00"

// openSQLite keeps two pools: one connection that writes, whose transactions
// take the write lock at once (a deferred transaction that upgrades fails at
// once under contention, whatever the busy timeout), and several that read.
func (d *DB) openSQLite(ctx context.Context, path string, o Options) error {
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return err
		}
	}
	writer, err := driver.Open(sqliteDSN(path, false))
	if err != nil {
		return err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		return errors.Join(err, writer.Close())
	}
	readers, err := driver.Open(sqliteDSN(path, true))
	if err != nil {
		return errors.Join(err, writer.Close())
	}
	readers.SetMaxOpenConns(min(o.MaxConns, 4*runtime.NumCPU()))
	readers.SetMaxIdleConns(min(o.MaxConns, 4*runtime.NumCPU()))

	d.Engine, d.path = SQLite, path
	d.close = func() error { return errors.Join(readers.Close(), writer.Close()) }
	if d.write, err = gorm.Open(gormlite.OpenDB(writer), d.gormConfig()); err == nil {
		d.read, err = gorm.Open(gormlite.OpenDB(readers), d.gormConfig())
	}
	if err == nil {
		err = readers.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&d.Version)
	}
	if err != nil {
		return errors.Join(err, d.close())
	}
	return nil
}

func sqliteDSN(path string, reader bool) string {
	q := url.Values{"_timefmt": {sqliteTime}}
	pragmas := []string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(normal)", "foreign_keys(1)", "temp_store(memory)"}
	if reader {
		pragmas = append(pragmas, "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	q["_pragma"] = pragmas
	return "file:" + escape(path) + "?" + q.Encode()
}

func escape(path string) string { return (&url.URL{Path: path}).EscapedPath() }
