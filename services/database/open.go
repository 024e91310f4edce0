package database

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gorm.io/gorm"

	"yunhui/services/kernel"
)

// Engine is a family of SQL.
type Engine string

// The engines. MySQL stands for MySQL, MariaDB, their clusters and TiDB.
const (
	SQLite Engine = "sqlite"
	MySQL  Engine = "mysql"
)

// Options are what Open needs besides the address. Zero values are good.
type Options struct {
	Clock    kernel.Clock // default: the system clock
	Log      *slog.Logger // default: discard
	Observe  Observer     // default: nothing
	MaxConns int          // of the readers, and on MySQL of the writers too; default 16
}

// Observer hears of every finished transaction: the name of the use case, how
// many attempts it took and whether it committed.
type Observer interface {
	Transaction(name string, attempts int, took time.Duration, err error)
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	Engine  Engine
	Version string // as the server says it
	path    string // of the file, SQLite only
	write   *gorm.DB
	read    *gorm.DB
	clock   kernel.Clock
	log     *slog.Logger
	observe Observer
	close   func() error
}

// Open connects to sqlite://path or mysql://user:pass@host:port/name and checks
// that the store answers. It does not migrate.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = kernel.SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	d := &DB{clock: o.Clock, log: o.Log, observe: o.Observe}
	switch {
	case strings.HasPrefix(address, "sqlite://"):
		err := d.openSQLite(ctx, strings.TrimPrefix(address, "sqlite://"), o)
		return d, err
	case strings.HasPrefix(address, "mysql://"):
		err := d.openMySQL(ctx, address, o)
		return d, err
	default:
		return nil, fmt.Errorf("database address must begin with sqlite:// or mysql://")
	}
}

// Clock returns the clock that stamps this store's transactions.
func (d *DB) Clock() kernel.Clock { return d.clock }

// Read returns a handle for queries. Writing through it is refused by SQLite and
// a mistake everywhere. With the context of a transaction it reads through that
// transaction: whoever holds a connection and waits for another one can wait
// for ever, once all connections are held by those who wait.
func (d *DB) Read(ctx context.Context) *gorm.DB {
	if u, ok := ctx.Value(underwayKey{}).(*underway); ok && u.of == d && u.handle != nil {
		return u.handle.Session(&gorm.Session{NewDB: true, Context: ctx})
	}
	return d.read.WithContext(ctx)
}

// Ping checks that the store answers.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.read.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// Writer returns the pool that writes, for migrations and bare measurements.
func (d *DB) Writer() (*sql.DB, error) { return d.write.DB() }

// Close closes all connections.
func (d *DB) Close() error { return d.close() }

func (d *DB) gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction:                   true,
		DisableForeignKeyConstraintWhenMigrating: true,
		TranslateError:                           false,
		NowFunc:                                  d.clock.Now,
		Logger:                                   queryLog{d.log},
	}
}
