package database

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
)

// statementTimeout bounds a statement on the server: a cancelled context only
// closes the client's side and leaves the query running.
const statementTimeout = 60 * time.Second

func (d *DB) openMySQL(ctx context.Context, address string, o Options) error {
	cfg, err := mysqlConfig(address)
	if err != nil {
		return err
	}
	version, err := serverVersion(ctx, cfg)
	if err != nil {
		return err
	}
	maps.Copy(cfg.Params, sessionSettings(version))
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return err
	}
	// Two pools, as on SQLite: a use case that reads beside its own transaction
	// (the list of policies, say) must not wait for a connection that others
	// hold who wait for the same.
	most := max(o.MaxConns, 2) // migrating takes one more, for its lock
	writers, readers := openPool(connector, most), openPool(connector, most)
	d.Engine, d.Version = MySQL, version
	d.close = func() error { return errors.Join(readers.Close(), writers.Close()) }
	if d.write, err = d.openGorm(writers); err == nil {
		d.read, err = d.openGorm(readers)
	}
	if err != nil {
		return errors.Join(err, d.close())
	}
	if err := d.Ping(ctx); err != nil {
		return errors.Join(err, d.close())
	}
	return nil
}

func openPool(connector sqldriver.Connector, most int) *sql.DB {
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	pool.SetConnMaxLifetime(30 * time.Minute)
	return pool
}

func (d *DB) openGorm(pool *sql.DB) (*gorm.DB, error) {
	return gorm.Open(mysql.New(mysql.Config{Conn: pool, SkipInitializeWithVersion: true, DisableWithReturning: true}), d.gormConfig())
}

// mysqlConfig is the DSN policy: UTC, matched (not changed) rows counted, which
// the guarded updates rely on, four-byte characters, client-side interpolation
// to save a round trip, and no multi-statements.
func mysqlConfig(address string) (*driver.Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("database address must look like mysql://user:password@host:3306/name")
	}
	cfg := driver.NewConfig()
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, strings.Trim(u.Path, "/")
	if u.Port() == "" {
		cfg.Addr += ":3306"
	}
	for name := range u.Query() {
		if name != "tls" {
			return nil, fmt.Errorf("database address: option %q is not known (only tls is)", name)
		}
		cfg.TLSConfig = u.Query().Get(name)
	}
	cfg.ParseTime, cfg.Loc = true, time.UTC
	cfg.ClientFoundRows = true
	cfg.InterpolateParams = true
	cfg.Collation = "utf8mb4_bin"
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = 10*time.Second, 90*time.Second, 30*time.Second
	cfg.Params = map[string]string{
		"time_zone": "'+00:00'",
		"sql_mode":  "'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION'",
	}
	return cfg, nil
}

// sessionSettings names the variables that the members of the family spell
// differently: isolation and the bound on a statement's time.
func sessionSettings(version string) map[string]string {
	if strings.Contains(strings.ToLower(version), "mariadb") {
		return map[string]string{
			"tx_isolation":       "'READ-COMMITTED'",
			"max_statement_time": fmt.Sprintf("%d", int(statementTimeout.Seconds())),
		}
	}
	return map[string]string{
		"transaction_isolation": "'READ-COMMITTED'",
		"max_execution_time":    fmt.Sprintf("%d", statementTimeout.Milliseconds()),
	}
}

func serverVersion(ctx context.Context, cfg *driver.Config) (version string, err error) {
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return "", err
	}
	pool := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, pool.Close()) }()
	err = pool.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version)
	return version, err
}
