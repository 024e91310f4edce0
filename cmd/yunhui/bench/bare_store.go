package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// bareStore is the least that a decision can be in SQL on the same server, over
// the same connections: one transaction with three ledger rows, the state, an
// audit row, an outbox row and, last, the guarded update of one budget. Its
// tables have a primary key each and the one index the outbox needs.
type bareStore struct {
	pool   *sql.DB
	claims chan string // that wait for their decision
}

// atOnce is how many decisions a bare transaction makes where it makes many.
const atOnce = 100

var bareTables = []string{
	`CREATE TABLE bare_budgets (id VARCHAR(36) NOT NULL PRIMARY KEY, free_fen BIGINT NOT NULL, awarded_fen BIGINT NOT NULL, version BIGINT NOT NULL)`,
	`CREATE TABLE bare_claims (id VARCHAR(36) NOT NULL PRIMARY KEY, state VARCHAR(24) NOT NULL, version BIGINT NOT NULL)`,
	`CREATE TABLE bare_ledger (journal_id VARCHAR(36) NOT NULL, line BIGINT NOT NULL, account VARCHAR(40) NOT NULL, amount_fen BIGINT NOT NULL, PRIMARY KEY (journal_id, line))`,
	`CREATE TABLE bare_audit (id VARCHAR(36) NOT NULL PRIMARY KEY, at DATETIME(6) NOT NULL, person_id VARCHAR(36) NOT NULL, action VARCHAR(80) NOT NULL, object_id VARCHAR(36) NOT NULL, detail TEXT NOT NULL)`,
	`CREATE TABLE bare_outbox (id VARCHAR(36) NOT NULL PRIMARY KEY, kind VARCHAR(60) NOT NULL, payload TEXT NOT NULL, state VARCHAR(8) NOT NULL, next_at DATETIME(6) NOT NULL)`,
	`CREATE INDEX bare_outbox_due ON bare_outbox (state, next_at, id)`,
}

func newBareStore(ctx context.Context, s *store, o Options) (*bareStore, error) {
	pool, err := s.Writer()
	if err != nil {
		return nil, err
	}
	for _, ddl := range bareTables {
		if _, err := pool.ExecContext(ctx, ddl); err != nil {
			return nil, fmt.Errorf("bare tables: %w", err)
		}
	}
	b := &bareStore{pool: pool, claims: make(chan string, 8*o.Decisions+o.Rounds*max(o.Bulk, atOnce))}
	budgets, claims := &sheet{name: "bare_budgets", columns: []string{"id", "free_fen", "awarded_fen", "version"}}, &sheet{name: "bare_claims", columns: []string{"id", "state", "version"}}
	for i := range o.Budgets {
		budgets.values = append(budgets.values, budgetID(i), int64(voted), 0, 0)
	}
	now := kernel.SystemClock{}.Now()
	for range cap(b.claims) {
		id := string(kernel.NewID(now))
		claims.values = append(claims.values, id, "noticed", 1)
		b.claims <- id
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	if err := errors.Join(budgets.flush(ctx, tx), claims.flush(ctx, tx)); err != nil {
		return nil, err
	}
	return b, tx.Commit()
}

func budgetID(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) }

func (b *bareStore) decide(ctx context.Context, budget int) error {
	claim := <-b.claims
	for {
		err := b.once(ctx, claim, budget)
		if err == nil || !database.Retryable(err) {
			return err
		}
	}
}

func (b *bareStore) once(ctx context.Context, claim string, budget int) error {
	tx, err := b.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	now := kernel.SystemClock{}.Now()
	journal := string(kernel.NewID(now))
	const amount = 180_000
	for _, s := range []struct {
		statement string
		args      []any
	}{
		{"INSERT INTO bare_ledger (journal_id, line, account, amount_fen) VALUES (?,1,'provider_discount',?), (?,2,'government_subsidy',?), (?,3,'enterprise_share',?)", []any{journal, 0, journal, amount, journal, -amount}},
		{"UPDATE bare_claims SET state = 'approved', version = version + 1 WHERE id = ? AND version = 1", []any{claim}},
		{"INSERT INTO bare_audit (id, at, person_id, action, object_id, detail) VALUES (?,?,?,?,?,?)", []any{string(kernel.NewID(now)), now, "system", "claim.award", claim, `{"from":"noticed","to":"approved"}`}},
		{"INSERT INTO bare_outbox (id, kind, payload, state, next_at) VALUES (?,?,?,?,?)", []any{string(kernel.NewID(now)), "claim.changed", `{"state":"approved"}`, "open", now.Truncate(time.Microsecond)}},
		{"UPDATE bare_budgets SET free_fen = free_fen - ?, awarded_fen = awarded_fen + ?, version = version + 1 WHERE id = ? AND free_fen >= ?", []any{amount, amount, budgetID(budget), amount}},
	} {
		if err := changed(tx.ExecContext(ctx, s.statement, s.args...)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// decideMany makes many decisions on one budget in one transaction.
func (b *bareStore) decideMany(ctx context.Context, n int) error {
	ids := make([]any, n)
	for i := range ids {
		ids[i] = <-b.claims
	}
	for {
		err := b.many(ctx, ids)
		if err == nil || !database.Retryable(err) {
			return err
		}
	}
}

func (b *bareStore) many(ctx context.Context, ids []any) error {
	tx, err := b.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	now := kernel.SystemClock{}.Now()
	const amount = 180_000
	ledger := &sheet{name: "bare_ledger", columns: []string{"journal_id", "line", "account", "amount_fen"}}
	record := &sheet{name: "bare_audit", columns: []string{"id", "at", "person_id", "action", "object_id", "detail"}}
	outbox := &sheet{name: "bare_outbox", columns: []string{"id", "kind", "payload", "state", "next_at"}}
	for _, id := range ids {
		journal := string(kernel.NewID(now))
		ledger.values = append(ledger.values, journal, 1, "provider_discount", 0, journal, 2, "government_subsidy", amount, journal, 3, "enterprise_share", -amount)
		record.values = append(record.values, string(kernel.NewID(now)), now, "system", "claim.award", id, `{"from":"noticed","to":"approved"}`)
		outbox.values = append(outbox.values, string(kernel.NewID(now)), "claim.changed", `{"state":"approved"}`, "open", now.Truncate(time.Microsecond))
	}
	for _, s := range []*sheet{ledger, record, outbox} {
		if err := s.flush(ctx, tx); err != nil {
			return err
		}
	}
	marks, _ := database.In(ids)
	if err := changed(tx.ExecContext(ctx, "UPDATE bare_claims SET state = 'approved', version = version + 1 WHERE id IN "+marks+" AND version = 1", ids...)); err != nil {
		return err
	}
	total := amount * int64(len(ids))
	if err := changed(tx.ExecContext(ctx, "UPDATE bare_budgets SET free_fen = free_fen - ?, awarded_fen = awarded_fen + ?, version = version + 1 WHERE id = ? AND free_fen >= ?", total, total, budgetID(0), total)); err != nil {
		return err
	}
	return tx.Commit()
}

func changed(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = errors.New("a guarded statement changed nothing")
	}
	return err
}
