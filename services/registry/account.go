package registry

import (
	"strings"
	"time"
	"unicode/utf8"

	"yunhui/services/kernel"
)

// BankAccount is where an organisation is paid.
type BankAccount struct {
	BankName      string `json:"bank_name"`
	BankCode      string `json:"bank_code"`
	AccountName   string `json:"account_name"`
	AccountNumber string `json:"account_number"`
}

// Account is the bank account of a declaration.
func (d Declaration) Account() BankAccount {
	return BankAccount{d.BankName, d.BankCode, d.AccountName, d.AccountNumber}
}

// Normalized trims what people paste.
func (a BankAccount) Normalized() BankAccount {
	d := Declaration{BankName: a.BankName, BankCode: a.BankCode, AccountName: a.AccountName, AccountNumber: a.AccountNumber}.Normalized()
	return d.Account()
}

// Check tells everything that is wrong with a normalised account.
func (a BankAccount) Check(f *kernel.Faults) {
	for _, x := range []struct {
		path, value string
		most        int
	}{{"bank_name", a.BankName, 100}, {"account_name", a.AccountName, 200}} {
		f.Check(x.value != "", x.path, "field.required", kernel.T("不能为空", "This must not be empty"))
		f.Check(utf8.RuneCountInString(x.value) <= x.most, x.path, "field.too_long", kernel.T("至多%d个字", "At most %d characters", x.most))
		f.Check(!kernel.Hidden(x.value) && !strings.ContainsAny(x.value, "\r\n\t"), x.path, "field.hidden_characters", kernel.T("含有不可见字符，请重新输入", "This holds characters that cannot be seen; please type it anew"))
	}
	f.Check(bankForm.MatchString(a.BankCode), "bank_code", "organisation.bank_code", kernel.T("联行号为12位数字", "A bank line number has 12 digits"))
	f.Check(accountForm.MatchString(a.AccountNumber), "account_number", "organisation.account_number", kernel.T("对公账号为8至32位数字", "A corporate account number has 8 to 32 digits"))
}

// ChangeState is where a change of an account stands.
type ChangeState string

// The states of a change.
const (
	ChangeProposed  ChangeState = "proposed"
	ChangeConfirmed ChangeState = "confirmed" // by a second person; it holds from then on
	ChangeRefused   ChangeState = "refused"
	ChangeWithdrawn ChangeState = "withdrawn" // by whoever proposed it
)

// AccountChange is the change of an organisation's bank account. One person
// proposes it, another confirms it; until then the old account stands on record
// and nothing is paid to either.
type AccountChange struct {
	ID      kernel.ID `json:"id"`
	Org     kernel.ID `json:"organisation"`
	OrgName string    `json:"organisation_name"`
	BankAccount
	FormerAccount string      `json:"former_account" doc:"原账号，隐去中间 · the account before, masked"`
	State         ChangeState `json:"state"`
	Reason        string      `json:"reason"`
	ProposedBy    kernel.ID   `json:"proposed_by"`
	ProposedName  string      `json:"proposed_name"`
	DecidedBy     kernel.ID   `json:"-"`
	DecidedName   string      `json:"decided_name"`
	DecidedRole   kernel.Role `json:"decided_role"`
	Document      string      `json:"document" doc:"经办人核对的证明 · what an officer has seen"`
	Note          string      `json:"note"`
	CreatedAt     time.Time   `json:"created_at"`
	DecidedAt     *time.Time  `json:"decided_at,omitempty"`
	Version       int64       `json:"version"`
}
