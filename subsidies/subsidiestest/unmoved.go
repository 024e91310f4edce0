package subsidiestest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

// marks are the questions whose answers tell two states of the store apart:
// every row that an act can add, and every column that it can change.
var marks = map[string]string{
	"agreements":       "SELECT COUNT(*) + COALESCE(SUM(version), 0) FROM agreements",
	"claims":           "SELECT COUNT(*) + COALESCE(SUM(version), 0) FROM claims",
	"legs":             "SELECT COALESCE(SUM(subsidy_fen + municipal_fen), 0) FROM agreements",
	"claimed":          "SELECT COALESCE(SUM(subsidy_fen + municipal_fen + paid_fen), 0) FROM claims",
	"appropriations":   "SELECT COALESCE(SUM(reserved_fen + 3 * awarded_fen + 7 * paid_fen + version), 0) FROM appropriations",
	"ceilings":         "SELECT COUNT(*) + COALESCE(SUM(used_fen + version), 0) FROM ceilings",
	"clawbacks":        "SELECT COUNT(*) + COALESCE(SUM(version + open_municipal_fen + 3 * held_fen), 0) FROM clawbacks",
	"clawback_money":   "SELECT COUNT(*) + COALESCE(SUM(CASE WHEN state = 'held' THEN 0 ELSE 1 END), 0) FROM clawback_entries",
	"instalments":      "SELECT COUNT(*) + COALESCE(SUM(amount_fen), 0) FROM clawback_instalments",
	"recoveries":       "SELECT COUNT(*) + COALESCE(SUM(version), 0) FROM claim_recoveries",
	"postings":         "SELECT COUNT(*) FROM postings",
	"journals":         "SELECT COUNT(*) FROM journals",
	"steps":            "SELECT COUNT(*) FROM steps",
	"hands":            "SELECT COUNT(*) FROM hands",
	"traces":           "SELECT COUNT(*) FROM traces",
	"invoice_uses":     "SELECT COUNT(*) FROM invoice_uses",
	"claim_invoices":   "SELECT COUNT(*) FROM claim_invoices",
	"claim_payments":   "SELECT COUNT(*) FROM claim_payments",
	"claim_evidence":   "SELECT COUNT(*) FROM claim_evidence",
	"claim_checks":     "SELECT COUNT(*) FROM claim_checks",
	"policies":         "SELECT COUNT(*) FROM policies",
	"policy_drafts":    "SELECT COUNT(*) + COALESCE(SUM(rev), 0) FROM policy_drafts",
	"simulations":      "SELECT COUNT(*) FROM simulations",
	"draft_editors":    "SELECT COUNT(*) FROM policy_draft_editors",
	"openings":         "SELECT COUNT(*) + COALESCE(SUM(version), 0) FROM openings",
	"opening_seeds":    "SELECT COUNT(*) + COUNT(revealed_at) FROM opening_seeds",
	"opening_entries":  "SELECT COUNT(*) + COALESCE(SUM(number + place), 0) FROM opening_entries",
	"outbox":           "SELECT COUNT(*) FROM outbox",
	"audit_entries":    "SELECT COUNT(*) FROM audit_entries",
	"idempotency_keys": "SELECT COUNT(*) FROM idempotency_keys",
}

// Marks reads what an act can change. Two equal readings mean that nothing
// happened between.
func (c *City) Marks(t testing.TB) map[string]int64 {
	t.Helper()
	out := make(map[string]int64, len(marks))
	for name, question := range marks {
		var n int64
		require.NoError(t, c.DB.Read(t.Context()).Raw(question).Scan(&n).Error)
		out[name] = n
	}
	return out
}

// Unmoved runs refused acts and proves that they left nothing behind.
func (c *City) Unmoved(t testing.TB, acts func()) {
	t.Helper()
	before := c.Marks(t)
	acts()
	require.Equal(t, before, c.Marks(t), "a refused act must leave nothing behind")
}

// Refused proves that an act is refused with a code and leaves nothing behind.
// It returns the refusal, for its fields.
func (c *City) Refused(t testing.TB, code string, act func() error) *kernel.Error {
	t.Helper()
	var err error
	c.Unmoved(t, func() { err = act() })
	e := kernel.AsError(err)
	require.NotNil(t, e, "want %s, got %v", code, err)
	require.Equal(t, code, e.Code, "%v", err)
	return e
}

// Moved runs an act and returns by how much it changed each mark; marks that it
// left alone are absent.
func (c *City) Moved(t testing.TB, act func() error) map[string]int64 {
	t.Helper()
	before := c.Marks(t)
	require.NoError(t, act())
	out := map[string]int64{}
	for name, n := range c.Marks(t) {
		if n != before[name] {
			out[name] = n - before[name]
		}
	}
	return out
}

// Fields lists a refusal's faults as "path code", in order.
func Fields(e *kernel.Error) []string {
	out := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		out[i] = fmt.Sprintf("%s %s", f.Path, f.Code)
	}
	return out
}
