package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/claims"
)

// together is how many claims are awarded in one transaction: each award is
// cheap then, and none waits long for the others' budgets.
const together = 200

// AwardOne awards a claim whose notice is over and to which no objection is open,
// in one transaction with the others that are awarded at the same moment: they
// would only wait for each other's budgets. It reports whether it did.
func (d *Desk) AwardOne(ctx context.Context, claim kernel.ID) (bool, error) {
	return d.awards.Do(ctx, claim, d.awardAlone, func(ctx context.Context, some []kernel.ID) ([]bool, error) {
		return slices.Repeat([]bool{true}, len(some)), d.award(ctx, d.awarding(), some...)
	})
}

// awardSome awards claims of one notice in one transaction, or each alone when
// that cannot be: one that is not due, or fails, keeps nobody else waiting.
func (d *Desk) awardSome(ctx context.Context, some []kernel.ID) (awarded int, err error) {
	w := d.awarding()
	w.Together = true
	if d.award(ctx, w, some...) == nil {
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
	err := d.award(ctx, d.awarding(), claim)
	if kernel.IsCode(err, "stale") || kernel.IsCode(err, "state.act") { // not over, objected to, or awarded by another worker
		return false, nil
	}
	return err == nil, err
}

// award awards claims that are all due, or none.
func (d *Desk) award(ctx context.Context, w claims.Awarding, ids ...kernel.ID) error {
	ctx = kernel.WithCall(ctx, kernel.Call{Actor: kernel.System()})
	return database.Run(ctx, d.DB, "notice.award", func(tx *database.Tx) error { return claims.Award(tx, w, ids...) })
}

// awarding is under which condition a claim on notice is due. An objection has
// taken the claim off the notice until it is answered.
func (d *Desk) awarding() claims.Awarding {
	return claims.Awarding{Policies: d.Policies, Due: "EXISTS (SELECT 1 FROM notices n WHERE n.id = claims.notice_id AND n.closes_on < ?)", Args: []any{d.today()}}
}
