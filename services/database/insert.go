package database

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// together bounds the rows of one statement.
const together = 200

// Insert writes rows of one table in as few statements as it takes, as Create
// would, without hooks, defaults or anything read back: a fraction of the cost
// where rows are written by the hundred or in every transaction.
func Insert[T any](tx *Tx, rows ...T) error {
	for some := range slices.Chunk(rows, together) {
		if err := insert(tx.DB, some); err != nil {
			return err
		}
	}
	return nil
}

func insert[T any](db *gorm.DB, rows []T) error {
	f, err := formOf(db, reflect.TypeFor[T]())
	if err != nil {
		return err
	}
	ctx := db.Statement.Context
	args := make([]any, 0, len(rows)*len(f.fields))
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for _, field := range f.fields {
			value, _ := field.ValueOf(ctx, row)
			args = append(args, value)
		}
	}
	statement := f.head + strings.Repeat(f.row+",", len(rows)-1) + f.row
	if _, err := db.Statement.ConnPool.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("insert into %s: %w", f.table, err)
	}
	return nil
}

// form is the statement of a row type.
type form struct {
	table  string
	head   string // INSERT INTO … VALUES
	row    string // (?,?,…)
	fields []*schema.Field
}

var forms sync.Map // of *form, by reflect.Type

func formOf(db *gorm.DB, t reflect.Type) (*form, error) {
	if known, ok := forms.Load(t); ok {
		return known.(*form), nil //nolint:forcetypeassert // nothing else is put into forms
	}
	statement := gorm.Statement{DB: db}
	if err := statement.Parse(reflect.New(t).Interface()); err != nil {
		return nil, fmt.Errorf("row type %s: %w", t, err)
	}
	f := &form{table: statement.Schema.Table}
	for _, name := range statement.Schema.DBNames {
		f.fields = append(f.fields, statement.Schema.FieldsByDBName[name])
	}
	f.head = "INSERT INTO " + f.table + " (" + strings.Join(statement.Schema.DBNames, ",") + ") VALUES "
	f.row = "(" + strings.TrimSuffix(strings.Repeat("?,", len(f.fields)), ",") + ")"
	forms.Store(t, f)
	return f, nil
}
