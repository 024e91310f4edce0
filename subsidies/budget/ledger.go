// Package budget keeps appropriations, ceilings and the ledger. Every movement
// is one balanced journal and one guarded update per appropriation, in the
// caller's transaction. Callers move money as the last thing they do, so that the
// hot rows are held for the shortest time.
package budget

import (
	"errors"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Account names an account of the ledger. Balances are per fund and scope
// (the city, or a district).
type Account string

// The chart of accounts. Memorandum accounts record the two legs that are not
// public money, so that the three legs of every award stand in one journal.
const (
	Appropriated   Account = "appropriated" // contra account: what was ever voted, negative
	Available      Account = "available"
	Reserved       Account = "reserved"
	Awarded        Account = "awarded"
	Paid           Account = "paid"            // what was ever paid
	Returned       Account = "returned"        // contra account of paid: what came back, negative
	MemoListPrice  Account = "memo.list_price" // negative
	MemoDiscount   Account = "memo.provider_discount"
	MemoSubsidy    Account = "memo.government_subsidy"
	MemoEnterprise Account = "memo.enterprise_share"
)

// publicAccounts carry the money of appropriations.
var publicAccounts = []Account{Appropriated, Available, Reserved, Awarded, Paid, Returned}

// City is the scope of the city's own appropriation.
const City = "city"

type journal struct {
	ID         kernel.ID
	Kind       string
	EffectKey  string
	SubjectID  kernel.ID
	PolicyCode string
	Actor      kernel.ID
	At         time.Time
}

func (journal) TableName() string { return "journals" }

// Posting is one line of a journal; the lines of a journal add up to zero.
type Posting struct {
	JournalID  kernel.ID  `json:"journal_id"`
	Line       int        `json:"line"`
	Account    Account    `json:"account"`
	PolicyCode string     `json:"policy_code"`
	BudgetYear string     `json:"budget_year"` // of the appropriation; empty when it is for the policy's whole term
	Scope      string     `json:"scope"`
	SubjectID  kernel.ID  `json:"subject_id"`
	Amount     kernel.Fen `json:"amount_fen" gorm:"column:amount_fen"`
}

// TableName names the table for the store.
func (Posting) TableName() string { return "postings" }

// Subject is what a movement is about and which budget it moves.
type Subject struct {
	ID       kernel.ID // the agreement or claim
	Policy   string
	Year     string // of the appropriation that its reservation is from
	District string
}

func (s Subject) fund() Fund { return Fund{s.Policy, s.Year} }

// errTwice marks a movement whose effect has been booked before.
var errTwice = errors.New("this movement has been booked already")

// entry is one movement to be booked.
type entry struct {
	effect  string
	subject Subject
	lines   []Posting
}

// book writes a balanced journal for each movement, each once per effect key.
func book(tx *database.Tx, kind string, all ...entry) error {
	journals := make([]journal, 0, len(all))
	var lines []Posting
	for _, e := range all {
		s := e.subject
		j := journal{ID: kernel.NewID(tx.Now), Kind: kind, EffectKey: e.effect, SubjectID: s.ID, PolicyCode: s.Policy, Actor: tx.Call.Actor.Person, At: tx.Now}
		var sum kernel.Fen
		n := 0
		for _, p := range e.lines {
			if p.Amount == 0 {
				continue
			}
			n++
			p.JournalID, p.Line, p.PolicyCode, p.SubjectID = j.ID, n, s.Policy, s.ID
			if p.BudgetYear == "" { // a transfer's lines name their years themselves
				p.BudgetYear = s.Year
			}
			sum += p.Amount
			lines = append(lines, p)
		}
		if sum != 0 {
			return fmt.Errorf("journal %s is off balance by %d fen", e.effect, sum)
		}
		journals = append(journals, j)
	}
	if err := database.Insert(tx, journals...); err != nil {
		if database.IsDuplicate(err) {
			return fmt.Errorf("%s: %w", kind, errTwice)
		}
		return err
	}
	return database.Insert(tx, lines...)
}

// move returns the two lines that carry an amount between accounts of a scope.
func move(scope string, from, to Account, amount kernel.Fen) []Posting {
	return []Posting{{Account: from, Scope: scope, Amount: -amount}, {Account: to, Scope: scope, Amount: amount}}
}

// memorandum returns the lines of the three legs.
func memorandum(scope string, l subsidies.Legs) []Posting {
	return []Posting{
		{Account: MemoListPrice, Scope: scope, Amount: -l.ListPrice},
		{Account: MemoDiscount, Scope: scope, Amount: l.ProviderDiscount},
		{Account: MemoSubsidy, Scope: scope, Amount: l.Subsidy},
		{Account: MemoEnterprise, Scope: scope, Amount: l.EnterpriseShare},
	}
}
