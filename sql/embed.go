// Package schema is the truth of the database schema: one folder of goose
// migrations for the SQL that MySQL, MariaDB, Galera and TiDB share, one for SQLite.
// The two give the same tables, columns and keys, which a test compares.
package schema

import "embed"

// Files holds the folders mysql and sqlite.
//
//go:embed mysql/*.sql sqlite/*.sql
var Files embed.FS
