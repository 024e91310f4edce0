package drafts_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

// newPolicy is a whole document of a policy that is not yet published.
func newPolicy(t *testing.T, code string, change func(*rules.Document)) []byte {
	t.Helper()
	doc := subsidiestest.Document(t, code)
	if change != nil {
		change(&doc)
	}
	b, err := json.Marshal(doc)
	require.NoError(t, err)
	return b
}

func begin(t *testing.T, city *subsidiestest.City, document []byte) kernel.ID {
	t.Helper()
	id, err := city.Drafts.Create(subsidiestest.As(subsidiestest.CityOfficer), drafts.New{Document: document})
	require.NoError(t, err)
	return id
}

func draft(t *testing.T, city *subsidiestest.City, id kernel.ID) drafts.Seen {
	t.Helper()
	s, err := city.Drafts.Get(t.Context(), subsidiestest.Auditor, id)
	require.NoError(t, err)
	return s
}

func each(t *testing.T, test func(t *testing.T, city *subsidiestest.City)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		test(t, subsidiestest.New(t, db, clock))
	})
}

func TestADraftGoesFromNothingToTheLaw(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author, second := subsidiestest.As(subsidiestest.CityOfficer), subsidiestest.As(subsidiestest.CityReviewer)
		id, err := city.Drafts.Create(author, drafts.New{})
		require.NoError(t, err)
		require.Equal(t, "{}", draft(t, city, id).Document)
		require.NoError(t, city.Drafts.Save(author, id, 1, []byte(`{"title":{"zh":"半","en":7},"version":"x","code":["no"],"unknown":null}`)), "what is unfinished is kept")
		require.JSONEq(t, `{"code":["no"],"title":{"en":7,"zh":"半"},"unknown":null,"version":"x"}`, draft(t, city, id).Document)
		require.Positive(t, draft(t, city, id).Faults)
		city.Refused(t, "policy.invalid", func() error { return city.Drafts.Submit(author, id, 2) })

		whole := newPolicy(t, "new-scheme", nil)
		require.NoError(t, city.Drafts.Save(author, id, 2, whole))
		s := draft(t, city, id)
		require.Equal(t, []any{"new-scheme", int64(1), int64(0)}, []any{s.Code, s.Version, s.Faults})
		city.Refused(t, "state.act", func() error { return city.Drafts.Publish(second, id, 3) })
		require.NoError(t, city.Drafts.Submit(author, id, 3))
		city.Refused(t, "state.act", func() error { return city.Drafts.Save(author, id, 4, whole) })
		city.Refused(t, "four_eyes", func() error { return city.Drafts.Publish(author, id, 4) })
		city.Refused(t, "invalid_input", func() error { return city.Drafts.Return(second, id, 4, "  ") })
		require.NoError(t, city.Drafts.Return(second, id, 4, "第三条请再核"))
		require.Equal(t, "第三条请再核", draft(t, city, id).Reason)
		require.NoError(t, city.Drafts.Submit(author, id, 5))
		require.Empty(t, draft(t, city, id).Reason)

		_, err = city.Policies.Version(t.Context(), "new-scheme", 1)
		require.True(t, kernel.IsCode(err, "not_found"))
		moved := city.Moved(t, func() error { return city.Drafts.Publish(second, id, 6) })
		require.Equal(t, map[string]int64{"policies": 1, "policy_drafts": 1, "steps": 1, "audit_entries": 2}, moved)
		p, err := city.Policies.Version(t.Context(), "new-scheme", 1)
		require.NoError(t, err, "the node that published knows at once")
		require.Equal(t, "new-scheme", p.Document().Code)
		require.NotNil(t, draft(t, city, id).PublishedAt)
		for _, act := range []func() error{
			func() error { return city.Drafts.Publish(second, id, 7) },
			func() error { return city.Drafts.Withdraw(author, id, 7) },
			func() error { return city.Drafts.Save(author, id, 7, whole) },
		} {
			city.Refused(t, "state.act", act)
		}
		city.Lawful(t)
	})
}

func TestWhoeverEditedADraftDoesNotPublishIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author, second := subsidiestest.As(subsidiestest.CityOfficer), subsidiestest.As(subsidiestest.CityReviewer)
		id := begin(t, city, newPolicy(t, "p", nil))
		require.NoError(t, city.Drafts.Save(second, id, 1, newPolicy(t, "p", func(d *rules.Document) { d.ReservationDays = 5 })))
		require.NoError(t, city.Drafts.Submit(author, id, 2))
		for _, who := range []kernel.Actor{subsidiestest.CityOfficer, subsidiestest.CityReviewer} {
			city.Refused(t, "four_eyes", func() error { return city.Drafts.Publish(subsidiestest.As(who), id, 3) })
			require.False(t, draft(t, city, id).May(who)[subsidies.PolicyPublish])
		}
		third := kernel.Actor{Person: "person-city-3", Name: "市级丙", Org: subsidiestest.CityOrg, Role: kernel.RoleCityOfficer}
		require.True(t, draft(t, city, id).May(third)[subsidies.PolicyPublish])
		require.NoError(t, city.Drafts.Publish(subsidiestest.As(third), id, 3))
	})
}

