package subsidies_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/notices"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/record"
	"yunhui/subsidies/subsidiestest"
)

// think chooses a deal and mostly what comes next in its life, by the person
// whose turn it is; now and then anything by anybody.
func (w *world) think(r *rand.Rand) (kernel.Actor, act) {
	switch r.IntN(100) {
	case 0:
		return kernel.System(), func(context.Context) (any, error) { w.city.Clock.Advance(24 * time.Hour); return nil, nil }
	case 1, 2, 3:
		return kernel.System(), func(ctx context.Context) (any, error) { return nil, w.deliver(ctx) }
	case 4:
		return kernel.System(), func(ctx context.Context) (any, error) { _, err := w.city.Notices.CloseDue(ctx); return nil, calm(err) }
	case 5:
		return kernel.System(), func(ctx context.Context) (any, error) {
			_, err := w.city.Agreements.LapseDue(ctx)
			return nil, calm(err)
		}
	case 6, 7, 8, 9:
		return w.pay(r)
	case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19:
		return w.recover(r)
	}
	var n int
	var found []subsidies.Agreement
	for range 4 { // rather one whose story has not ended
		n = r.IntN(deals)
		found = nil
		if err := w.city.DB.Read(context.Background()).Where("plan_id = ?", w.drafts[n].Plan).Order("id DESC").Limit(1).Find(&found).Error; err != nil {
			w.wrongly(0, err)
			return kernel.Actor{}, nil
		}
		if len(found) == 0 || !(ended(found[0].State) || found[0].State == subsidies.AgreementCompleted) {
			break
		}
	}
	buyer := w.claimant(r, w.buyers[n])
	if len(found) == 0 || (ended(found[0].State) && r.IntN(3) == 0) {
		return buyer, func(ctx context.Context) (any, error) { return w.city.Agreements.Draft(ctx, buyer, w.drafts[n]) }
	}
	a := found[0]
	var living []subsidies.Claim
	if err := w.city.DB.Read(context.Background()).Where("agreement_id = ?", a.ID).Order("id DESC").Limit(1).Find(&living).Error; err != nil {
		w.wrongly(0, err)
		return kernel.Actor{}, nil
	}
	if len(living) == 1 && (living[0].LiveKey != nil || r.IntN(3) > 0) {
		return w.onClaim(r, living[0])
	}
	return w.onAgreement(r, a)
}

func ended(s subsidies.AgreementState) bool {
	return s == subsidies.AgreementDeclined || s == subsidies.AgreementWithdrawn || s == subsidies.AgreementLapsed
}

// calm passes over the failures of duties that say which rows they had to leave.
func calm(err error) error {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		for _, e := range many.Unwrap() {
			if kernel.AsError(e) == nil {
				return err
			}
		}
		return nil
	}
	return err
}

func (w *world) onAgreement(r *rand.Rand, a subsidies.Agreement) (kernel.Actor, act) {
	version := w.seen(r, a.Version)
	why := record.Reason{Note: "另行商定"}
	p := subsidiestest.PartiesOf(a)
	p.Claimant = w.claimant(r, a.EnterpriseID)
	confirm := func(ctx context.Context) (any, error) { return w.city.Agreements.Confirm(ctx, a.ID, version) }
	decline := func(ctx context.Context) (any, error) { return w.city.Agreements.Decline(ctx, a.ID, version, why) }
	accept := func(ctx context.Context) (any, error) { return w.city.Agreements.Accept(ctx, a.ID, version) }
	withdraw := func(ctx context.Context) (any, error) { return w.city.Agreements.Withdraw(ctx, a.ID, version, why) }
	open := func(ctx context.Context) (any, error) { return w.city.Claims.Open(ctx, a.ID) }
	if r.IntN(8) == 0 {
		return w.anybody(r, p), []act{confirm, decline, accept, withdraw, open}[r.IntN(5)]
	}
	switch a.State {
	case subsidies.AgreementDrafted:
		return p.Provider, oneOf(r, 12, decline, confirm)
	case subsidies.AgreementProviderConfirmed:
		return p.Claimant, oneOf(r, 12, withdraw, confirm)
	case subsidies.AgreementEnterpriseConfirmed:
		return p.Officer, oneOf(r, 12, decline, accept)
	default:
		return p.Claimant, oneOf(r, 15, withdraw, open)
	}
}

// oneOf does the rare thing once in so many times.
func oneOf(r *rand.Rand, times int, rare, usual act) act {
	if r.IntN(times) == 0 {
		return rare
	}
	return usual
}

