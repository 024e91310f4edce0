package payments_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

var (
	as      = subsidiestest.As
	finance = as(subsidiestest.Finance)
	usual   = payments.Filter{Policy: subsidiestest.Policy}
)

// paidOn is the day on which the city stands once its notices are over.
const paidOn = "2026-12-01"

func each(t *testing.T, test func(t *testing.T, city *subsidiestest.City)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		test(t, subsidiestest.New(t, db, clock))
	})
}

// ordered drives n claims into one closed batch.
func ordered(t *testing.T, city *subsidiestest.City, n int) (payments.Batch, []subsidies.Claim) {
	t.Helper()
	all := city.ClaimsIn(t, subsidies.ClaimBatched, n)
	b, _, err := city.Payments.Get(finance, subsidiestest.Finance, *all[0].BatchID, 0, 1)
	require.NoError(t, err)
	return b, all
}

// list is a file that was taken out.
type list struct {
	payments.File
	Content []byte
}

func export(ctx context.Context, city *subsidiestest.City, id kernel.ID, format payments.Format) (list, error) {
	var out bytes.Buffer
	file, err := city.Payments.Export(ctx, id, payments.Export{Format: format}, &out)
	return list{file, out.Bytes()}, err
}

// sheet writes a file of results.
func sheet(rows ...string) string {
	return "申请编号,金额,结果,失败原因,付款日期,流水号\n" + strings.Join(rows, "\n") + "\n"
}

func paid(c subsidies.Claim) string {
	return fmt.Sprintf("%s,%s,成功,,%s,LS%s", c.Number, c.Legs.Subsidy.Yuan(), paidOn, c.Number)
}

func failed(c subsidies.Claim) string {
	return fmt.Sprintf("%s,%s,失败,账号户名不符,,", c.Number, c.Legs.Subsidy.Yuan())
}

func codes(err error) []string {
	var out []string
	if e := kernel.AsError(err); e != nil {
		for _, f := range e.Fields {
			out = append(out, f.Path+":"+f.Code)
		}
	}
	return out
}

func TestABatchFromApprovedToSettled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 3)
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		require.Empty(t, d.LeftOut)
		require.Equal(t, int64(3), d.Batch.LineCount)
		require.Equal(t, kernel.Fen(900_000), d.Batch.Total)

		_, err = export(finance, city, d.Batch.ID, payments.XLSX)
		require.True(t, kernel.IsCode(err, "batch.not_closed"), "a list that may still change is not taken out: %v", err)
		_, err = city.Payments.Import(finance, d.Batch.ID, strings.NewReader(sheet(paid(all[0]))))
		require.True(t, kernel.IsCode(err, "batch.not_closed"), err)

		_, err = city.Payments.Close(finance, d.Batch.ID, d.Batch.Version)
		require.NoError(t, err)
		_, err = export(finance, city, d.Batch.ID, payments.CSV)
		require.NoError(t, err)

		b, err := city.Payments.Import(finance, d.Batch.ID, strings.NewReader(sheet(paid(all[0]), failed(all[1]))))
		require.NoError(t, err)
		require.Equal(t, []int64{1, 1}, []int64{b.PaidCount, b.FailedCount})
		require.Equal(t, payments.Exported, b.State, "one line still waits")
		b, err = city.Payments.Import(finance, d.Batch.ID, strings.NewReader(sheet(paid(all[2]), paid(all[0]), failed(all[1]))))
		require.NoError(t, err)
		require.Equal(t, payments.Settled, b.State)

		require.Equal(t, subsidies.ClaimPaid, city.Claim(t, all[0].ID).State)
		again := city.Claim(t, all[1].ID)
		require.Equal(t, subsidies.ClaimApproved, again.State)
		require.Nil(t, again.BatchID)
		city.Lawful(t)

		d, err = city.Payments.Draft(finance, usual)
		require.NoError(t, err, "what failed can be ordered again")
		require.Equal(t, int64(1), d.Batch.LineCount)
		_, err = city.Payments.Close(finance, d.Batch.ID, 0)
		require.NoError(t, err)
		_, err = city.Payments.Import(finance, d.Batch.ID, strings.NewReader(sheet(paid(all[1]))))
		require.NoError(t, err)
		require.Equal(t, int64(3), city.Count(t, "journals", "kind = 'pay'"))
		require.Equal(t, int64(1), city.Count(t, "appropriations", "scope = 'city' AND paid_fen = 540000 AND awarded_fen = 0 AND reserved_fen = 0"))
		require.Equal(t, int64(1), city.Count(t, "appropriations", "scope = ? AND paid_fen = 360000 AND awarded_fen = 0", subsidiestest.District))
		city.Lawful(t)
	})
}

