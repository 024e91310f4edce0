package claims_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/subsidiestest"
)

var as = subsidiestest.As

// each runs a test in a city on every engine.
func each(t *testing.T, test func(t *testing.T, city *subsidiestest.City)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		test(t, subsidiestest.New(t, db, clock))
	})
}

// together runs acts at the same time and returns their errors in order.
func together(acts ...func() error) []error {
	errs := make([]error, len(acts))
	var ready, done sync.WaitGroup
	ready.Add(len(acts))
	for i, act := range acts {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = act()
		})
	}
	done.Wait()
	return errs
}

// won counts the acts that succeeded; the others must have been refused.
func won(t *testing.T, errs []error) int {
	t.Helper()
	n := 0
	for _, err := range errs {
		if err == nil {
			n++
			continue
		}
		e := kernel.AsError(err)
		require.NotNil(t, e, "%v", err)
		require.Contains(t, []kernel.Kind{kernel.KindConflict, kernel.KindInvalid, kernel.KindNotFound}, e.Kind, "%v", err)
	}
	return n
}

// claimantOf is the person who acts for a claim's enterprise.
func claimantOf(c subsidies.Claim) kernel.Actor { return subsidiestest.Claimant(c.EnterpriseID) }

func date(d kernel.Date) *kernel.Date { return &d }

func TestEachBadEntryIsNamedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, good := city.Opened(t, subsidiestest.Deal{})
		wide := func(n int) string { return strings.Repeat("𠮷", n) }
		cases := map[string]struct {
			spoil  func(*claims.Filling)
			fields []string
		}{
			"contract number too long": {func(f *claims.Filling) { f.ContractNumber = wide(81) }, []string{"contract_number field.too_long"}},
			"contract number hides":    {func(f *claims.Filling) { f.ContractNumber = "HT\u200b1" }, []string{"contract_number field.hidden_characters"}},
			"contract number reversed": {func(f *claims.Filling) { f.ContractNumber = "HT\u202e1" }, []string{"contract_number field.hidden_characters"}},
			"no such day":              {func(f *claims.Filling) { f.ContractSignedOn = date("2026-02-30") }, []string{"contract_signed_on date.invalid"}},
			"not a day":                {func(f *claims.Filling) { f.AcceptedOn = date("昨天") }, []string{"accepted_on date.invalid"}},
			"a day long ago":           {func(f *claims.Filling) { f.AcceptedOn = date("1999-12-31") }, []string{"accepted_on date.invalid"}},
			"a day far ahead":          {func(f *claims.Filling) { f.AcceptedOn = date("2100-01-02") }, []string{"accepted_on date.invalid"}},
			"invoice: texts":           {func(f *claims.Filling) { f.Invoices[0].Number, f.Invoices[0].Item = wide(21), wide(201) }, []string{"invoices[0].number field.too_long", "invoices[0].item field.too_long"}},
			"invoice: codes": {func(f *claims.Filling) {
				f.Invoices[0].Code, f.Invoices[0].BuyerCode, f.Invoices[0].SellerCode = wide(13), wide(19), "\u2066A"
			}, []string{"invoices[0].code field.too_long", "invoices[0].buyer_code field.too_long", "invoices[0].seller_code field.hidden_characters"}},
			"invoice: negative":       {func(f *claims.Filling) { f.Invoices[0].Amount, f.Invoices[0].Tax = -1, -1 }, []string{"invoices[0].amount_fen amount.range", "invoices[0].tax_fen amount.range"}},
			"invoice: beyond money":   {func(f *claims.Filling) { f.Invoices[0].Amount = kernel.MaxFen + 1 }, []string{"invoices[0].amount_fen amount.range"}},
			"invoice: day":            {func(f *claims.Filling) { f.Invoices[0].IssuedOn = "2026-11-31" }, []string{"invoices[0].issued_on date.invalid"}},
			"payment: day and amount": {func(f *claims.Filling) { f.Payments[0].PaidOn, f.Payments[0].Amount = "0000-00-00", -5 }, []string{"payments[0].paid_on date.invalid", "payments[0].amount_fen amount.range"}},
			"payment: texts": {func(f *claims.Filling) {
				f.Payments[0].Payer, f.Payments[0].Payee, f.Payments[0].BankReference = wide(201), "a\x00b", wide(81)
			}, []string{"payments[0].payer field.too_long", "payments[0].payee field.hidden_characters", "payments[0].bank_reference field.too_long"}},
			"too many": {func(f *claims.Filling) {
				f.Invoices, f.Payments = make([]subsidies.Invoice, 51), make([]subsidies.Payment, 51)
			}, []string{"invoices list.too_long", "payments list.too_long"}},
			"many rows, each by itself": {func(f *claims.Filling) {
				f.Payments = append(f.Payments, subsidies.Payment{Amount: -1}, subsidies.Payment{PaidOn: "x"})
			}, []string{"payments[1].amount_fen amount.range", "payments[2].paid_on date.invalid"}},
		}
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				f := good
				f.Invoices, f.Payments = []subsidies.Invoice{good.Invoices[0]}, []subsidies.Payment{good.Payments[0]}
				c.spoil(&f)
				refusal := city.Refused(t, "invalid_input", func() error {
					_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
					return err
				})
				require.ElementsMatch(t, c.fields, subsidiestest.Fields(refusal))
			})
		}
	})
}

