// Package subsidiestest builds a small city for tests: the demonstration policy
// published and funded, firms and providers in memory, every desk of the money
// side on a real store, and claims driven through the real use cases into the
// state a test begins with.
//
//	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
//		city := subsidiestest.New(t, db, clock)
//		c := city.ClaimIn(t, subsidies.ClaimCityApproved)
//		...
//	})
package subsidiestest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/calendar"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/agreements"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/openings"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/quotas"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/simulation"
)

// Policy is the code of the policy that the city runs on: 30 % for depth
// "business", 60 % of it by the city, paid to the enterprise, five working days
// of notice.
const Policy = "chongqing-demo-2026"

// Voted is what the city and each of its districts have appropriated.
const Voted kernel.Fen = 5_000_000_000

// City is a city on one store. Its fields may be replaced before they are used.
type City struct {
	DB          *database.DB
	Clock       *kernel.ManualClock
	Policies    *gazette.Library
	Drafts      *drafts.Desk
	Simulations *simulation.Desk
	Registry    *Registry
	Market      *Market
	Agreements  *agreements.Desk
	Claims      *claims.Desk
	Notices     *notices.Desk
	Payments    *payments.Desk
	Clawbacks   *clawbacks.Desk
	Quotas      *quotas.Desk
	Openings    *openings.Desk

	serial int
}

// New opens a city on a fresh store whose clock is clock.
func New(t testing.TB, db *database.DB, clock *kernel.ManualClock) *City {
	t.Helper()
	c := &City{DB: db, Clock: clock, Policies: gazette.NewLibrary(db), Registry: NewRegistry(), Market: &Market{}}
	doc, ok := policies.Find(Policy)
	require.True(t, ok)
	c.Publish(t, doc)
	c.Drafts = &drafts.Desk{DB: db, Policies: c.Policies}
	c.Simulations = &simulation.Desk{DB: db, Policies: c.Policies, Drafts: c.Drafts}
	c.Agreements = &agreements.Desk{DB: db, Policies: c.Policies, Registry: c.Registry, Market: c.Market}
	c.Openings = &openings.Desk{DB: db, Policies: c.Policies, Registry: c.Registry}
	c.Claims = &claims.Desk{DB: db, Policies: c.Policies, Registry: c.Registry}
	c.Notices = &notices.Desk{DB: db, Policies: c.Policies, Registry: c.Registry, Calendar: calendar.Default()}
	c.Clawbacks = &clawbacks.Desk{DB: db, Calendar: calendar.Default()}
	c.Quotas = &quotas.Desk{DB: db, Policies: c.Policies, Registry: c.Registry}
	fields, err := crypto.ParseFields(crypto.NewMasterKey())
	require.NoError(t, err)
	layouts, err := payments.OpenLayouts("")
	require.NoError(t, err)
	c.Payments = &payments.Desk{DB: db, Policies: c.Policies, Registry: c.Registry, Payees: c.Registry, Cipher: fields, Layouts: layouts}
	return c
}

// Publish puts a further policy out and funds it.
func (c *City) Publish(t testing.TB, doc rules.Document) {
	t.Helper()
	require.NoError(t, database.Run(As(kernel.System()), c.DB, "test.publish", func(tx *database.Tx) error {
		if err := gazette.Publish(tx, doc); err != nil {
			return err
		}
		for _, scope := range []string{budget.City, District, OtherDistrict} {
			if err := budget.Appropriate(tx, "test", doc.Code, scope, Voted); err != nil {
				return err
			}
		}
		return nil
	}))
	c.Clock.Advance(3_000_000_000) // the library may be as old as its freshness
}

// Document returns a copy of the city's policy under another code, to be changed
// and published.
func Document(t testing.TB, code string) rules.Document {
	t.Helper()
	doc, ok := policies.Find(Policy)
	require.True(t, ok)
	doc.Code = code
	return doc
}

// WithQuotas is Document with a quota for each provider and a ceiling for all ERP
// software, each over the whole policy.
func WithQuotas(t testing.TB, code string, provider, category kernel.Fen) rules.Document {
	t.Helper()
	doc := Document(t, code)
	doc.Clauses = append(slices.Clone(doc.Clauses), rules.Clause{Number: "8.1", Text: kernel.T("共用额度。", "Shared quotas."), Computes: []string{"caps"}})
	doc.Caps = append(slices.Clone(doc.Caps),
		rules.Cap{Clause: "8.1", Scope: rules.CapProviderPolicy, Limit: provider},
		rules.Cap{Clause: "8.1", Scope: rules.CapPolicyCategory, Key: "erp", AppliesTo: rules.Selector{Categories: []string{"saas.erp"}}, Limit: category})
	return doc
}

// Count returns how many rows of a table match, for asserting what must not
// have happened. where is "" for all.
func (c *City) Count(t testing.TB, table, where string, args ...any) int64 {
	t.Helper()
	q := c.DB.Read(t.Context()).Table(table)
	if where != "" {
		q = q.Where(where, args...)
	}
	var n int64
	require.NoError(t, q.Count(&n).Error)
	return n
}

// Traces counts what any act leaves behind: steps, hands, journals, postings,
// outbox rows and audit entries. Two equal counts mean nothing happened between.
func (c *City) Traces(t testing.TB) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, table := range []string{"steps", "hands", "journals", "postings", "outbox", "audit_entries", "batch_lines", "batches", "batch_jobs", "batch_job_parts", "batch_left_out", "notices", "notice_items", "objections", "clawbacks", "clawback_entries", "clawback_instalments"} {
		out[table] = c.Count(t, table, "")
	}
	return out
}

// Lawful asserts that the stored data break no law.
func (c *City) Lawful(t testing.TB) {
	t.Helper()
	ctx := t.Context()
	for name, verify := range map[string]func() ([]kernel.Breach, error){
		"budget":    func() ([]kernel.Breach, error) { return budget.Verify(ctx, c.DB) },
		"books":     func() ([]kernel.Breach, error) { return budget.VerifyBooks(ctx, c.DB, c.Policies) },
		"gazette":   func() ([]kernel.Breach, error) { return gazette.Verify(ctx, c.DB) },
		"claims":    func() ([]kernel.Breach, error) { return claims.Verify(ctx, c.DB, c.Policies) },
		"payments":  func() ([]kernel.Breach, error) { return payments.Verify(ctx, c.DB) },
		"clawbacks": func() ([]kernel.Breach, error) { return clawbacks.Verify(ctx, c.DB) },
		"quotas":    func() ([]kernel.Breach, error) { return quotas.Verify(ctx, c.DB) },
		"openings":  func() ([]kernel.Breach, error) { return openings.Verify(ctx, c.DB, c.Policies) },
	} {
		found, err := verify()
		require.NoError(t, err, name)
		require.Empty(t, found, name)
	}
}

// Claim reads a claim as it is now.
func (c *City) Claim(t testing.TB, id kernel.ID) subsidies.Claim {
	t.Helper()
	out, err := c.Claims.Get(t.Context(), kernel.System(), id)
	require.NoError(t, err)
	return out
}