func TestNobodyElseTouchesADraft(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		id := begin(t, city, newPolicy(t, "p", nil))
		for _, who := range []kernel.Actor{subsidiestest.Auditor, subsidiestest.Finance, subsidiestest.DistrictOfficer, subsidiestest.Provider, subsidiestest.Claimant("x"), subsidiestest.Operator, subsidiestest.Nobody} {
			ctx := subsidiestest.As(who)
			for name, act := range map[string]func() error{
				"create":   func() error { _, err := city.Drafts.Create(ctx, drafts.New{}); return err },
				"save":     func() error { return city.Drafts.Save(ctx, id, 1, []byte("{}")) },
				"import":   func() error { return city.Drafts.Import(ctx, id, 1, []byte("a: 1")) },
				"submit":   func() error { return city.Drafts.Submit(ctx, id, 1) },
				"withdraw": func() error { return city.Drafts.Withdraw(ctx, id, 1) },
			} {
				city.Unmoved(t, func() {
					e := kernel.AsError(act())
					require.NotNil(t, e, "%s by %s", name, who.Role)
					require.Contains(t, []kernel.Kind{kernel.KindForbidden, kernel.KindUnauthenticated}, e.Kind)
				})
			}
			_, err := city.Drafts.Get(ctx, who, id)
			require.Equal(t, who.Role == kernel.RoleAuditor, err == nil)
		}
	})
}

func TestAStaleRevisionChangesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author := subsidiestest.As(subsidiestest.CityOfficer)
		id := begin(t, city, []byte("{}"))
		var wg sync.WaitGroup
		var mu sync.Mutex
		saved := 0
		for i := range 6 {
			wg.Go(func() {
				err := city.Drafts.Save(author, id, 1, []byte(`{"n":`+string(rune('0'+i))+`}`))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					saved++
				} else if !kernel.IsCode(err, "stale") {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, saved)
		require.EqualValues(t, 2, draft(t, city, id).Rev)
		for _, rev := range []int64{0, 1, 3, -1} {
			city.Refused(t, "stale", func() error { return city.Drafts.Save(author, id, rev, []byte("{}")) })
		}
		city.Refused(t, "not_found", func() error { return city.Drafts.Save(author, "none", 1, []byte("{}")) })
	})
}

// TestNoPastDayChangesItsLaw: the next version has the next number and holds from
// a day that has not passed, and not before the version it follows.
func TestNoPastDayChangesItsLaw(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author, second := subsidiestest.As(subsidiestest.CityOfficer), subsidiestest.As(subsidiestest.CityReviewer)
		today := kernel.DayOf(city.Clock.Now())
		id, err := city.Drafts.Create(author, drafts.New{Code: subsidiestest.Policy, BasedOn: 1})
		require.NoError(t, err)
		rev := int64(1)
		for name, x := range map[string]struct {
			change func(*rules.Document)
			path   string
		}{
			"no day":            {func(*rules.Document) {}, "in_force_from"},
			"yesterday":         {func(d *rules.Document) { d.InForceFrom = today.AddDays(-1) }, "in_force_from"},
			"the same number":   {func(d *rules.Document) { d.InForceFrom, d.Version = today, 1 }, "version"},
			"a number too high": {func(d *rules.Document) { d.InForceFrom, d.Version = today, 3 }, "version"},
		} {
			document := newPolicy(t, subsidiestest.Policy, func(d *rules.Document) { d.Version = 2; x.change(d) })
			require.NoError(t, city.Drafts.Save(author, id, rev, document))
			rev++
			e := city.Refused(t, "invalid_input", func() error { return city.Drafts.Submit(author, id, rev) })
			require.Equal(t, x.path, e.Fields[0].Path, name)
			check, err := city.Drafts.Check(t.Context(), document, 0)
			require.NoError(t, err)
			require.Equal(t, x.path, check.Faults[0].Path, name)
		}
		require.NoError(t, city.Drafts.Save(author, id, rev, newPolicy(t, subsidiestest.Policy, func(d *rules.Document) { d.Version, d.InForceFrom = 2, today })))
		require.NoError(t, city.Drafts.Submit(author, id, rev+1))
		city.Clock.Advance(24 * 60 * 60 * 1_000_000_000) // while it waited, its day has passed
		city.Refused(t, "invalid_input", func() error { return city.Drafts.Publish(second, id, rev+2) })
		require.EqualValues(t, 1, city.Count(t, "policies", "code = ?", subsidiestest.Policy))
	})
}