func TestWhatIsSavedComesBackAsItWas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, f := city.Opened(t, subsidiestest.Deal{})
		rare := strings.Repeat("𠮷𬭎", 40)
		f.ContractNumber = rare
		f.Payments[0].Payer, f.Payments[0].Payee = strings.Repeat("𬭎", 200), "𠮷祥\n（虚构）"
		f.Invoices[0].Item = "“云”服务 — 100% 'ok' \\ ? "
		saved, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, f)
		require.NoError(t, err)
		require.Equal(t, claim.Version+1, saved.Version)
		s, err := city.Claims.Sheet(t.Context(), claimantOf(claim), claim.ID)
		require.NoError(t, err)
		require.Equal(t, []any{rare, *f.ContractSignedOn, *f.AcceptedOn, f.Payments[0].Amount}, []any{s.Claim.ContractNumber, *s.Claim.ContractSignedOn, *s.Claim.AcceptedOn, s.Claim.Paid})
		require.Equal(t, []any{f.Payments[0].Payer, f.Payments[0].Payee, f.Invoices[0].Item}, []any{s.Payments[0].Payer, s.Payments[0].Payee, s.Invoices[0].Item})

		// What is left out is gone, and an empty claim may be kept.
		_, err = city.Claims.Save(as(claimantOf(claim)), claim.ID, claims.Filling{Version: saved.Version})
		require.NoError(t, err)
		s, err = city.Claims.Sheet(t.Context(), claimantOf(claim), claim.ID)
		require.NoError(t, err)
		require.Empty(t, s.Invoices)
		require.Empty(t, s.Payments)
		require.Empty(t, s.Claim.ContractNumber)
		require.Nil(t, s.Claim.ContractSignedOn)
		require.Zero(t, s.Claim.Paid)
		city.Refused(t, "stale", func() error {
			_, err := city.Claims.Save(as(claimantOf(claim)), claim.ID, claims.Filling{Version: saved.Version})
			return err
		})

		// The largest sum that can be filled in is still a sum.
		most := claims.Filling{Payments: make([]subsidies.Payment, 50)}
		for i := range most.Payments {
			most.Payments[i].Amount = kernel.MaxFen
		}
		saved, err = city.Claims.Save(as(claimantOf(claim)), claim.ID, most)
		require.NoError(t, err)
		require.Equal(t, 50*kernel.MaxFen, saved.Paid)
	})
}

func TestAClaimIsOpenedByItsEnterpriseOnAnAcceptedAgreementOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		a := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementAccepted)
		p := subsidiestest.PartiesOf(a)
		open := func(who kernel.Actor, id kernel.ID) func() error {
			return func() error { _, err := city.Claims.Open(as(who), id); return err }
		}
		for _, x := range []struct {
			code string
			who  kernel.Actor
			id   kernel.ID
		}{
			{"forbidden", p.Provider, a.ID}, {"forbidden", p.Officer, a.ID}, {"forbidden", subsidiestest.CityReviewer, a.ID}, {"unauthenticated", subsidiestest.Nobody, a.ID},
			{"not_found", subsidiestest.Claimant("org-of-somebody-else"), a.ID}, {"not_found", p.Claimant, "none"},
		} {
			city.Refused(t, x.code, open(x.who, x.id))
		}
		early := city.AgreementIn(t, subsidiestest.Deal{}, subsidies.AgreementEnterpriseConfirmed)
		city.Refused(t, "agreement.not_accepted", open(subsidiestest.PartiesOf(early).Claimant, early.ID))

		one := open(p.Claimant, a.ID)
		require.Equal(t, 1, won(t, together(one, one, one, one)))
		city.Refused(t, "claim.exists", one)
		require.EqualValues(t, 1, city.Count(t, "claims", "agreement_id = ?", a.ID))
		living, err := city.Claims.Living(t.Context(), p.Claimant, a.ID)
		require.NoError(t, err)
		hidden, err := city.Claims.Living(t.Context(), p.Provider, a.ID)
		require.NoError(t, err)
		require.Empty(t, hidden, "a draft is the enterprise's alone")
		_, err = city.Claims.Withdraw(as(p.Claimant), living, 0, "")
		require.NoError(t, err)
		require.NoError(t, one(), "after a withdrawal one may begin again")
	})
}

