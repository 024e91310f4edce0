package database

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Change is a guarded update in one plain statement: it sets columns of the rows
// that match the guard, and returns otherwise when there is none. It is for
// statements that every transaction makes; table, columns and guard are the
// program's own words, never a caller's.
func Change(tx *Tx, table string, set map[string]any, guard string, args []any, otherwise error) error {
	var statement strings.Builder
	values := make([]any, 0, len(set)+len(args))
	statement.WriteString("UPDATE " + table + " SET ")
	for i, column := range slices.Sorted(maps.Keys(set)) {
		if i > 0 {
			statement.WriteString(", ")
		}
		statement.WriteString(column + " = ?")
		values = append(values, set[column])
	}
	statement.WriteString(" WHERE " + guard)
	return Guard(tx, otherwise, statement.String(), append(values, args...)...)
}

// Guard carries out one plain statement and returns otherwise when it has
// changed no row.
func Guard(tx *Tx, otherwise error, statement string, args ...any) error {
	n, err := Exec(tx, statement, args...)
	if err == nil && n == 0 {
		return otherwise
	}
	return err
}

// Exec carries out one plain statement and tells how many rows matched it.
func Exec(tx *Tx, statement string, args ...any) (int64, error) {
	result, err := tx.Statement.ConnPool.ExecContext(tx.Context(), statement, args...)
	if err != nil {
		return 0, fmt.Errorf("statement: %w", err)
	}
	return result.RowsAffected()
}

// In spells a list of keys for a plain statement: "(?,?)" and its arguments.
func In[K any](keys []K) (marks string, args []any) {
	args = make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	return "(" + strings.TrimSuffix(strings.Repeat("?,", len(keys)), ",") + ")", args
}
