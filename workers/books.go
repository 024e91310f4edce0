package workers

import (
	"context"
	"time"

	"yunhui/subsidies/budget"
)

// Books binds the work on the ledger: summing up the days that are over.
func (s *Shift) Books(books *budget.Desk) {
	s.Duties(Duty{Name: "budget.roll", Every: time.Hour, Do: func(ctx context.Context) error {
		_, err := books.Roll(ctx)
		return err
	}})
}
