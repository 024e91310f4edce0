package subsidies_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/quotas"
	"yunhui/subsidies/subsidiestest"
)

// breaches asks every room that keeps data, as the program does.
func breaches(t *testing.T, city *subsidiestest.City) []kernel.Breach {
	t.Helper()
	found, err := verify(t.Context(), city)
	require.NoError(t, err)
	return found
}

func verify(ctx context.Context, city *subsidiestest.City) (all []kernel.Breach, err error) {
	db := city.DB
	err = db.Snapshot(ctx, func(ctx context.Context) error {
		for _, ask := range []func() ([]kernel.Breach, error){
			func() ([]kernel.Breach, error) { return budget.Verify(ctx, db) },
			func() ([]kernel.Breach, error) { return budget.VerifyBooks(ctx, db, gazette.NewLibrary(db)) },
			func() ([]kernel.Breach, error) { return gazette.Verify(ctx, db) },
			func() ([]kernel.Breach, error) { return claims.Verify(ctx, db, gazette.NewLibrary(db)) },
			func() ([]kernel.Breach, error) { return payments.Verify(ctx, db) },
			func() ([]kernel.Breach, error) { return clawbacks.Verify(ctx, db) },
			func() ([]kernel.Breach, error) { return quotas.Verify(ctx, db) },
			func() ([]kernel.Breach, error) {
				found, err := audit.Verify(ctx, db)
				if err != nil || found.OK() {
					return nil, err
				}
				return []kernel.Breach{{Law: "recorded", Object: string(found.Broken.ID), Detail: found.Broken.Flaw}}, nil
			},
		} {
			found, err := ask()
			if err != nil {
				return err
			}
			all = append(all, found...)
		}
		return nil
	})
	return all, err
}

func lawsOf(all []kernel.Breach) map[string]bool {
	laws := map[string]bool{}
	for _, b := range all {
		laws[b.Law] = true
	}
	return laws
}

// tampering is a change by hand: the first statement must change a row, and some
// breach must name the law.
type tampering struct {
	name  string
	law   string
	table []string
	sql   string
}