func (w *world) onClaim(r *rand.Rand, c subsidies.Claim) (kernel.Actor, act) {
	version := w.seen(r, c.Version)
	p := subsidiestest.PeopleOf(c)
	p.Claimant = w.claimant(r, c.EnterpriseID)
	decide := func(what subsidies.ClaimAct) act {
		return func(ctx context.Context) (any, error) {
			n := claims.Decision{Version: version, Act: what}
			if what != subsidies.ClaimConfirm && what != subsidies.ClaimApproveReview {
				n.Reason = record.Reason{Code: "evidence_mismatch", Note: "请核对金额"}
			}
			return w.city.Claims.Decide(ctx, c.ID, n)
		}
	}
	withdraw := func(ctx context.Context) (any, error) { return w.city.Claims.Withdraw(ctx, c.ID, version, "撤回") }
	number := r.IntN(3 * deals) // now and then somebody else's invoice or contract
	fill := func(ctx context.Context) (any, error) { return w.fill(ctx, c, number) }
	submit := func(ctx context.Context) (any, error) { return w.city.Claims.Submit(ctx, c.ID, 0, true) }
	if r.IntN(10) == 0 {
		some := []act{decide(subsidies.ClaimConfirm), decide(subsidies.ClaimApproveReview), decide(subsidies.ClaimReturn), decide(subsidies.ClaimRefuse), withdraw, submit, fill}
		return w.anybody(r, p), some[r.IntN(len(some))]
	}
	switch c.State {
	case subsidies.ClaimDraft:
		if c.ContractNumber == "" {
			return p.Claimant, fill
		}
		return p.Claimant, oneOf(r, 10, withdraw, submit)
	case subsidies.ClaimReturned:
		return p.Claimant, []act{fill, submit, submit}[r.IntN(3)]
	case subsidies.ClaimSubmitted:
		return kernel.System(), func(ctx context.Context) (any, error) { return nil, w.deliver(ctx) }
	case subsidies.ClaimChecked:
		return p.Provider, oneOf(r, 12, decide(subsidies.ClaimDispute), decide(subsidies.ClaimConfirm))
	case subsidies.ClaimProviderConfirmed:
		return p.Officer, oneOf(r, 10, []act{decide(subsidies.ClaimReturn), decide(subsidies.ClaimRefuse)}[r.IntN(2)], decide(subsidies.ClaimApproveReview))
	case subsidies.ClaimDistrictApproved:
		return w.reviewer(r), oneOf(r, 10, []act{decide(subsidies.ClaimReturn), decide(subsidies.ClaimRefuse)}[r.IntN(2)], decide(subsidies.ClaimApproveReview))
	case subsidies.ClaimCityApproved:
		return subsidiestest.CityOfficer, func(ctx context.Context) (any, error) { return w.city.Notices.Open(ctx, []kernel.ID{c.ID}) }
	case subsidies.ClaimNoticed:
		if r.IntN(4) == 0 {
			return subsidiestest.Nobody, func(ctx context.Context) (any, error) {
				_, err := w.city.Notices.Object(ctx, *c.NoticeID, c.ID, "合同金额与实际交付明显不符，请核查。", "")
				return nil, err
			}
		}
		w.city.Clock.Advance(30 * time.Hour)
		one := func(ctx context.Context) (any, error) { _, err := w.city.Notices.AwardOne(ctx, c.ID); return nil, err }
		return kernel.System(), oneOf(r, 2, one, func(ctx context.Context) (any, error) { _, err := w.city.Notices.CloseDue(ctx); return nil, calm(err) })
	case subsidies.ClaimObjected:
		return w.reviewer(r), oneOf(r, 4, decide(subsidies.ClaimRefuse), func(ctx context.Context) (any, error) { return w.dismiss(ctx, c.ID) })
	default:
		return w.pay(r)
	}
}

// fill writes papers into a claim and proves them. Few numbers for many claims:
// invoices and contracts are fought for.
func (w *world) fill(ctx context.Context, c subsidies.Claim, number int) (any, error) {
	firms, err := w.city.Registry.Firms(ctx, c.EnterpriseID, c.ProviderID)
	if err != nil {
		return nil, err
	}
	signed, amount := kernel.Date("2026-11-01"), c.Legs.Contract()-kernel.Fen(number)
	saved, err := w.city.Claims.Save(ctx, c.ID, claims.Filling{
		ContractNumber: fmt.Sprintf("HT-%d", number/2), ContractSignedOn: &signed,
		Invoices: []subsidies.Invoice{{Number: fmt.Sprintf("26%018d", number), IssuedOn: "2026-11-10", SellerCode: firms[c.ProviderID].CreditCode, BuyerCode: firms[c.EnterpriseID].CreditCode, Amount: amount}},
		Payments: []subsidies.Payment{{PaidOn: "2026-11-12", Amount: amount}},
	})
	if err != nil {
		return nil, err
	}
	plain := kernel.CallFrom(ctx)
	plain.IdempotencyKey = "" // several files under one key would be one file
	for i, kind := range subsidiestest.Proofs {
		if _, err := w.city.Claims.Attach(kernel.WithCall(ctx, plain), c.ID, files.File{Name: "a.pdf", MediaType: "application/pdf", Size: 1, SHA256: fmt.Sprintf("%064d", i)}, kind); err != nil {
			return nil, err
		}
	}
	return saved, nil
}

func (w *world) dismiss(ctx context.Context, claim kernel.ID) (any, error) {
	var open []notices.Objection
	if err := w.city.DB.Read(ctx).Where("claim_id = ? AND state = 'open'", claim).Limit(1).Find(&open).Error; err != nil || len(open) == 0 {
		return nil, err
	}
	return w.city.Notices.Dismiss(ctx, open[0].ID, "经核实，合同与交付相符。")
}