func TestTheSameResultsTwiceChangeNothingAndOthersAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, all := ordered(t, city, 2)
		file := sheet(paid(all[0]), failed(all[1]))
		first, err := city.Payments.Import(finance, b.ID, strings.NewReader(file))
		require.NoError(t, err)
		before := city.Traces(t)
		second, err := city.Payments.Import(finance, b.ID, strings.NewReader(file))
		require.NoError(t, err)
		require.Equal(t, first, second)
		require.Equal(t, before, city.Traces(t))
		for name, bad := range map[string]string{
			"paid is now failed":    failed(all[0]),
			"failed is now paid":    paid(all[1]),
			"another day":           strings.Replace(paid(all[0]), paidOn, "2026-12-02", 1),
			"another bank's number": paid(all[0]) + "9",
		} {
			city.DayAfter("2026-12-05")
			_, err = city.Payments.Import(finance, b.ID, strings.NewReader(sheet(bad)))
			require.Equal(t, []string{"rows[2].result:result.contradicts"}, codes(err), name)
		}
		require.Equal(t, before, city.Traces(t))
	})
}

func TestEveryBadRowIsNamedAndThenNothingIsBooked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, all := ordered(t, city, 7)
		_, others := ordered(t, city, 1)
		before := city.Traces(t)
		yuan := all[0].Legs.Subsidy.Yuan()
		_, err := city.Payments.Import(finance, b.ID, strings.NewReader(sheet(
			paid(all[0]),
			"C2026-NOSUCH99,3000.00,成功,,"+paidOn+",1",
			paid(others[0]),
			paid(all[0]),
			all[1].Number+",2999.99,成功,,"+paidOn+",1",
			all[2].Number+","+yuan+",失败,,,",
			all[3].Number+","+yuan+",成功,,,1",
			all[4].Number+","+yuan+",成功,,2027-01-01,1",
			all[5].Number+","+yuan+",成功,,2026-11-30,1",
		)))
		require.Equal(t, []string{
			"rows[3].claim:claim.unknown", "rows[4].claim:claim.other_batch", "rows[5].claim:result.repeated", "rows[6].amount:result.amount",
			"rows[7].failure:field.required", "rows[8].paid_on:field.required", "rows[9].paid_on:date.future", "rows[10].paid_on:date.order",
		}, codes(err))
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(sheet(all[6].Number+",,也许,,,", all[0].Number+",3000.001,成功,,昨天,1")))
		require.Equal(t, []string{"B3:document.cell", "E3:document.cell"}, codes(err))
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader(sheet(all[6].Number+",,也许,,,")))
		require.Equal(t, []string{"rows[2].result:result.unknown", "rows[2].amount:field.required"}, codes(err))
		_, err = city.Payments.Import(finance, b.ID, strings.NewReader("%PDF-1.7"))
		require.Error(t, err)
		require.Equal(t, before, city.Traces(t))
		require.Equal(t, int64(0), city.Count(t, "claims", "state = 'paid'"))
		require.Equal(t, int64(0), city.Count(t, "appropriations", "paid_fen > 0"))
	})
}

func TestTheListComesBackWithTheResultsWrittenIntoIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, all := ordered(t, city, 2)
		file, err := export(finance, city, b.ID, payments.XLSX)
		require.NoError(t, err)
		book, err := excelize.OpenReader(bytes.NewReader(file.Content))
		require.NoError(t, err)
		name := book.GetSheetName(0)
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		require.Equal(t, []string{"序号", "批次号", "申请编号", "收款单位", "统一社会信用代码", "开户银行", "行号", "账号", "金额(元)", "市级资金(元)", "区县资金(元)", "用途", "批次校验码"}, rows[0])
		require.Equal(t, "105653000001", rows[1][6])
		require.Contains(t, rows[1][7], "62220000", "the whole account, as text")
		kind, err := book.GetCellType(name, "H2")
		require.NoError(t, err)
		require.NotEqual(t, excelize.CellTypeNumber, kind)
		for cell, value := range map[string]string{"N1": "结果", "O1": "付款日期", "P1": "流水号", "N2": "成功", "O2": paidOn, "P2": "001", "N3": "成功", "O3": paidOn, "P3": "002"} {
			require.NoError(t, book.SetCellStr(name, cell, value))
		}
		var filled bytes.Buffer
		require.NoError(t, book.Write(&filled))
		done, err := city.Payments.Import(finance, b.ID, &filled)
		require.NoError(t, err)
		require.Equal(t, payments.Settled, done.State)
		require.Equal(t, subsidies.ClaimPaid, city.Claim(t, all[1].ID).State)
	})
}

