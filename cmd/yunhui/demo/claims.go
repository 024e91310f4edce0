package demo

import (
	"bytes"
	"context"
	"fmt"

	"yunhui/services/files"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/record"
)

func (s *story) claimSteps(e end) []step {
	all := []step{{9, s.open}}
	if e.claim == subsidies.ClaimDraft {
		return all
	}
	all = append(all, step{1.2, s.submit})
	switch e.claim {
	default:
	case subsidies.ClaimChecked:
		return all
	case subsidies.ClaimWithdrawn:
		return append(all, step{1, s.withdraw})
	}
	all = append(all, step{.9, s.decide(s.seller, claims.Decision{Act: subsidies.ClaimConfirm})})
	switch e.claim {
	default:
	case subsidies.ClaimProviderConfirmed:
		return all
	case subsidies.ClaimReturned:
		return append(all, step{1.6, s.decide(s.office, claims.Decision{Act: subsidies.ClaimReturn, Reason: record.Reason{Code: "evidence_missing", Note: "付款回单缺少银行电子印章，请重新上传清晰的回单。"}})})
	case subsidies.ClaimRefused:
		return append(all, step{1.9, s.decide(s.office, claims.Decision{Act: subsidies.ClaimRefuse, Reason: record.Reason{Code: "double_funding", Note: "同一合同已列入区级技改项目，不能重复享受财政资金。"}})})
	}
	all = append(all, step{1.7, s.decide(s.office, claims.Decision{Act: subsidies.ClaimApproveReview})})
	if e.claim == subsidies.ClaimDistrictApproved {
		return all
	}
	city := func() kernel.Actor { return s.l.people["city-a"] }
	return append(all, step{1.1, s.decide(city, claims.Decision{Act: subsidies.ClaimApproveReview})})
}

func (s *story) open(ctx context.Context) (err error) {
	ctx = as(ctx, s.buyer())
	if s.claim, err = s.l.Claims.Open(ctx, s.agreement.ID); err != nil {
		return err
	}
	if s.claim, err = s.l.Claims.Save(ctx, s.claim.ID, s.filling()); err != nil {
		return err
	}
	for _, kind := range []subsidies.EvidenceKind{subsidies.EvidenceContract, subsidies.EvidenceInvoice, subsidies.EvidencePayment, subsidies.EvidenceAcceptance} {
		received, err := files.Receive(ctx, s.l.Files, evidenceNames[kind], bytes.NewReader(page(fmt.Sprintf("%s %s %s", s.claim.Number, kind, s.agreement.Number))))
		if err != nil {
			return err
		}
		if _, err := s.l.Claims.Attach(ctx, s.claim.ID, received, kind); err != nil {
			return err
		}
	}
	return nil
}

var evidenceNames = map[subsidies.EvidenceKind]string{
	subsidies.EvidenceContract: "服务合同（示例）.pdf", subsidies.EvidenceInvoice: "数电发票（示例）.pdf",
	subsidies.EvidencePayment: "银行电子回单（示例）.pdf", subsidies.EvidenceAcceptance: "验收报告（示例）.pdf",
}

// filling invents the contract's papers: two invoices and two payments where the
// sum is large, one of each otherwise.
func (s *story) filling() claims.Filling {
	today := kernel.DayOf(s.l.Clock.Now())
	signed := s.agreement.StartsOn.AddDays(-6)
	accepted := today.AddDays(-1)
	f := claims.Filling{ContractNumber: fmt.Sprintf("YS-%d-%04d", today.Year(), s.n+101), ContractSignedOn: &signed, AcceptedOn: &accepted}
	parts := []int64{1}
	if s.agreement.Legs.Contract() > 5_000_000 {
		parts = []int64{6, 4}
	}
	amounts, _ := kernel.Split(s.agreement.Legs.Contract(), parts...)
	seller := s.l.seller(s.offer.from.Provider)
	for i, amount := range amounts {
		on := today.AddDays(-5 + 2*i)
		f.Invoices = append(f.Invoices, subsidies.Invoice{
			Number: fmt.Sprintf("%s50%016d", on[2:4], 7_000_000+s.n*10+i), IssuedOn: on, SellerCode: seller.CreditCode, BuyerCode: s.firm.CreditCode,
			Amount: amount, Tax: amount * 6 / 106, Item: "*信息技术服务*" + s.agreement.OfferNameZH,
		})
		f.Payments = append(f.Payments, subsidies.Payment{
			PaidOn: on.AddDays(1), Amount: amount, Payer: s.firm.NameZH, Payee: seller.NameZH, BankReference: fmt.Sprintf("YS%s%06d", on[:4], s.n*10+i),
		})
	}
	return f
}

func (l *Loader) seller(key string) Provider {
	for _, p := range l.content.Providers {
		if p.Key == key {
			return p
		}
	}
	return Provider{}
}

func (s *story) submit(ctx context.Context) (err error) {
	s.claim, err = s.l.Claims.Submit(as(ctx, s.buyer()), s.claim.ID, 0, true)
	return err
}

func (s *story) withdraw(ctx context.Context) error {
	_, err := s.l.Claims.Withdraw(as(ctx, s.buyer()), s.claim.ID, 0, "发票需红冲重开，先行撤回。")
	return err
}

// page makes a one-page PDF with a line of plain text, as a stand-in for a scan.
func page(line string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.4\n")
	text := fmt.Sprintf("BT /F1 14 Tf 60 760 Td (Yunhui demo city - fictional document) Tj 0 -28 Td (%s) Tj ET", line)
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}
