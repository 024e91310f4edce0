package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "github.com/go-sql-driver/mysql"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// store is an empty, migrated store that is gone after close.
type store struct {
	*database.DB
	remove func() error
}

// openStore makes a store of its own on the server of the options, or on SQLite
// in a temporary folder.
func openStore(ctx context.Context, o Options, clock kernel.Clock, watch database.Observer) (*store, error) {
	address, remove, err := place(ctx, o.Database)
	if err != nil {
		return nil, err
	}
	db, err := database.Open(ctx, address, database.Options{Clock: clock, MaxConns: o.Connections, Observe: watch})
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	s := &store{DB: db, remove: remove}
	if err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *store) close() error { return errors.Join(s.Close(), s.remove()) }

// engine names what the store stands on.
func (s *store) engine() string { return string(s.Engine) + " " + s.Version }

func place(ctx context.Context, server string) (address string, remove func() error, err error) {
	if server == "" {
		folder, err := os.MkdirTemp("", "yunhui-bench-")
		return "sqlite://" + filepath.Join(folder, "bench.db"), func() error { return os.RemoveAll(folder) }, err
	}
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "mysql" {
		return "", nil, errors.New("the server of a bench must look like mysql://user:password@host:port/")
	}
	name := "yunhui_bench_" + strings.ReplaceAll(string(kernel.NewID(kernel.SystemClock{}.Now())), "-", "")
	if err := administer(ctx, u, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	there := *u
	there.Path = "/" + name
	return there.String(), func() error { return administer(context.WithoutCancel(ctx), u, "DROP DATABASE "+name) }, nil
}

func administer(ctx context.Context, server *url.URL, statement string) (err error) {
	cfg := driver.NewConfig()
	cfg.User, cfg.Net, cfg.Addr = server.User.Username(), "tcp", server.Host
	cfg.Passwd, _ = server.User.Password()
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return err
	}
	pool := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, pool.Close()) }()
	if _, err := pool.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