func TestTakingOutAgainGivesTheSameAndNoticesTampering(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, all := ordered(t, city, 3)
		first, err := export(finance, city, b.ID, payments.CSV)
		require.NoError(t, err)
		city.Registry.SetAccount(all[0].EnterpriseID, subsidies.Account{Holder: "换户", Bank: "另一银行", Number: "99999999"})
		second, err := export(as(subsidiestest.CityOfficer), city, b.ID, payments.CSV)
		require.NoError(t, err)
		require.Equal(t, first, second, "the account is that of the drafting")
		_, err = export(finance, city, b.ID, payments.XLSX)
		require.NoError(t, err)
		require.Equal(t, int64(3), city.Count(t, "audit_entries", "action = 'batch.export'"))
		require.Equal(t, int64(1), city.Count(t, "batches", "state = 'exported' AND exported_at IS NOT NULL AND LENGTH(digest) = 64"))

		tamper(t, city, "UPDATE batch_lines SET amount_fen = amount_fen + 1 WHERE line_no = 1")
		_, err = export(finance, city, b.ID, payments.CSV)
		require.ErrorContains(t, err, "not those that were taken out")
		found, err := payments.Verify(finance, city.DB)
		require.NoError(t, err)
		require.Len(t, found, 2, "the line and the total")

		tamper(t, city, "UPDATE batch_lines SET amount_fen = amount_fen - 1, account_number = (SELECT account_number FROM (SELECT account_number FROM batch_lines WHERE line_no = 2) x) WHERE line_no = 1")
		_, err = export(finance, city, b.ID, payments.CSV)
		require.Error(t, err, "an account moved to another line does not open there")
		require.Nil(t, kernel.AsError(err))
	})
}

func TestVerifyReadsTheListsThatWereTakenOutThroughAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, _ := ordered(t, city, 3)
		lists := func() []kernel.Breach {
			found, err := city.Payments.VerifyLists(t.Context())
			require.NoError(t, err)
			return found
		}
		require.Empty(t, lists(), "nothing was taken out yet")
		_, err := export(finance, city, b.ID, payments.CSV)
		require.NoError(t, err)
		require.Empty(t, lists())
		for _, column := range []string{"bank_name", "bank_code", "payee_name"} {
			var was []string
			require.NoError(t, city.DB.Read(t.Context()).Table("batch_lines").Where("line_no = 2").Pluck(column, &was).Error)
			tamper(t, city, "UPDATE batch_lines SET "+column+" = ? WHERE line_no = 2", "X"+string([]rune(was[0])[1:]))
			require.Len(t, lists(), 1, column)
			tamper(t, city, "UPDATE batch_lines SET "+column+" = ? WHERE line_no = 2", was[0])
			require.Empty(t, lists(), column)
		}
		tamper(t, city, "UPDATE batch_lines SET account_number = (SELECT account_number FROM (SELECT account_number FROM batch_lines WHERE line_no = 1) x) WHERE line_no = 2")
		require.Len(t, lists(), 1, "an account of another line")
	})
}

func TestAccountsAreNeverStoredInTheClearNorShownWhole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, _ := ordered(t, city, 1)
		require.Equal(t, int64(0), city.Count(t, "batch_lines", "account_number LIKE '%6222%'"))
		_, lines, err := city.Payments.Get(as(subsidiestest.Auditor), subsidiestest.Auditor, b.ID, 0, 10)
		require.NoError(t, err)
		require.Regexp(t, `^\*{4}\d{4}$`, lines[0].Account)
		_, err = export(as(subsidiestest.Auditor), city, b.ID, payments.CSV)
		require.True(t, kernel.IsCode(err, "forbidden"), err)
	})
}

