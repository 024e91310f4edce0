package clawbacks_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/subsidiestest"
)

// TestVerifyNamesWhatWasChangedByHand lives through clawbacks of every kind,
// changes one thing by hand and asks for the law that it broke.
func TestVerifyNamesWhatWasChangedByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c town) {
		as := subsidiestest.As
		y := &treasury{town: c}
		netted := c.ordered(t, 40_000)
		y.hold(t, subsidiestest.District, budget.Portion{Municipal: 30_000, District: 20_000})
		y.resolve(t, true)
		held := c.ordered(t, 50_000)
		y.hold(t, subsidiestest.District, budget.Portion{Municipal: 10_000, District: 5_000})
		y.hold(t, subsidiestest.District, budget.Portion{Municipal: 1_000})
		y.lines = y.lines[1:]
		y.resolve(t, false)
		received := c.ordered(t, 70_000)
		_, err := c.receive(received.ID, 20_000, "first")
		require.NoError(t, err)
		gone := c.ordered(t, 60_000)
		_, err = c.Clawbacks.RequestWriteOff(as(subsidiestest.Finance), gone.ID, 0, "企业已注销")
		require.NoError(t, err)
		_, err = c.Clawbacks.DecideWriteOff(as(subsidiestest.CityDirector), gone.ID, clawbacks.Decision{Act: subsidies.ClawbackWriteOff, Note: "同意"})
		require.NoError(t, err)
		rejected := c.proposed(t, 10_000)
		_, err = c.Clawbacks.Decide(as(subsidiestest.CityOfficer), rejected.ID, clawbacks.Decision{Act: subsidies.ClawbackReject, Note: "证据不足"})
		require.NoError(t, err)
		proposed := c.proposed(t, 20_000)
		require.Empty(t, broken(t, c), "nobody has touched anything yet")

		q := fmt.Sprintf
		for _, x := range []struct {
			name, law string
			tables    []string
			sql       string
		}{
			{"an amount", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET amount_fen = amount_fen + 1 WHERE id = '%s'", received.ID)},
			{"an amount with its level", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET amount_fen = amount_fen + 1, municipal_fen = municipal_fen + 1, open_municipal_fen = open_municipal_fen + 1 WHERE id = '%s'", received.ID)},
			{"a proposal's amount", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET amount_fen = amount_fen + 1, municipal_fen = municipal_fen + 1, open_municipal_fen = open_municipal_fen + 1 WHERE id = '%s'", proposed.ID)},
			{"the levels of an amount", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET municipal_fen = municipal_fen + 1, district_fen = district_fen - 1 WHERE id = '%s'", received.ID)},
			{"what is open", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET open_municipal_fen = 0 WHERE id = '%s'", received.ID)},
			{"the levels of what is open", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET open_municipal_fen = open_municipal_fen - 1, open_district_fen = open_district_fen + 1 WHERE id = '%s'", received.ID)},
			{"open passes for received", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET open_municipal_fen = open_municipal_fen - 1, received_fen = received_fen + 1 WHERE id = '%s'", received.ID)},
			{"received passes for netted", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET netted_fen = received_fen, received_fen = 0 WHERE id = '%s'", received.ID)},
			{"an entry's amount", "conservation", []string{"clawback_entries"}, q("UPDATE clawback_entries SET amount_fen = amount_fen + 1, municipal_fen = municipal_fen + 1 WHERE clawback_id = '%s'", received.ID)},
			{"an entry's levels", "conservation", []string{"clawback_entries"}, q("UPDATE clawback_entries SET municipal_fen = municipal_fen + 1 WHERE clawback_id = '%s'", received.ID)},
			{"an entry is gone", "conservation", []string{"clawback_entries"}, q("DELETE FROM clawback_entries WHERE clawback_id = '%s'", received.ID)},
			{"a receipt passes for a write-off", "conservation", []string{"clawback_entries"}, q("UPDATE clawback_entries SET kind = 'written_off', reference_key = NULL WHERE clawback_id = '%s'", received.ID)},
			{"a clawback is gone", "conservation", []string{"clawbacks"}, q("DELETE FROM clawbacks WHERE id = '%s'", received.ID)},
			{"what is claimed back of a claim", "conservation", []string{"claim_recoveries"}, "UPDATE claim_recoveries SET back_municipal_fen = 0"},
			{"what was paid on a claim", "conservation", []string{"claim_recoveries"}, "UPDATE claim_recoveries SET municipal_fen = municipal_fen * 2"},
			{"the row of a claim is gone", "conservation", []string{"claim_recoveries"}, "DELETE FROM claim_recoveries"},
			{"a rejected one counts again", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET state = 'proposed' WHERE id = '%s'", rejected.ID)},
			{"another owes", "conservation", []string{"clawbacks"}, q("UPDATE clawbacks SET debtor_id = 'somebody' WHERE id = '%s'", received.ID)},
			{"an instalment", "conservation", []string{"clawback_instalments"}, q("UPDATE clawback_instalments SET amount_fen = amount_fen - 1 WHERE clawback_id = '%s'", received.ID)},
			{"the plan is gone", "conservation", []string{"clawback_instalments"}, q("DELETE FROM clawback_instalments WHERE clawback_id = '%s'", received.ID)},
			{"a fine", "double entry", []string{"clawbacks"}, q("UPDATE clawbacks SET fine_fen = 100 WHERE id = '%s'", received.ID)},
			{"the receivable in the ledger", "double entry", []string{"postings"}, q("UPDATE postings SET amount_fen = amount_fen * 2 WHERE subject_id = '%s' AND account IN ('memo.clawback_receivable', 'memo.clawback_ordered')", received.ID)},
			{"an order's journal is gone", "double entry", []string{"postings", "journals"}, q("DELETE FROM postings WHERE subject_id = '%s'; DELETE FROM journals WHERE subject_id = '%s'", held.ID, held.ID)},
			{"a write-off passes for recovered", "double entry", []string{"postings"}, q("UPDATE postings SET account = 'memo.clawback_recovered' WHERE subject_id = '%s' AND account = 'memo.clawback_written_off'", gone.ID)},
			{"what the ledger returned", "double entry", []string{"postings"}, q("UPDATE postings SET amount_fen = amount_fen * 2 WHERE subject_id = '%s' AND account IN ('returned', 'available')", c.claim.ID)},
			{"a return is gone from the ledger", "double entry", []string{"postings", "journals"}, "DELETE FROM postings WHERE journal_id IN (SELECT id FROM journals WHERE kind = 'return'); DELETE FROM journals WHERE kind = 'return'"},
			{"a bank reference is free again", "once", []string{"clawback_entries"}, q("UPDATE clawback_entries SET reference_key = NULL WHERE clawback_id = '%s'", received.ID)},
			{"a netting without its payment", "once", []string{"clawback_entries"}, q("UPDATE clawback_entries SET line_id = 'none' WHERE clawback_id = '%s'", netted.ID)},
			{"a payment that failed has netted", "once", []string{"batch_lines"}, "UPDATE batch_lines SET state = 'failed' WHERE state = 'paid' AND claim_id = 'none'"},
			{"a payment under way has its result", "once", []string{"batch_lines"}, "UPDATE batch_lines SET state = 'paid' WHERE state = 'ordered' AND claim_id = 'none'"},
			{"a released netting is held again", "once", []string{"clawback_entries"}, "UPDATE clawback_entries SET state = 'held' WHERE state = 'released'"},
			{"one that owes is closed", "nothing lost", []string{"clawbacks"}, q("UPDATE clawbacks SET state = 'closed' WHERE id = '%s'", received.ID)},
			{"a closed one is open", "nothing lost", []string{"clawbacks"}, q("UPDATE clawbacks SET state = 'ordered' WHERE id = '%s'", gone.ID)},
			{"a proposal is ordered", "nothing lost", []string{"clawbacks"}, q("UPDATE clawbacks SET state = 'ordered' WHERE id = '%s'", proposed.ID)},
			{"the day it is due", "nothing lost", []string{"clawbacks"}, q("UPDATE clawbacks SET next_due_on = '2099-01-01' WHERE id = '%s'", received.ID)},
			{"the day of an instalment", "nothing lost", []string{"clawback_instalments"}, q("UPDATE clawback_instalments SET due_on = '2099-01-01' WHERE clawback_id = '%s'", received.ID)},
			{"a step is gone", "nothing lost", []string{"steps"}, q("DELETE FROM steps WHERE subject_id = '%s' AND act = 'order'", received.ID)},
			{"all steps are gone", "nothing lost", []string{"steps"}, q("DELETE FROM steps WHERE subject_id = '%s'", proposed.ID)},
			{"the proposer decides", "four eyes", []string{"steps", "hands"}, q("UPDATE steps SET person_id = 'person-district' WHERE subject_id = '%s' AND act = 'order'; UPDATE hands SET part = 'decider' WHERE subject_id = '%s' AND person_id = 'person-district'", received.ID, received.ID)},
			{"the decider gives up", "four eyes", []string{"steps"}, q("UPDATE steps SET person_id = 'person-city-2' WHERE subject_id = '%s' AND act = 'write_off'", gone.ID)},
			{"a reviewer of the claim decides", "four eyes", []string{"steps"}, q("UPDATE steps SET person_id = 'person-city-1' WHERE subject_id = '%s' AND act = 'order'", received.ID)},
			{"a hand is gone", "four eyes", []string{"hands"}, q("DELETE FROM hands WHERE subject_id = '%s'", received.ID)},
		} {
			t.Run(x.name, func(t *testing.T) {
				restore := keep(t, c.DB, x.tables)
				defer restore()
				changed := int64(0)
				require.NoError(t, database.Run(context.Background(), c.DB, "test.tamper", func(tx *database.Tx) error {
					for statement := range strings.SplitSeq(x.sql, "; ") {
						done := tx.Exec(statement)
						if done.Error != nil {
							return done.Error
						}
						changed += done.RowsAffected
					}
					return nil
				}))
				require.Positive(t, changed, "nothing was tampered with")
				laws := map[string]bool{}
				found := broken(t, c)
				for _, b := range found {
					laws[b.Law] = true
				}
				require.True(t, laws[x.law], "want %s, got %v", x.law, found)
			})
		}
		require.Empty(t, broken(t, c), "all is as it was")
	})
}

// broken asks this room and the budget.
func broken(t *testing.T, c town) []kernel.Breach {
	t.Helper()
	own, err := clawbacks.Verify(t.Context(), c.DB)
	require.NoError(t, err)
	money, err := budget.Verify(t.Context(), c.DB)
	require.NoError(t, err)
	return append(own, money...)
}

// keep copies tables and returns what puts them back.
func keep(t *testing.T, db *database.DB, tables []string) func() {
	t.Helper()
	run := func(statements ...string) {
		require.NoError(t, database.Run(context.Background(), db, "test.keep", func(tx *database.Tx) error {
			for _, s := range statements {
				if err := tx.Exec(s).Error; err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for _, table := range tables {
		run("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)
	}
	return func() {
		for _, table := range tables {
			run("DELETE FROM "+table, "INSERT INTO "+table+" SELECT * FROM kept_"+table, "DROP TABLE kept_"+table)
		}
	}
}
