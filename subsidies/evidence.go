package subsidies

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"yunhui/services/kernel"
)

// EvidenceKind names what a file proves.
type EvidenceKind string

// The kinds of evidence 材料; a policy names those it requires.
const (
	EvidenceContract       EvidenceKind = "contract"
	EvidenceInvoice        EvidenceKind = "invoice"
	EvidencePayment        EvidenceKind = "payment"
	EvidenceAcceptance     EvidenceKind = "acceptance"
	EvidenceApplication    EvidenceKind = "application"
	EvidenceUsage          EvidenceKind = "usage"
	EvidenceLicence        EvidenceKind = "licence"
	EvidenceCommitment     EvidenceKind = "commitment"
	EvidenceVoucher        EvidenceKind = "voucher"
	EvidenceItemList       EvidenceKind = "item_list"
	EvidenceSelfAssessment EvidenceKind = "self_assessment"
	EvidenceOther          EvidenceKind = "other"
)

// EvidenceKinds lists the kinds in the order the screens show them.
func EvidenceKinds() []EvidenceKind {
	return []EvidenceKind{
		EvidenceContract, EvidenceInvoice, EvidencePayment, EvidenceAcceptance, EvidenceApplication, EvidenceUsage, EvidenceLicence,
		EvidenceCommitment, EvidenceVoucher, EvidenceItemList, EvidenceSelfAssessment, EvidenceOther,
	}
}

// Evidence is a file attached to a claim.
type Evidence struct {
	ClaimID kernel.ID    `json:"-"`
	FileID  kernel.ID    `json:"file_id"`
	Kind    EvidenceKind `json:"kind"`
	AddedBy kernel.ID    `json:"-"`
	AddedAt time.Time    `json:"added_at"`
}

// TableName names the table for the store.
func (Evidence) TableName() string { return "claim_evidence" }

// Invoice is one invoice that supports a claim. Amount includes tax.
type Invoice struct {
	ID         kernel.ID   `json:"-"`
	ClaimID    kernel.ID   `json:"-"`
	Position   int64       `json:"-"`
	NumberKey  string      `json:"-"`
	Code       string      `json:"code"` // of old VAT invoices only
	Number     string      `json:"number"`
	IssuedOn   kernel.Date `json:"issued_on"`
	SellerCode string      `json:"seller_code"`
	BuyerCode  string      `json:"buyer_code"`
	Amount     kernel.Fen  `json:"amount_fen" gorm:"column:amount_fen"`
	Tax        kernel.Fen  `json:"tax_fen" gorm:"column:tax_fen"`
	Item       string      `json:"item"`
}

// TableName names the table for the store.
func (Invoice) TableName() string { return "claim_invoices" }

var (
	digitalInvoice = regexp.MustCompile(`^\d{20}$`)
	oldCode        = regexp.MustCompile(`^(\d{10}|\d{12})$`)
	oldNumber      = regexp.MustCompile(`^\d{8}$`)
)

// Key returns what makes the invoice one of a kind in the whole country: the
// 20 digits of a digital invoice, or code and number of an old one.
func (i Invoice) Key() string {
	if i.Code == "" {
		return i.Number
	}
	return i.Code + "-" + i.Number
}

// CheckForm checks the number's form: 20 digits whose first two are the year of
// issue (数电票), or a code of 10 or 12 digits with a number of 8.
func (i Invoice) CheckForm() error {
	var f kernel.Faults
	switch {
	case i.Code == "" && !digitalInvoice.MatchString(i.Number):
		f.Add("number", "invoice.number_form", kernel.T("数电发票号码应为 20 位数字；旧版发票请同时填写发票代码", "A digital invoice number has 20 digits; for an old invoice give its code as well"))
	case i.Code == "" && len(i.IssuedOn) == 10 && i.Number[:2] != string(i.IssuedOn[2:4]):
		f.Add("number", "invoice.number_year", kernel.T("发票号码前两位（年份）与开票日期不符", "The first two digits (the year) do not agree with the date of issue"))
	case i.Code != "" && !oldCode.MatchString(i.Code):
		f.Add("code", "invoice.code_form", kernel.T("发票代码应为 10 或 12 位数字", "An invoice code has 10 or 12 digits"))
	case i.Code != "" && !oldNumber.MatchString(i.Number):
		f.Add("number", "invoice.number_form", kernel.T("旧版发票号码应为 8 位数字", "An old invoice number has 8 digits"))
	}
	return f.Err()
}

// Payment is one payment of the enterprise to the provider.
type Payment struct {
	ID            kernel.ID   `json:"-"`
	ClaimID       kernel.ID   `json:"-"`
	Position      int64       `json:"-"`
	PaidOn        kernel.Date `json:"paid_on"`
	Amount        kernel.Fen  `json:"amount_fen" gorm:"column:amount_fen"`
	Payer         string      `json:"payer"`
	Payee         string      `json:"payee"`
	BankReference string      `json:"bank_reference"`
}

// TableName names the table for the store.
func (Payment) TableName() string { return "claim_payments" }

// maxContractKey is the most characters of a contract's number that a key
// carries as they are; a longer one is carried as its digest.
const maxContractKey = 80

// ContractKey makes contract numbers of one provider comparable: only letters
// and digits count, in one case and one width, so that spaces, dashes, brackets
// and look-alikes of the same character do not make another contract. It is
// empty when nothing counts.
func ContractKey(provider kernel.ID, number string) string {
	plain := strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, norm.NFKC.String(number)))
	switch n := utf8.RuneCountInString(plain); {
	case n == 0:
		return ""
	case n > maxContractKey:
		sum := sha256.Sum256([]byte(plain))
		plain = hex.EncodeToString(sum[:])
	}
	return string(provider) + ":" + plain
}
