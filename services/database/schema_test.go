package database_test

import (
	"context"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
)

// TestBothDialectsGiveTheSameSchema compares tables, columns, nullability and
// keys as each engine reports them.
func TestBothDialectsGiveTheSameSchema(t *testing.T) {
	t.Parallel()
	lite, _ := databasetest.SQLite(t)
	my := databasetest.Open(t, databasetest.Address(t, database.MySQL), database.Options{})
	want, got := sqliteShape(t, lite), mysqlShape(t, my)
	require.NotEmpty(t, want)
	require.Equal(t, want, got)
}

func TestNewerStoreIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := databasetest.SQLite(t)
	require.NoError(t, db.CheckSchema(ctx))
	require.NoError(t, database.Run(ctx, db, "future", func(tx *database.Tx) error {
		return tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)").Error
	}))
	require.ErrorContains(t, db.Migrate(ctx), "install a newer program")
	require.Error(t, db.CheckSchema(ctx))
}

func sqliteShape(t *testing.T, db *database.DB) []string {
	var tables []string
	require.NoError(t, db.Read(t.Context()).Raw("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'").Scan(&tables).Error)
	var shape []string
	for _, table := range tables {
		var columns []struct {
			Name    string
			Notnull int
		}
		require.NoError(t, db.Read(t.Context()).Raw("SELECT name, \"notnull\" FROM pragma_table_info(?)", table).Scan(&columns).Error)
		for _, c := range columns {
			shape = append(shape, column(table, c.Name, c.Notnull == 0))
		}
		var keys []struct {
			Key     string
			Uniq    int
			Columns string
		}
		require.NoError(t, db.Read(t.Context()).Raw(`SELECT l.name AS "key", l."unique" AS uniq, (SELECT group_concat(i.name, ',') FROM pragma_index_info(l.name) i) AS columns FROM pragma_index_list(?) l`, table).Scan(&keys).Error)
		for _, k := range keys {
			shape = append(shape, key(table, k.Key, k.Uniq == 1, k.Columns))
		}
	}
	sort.Strings(shape)
	return shape
}

func mysqlShape(t *testing.T, db *database.DB) []string {
	var columns []struct{ TableName, ColumnName, IsNullable string }
	require.NoError(t, db.Read(t.Context()).Raw("SELECT table_name AS table_name, column_name AS column_name, is_nullable AS is_nullable FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose%'").Scan(&columns).Error)
	var shape []string
	for _, c := range columns {
		shape = append(shape, column(c.TableName, c.ColumnName, c.IsNullable == "YES"))
	}
	var keys []struct {
		TableName, IndexName, Columns string
		NonUnique                     int
	}
	require.NoError(t, db.Read(t.Context()).Raw("SELECT table_name AS table_name, index_name AS index_name, MIN(non_unique) AS non_unique, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name NOT LIKE 'goose%' GROUP BY table_name, index_name").Scan(&keys).Error)
	for _, k := range keys {
		shape = append(shape, key(k.TableName, k.IndexName, k.NonUnique == 0, k.Columns))
	}
	sort.Strings(shape)
	return shape
}

func column(table, name string, nullable bool) string {
	if nullable {
		return table + "." + name + " nullable"
	}
	return table + "." + name
}

func key(table, name string, unique bool, columns string) string {
	if name == "PRIMARY" || strings.HasPrefix(name, "sqlite_autoindex") {
		name = "primary"
	}
	if unique {
		name += " unique"
	}
	return table + " key " + name + " (" + columns + ")"
}
