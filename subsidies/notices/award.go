package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
)

// together is how many claims are awarded in one transaction: each award is
// cheap then, and none waits long for the others' budgets.
const together = 100

var errNotDue = errors.New("its notice is not over, or something else is to be decided first")

// AwardOne awards a claim whose notice is over and to which no objection is open,
// in one transaction with the others that are awarded at the same moment: they
// would only wait for each other's budgets. It reports whether it did.
func (d *Desk) AwardOne(ctx context.Context, claim kernel.ID) (bool, error) {
	return d.awards.Do(ctx, claim, d.awardAlone, func(ctx context.Context, some []kernel.ID) ([]bool, error) {
		return slices.Repeat([]bool{true}, len(some)), d.awardTogether(ctx, some)
	})
}

// awardSome awards claims of one notice in one transaction, or each alone when
// that cannot be: one that is not due, or fails, keeps nobody else waiting.
func (d *Desk) awardSome(ctx context.Context, some []kernel.ID) (awarded int, err error) {
	if d.awardTogether(ctx, some) == nil {
		return len(some), nil
	}
	var failures []error
	for _, id := range some {
		done, err := d.awardAlone(ctx, id)
		if err != nil {
			failures = append(failures, fmt.Errorf("award claim %s: %w", id, err))
		}
		if done {
			awarded++
		}
	}
	return awarded, errors.Join(failures...)
}

func (d *Desk) awardTogether(ctx context.Context, some []kernel.ID) error {
	return database.Run(asSystem(ctx), d.DB, "notice.award", func(tx *database.Tx) error { return d.award(tx, some...) })
}

func (d *Desk) awardAlone(ctx context.Context, claim kernel.ID) (bool, error) {
	err := d.awardTogether(ctx, []kernel.ID{claim})
	if errors.Is(err, errNotDue) || kernel.IsCode(err, "stale") { // stale: it moved meanwhile, objected, or awarded by another worker
		return false, nil
	}
	return err == nil, err
}

func asSystem(ctx context.Context) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
}

// award awards claims that are all due, or none (errNotDue).
func (d *Desk) award(tx *database.Tx, ids ...kernel.ID) error {
	marks, keys := database.In(ids)
	args := append([]any{ItemApproved}, keys...)
	// Of two workers the second waits here and then finds the item marked.
	n, err := database.Exec(tx, `UPDATE notice_items SET state = ? WHERE claim_id IN `+marks+` AND state = ?
		AND EXISTS (SELECT 1 FROM notices n WHERE n.id = notice_items.notice_id AND n.closes_on < ?)
		AND EXISTS (SELECT 1 FROM claims c WHERE c.id = notice_items.claim_id AND c.notice_id = notice_items.notice_id AND c.state = ?)
		AND NOT EXISTS (SELECT 1 FROM objections o WHERE o.claim_id = notice_items.claim_id AND o.state = ?)`,
		append(args, ItemOpen, tx.Today(), subsidies.ClaimNoticed, ObjectionOpen)...)
	if err != nil {
		return err
	}
	if n != int64(len(ids)) {
		return errNotDue
	}
	_, err = claims.AwardAll(tx, d.Policies, ids...)
	return err
}
