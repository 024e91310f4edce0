package databasetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"yunhui/services/database"
	schema "yunhui/sql"
)

// Making a database and its tables costs a server a second or more, emptying
// them a few milliseconds. So the databases of tests are kept on the server and
// lent to one test at a time, emptied: the loan is a lock of the server, which a
// killed test loses with its connection. Their names carry a digest of the
// schema; those of another schema are dropped when a new one is made.

const poolPrefix = "yunhui_pool_"

// loans bounds the databases on one server.
const loans = 64

var schemaDigest = sync.OnceValue(func() string {
	sum := sha256.New()
	_ = fs.WalkDir(schema.Files, "mysql", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := fs.ReadFile(schema.Files, path)
			_, _ = fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		}
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:10]
})

// borrow lends the test an empty, migrated database of the server.
func borrow(t testing.TB, o database.Options) *database.DB {
	t.Helper()
	server := os.Getenv(ServerVariable)
	if server == "" {
		t.Skipf("not run on MariaDB: %s names no server", ServerVariable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", ServerVariable, err)
	}
	pool := administer(t, u)
	lock, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lock.Close(); _ = pool.Close() }) // closing gives the loan back
	name, err := takeLoan(lock)
	if err != nil {
		t.Fatalf("borrow a database: %v", err)
	}
	u.Path = "/" + name
	return Open(t, u.String(), o)
}

func takeLoan(lock *sql.Conn) (string, error) {
	ctx := context.Background()
	for n := range loans {
		name := fmt.Sprintf("%s%s_%02d", poolPrefix, schemaDigest(), n)
		if taken, err := locked(ctx, lock, name); err != nil || !taken {
			if err != nil {
				return "", err
			}
			continue
		}
		tables, err := tablesOf(ctx, lock, name)
		if err != nil {
			return "", err
		}
		if len(tables) == 0 {
			return name, prepare(ctx, lock, name)
		}
		return name, empty(ctx, lock, name, tables)
	}
	return "", fmt.Errorf("all %d are lent", loans)
}

func locked(ctx context.Context, lock *sql.Conn, name string) (bool, error) {
	var got sql.NullInt64
	err := lock.QueryRowContext(ctx, "SELECT GET_LOCK(?, 0)", name).Scan(&got)
	return got.Int64 == 1, err
}

func tablesOf(ctx context.Context, lock *sql.Conn, name string) (tables []string, err error) {
	rows, err := lock.QueryContext(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_name NOT LIKE 'goose%'", name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, rows.Err()
}

func empty(ctx context.Context, lock *sql.Conn, name string, tables []string) error {
	for _, t := range tables {
		if _, err := lock.ExecContext(ctx, "DELETE FROM "+name+"."+t); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes the database and drops those of other schemas that nobody uses.
func prepare(ctx context.Context, lock *sql.Conn, name string) error {
	rows, err := lock.QueryContext(ctx, "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '"+strings.ReplaceAll(poolPrefix, "_", `\_`)+"%'")
	if err != nil {
		return err
	}
	var old []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return err
		}
		if !strings.HasPrefix(n, poolPrefix+schemaDigest()) {
			old = append(old, n)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, n := range old {
		if free, err := locked(ctx, lock, n); err != nil || !free {
			continue
		}
		if _, err := lock.ExecContext(ctx, "DROP DATABASE IF EXISTS "+n); err != nil {
			return err
		}
	}
	_, err = lock.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS "+name)
	return err
}
