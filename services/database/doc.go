// Package database opens the store of the house and is the one door for writes.
//
//   - Open takes sqlite://path or mysql://user:pass@host:port/name and sets every
//     connection option in code, so that nobody can forget one.
//   - DB.Read gives a gorm handle for reading outside transactions.
//   - Do runs one use case in one transaction: bounded retry of the whole closure
//     on deadlock, lock wait, certification failure and busy; an idempotency key
//     of the caller takes effect once and its result is replayed.
//   - Changed turns "no row was changed" into the error of a guarded update.
//
// Rules for closures given to Do: they may run several times, so they touch
// nothing but the Tx; outside effects go through the outbox. Invariants are kept
// by guarded updates (UPDATE … WHERE version=? AND remaining>=?) and unique keys,
// which hold on every engine; locks are never relied on.
package database