// pay does something about payments.
func (w *world) pay(r *rand.Rand) (kernel.Actor, act) {
	payer := []kernel.Actor{subsidiestest.Finance, subsidiestest.Finance, subsidiestest.CityOfficer, subsidiestest.CityReviewer, subsidiestest.Auditor}[r.IntN(5)]
	var some []payments.Batch
	if err := w.city.DB.Read(context.Background()).Where("state IN ?", []payments.State{payments.Gathering, payments.Releasing, payments.Drafted, payments.Closed, payments.Exported}).Limit(6).Find(&some).Error; err != nil {
		w.wrongly(0, err)
		return payer, nil
	}
	if len(some) == 0 || r.IntN(4) == 0 {
		return payer, func(ctx context.Context) (any, error) {
			return w.city.Payments.Draft(ctx, payments.Filter{Policy: w.policy})
		}
	}
	b, fails := some[r.IntN(len(some))], r.IntN(3) == 0
	if r.IntN(8) == 0 || b.State == payments.Releasing || (b.State == payments.Gathering && r.IntN(4) > 0) {
		return payer, func(ctx context.Context) (any, error) { _, err := w.city.Payments.Finish(ctx, b.ID); return nil, err }
	}
	if b.State == payments.Drafted || b.State == payments.Gathering {
		if r.IntN(6) == 0 {
			return payer, func(ctx context.Context) (any, error) {
				return w.city.Payments.Abandon(ctx, b.ID, w.seen(r, b.Version))
			}
		}
		return payer, func(ctx context.Context) (any, error) { return w.city.Payments.Close(ctx, b.ID, 0) }
	}
	if r.IntN(5) == 0 {
		return payer, func(ctx context.Context) (any, error) {
			_, err := w.city.Payments.Export(ctx, b.ID, payments.Export{Format: payments.CSV}, io.Discard)
			return nil, err
		}
	}
	return payer, func(ctx context.Context) (any, error) { return w.results(ctx, b, fails) }
}

// results says what became of some lines of a batch.
func (w *world) results(ctx context.Context, b payments.Batch, fails bool) (any, error) {
	var lines []payments.Numbered
	err := w.city.DB.Read(ctx).Model(&payments.Line{}).Select("batch_lines.*, c.number AS claim_number").Joins("JOIN claims c ON c.id = batch_lines.claim_id").
		Where("batch_lines.batch_id = ?", b.ID).Order("line_no").Find(&lines).Error
	if err != nil {
		return nil, err
	}
	var out []payments.Result
	for i, l := range lines {
		x := payments.Result{Row: i + 2, ClaimNumber: l.ClaimNumber, Amount: l.Amount, State: payments.Paid, PaidOn: kernel.DayOf(b.CreatedAt), Reference: fmt.Sprint("R", l.LineNo)}
		if fails && i%2 == 0 {
			x.State, x.PaidOn, x.Reference, x.Failure = payments.Failed, "", "", "账号户名不符"
		}
		out = append(out, x)
	}
	return w.city.Payments.Settle(ctx, b.ID, out)
}

// deliver hands out what the outbox holds, as several workers at once do.
func (w *world) deliver(ctx context.Context) error {
	err := w.runtime.Drain(ctx)
	if err != nil { // what failed stays in the outbox and is delivered again
		w.note(0, kernel.Conflict("delivered again later", kernel.Text{}))
	}
	return nil
}

// seen is the version that somebody looked at: the present one, an old one, or
// they did not say.
func (w *world) seen(r *rand.Rand, version int64) int64 {
	switch r.IntN(10) {
	case 0:
		return max(version-1, 1)
	case 1, 2, 3:
		return version
	default:
		return 0
	}
}

// claimant is one of two people of the enterprise.
func (w *world) claimant(r *rand.Rand, firm kernel.ID) kernel.Actor {
	who := subsidiestest.Claimant(firm)
	if r.IntN(3) == 0 {
		who.Person += "-2"
	}
	return who
}

// reviewer is a reviewer of the city, or a person of the district in a second role.
func (w *world) reviewer(r *rand.Rand) kernel.Actor {
	who := subsidiestest.CityReviewer
	if r.IntN(4) == 0 {
		who.Person = subsidiestest.DistrictOfficer.Person
	}
	return who
}

func (w *world) anybody(r *rand.Rand, p subsidiestest.Parties) kernel.Actor {
	double := p.Provider
	double.Person = p.Officer.Person
	all := []kernel.Actor{
		p.Claimant, p.Provider, p.Officer, double, subsidiestest.Claimant(w.buyers[r.IntN(len(w.buyers))]), subsidiestest.Provider, subsidiestest.DistrictOfficer,
		subsidiestest.CityReviewer, subsidiestest.CityOfficer, subsidiestest.Finance, subsidiestest.Auditor, subsidiestest.Operator, subsidiestest.Nobody,
	}
	return all[r.IntN(len(all))]
}