func TestOnlyTheEnterpriseFillsInAndOnlyWhileItIsItsTurn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		draft, filling := city.Opened(t, subsidiestest.Deal{})
		returned := city.ClaimIn(t, subsidies.ClaimReturned)
		submitted := city.ClaimIn(t, subsidies.ClaimSubmitted)
		proof := city.Prove(t, draft.ID, subsidies.EvidenceContract)[0]
		tries := func(who kernel.Actor, id kernel.ID) []error {
			_, saving := city.Claims.Save(as(who), id, filling)
			_, attaching := city.Claims.Attach(as(who), id, files.File{Name: "a.pdf", SHA256: strings.Repeat("0", 64)}, subsidies.EvidenceOther)
			_, submitting := city.Claims.Submit(as(who), id, 0, true)
			return []error{saving, attaching, submitting, city.Claims.Detach(as(who), id, proof.FileID), city.Claims.Fillable(t.Context(), who, id)}
		}
		refused := func(code string, who kernel.Actor, id kernel.ID) {
			t.Helper()
			city.Unmoved(t, func() {
				for i, err := range tries(who, id) {
					require.True(t, kernel.IsCode(err, code), "try %d: want %s, got %v", i, code, err)
				}
			})
		}
		p := subsidiestest.PeopleOf(draft)
		for _, who := range []kernel.Actor{p.Provider, p.Officer, subsidiestest.CityReviewer, subsidiestest.Finance, subsidiestest.Auditor, subsidiestest.Operator, subsidiestest.Nobody, subsidiestest.Claimant("org-of-somebody-else")} {
			refused("not_found", who, draft.ID)
		}
		for _, who := range []kernel.Actor{p.Provider, p.Officer, subsidiestest.CityReviewer, subsidiestest.Finance, subsidiestest.Auditor} {
			refused("forbidden", who, returned.ID)
		}
		refused("state.act", claimantOf(submitted), submitted.ID)
		require.NoError(t, errors.Join(city.Claims.Fillable(t.Context(), p.Claimant, draft.ID), city.Claims.Fillable(t.Context(), claimantOf(returned), returned.ID)))
	})
}

func TestEvidenceIsOfAKnownKindAndWithinBounds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, city *subsidiestest.City) {
		claim, _ := city.Opened(t, subsidiestest.Deal{})
		who := as(claimantOf(claim))
		attach := func(kind subsidies.EvidenceKind) func() error {
			return func() error {
				_, err := city.Claims.Attach(who, claim.ID, files.File{Name: "合同.pdf", MediaType: "application/pdf", Size: 1, SHA256: strings.Repeat("a", 64)}, kind)
				return err
			}
		}
		for _, kind := range []subsidies.EvidenceKind{"", "Contract", "virus"} {
			refusal := city.Refused(t, "invalid_input", attach(kind))
			require.Equal(t, []string{"kind evidence.kind"}, subsidiestest.Fields(refusal))
		}
		moved := city.Moved(t, attach(subsidies.EvidenceContract))
		require.Equal(t, map[string]int64{"claim_evidence": 1, "audit_entries": 1}, moved, "the version on screen stays good")
		require.NoError(t, attach(subsidies.EvidenceContract)(), "the same file may prove twice")

		other, _ := city.Opened(t, subsidiestest.Deal{})
		theirs := city.Prove(t, other.ID, subsidies.EvidenceContract)[0]
		city.Refused(t, "not_found", func() error { return city.Claims.Detach(who, claim.ID, theirs.FileID) })
		city.Refused(t, "not_found", func() error { return city.Claims.Holder(t.Context(), claimantOf(claim), claim.ID, theirs.FileID) })
		city.Refused(t, "not_found", func() error { return city.Claims.Holder(t.Context(), claimantOf(claim), other.ID, theirs.FileID) })

		require.NoError(t, city.Claims.Detach(as(claimantOf(other)), other.ID, theirs.FileID))
		require.EqualValues(t, 1, city.Count(t, "files", "id = ?", theirs.FileID), "the file itself is kept")
		city.Refused(t, "not_found", func() error { return city.Claims.Detach(as(claimantOf(other)), other.ID, theirs.FileID) })

		require.NoError(t, database.Run(t.Context(), city.DB, "test.fill", func(tx *database.Tx) error {
			for i := range 57 {
				e := subsidies.Evidence{ClaimID: claim.ID, FileID: kernel.ID(fmt.Sprint("f", i)), Kind: subsidies.EvidenceOther, AddedAt: tx.Now}
				if err := tx.Create(&e).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		errs := together(attach(subsidies.EvidenceOther), attach(subsidies.EvidenceOther), attach(subsidies.EvidenceOther), attach(subsidies.EvidenceOther))
		require.Equal(t, 1, won(t, errs), "sixty and no more: %v", errs)
	})
}
