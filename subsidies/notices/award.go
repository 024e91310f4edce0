package notices

import (
	"context"
	"errors"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
)

// together is how many claims are awarded in one transaction: each award is
// cheap then, and none waits long for the others' budgets.
const together = 100

var errNotDue = errors.New("its notice is not over, or something else is to be decided first")

// awardTogether awards claims of one notice in one transaction, or each alone
// when that cannot be: one that is not due, or fails, keeps nobody else waiting.
func (d *Desk) awardTogether(ctx context.Context, some []kernel.ID) (awarded int, err error) {
	err = database.Run(asSystem(ctx), d.DB, "notice.award", func(tx *database.Tx) error { return d.award(tx, some...) })
	if err == nil {
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

func (d *Desk) awardAlone(ctx context.Context, claim kernel.ID) (bool, error) {
	done, err := database.Do(asSystem(ctx), d.DB, "notice.award", func(tx *database.Tx) (bool, error) { return d.Award(tx, claim) })
	if kernel.IsCode(err, "stale") { // it moved meanwhile: objected, or awarded by another worker
		return false, nil
	}
	return done, err
}

func asSystem(ctx context.Context) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
}

// Award awards a claim whose notice is over and to which no objection is open. It
// reports whether it did: a claim in another state, or before its time, is left
// alone. The actor of the call must be the system.
func (d *Desk) Award(tx *database.Tx, claim kernel.ID) (bool, error) {
	err := d.award(tx, claim)
	if errors.Is(err, errNotDue) {
		return false, nil
	}
	return err == nil, err
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