func TestWhatCannotBePaidIsLeftOutAndSaidSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		other := subsidiestest.Document(t, "other-policy")
		city.Publish(t, other)
		all := city.ClaimsOf(t, subsidies.ClaimApproved, subsidiestest.Deal{}, subsidiestest.Deal{}, subsidiestest.Deal{Policy: "other-policy"})
		early := city.ClaimIn(t, subsidies.ClaimCityApproved)
		draft := city.ClaimIn(t, subsidies.ClaimDraft)
		city.Registry.SetAccount(all[1].EnterpriseID, subsidies.Account{})
		d, err := city.Payments.Draft(finance, payments.Filter{Policy: subsidiestest.Policy, Claims: []kernel.ID{all[0].ID, all[0].ID, all[1].ID, all[2].ID, early.ID, draft.ID, "no-such"}})
		require.NoError(t, err)
		require.Equal(t, int64(1), d.Batch.LineCount)
		why := map[kernel.ID]string{}
		for _, l := range d.LeftOut {
			why[l.ClaimID] = l.Code
		}
		require.Equal(t, map[kernel.ID]string{all[1].ID: "account.missing", all[2].ID: "claim.other_policy", early.ID: "state.act", draft.ID: "not_found", "no-such": "not_found"}, why)
		require.Equal(t, subsidies.ClaimApproved, city.Claim(t, all[1].ID).State)

		before := city.Traces(t)
		_, err = city.Payments.Draft(finance, usual)
		require.True(t, kernel.IsCode(err, "batch.empty"), err)
		require.Equal(t, []string{"claim_ids:account.missing"}, codes(err))
		for _, who := range []kernel.Actor{subsidiestest.Nobody, subsidiestest.DistrictOfficer, subsidiestest.Auditor, subsidiestest.Provider, subsidiestest.Claimant(all[0].EnterpriseID)} {
			_, err = city.Payments.Draft(as(who), usual)
			require.Error(t, err, who.Role)
		}
		require.Equal(t, before, city.Traces(t))
	})
}

func TestWhoReviewedAClaimNeitherOrdersNorSettlesItsPayment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimApproved)
		before := city.Traces(t)
		_, err := city.Payments.Draft(as(subsidiestest.CityReviewer), usual)
		require.True(t, kernel.IsCode(err, "batch.empty"), err)
		require.Equal(t, []string{"claim_ids:four_eyes"}, codes(err))
		require.Equal(t, before, city.Traces(t))

		b := city.Batches(t, []subsidies.Claim{c})[0]
		before = city.Traces(t)
		_, err = city.Payments.Import(as(subsidiestest.CityReviewer), b.ID, strings.NewReader(sheet(paid(c))))
		require.Equal(t, []string{"rows[2].claim:four_eyes"}, codes(err))
		require.Equal(t, before, city.Traces(t))
		_, err = city.Payments.Import(as(subsidiestest.CityOfficer), b.ID, strings.NewReader(sheet(paid(c))))
		require.NoError(t, err, "a second payer who reviewed nothing may")
	})
}

func TestTwoBatchesAtOnceNeverShareAClaim(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 6)
		ids := make([]kernel.ID, len(all))
		for i, c := range all {
			ids[i] = c.ID
		}
		var wait sync.WaitGroup
		out, errs := make([]payments.Draft, 6), make([]error, 6)
		for i := range out {
			wait.Go(func() {
				who := subsidiestest.Finance
				who.Person = kernel.ID(fmt.Sprintf("person-finance-%d", i))
				out[i], errs[i] = city.Payments.Draft(as(who), payments.Filter{Policy: subsidiestest.Policy, Claims: ids[i%3 : i%3+4]})
			})
		}
		wait.Wait()
		var lines int64
		for i := range out {
			lines += out[i].Batch.LineCount
			if errs[i] != nil {
				require.True(t, kernel.IsCode(errs[i], "batch.empty") || kernel.IsCode(errs[i], "stale"), errs[i])
			}
		}
		require.Equal(t, lines, city.Count(t, "batch_lines", ""))
		require.Equal(t, lines, city.Count(t, "claims", "state = 'batched'"))
		require.Positive(t, lines)
		city.Lawful(t)
	})
}

func TestResultsImportedTwiceAtOncePayOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		b, all := ordered(t, city, 3)
		file := sheet(paid(all[0]), paid(all[1]), failed(all[2]))
		var wait sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wait.Go(func() { _, errs[i] = city.Payments.Import(finance, b.ID, strings.NewReader(file)) })
		}
		wait.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			require.True(t, kernel.IsCode(err, "stale") || kernel.IsCode(err, "four_eyes") || kernel.IsCode(err, "state.act"), err)
		}
		require.Positive(t, done)
		require.Equal(t, int64(2), city.Count(t, "journals", "kind = 'pay'"))
		require.Equal(t, int64(2), city.Count(t, "steps", "act = 'pay'"))
		require.Equal(t, int64(1), city.Count(t, "steps", "act = 'fail_payment'"))
		city.Lawful(t)
	})
}

