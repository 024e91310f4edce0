// Package databasetest runs one test on every engine. SQLite always runs, on a
// file in the test's folder; MariaDB or MySQL runs when YUNHUI_TEST_MYSQL names a
// server (mysql://root:pw@127.0.0.1:3307/), each test in an empty database of its
// own. Without it the MySQL half is skipped and says so.
package databasetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // to create and drop the test's database

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// ServerVariable names the environment variable with the address of the server.
const ServerVariable = "YUNHUI_TEST_MYSQL"

// Noon is the instant at which the clocks of tests stand unless they say otherwise.
var Noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// Each runs the test on a fresh, migrated store of every engine, in parallel.
// The store's clock is manual and stands at Noon.
func Each(t *testing.T, test func(t *testing.T, db *database.DB, clock *kernel.ManualClock)) {
	t.Helper()
	for _, engine := range []database.Engine{database.SQLite, database.MySQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			clock := kernel.NewManualClock(Noon)
			o := database.Options{Clock: clock}
			if engine == database.MySQL {
				test(t, borrow(t, o), clock)
				return
			}
			test(t, Open(t, Address(t, engine), o), clock)
		})
	}
}

// SQLite returns a fresh, migrated SQLite store with a manual clock at Noon.
func SQLite(t testing.TB) (*database.DB, *kernel.ManualClock) {
	t.Helper()
	clock := kernel.NewManualClock(Noon)
	return Open(t, Address(t, database.SQLite), database.Options{Clock: clock}), clock
}

// Open opens and migrates a store and closes it after the test.
func Open(t testing.TB, address string, o database.Options) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), address, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return db
}

// Address returns the address of an empty store of the engine that lives as
// long as the test. It skips the test when the engine's server is not there.
func Address(t testing.TB, engine database.Engine) string {
	t.Helper()
	if engine == database.SQLite {
		return "sqlite://" + filepath.Join(t.TempDir(), "yunhui.db")
	}
	server := os.Getenv(ServerVariable)
	if server == "" {
		t.Skipf("not run on MariaDB: %s names no server", ServerVariable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", ServerVariable, err)
	}
	name := "t" + strings.ReplaceAll(string(kernel.NewID(time.Now())), "-", "")
	admin(t, u, "CREATE DATABASE "+name)
	t.Cleanup(func() { admin(t, u, "DROP DATABASE "+name) })
	u.Path = "/" + name
	return u.String()
}

func admin(t testing.TB, u *url.URL, statement string) {
	t.Helper()
	pool := administer(t, u)
	defer func() { _ = pool.Close() }()
	if _, err := pool.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// administer connects to the server without a database.
func administer(t testing.TB, u *url.URL) *sql.DB {
	t.Helper()
	password, _ := u.User.Password()
	pool, err := sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/", u.User.Username(), password, u.Host))
	if err != nil {
		t.Fatal(err)
	}
	return pool
}
