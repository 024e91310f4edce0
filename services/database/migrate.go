package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	schema "yunhui/sql"
)

// Migrate brings the schema up to the newest version this program knows. It
// refuses a store that is newer: an older program must not write to it.
// On MySQL a lock row keeps two nodes from migrating at the same time.
func (d *DB) Migrate(ctx context.Context) error {
	return d.withMigrations(func(p *goose.Provider) error {
		current, target, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if current > target {
			return fmt.Errorf("the store has schema version %d, this program knows only %d: install a newer program", current, target)
		}
		_, err = p.Up(ctx)
		return err
	})
}

// SchemaVersion returns the version of the store and the newest known one.
func (d *DB) SchemaVersion(ctx context.Context) (current, known int64, err error) {
	err = d.withMigrations(func(p *goose.Provider) error {
		current, known, err = p.GetVersions(ctx)
		return err
	})
	return current, known, err
}

// CheckSchema returns an error unless the store has exactly the known version.
func (d *DB) CheckSchema(ctx context.Context) error {
	current, known, err := d.SchemaVersion(ctx)
	if err == nil && current != known {
		err = fmt.Errorf("the store has schema version %d, this program needs %d: run migrate", current, known)
	}
	return err
}

// withMigrations gives the work a provider on its own connection: goose keeps
// its times in SQLite's own format, not in that of the house.
func (d *DB) withMigrations(work func(*goose.Provider) error) (err error) {
	folder, err := fs.Sub(schema.Files, string(d.Engine))
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	dialect, pool := goose.DialectSQLite3, (*sql.DB)(nil)
	if d.Engine == SQLite {
		if pool, err = driver.Open("file:" + escape(d.path) + "?_pragma=busy_timeout(30000)"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, pool.Close()) }()
	} else {
		if pool, err = d.write.DB(); err != nil {
			return err
		}
		locker, err := lock.NewMySQLTableLocker()
		if err != nil {
			return fmt.Errorf("migration lock: %w", err)
		}
		dialect, options = goose.DialectMySQL, append(options, goose.WithLocker(locker))
	}
	p, err := goose.NewProvider(dialect, pool, folder, options...)
	if err != nil {
		return err
	}
	return work(p)
}
