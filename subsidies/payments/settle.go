package payments

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/claims"
	"yunhui/subsidies/clawbacks"
	"yunhui/subsidies/record"
)

// book takes on what was examined: what was paid is paid for good, what failed
// goes back to approved and may be ordered again. Results that are booked already
// change nothing. What one transaction moves is booked at once; the rest is left
// to the queue, with the outcomes kept beside the job.
func (d *Desk) book(ctx context.Context, x *examination, source string) (Batch, error) {
	if err := x.finish(); err != nil {
		return Batch{}, err
	}
	return database.Do(ctx, d.DB, "batch.settle", func(tx *database.Tx) (Batch, error) {
		b, err := find(tx, x.batch.ID, 0)
		if err != nil || len(x.packed) == 0 {
			return b, err
		}
		if under, err := running(tx.DB, b.ID); err != nil || under != nil {
			if err == nil && (under.Kind != Settle || source == "" || under.Source != source) {
				err = busy()
			}
			return b, err // the same file again, while it is being booked
		}
		if b.Version != x.batch.Version {
			return b, database.Stale() // other results were booked since these were examined
		}
		if err := supersede(tx, b.ID, Settle); err != nil {
			return b, err
		}
		j, err := newJob(tx, b.ID, Settle, source)
		if err != nil {
			return b, err
		}
		j.Expected = x.fresh
		more := len(x.packed) > 1
		if !more {
			err = settle(tx, &b, j, *x.packed[0])
		} else if err = change(tx, &b, map[string]any{}); err == nil { // lest others are booked at this moment
			err = keep(tx, j, x.packed)
		}
		if err != nil {
			return b, err
		}
		return b, j.begin(tx, more)
	})
}

// keep stores the outcomes of a job until they are booked.
func keep(tx *database.Tx, j *Job, parts []*part) error {
	for _, p := range parts {
		p.JobID = j.ID
		if err := database.Insert(tx, *p); err != nil {
			return err
		}
	}
	return nil
}

// settleOn books the next part of a job.
func settleOn(tx *database.Tx, b *Batch, j *Job) (bool, error) {
	var next []part
	if err := tx.Where("job_id = ?", j.ID).Order("part").Limit(2).Find(&next).Error; err != nil {
		return false, err
	}
	if len(next) == 0 {
		return false, errors.New("a part of the results is gone")
	}
	if err := settle(tx, b, j, next[0]); err != nil {
		return false, err
	}
	if _, err := database.Exec(tx, "DELETE FROM batch_job_parts WHERE job_id = ? AND part = ?", j.ID, next[0].Part); err != nil {
		return false, err
	}
	more := len(next) > 1
	return more, j.goOn(tx, more)
}

// settled is a result that is not booked yet, with its line.
type settled struct {
	outcome
	line Line
}

// settle books a part: lines and claims first, the batch, and the money last.
func settle(tx *database.Tx, b *Batch, j *Job, p part) error {
	fresh, err := read(tx, *b, p)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(fresh, together) {
		if err := writeLines(tx, some); err != nil {
			return err
		}
	}
	byFailure, order := map[string][]kernel.ID{}, []string{}
	var paid, unpaid []settled
	for _, s := range fresh {
		if s.Failure == "" {
			paid = append(paid, s)
			continue
		}
		if byFailure[s.Failure] == nil {
			order = append(order, s.Failure)
		}
		byFailure[s.Failure] = append(byFailure[s.Failure], s.line.ClaimID)
		unpaid = append(unpaid, s)
	}
	for _, why := range order {
		if err := giveBack(tx, byFailure[why], record.Reason{Code: "payment_failed", Note: why}); err != nil {
			return err
		}
	}
	money, err := pay(tx, paid)
	if err != nil {
		return err
	}
	if err := clawbacks.Release(tx, lineIDs(unpaid)...); err != nil {
		return err
	}
	failed := int64(len(unpaid))
	j.Seen, j.Taken, j.Missed = j.Seen+int64(len(fresh)), j.Taken+int64(len(paid)), j.Missed+failed
	set := map[string]any{"paid_count": b.PaidCount + int64(len(paid)), "failed_count": b.FailedCount + failed}
	if b.PaidCount+b.FailedCount+int64(len(fresh)) == b.LineCount {
		set["state"], set["settled_at"] = Settled, tx.Now
	}
	if err := change(tx, b, set); err != nil {
		return err
	}
	if err := clawbacks.Net(tx, lineIDs(paid)...); err != nil {
		return err
	}
	return budget.PayAll(tx, money)
}

