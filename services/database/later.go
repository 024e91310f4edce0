package database

import "slices"

// pile is rows of one table that wait to be written.
type pile interface{ write(tx *Tx) error }

type pileOf[T any] struct{ rows []T }

func (p *pileOf[T]) write(tx *Tx) error { return Insert(tx, p.rows...) }

// Later adds rows that nothing else in this transaction reads or is refused by:
// lines of a record, messages. They are kept back so that the rows of a table go
// to the store in one statement, at the next Flush and at the latest before the
// commit; they stand or fall with the transaction like any other.
func Later[T any](tx *Tx, rows ...T) {
	for _, p := range tx.later {
		if mine, ok := p.(*pileOf[T]); ok {
			mine.rows = append(mine.rows, rows...)
			return
		}
	}
	tx.later = append(tx.later, &pileOf[T]{rows: slices.Clone(rows)})
}

// Flush writes what Later has kept back. Who is about to lock a row that many
// wait for calls it first, so that the row is held for the shortest time.
func (tx *Tx) Flush() error {
	piles := tx.later
	tx.later = nil
	for _, p := range piles {
		if err := p.write(tx); err != nil {
			return err
		}
	}
	return nil
}