// TestVerifyNamesTheLaw plays complete lives, changes one thing by hand and asks
// for the law that it broke.
func TestVerifyNamesTheLaw(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		seller := subsidiestest.Document(t, "pays-the-provider")
		seller.Payee = "provider"
		city.Publish(t, seller)
		shared := subsidiestest.WithQuotas(t, "shares-quotas", 500_000, 400_000)
		city.Publish(t, shared)
		quota := kernel.Fen(450_000)
		_, err := city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), quotas.Setting{Policy: shared.Code, Kind: budget.ProviderPolicy, Subject: string(subsidiestest.ProviderOrg), Limit: &quota, Reason: "抽查发现问题"})
		require.NoError(t, err)
		city.AgreementIn(t, subsidiestest.Deal{Policy: shared.Code}, subsidies.AgreementAccepted)
		city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementEnterpriseConfirmed)
		accepted := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
		for _, state := range []subsidies.ClaimState{subsidies.ClaimReturned, subsidies.ClaimRefused, subsidies.ClaimCityApproved, subsidies.ClaimApproved} {
			city.ClaimIn(t, state)
		}
		batched := city.ClaimIn(t, subsidies.ClaimBatched)
		paid := city.ClaimsOf(t, subsidies.ClaimPaid, subsidiestest.Deal{Price: 333_333}, subsidiestest.Deal{Policy: "pays-the-provider", District: subsidiestest.OtherDistrict})
		books := keepBooks(t, city)
		_, err = audit.Seal(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, breaches(t, city), "nobody has touched anything yet")

		p, a := paid[0].ID, paid[0].AgreementID
		for _, c := range []tampering{
			{"a leg of a claim", "conservation", []string{"claims"}, q("UPDATE claims SET subsidy_fen = subsidy_fen + 100 WHERE id = '%s'", p)},
			{"a leg of an agreement", "conservation", []string{"agreements"}, q("UPDATE agreements SET enterprise_fen = enterprise_fen - 1 WHERE id = '%s'", accepted.ID)},
			{"two legs of a claim, so that they add up", "explained", []string{"claims"}, q("UPDATE claims SET municipal_fen = municipal_fen + 1, district_fen = district_fen - 1 WHERE id = '%s'", p)},
			{"all legs of an accepted agreement", "explained", []string{"agreements"}, q("UPDATE agreements SET subsidy_fen = subsidy_fen + 1, municipal_fen = municipal_fen + 1, enterprise_fen = enterprise_fen - 1 WHERE id = '%s'", accepted.ID)},
			{"all legs of a waiting agreement", "explained", []string{"agreements"}, "UPDATE agreements SET subsidy_fen = subsidy_fen + 1, municipal_fen = municipal_fen + 1, enterprise_fen = enterprise_fen - 1 WHERE state = 'enterprise_confirmed'"},
			{"the amount of a posting", "double entry", []string{"postings"}, q("UPDATE postings SET amount_fen = amount_fen + 1 WHERE subject_id = '%s' AND account = 'paid' AND scope = 'city'", p)},
			{"both postings of a move", "double entry", []string{"postings"}, q("UPDATE postings SET amount_fen = amount_fen * 2 WHERE subject_id = '%s' AND account IN ('awarded', 'paid')", p)},
			{"two reservations, so that the totals stay", "double entry", []string{"postings"},
				q("UPDATE postings SET amount_fen = amount_fen + CASE WHEN amount_fen > 0 THEN 1 ELSE -1 END * CASE WHEN subject_id = '%s' THEN 1 ELSE -1 END WHERE subject_id IN ('%s', '%s') AND scope = 'city'", accepted.ID, accepted.ID, a)},
			{"the legs in the ledger", "conservation", []string{"postings"}, q("UPDATE postings SET amount_fen = amount_fen + CASE WHEN account = 'memo.provider_discount' THEN 5 WHEN account = 'memo.list_price' THEN -5 WHEN account = 'memo.enterprise_share' THEN 5 ELSE 0 END WHERE subject_id = '%s' AND account IN ('memo.list_price', 'memo.enterprise_share')", p)},
			{"a posting is gone", "double entry", []string{"postings"}, q("DELETE FROM postings WHERE subject_id = '%s' AND account = 'awarded' AND scope = 'city'", p)},
			{"a reservation is gone with its journal", "double entry", []string{"postings", "journals"}, q("DELETE FROM postings WHERE subject_id = '%s'; DELETE FROM journals WHERE subject_id = '%s'", accepted.ID, accepted.ID)},
			{"a journal is gone", "double entry", []string{"journals"}, q("DELETE FROM journals WHERE subject_id = '%s' AND kind = 'award'", p)},
			{"what was voted", "double entry", []string{"appropriations"}, "UPDATE appropriations SET amount_fen = amount_fen + 1 WHERE scope = 'city'"},
			{"what is reserved", "double entry", []string{"appropriations"}, "UPDATE appropriations SET reserved_fen = reserved_fen - 1 WHERE scope = 'city' AND reserved_fen > 0"},
			{"less was voted than is used", "budget", []string{"appropriations"}, "UPDATE appropriations SET amount_fen = 1 WHERE reserved_fen > 1"},
			{"an appropriation is gone", "budget", []string{"appropriations"}, "DELETE FROM appropriations WHERE scope = 'city'"},
			{"the year of an appropriation", "budget", []string{"appropriations"}, "UPDATE appropriations SET budget_year = '1999' WHERE scope = 'city'"},
			{"the year of postings", "double entry", []string{"postings"}, q("UPDATE postings SET budget_year = '1999' WHERE subject_id = '%s'", p)},
			{"the year an agreement draws on", "double entry", []string{"agreements"}, q("UPDATE agreements SET fund_year = '1999' WHERE id = '%s'", accepted.ID)},
			{"the account of a payment", "double entry", []string{"postings"}, q("UPDATE postings SET account = 'returned' WHERE subject_id = '%s' AND account = 'awarded' AND amount_fen < 0", p)},
			{"the amount of an act", "double entry", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET amount_fen = amount_fen + 1 WHERE id = '%s'", books)},
			{"where an act's money went", "budget", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET scope = '%s' WHERE id = '%s'", subsidiestest.OtherDistrict, books)},
			{"the document of an act", "budget", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET document_number = '渝财〔2026〕999号' WHERE id = '%s'", books)},
			{"who approved an act", "double entry", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET decided_by = 'somebody' WHERE id = '%s'", books)},
			{"an act approved by who proposed it", "four eyes", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET decided_by = proposed_by WHERE id = '%s'", books)},
			{"an act that was not approved", "double entry", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET state = 'refused', live_key = NULL WHERE id = '%s'", books)},
			{"a document is free to act again", "once", []string{"appropriation_acts"}, q("UPDATE appropriation_acts SET live_key = NULL WHERE id = '%s'", books)},
			{"an act is gone", "budget", []string{"appropriation_acts"}, q("DELETE FROM appropriation_acts WHERE id = '%s'", books)},
			{"an act's journal is gone", "double entry", []string{"journals", "postings"}, q("DELETE FROM postings WHERE subject_id = '%s'; DELETE FROM journals WHERE subject_id = '%s'", books, books)},
			{"an act's postings, so that they balance", "double entry", []string{"postings"}, q("UPDATE postings SET amount_fen = amount_fen * 2 WHERE subject_id = '%s'", books)},
			{"the total of a day", "double entry", []string{"daily_totals"}, "UPDATE daily_totals SET raised_fen = raised_fen + 1 WHERE account = 'paid'"},
			{"the category of a total", "double entry", []string{"daily_totals"}, "UPDATE daily_totals SET category = 'other' WHERE account = 'paid'"},
			{"the totals of a closed day are gone", "double entry", []string{"daily_totals"}, "DELETE FROM daily_totals WHERE day = (SELECT d FROM (SELECT MIN(day) AS d FROM daily_totals) x)"},
			{"the day of a journal", "double entry", []string{"journals"}, q("UPDATE journals SET at = (SELECT t FROM (SELECT MIN(at) AS t FROM journals) x) WHERE kind = 'pay' AND subject_id = '%s'", p)},
			{"a sealed balance", "double entry", []string{"closings"}, "UPDATE closings SET balances = REPLACE(balances, '\"closing_fen\":', '\"closing_fen\":1')"},
			{"who closed a month", "double entry", []string{"closings"}, "UPDATE closings SET closed_by = 'somebody'"},
			{"a closing is gone", "double entry", []string{"closings"}, "DELETE FROM closings WHERE period = (SELECT p FROM (SELECT MAX(period) AS p FROM closings) x)"},
			{"a closed day is open again", "double entry", []string{"appropriations"}, "UPDATE appropriations SET closed_through = '' WHERE scope = 'city'"},
			{"what a firm has drawn", "budget", []string{"ceilings"}, q("UPDATE ceilings SET used_fen = 0 WHERE kind = 'enterprise_year' AND subject = '%s'", paid[0].EnterpriseID)},
			{"how often a firm has bought", "budget", []string{"ceilings"}, q("UPDATE ceilings SET used_fen = used_fen - 1 WHERE kind = 'enterprise_purchase' AND subject = '%s'", paid[0].EnterpriseID)},
			{"a ceiling is gone", "budget", []string{"ceilings"}, q("DELETE FROM ceilings WHERE kind = 'enterprise_category' AND subject = '%s:saas.erp'", paid[0].EnterpriseID)},
			{"what a provider has drawn", "budget", []string{"ceilings"}, "UPDATE ceilings SET used_fen = used_fen - 1 WHERE kind = 'provider_policy'"},
			{"what a category has drawn", "budget", []string{"ceilings"}, "UPDATE ceilings SET used_fen = 0 WHERE kind = 'policy_category'"},
			{"a provider's quota is gone", "budget", []string{"ceilings"}, "DELETE FROM ceilings WHERE kind = 'provider_policy'"},
			{"a quota is raised by hand", "budget", []string{"ceilings"}, "UPDATE ceilings SET set_fen = set_fen + 1 WHERE kind = 'provider_policy'"},
			{"a quota is freed by hand", "budget", []string{"ceilings"}, "UPDATE ceilings SET set_fen = NULL WHERE kind = 'provider_policy'"},
			{"a decision on a quota", "budget", []string{"quota_decisions"}, "UPDATE quota_decisions SET limit_fen = 1"},
			{"a decision on a quota is gone", "budget", []string{"quota_decisions"}, "DELETE FROM quota_decisions"},
			{"a limit", "budget", []string{"ceilings"}, q("UPDATE ceilings SET limit_fen = 1 WHERE kind = 'enterprise_year' AND subject = '%s'", paid[0].EnterpriseID)},
			{"an invoice is free again", "once", []string{"invoice_uses"}, q("DELETE FROM invoice_uses WHERE claim_id = '%s'", p)},
			{"an invoice is another claim's", "once", []string{"invoice_uses"}, q("UPDATE invoice_uses SET claim_id = '%s' WHERE claim_id = '%s'", batched.ID, p)},
			{"a contract is free again", "once", []string{"claims"}, q("UPDATE claims SET contract_key = NULL WHERE id = '%s'", p)},
			{"a paid claim may be claimed again", "once", []string{"claims"}, q("UPDATE claims SET live_key = NULL WHERE id = '%s'", p)},
			{"a payment is free to be ordered again", "once", []string{"batch_lines"}, q("UPDATE batch_lines SET live_key = NULL WHERE claim_id = '%s'", p)},
			{"the person of a step", "four eyes", []string{"steps"}, q("UPDATE steps SET person_id = 'somebody' WHERE subject_id = '%s' AND act = 'confirm'", p)},
			{"the reviewer becomes the claimant", "four eyes", []string{"steps"}, q("UPDATE steps SET person_id = 'p-%s' WHERE subject_id = '%s' AND act = 'approve' AND role = 'city_officer'", paid[0].EnterpriseID, p)},
			{"a hand is gone", "four eyes", []string{"hands"}, q("DELETE FROM hands WHERE subject_id = '%s' AND part = 'district'", p)},
			{"a hand had another part", "four eyes", []string{"hands"}, q("UPDATE hands SET part = 'auditor' WHERE subject_id = '%s' AND part = 'provider'", p)},
			{"an entry of the record", "recorded", []string{"audit_entries"}, q("UPDATE audit_entries SET person_id = 'somebody' WHERE object_id = '%s' AND action = 'claim.award'", p)},
			{"an entry of the record is gone", "recorded", []string{"audit_entries"}, q("DELETE FROM audit_entries WHERE object_id = '%s' AND action = 'claim.submit'", p)},
			{"a published policy", "explained", []string{"policies"}, "UPDATE policies SET document = REPLACE(document, '3000', '9000') WHERE code = '" + subsidiestest.Policy + "'"},
			{"a policy is gone", "explained", []string{"policies"}, "DELETE FROM policies WHERE code = 'pays-the-provider'"},
			{"the state of a claim", "nothing lost", []string{"claims"}, "UPDATE claims SET state = 'approved' WHERE state = 'city_approved'"},
			{"a refused claim lives again", "nothing lost", []string{"claims"}, "UPDATE claims SET state = 'submitted' WHERE state = 'refused'"},
			{"the state of an agreement", "nothing lost", []string{"agreements"}, q("UPDATE agreements SET state = 'lapsed' WHERE id = '%s'", accepted.ID)},
			{"a step is gone", "nothing lost", []string{"steps"}, q("DELETE FROM steps WHERE subject_id = '%s' AND act = 'confirm'", p)},
			{"all steps are gone", "nothing lost", []string{"steps"}, q("DELETE FROM steps WHERE subject_id = '%s'", a)},
			{"a trace", "explained", []string{"traces"}, q("UPDATE traces SET document = (SELECT document FROM (SELECT * FROM traces) x WHERE x.subject_id = '%s' LIMIT 1) WHERE subject_id = '%s'", accepted.ID, p)},
			{"a trace is gone", "explained", []string{"traces"}, q("DELETE FROM traces WHERE subject_id = '%s'", p)},
			{"the amount of a line", "conservation", []string{"batch_lines"}, q("UPDATE batch_lines SET amount_fen = amount_fen + 1 WHERE claim_id = '%s'", batched.ID)},
			{"the total of a batch", "conservation", []string{"batches"}, q("UPDATE batches SET total_fen = total_fen + 1 WHERE id = '%s'", *batched.BatchID)},
			{"a line is gone", "nothing lost", []string{"batch_lines"}, q("DELETE FROM batch_lines WHERE claim_id = '%s'", batched.ID)},
			{"how many a batch has gathered", "nothing lost", []string{"batch_jobs"}, q("UPDATE batch_jobs SET taken = taken + 1, seen = seen + 1 WHERE kind = 'gather' AND batch_id = '%s'", *batched.BatchID)},
			{"how far a work has come", "nothing lost", []string{"batch_jobs"}, q("UPDATE batch_jobs SET seen = seen - 1 WHERE kind = 'gather' AND batch_id = '%s'", *batched.BatchID)},
			{"how many results were booked", "nothing lost", []string{"batch_jobs"}, "UPDATE batch_jobs SET taken = taken - 1, missed = missed + 1 WHERE kind = 'settle'"},
			{"a work is under way again", "once", []string{"batch_jobs"}, q("UPDATE batch_jobs SET state = 'running' WHERE kind = 'gather' AND batch_id = '%s'", *batched.BatchID)},
			{"a work that is done bars others", "once", []string{"batch_jobs"}, q("UPDATE batch_jobs SET live_key = batch_id WHERE kind = 'gather' AND batch_id = '%s'", *batched.BatchID)},
			{"a batch is being gathered again", "nothing lost", []string{"batches"}, q("UPDATE batches SET state = 'gathering' WHERE id = '%s'", *batched.BatchID)},
			{"a batch is on its way back", "nothing lost", []string{"batches"}, q("UPDATE batches SET state = 'releasing' WHERE id = '%s'", *batched.BatchID)},
			{"results were brought that nobody examined", "nothing lost", []string{"batch_jobs"}, q("UPDATE batch_jobs SET state = 'stopped', expected = expected + 1, kind = 'settle' WHERE kind = 'gather' AND batch_id = '%s'", *batched.BatchID)},
			{"whom a payment goes to", "explained", []string{"batch_lines"}, q("UPDATE batch_lines SET payee_org_id = 'somebody' WHERE claim_id = '%s'", p)},
		} {
			t.Run(strings.ReplaceAll(c.name, ",", ""), func(t *testing.T) {
				restore := keep(t, db, c.table)
				defer restore()
				changed := int64(0)
				require.NoError(t, run(db, func(tx *database.Tx) error {
					for statement := range strings.SplitSeq(c.sql, "; ") {
						done := tx.Exec(statement)
						if done.Error != nil {
							return done.Error
						}
						changed += done.RowsAffected
					}
					return nil
				}))
				require.Positive(t, changed, "nothing was tampered with")
				found := breaches(t, city)
				require.True(t, lawsOf(found)[c.law], "want %s, got %v", c.law, found)
			})
		}
		require.Empty(t, breaches(t, city), "all is as it was")
	})
}

// keepBooks transfers money by an act and closes the months that are over. It
// returns the act.
func keepBooks(t *testing.T, city *subsidiestest.City) kernel.ID {
	t.Helper()
	books := &budget.Desk{DB: city.DB, Policies: city.Policies}
	a, err := books.Propose(subsidiestest.As(subsidiestest.CityOfficer), budget.ActProposal{
		Kind: budget.Transfer, Policy: subsidiestest.Policy, Scope: subsidiestest.District, FromScope: budget.City, Amount: 70_000,
		DocumentNumber: "渝财企〔2026〕1号", DatedOn: kernel.DayOf(city.Clock.Now()), Reason: "调剂",
	})
	require.NoError(t, err)
	_, err = books.Approve(subsidiestest.As(subsidiestest.Finance), a.ID, a.Version, "")
	require.NoError(t, err)
	month := kernel.DayOf(city.Clock.Now())[:7]
	city.DayAfter((month + "-01").AddMonths(1).AddDays(-1))
	due, err := books.Due(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, due)
	for _, period := range due {
		_, err := books.Close(subsidiestest.As(subsidiestest.Finance), period)
		require.NoError(t, err)
	}
	return a.ID
}

func q(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func run(db *database.DB, work func(tx *database.Tx) error) error {
	return database.Run(context.Background(), db, "test.tamper", work)
}

// keep copies tables and returns what puts them back.
func keep(t *testing.T, db *database.DB, tables []string) func() {
	t.Helper()
	for _, table := range tables {
		require.NoError(t, run(db, func(tx *database.Tx) error {
			return tx.Exec("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table).Error
		}))
	}
	return func() {
		for _, table := range tables {
			require.NoError(t, run(db, func(tx *database.Tx) error {
				for _, statement := range []string{"DELETE FROM " + table, "INSERT INTO " + table + " SELECT * FROM kept_" + table, "DROP TABLE kept_" + table} {
					if err := tx.Exec(statement).Error; err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
}