func TestTwoSuccessorsCannotBothBePublished(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author, second := subsidiestest.As(subsidiestest.CityOfficer), subsidiestest.As(subsidiestest.CityReviewer)
		var ids []kernel.ID
		for i := range 4 {
			id := begin(t, city, newPolicy(t, subsidiestest.Policy, func(d *rules.Document) {
				d.Version, d.InForceFrom, d.ReservationDays = 2, "2027-01-01", 100+i
			}))
			require.NoError(t, city.Drafts.Submit(author, id, 1))
			ids = append(ids, id)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		published := 0
		for _, id := range ids {
			wg.Go(func() {
				err := city.Drafts.Publish(second, id, 2)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					published++
				} else if e := kernel.AsError(err); e == nil || (e.Code != "policy.published" && e.Code != "invalid_input") {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, published)
		require.EqualValues(t, 1, city.Count(t, "policy_drafts", "state = 'published'"))
		require.EqualValues(t, 2, city.Count(t, "policies", "code = ?", subsidiestest.Policy))
	})
}

func TestATestCaseThatFailsHoldsADraftUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author := subsidiestest.As(subsidiestest.CityOfficer)
		want := kernel.Fen(300_000)
		cases := func(amount kernel.Fen) func(*rules.Document) {
			return func(d *rules.Document) {
				d.Cases = []rules.Case{{Name: kernel.T("小企业", "a small firm"), Expect: rules.Expectation{Eligible: true, Subsidy: &amount}, Facts: rules.Facts{
					On: "2026-11-24", Enterprise: rules.EnterpriseFacts{CreditCode: "x", District: subsidiestest.District, SizeClass: "small", FoundedOn: "2020-01-01", Verified: true},
					Provider: rules.ProviderFacts{Admitted: true}, Lines: []rules.Line{{Category: "saas.erp", Depth: "business", ListPrice: 1_000_000}},
				}}}
			}
		}
		id := begin(t, city, newPolicy(t, "p", cases(want+1)))
		e := city.Refused(t, "policy.cases", func() error { return city.Drafts.Submit(author, id, 1) })
		require.Equal(t, []string{"cases[0] policy.case_failed"}, subsidiestest.Fields(e))
		check, err := city.Drafts.CheckDraft(t.Context(), draft(t, city, id))
		require.NoError(t, err)
		require.Empty(t, check.Faults)
		require.False(t, check.Cases[0].Passed)
		require.Equal(t, want, check.Cases[0].Got.Legs.Subsidy)
		require.NoError(t, city.Drafts.Save(author, id, 1, newPolicy(t, "p", cases(want))))
		require.NoError(t, city.Drafts.Submit(author, id, 2))
	})
}

func TestADraftIsTakenOutAndBroughtBackAsYAML(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		author := subsidiestest.As(subsidiestest.CityOfficer)
		id := begin(t, city, newPolicy(t, "p", nil))
		before := draft(t, city, id)
		text, err := rules.YAML([]byte(before.Document))
		require.NoError(t, err)
		require.NoError(t, city.Drafts.Import(author, id, 1, text))
		require.Equal(t, before.Document, draft(t, city, id).Document)
		for code, bad := range map[string]string{"policy.yaml": "a: [", "policy.too_large": string(make([]byte, rules.MaxDocument+1))} {
			city.Refused(t, code, func() error { return city.Drafts.Import(author, id, 2, []byte(bad)) })
		}
		city.Refused(t, "policy.yaml", func() error { return city.Drafts.Import(author, id, 2, []byte("title: {zh: \"a\u202eb\"}")) })
	})
}

func TestTheSameKeyCreatesOneDraft(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		call := kernel.CallFrom(subsidiestest.As(subsidiestest.CityOfficer))
		call.IdempotencyKey, call.Fingerprint = "k", "f"
		ctx := kernel.WithCall(t.Context(), call)
		first, err := city.Drafts.Create(ctx, drafts.New{Code: "x"})
		require.NoError(t, err)
		again, err := city.Drafts.Create(ctx, drafts.New{Code: "x"})
		require.NoError(t, err)
		require.Equal(t, first, again)
		require.EqualValues(t, 1, city.Count(t, "policy_drafts", ""))
		list, err := city.Drafts.List(t.Context(), subsidiestest.Auditor, "", "", 20)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, "市级乙", list[0].Editors[0].Name)
	})
}