// read finds the lines of a part; a line that has a result since it was examined
// makes it stale.
func read(tx *database.Tx, b Batch, p part) ([]settled, error) {
	outcomes, err := p.unpack()
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, len(outcomes))
	for i, o := range outcomes {
		numbers[i] = o.Line
	}
	var lines []Line
	if err := tx.Where("batch_id = ? AND line_no IN ? AND state = ?", b.ID, numbers, Ordered).Find(&lines).Error; err != nil {
		return nil, err
	}
	byNo := make(map[int64]Line, len(lines))
	for _, l := range lines {
		byNo[l.LineNo] = l
	}
	out := make([]settled, len(outcomes))
	for i, o := range outcomes {
		line, ok := byNo[o.Line]
		if !ok {
			return nil, database.Stale()
		}
		out[i] = settled{o, line}
	}
	return out, nil
}

// writeLines gives lines their results, all or none, in one statement.
func writeLines(tx *database.Tx, some []settled) error {
	var states, failures, references, days, keys strings.Builder
	var a1, a2, a3, a4, a5, ids []any
	for _, s := range some {
		id := s.line.ID
		ids = append(ids, id)
		a3 = append(a3, id, s.Reference)
		references.WriteString(" WHEN ? THEN ?")
		state, day := Paid, any(s.PaidOn)
		if s.Failure != "" {
			state, day = Failed, nil
			failures.WriteString(" WHEN ? THEN ?")
			a2 = append(a2, id, s.Failure)
			keys.WriteString(" WHEN ? THEN NULL")
			a5 = append(a5, id)
		}
		states.WriteString(" WHEN ? THEN ?")
		a1 = append(a1, id, state)
		days.WriteString(" WHEN ? THEN ?")
		a4 = append(a4, id, day)
	}
	set := "state = CASE id" + states.String() + " END, bank_reference = CASE id" + references.String() + " END, paid_on = CASE id" + days.String() + " END"
	args := slices.Concat(a1, a3, a4)
	if len(a5) > 0 {
		set += ", failure = CASE id" + failures.String() + " ELSE failure END, live_key = CASE id" + keys.String() + " ELSE live_key END"
		args = slices.Concat(args, a2, a5)
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",")
	n, err := database.Exec(tx, "UPDATE batch_lines SET "+set+", version = version + 1 WHERE id IN ("+marks+") AND state = 'ordered'", append(args, ids...)...)
	if err == nil && n != int64(len(some)) {
		err = database.Stale()
	}
	return err
}

// pay moves claims to paid and returns what is to be booked for them.
func pay(tx *database.Tx, paid []settled) ([]budget.Payment, error) {
	if len(paid) == 0 {
		return nil, nil
	}
	ids := make([]kernel.ID, len(paid))
	for i, s := range paid {
		ids[i] = s.line.ClaimID
	}
	all, err := batched(tx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[kernel.ID]subsidies.Claim, len(all))
	for _, c := range all {
		byID[c.ID] = c
	}
	t, err := subsidies.ClaimMachine.Find(subsidies.ClaimBatched, subsidies.ClaimPay, tx.Call.Actor.Role)
	if err != nil {
		return nil, err
	}
	if err := claims.AdvanceAll(tx, all, t, claims.Move{Act: t.Act}); err != nil {
		return nil, err
	}
	held, err := clawbacks.HeldFrom(tx.DB, lineIDs(paid)...)
	if err != nil {
		return nil, err
	}
	money := make([]budget.Payment, len(paid))
	for i, s := range paid {
		c, back := byID[s.line.ClaimID], held[s.line.ID] // what is held back pays the claim as well
		money[i] = budget.Payment{
			Subject: budget.Subject{ID: c.ID, Policy: c.PolicyCode, District: c.District},
			Portion: budget.Portion{Municipal: s.line.Municipal + back.Municipal, District: s.line.DistrictPart + back.District},
		}
	}
	return money, nil
}