func TestAnAbandonedBatchGivesItsClaimsBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		all := city.ClaimsIn(t, subsidies.ClaimApproved, 2)
		d, err := city.Payments.Draft(finance, usual)
		require.NoError(t, err)
		_, err = city.Payments.Abandon(finance, d.Batch.ID, 99)
		require.True(t, kernel.IsCode(err, "stale"), err)
		_, err = city.Payments.Abandon(finance, d.Batch.ID, 1)
		require.NoError(t, err)
		require.Equal(t, subsidies.ClaimApproved, city.Claim(t, all[0].ID).State)
		_, err = city.Payments.Close(finance, d.Batch.ID, 0)
		require.True(t, kernel.IsCode(err, "batch.closed"), err)
		city.Lawful(t)
		b := city.Batches(t, all)[0]
		_, err = city.Payments.Abandon(finance, b.ID, 0)
		require.True(t, kernel.IsCode(err, "batch.closed"), "what may have been taken out stays: %v", err)
		city.Pay(t, b)
		city.Lawful(t)
	})
}

func TestReceivablesAreThePayees(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		direct := subsidiestest.Document(t, "to-the-provider")
		direct.Payee = rules.PayeeProvider
		city.Publish(t, direct)
		firm := city.Registry.NewFirm(subsidiestest.District)
		own := city.ClaimOf(t, subsidiestest.Deal{Firm: firm}, subsidies.ClaimPaid)
		via := city.ClaimOf(t, subsidiestest.Deal{Firm: firm, Policy: "to-the-provider"}, subsidies.ClaimApproved)
		totals := func(who kernel.Actor) map[subsidies.ClaimState]kernel.Fen {
			rows, err := city.Payments.Totals(as(who), who)
			require.NoError(t, err)
			out := map[subsidies.ClaimState]kernel.Fen{}
			for _, r := range rows {
				out[r.State] = r.Amount
			}
			return out
		}
		claimant := subsidiestest.Claimant(firm.ID)
		require.Equal(t, map[subsidies.ClaimState]kernel.Fen{"approved": 0, "batched": 0, "paid": 300_000}, totals(claimant))
		require.Equal(t, map[subsidies.ClaimState]kernel.Fen{"approved": 300_000, "batched": 0, "paid": 0}, totals(subsidiestest.Provider))
		rows, err := city.Payments.Receivables(as(claimant), claimant, "", 10)
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, own.ID, rows[0].ClaimID)
		require.NotNil(t, rows[0].PaidOn)
		d, err := city.Payments.Draft(finance, payments.Filter{Policy: "to-the-provider"})
		require.NoError(t, err)
		_, lines, err := city.Payments.Get(finance, subsidiestest.Finance, d.Batch.ID, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []any{via.ID, subsidiestest.ProviderOrg}, []any{lines[0].ClaimID, lines[0].PayeeOrgID})
		_, err = city.Payments.Totals(finance, subsidiestest.Finance)
		require.True(t, kernel.IsCode(err, "forbidden"), err)
	})
}

func TestVerifyNamesTheLawThatTamperingBreaks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		c := city.ClaimIn(t, subsidies.ClaimPaid)
		city.ClaimIn(t, subsidies.ClaimBatched)
		city.Lawful(t)
		for _, s := range []struct{ do, undo, law string }{
			{"UPDATE batch_lines SET state = 'failed' WHERE claim_id = ?", "UPDATE batch_lines SET state = 'paid' WHERE claim_id = ?", "once"},
			{"UPDATE batch_lines SET live_key = NULL WHERE claim_id = ?", "UPDATE batch_lines SET live_key = claim_id WHERE claim_id = ?", "once"},
			{"UPDATE batch_lines SET municipal_fen = municipal_fen + 1 WHERE claim_id = ?", "UPDATE batch_lines SET municipal_fen = municipal_fen - 1 WHERE claim_id = ?", "conservation"},
			{"UPDATE journals SET kind = 'gift' WHERE kind = 'pay' AND subject_id = ?", "UPDATE journals SET kind = 'pay' WHERE kind = 'gift' AND subject_id = ?", "once"},
			{"UPDATE claims SET state = 'approved' WHERE id = ?", "UPDATE claims SET state = 'paid' WHERE id = ?", "once"},
			{"UPDATE batches SET total_fen = total_fen + 1 WHERE id = (SELECT batch_id FROM claims WHERE id = ?)", "UPDATE batches SET total_fen = total_fen - 1 WHERE id = (SELECT batch_id FROM claims WHERE id = ?)", "conservation"},
		} {
			tamper(t, city, s.do, c.ID)
			found, err := payments.Verify(finance, city.DB)
			require.NoError(t, err)
			require.NotEmpty(t, found, s.do)
			laws := map[string]bool{}
			for _, b := range found {
				laws[b.Law] = true
			}
			require.True(t, laws[s.law], "%s: %v", s.do, found)
			tamper(t, city, s.undo, c.ID)
		}
		city.Lawful(t)
	})
}
