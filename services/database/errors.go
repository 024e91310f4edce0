package database

import (
	"errors"

	driver "github.com/go-sql-driver/mysql"
	"github.com/ncruces/go-sqlite3"
	"gorm.io/gorm"

	"yunhui/services/kernel"
)

// Retryable reports whether the whole transaction may succeed when run again:
// deadlock (1213, also Galera's certification failure at COMMIT), lock wait
// (1205), a row changed since the snapshot (1020), TiDB's write conflicts
// (9007, 8002, 8022) and SQLite's busy.
func Retryable(err error) bool {
	if my, ok := errors.AsType[*driver.MySQLError](err); ok {
		switch my.Number {
		case 1213, 1205, 1020, 9007, 8002, 8022:
			return true
		}
		return false
	}
	return errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED)
}

// IsDuplicate reports whether a unique key refused the row.
func IsDuplicate(err error) bool {
	if my, ok := errors.AsType[*driver.MySQLError](err); ok {
		return my.Number == 1062
	}
	return errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY) || errors.Is(err, gorm.ErrDuplicatedKey)
}

// Changed is the guard of a guarded update: it returns the statement's error,
// or otherwise when exactly no row matched the guard, or nil.
func Changed(result *gorm.DB, otherwise error) error {
	switch {
	case result.Error != nil:
		return result.Error
	case result.RowsAffected == 0:
		return otherwise
	default:
		return nil
	}
}

// Found turns gorm's "record not found" into otherwise and passes other errors on.
func Found(err, otherwise error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return otherwise
	}
	return err
}

// Stale is the answer to an optimistic lock that lost.
func Stale() error {
	return kernel.Conflict("stale", kernel.T("内容已被他人更新，请刷新后重试", "This was changed by someone else meanwhile; reload and try again"))
}
