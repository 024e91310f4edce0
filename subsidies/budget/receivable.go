package budget

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// The memorandum accounts of clawbacks: what was ever ordered is at any time
// receivable, recovered or written off. A fine is no money of the appropriation.
const (
	MemoReceivable  Account = "memo.clawback_receivable"
	MemoOrdered     Account = "memo.clawback_ordered" // negative
	MemoRecovered   Account = "memo.clawback_recovered"
	MemoWrittenOff  Account = "memo.clawback_written_off"
	MemoFine        Account = "memo.fine"
	MemoFineOrdered Account = "memo.fine_ordered" // negative
)

// Owe records that a claim's payee has to give money back, and the fine decided
// besides. s names the clawback, claim what had been paid.
func Owe(tx *database.Tx, s Subject, claim kernel.ID, p Portion, fine kernel.Fen) error {
	if err := s.paidIn(tx, claim); err != nil {
		return err
	}
	lines := append(move(City, MemoOrdered, MemoReceivable, p.Municipal), move(s.District, MemoOrdered, MemoReceivable, p.District)...)
	lines = append(lines, move(City, MemoFineOrdered, MemoFine, fine)...)
	return book(tx, "owe", entry{"owe:" + string(s.ID), s, lines})
}

// Recover records that a part of what is owed came back, and refills the
// appropriations by it. Effect is the key under which it counts once.
func Recover(tx *database.Tx, effect string, s Subject, claim kernel.ID, p Portion) error {
	if err := s.unowe(tx, "recover", effect, claim, p, MemoRecovered); err != nil {
		return err
	}
	return Return(tx, effect, Subject{ID: claim, Policy: s.Policy, District: s.District}, p)
}

// WriteOff records that a part of what is owed is given up; no appropriation is
// refilled by it.
func WriteOff(tx *database.Tx, effect string, s Subject, claim kernel.ID, p Portion) error {
	return s.unowe(tx, "write_off", effect, claim, p, MemoWrittenOff)
}

func (s Subject) unowe(tx *database.Tx, kind, effect string, claim kernel.ID, p Portion, to Account) error {
	if err := s.paidIn(tx, claim); err != nil {
		return err
	}
	lines := append(move(City, MemoReceivable, to, p.Municipal), move(s.District, MemoReceivable, to, p.District)...)
	return book(tx, kind, entry{kind + ":" + effect, s, lines})
}

// paidIn takes the year of the appropriation that had paid a claim.
func (s *Subject) paidIn(tx *database.Tx, claim kernel.ID) error {
	years, err := yearsOf(tx, Paid, claim)
	s.Year = years[claim]
	return err
}
