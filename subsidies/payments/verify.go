package payments

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Verify checks on stored data that every payment was ordered and booked once,
// and that the amounts of lines, batches, claims and ledger agree.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for _, q := range queries {
		var rows []struct{ Object, Detail string }
		if err := db.Read(ctx).Raw(q.sql + " LIMIT 50").Scan(&rows).Error; err != nil {
			return out, fmt.Errorf("verify payments: %s: %w", q.detail, err)
		}
		for _, r := range rows {
			out = append(out, kernel.Breach{Law: q.law, Object: q.object + " " + r.Object, Detail: q.detail + " " + r.Detail})
		}
	}
	left, err := verifyParts(db.Read(ctx))
	return append(out, left...), err
}

// VerifyLists reads the lists that were taken out through again: payees and
// accounts are those that the treasury was given.
func (d *Desk) VerifyLists(ctx context.Context) ([]kernel.Breach, error) {
	var out []kernel.Breach
	for after := kernel.ID(""); ; {
		var some []Batch
		if err := d.DB.Read(ctx).Where("digest <> '' AND id > ?", after).Order("id").Limit(together).Find(&some).Error; err != nil || len(some) == 0 {
			return out, err
		}
		for _, b := range some {
			after = b.ID
			sum, err := d.digest(ctx, b)
			switch {
			case ctx.Err() != nil:
				return out, ctx.Err()
			case err != nil:
				out = append(out, kernel.Breach{Law: "once", Object: "batch " + b.Number, Detail: "its list cannot be read: " + err.Error()})
			case sum != b.Digest:
				out = append(out, kernel.Breach{Law: "once", Object: "batch " + b.Number, Detail: "its lines are not those that were taken out"})
			}
		}
	}
}

// verifyParts opens what is still to be booked.
func verifyParts(db *gorm.DB) ([]kernel.Breach, error) {
	var jobs []Job
	if err := db.Where("kind = ? AND seen < expected AND trouble <> ?", Settle, abandoned).Order("id").Limit(50).Find(&jobs).Error; err != nil {
		return nil, fmt.Errorf("verify payments: jobs: %w", err)
	}
	var out []kernel.Breach
	for _, j := range jobs {
		flaw, err := j.flawOfParts(db)
		if err != nil {
			return out, err
		}
		if flaw != "" {
			out = append(out, kernel.Breach{Law: "nothing lost", Object: "batch " + string(j.BatchID), Detail: "the results that are still to be booked are not those that were examined: " + flaw})
		}
	}
	return out, nil
}

func (j Job) flawOfParts(db *gorm.DB) (string, error) {
	waiting := int64(0)
	for after := int64(-1); ; {
		var next []part
		if err := db.Where("job_id = ? AND part > ?", j.ID, after).Order("part").Limit(1).Find(&next).Error; err != nil {
			return "", fmt.Errorf("verify payments: parts: %w", err)
		}
		if len(next) == 0 {
			break
		}
		outcomes, err := next[0].unpack()
		if err != nil {
			return err.Error(), nil //nolint:nilerr // what was found is the answer
		}
		waiting, after = waiting+int64(len(outcomes)), next[0].Part
	}
	if waiting != j.Expected-j.Seen {
		return fmt.Sprintf("%d of %d", waiting, j.Expected-j.Seen), nil
	}
	return "", nil
}

var queries = []struct {
	law, object, detail, sql string
}{
	{"once", "claim", "is in more than one live line", `SELECT c.number AS object, '' AS detail FROM batch_lines l JOIN claims c ON c.id = l.claim_id
		WHERE l.state IN ('ordered', 'paid') GROUP BY c.id, c.number HAVING COUNT(*) > 1`},
	{"once", "claim", "its line does not hold the key that keeps it from being ordered twice:", `SELECT c.number AS object, l.state AS detail FROM batch_lines l JOIN claims c ON c.id = l.claim_id
		WHERE (l.state IN ('ordered', 'paid') AND (l.live_key IS NULL OR l.live_key <> l.claim_id)) OR (l.state IN ('failed', 'removed') AND l.live_key IS NOT NULL)`},
	{"once", "claim", "is paid without a paid line", `SELECT c.number AS object, '' AS detail FROM claims c
		LEFT JOIN batch_lines l ON l.claim_id = c.id AND l.state = 'paid' WHERE c.state = 'paid' AND l.id IS NULL`},
	{"once", "claim", "has a paid line but is", `SELECT c.number AS object, c.state AS detail FROM batch_lines l JOIN claims c ON c.id = l.claim_id WHERE l.state = 'paid' AND c.state <> 'paid'`},
	{"once", "claim", "is paid without a journal of its payment", `SELECT c.number AS object, '' AS detail FROM claims c
		LEFT JOIN journals j ON j.subject_id = c.id AND j.kind = 'pay' WHERE c.state = 'paid' AND j.id IS NULL`},
	{"once", "claim", "a payment is booked but the claim is", `SELECT c.number AS object, c.state AS detail FROM journals j JOIN claims c ON c.id = j.subject_id WHERE j.kind = 'pay' AND c.state <> 'paid'`},
	{"once", "claim", "its payment is booked more than once", `SELECT c.number AS object, '' AS detail FROM journals j JOIN claims c ON c.id = j.subject_id
		WHERE j.kind = 'pay' GROUP BY c.id, c.number HAVING COUNT(*) > 1`},
	{"explained", "claim", "its line pays somebody who is no party to it:", `SELECT c.number AS object, l.payee_org_id AS detail FROM batch_lines l JOIN claims c ON c.id = l.claim_id WHERE l.payee_org_id NOT IN (c.enterprise_id, c.provider_id)`},
	{"nothing lost", "claim", "is in a batch without an ordered line", `SELECT c.number AS object, '' AS detail FROM claims c
		LEFT JOIN batch_lines l ON l.claim_id = c.id AND l.batch_id = c.batch_id AND l.state = 'ordered' WHERE c.state = 'batched' AND l.id IS NULL`},
	{"nothing lost", "claim", "has an ordered line but is", `SELECT c.number AS object, c.state AS detail FROM batch_lines l JOIN claims c ON c.id = l.claim_id WHERE l.state = 'ordered' AND c.state <> 'batched'`},
	{"conservation", "claim", "its line's amount with what was held back is not its subsidy: line", `SELECT c.number AS object, l.line_no AS detail FROM batch_lines l JOIN claims c ON c.id = l.claim_id
		LEFT JOIN (SELECT line_id, SUM(municipal_fen) AS municipal, SUM(district_fen) AS district FROM clawback_entries WHERE line_id <> '' GROUP BY line_id) e ON e.line_id = l.id
		WHERE l.municipal_fen + l.district_fen <> l.amount_fen OR l.municipal_fen < 0 OR l.district_fen < 0
		OR l.municipal_fen + COALESCE(e.municipal, 0) <> c.municipal_fen OR l.district_fen + COALESCE(e.district, 0) <> c.district_fen`},
	{"conservation", "batch", "its totals are not those of its lines", `SELECT b.number AS object, '' AS detail FROM batches b LEFT JOIN batch_lines l ON l.batch_id = b.id
		GROUP BY b.id, b.number, b.state, b.line_count, b.total_fen, b.paid_count, b.failed_count
		HAVING COALESCE(SUM(CASE WHEN l.state <> 'removed' OR (l.state = 'removed' AND b.state IN ('releasing', 'abandoned')) THEN 1 ELSE 0 END), 0) <> b.line_count
		OR COALESCE(SUM(CASE WHEN l.state <> 'removed' OR b.state IN ('releasing', 'abandoned') THEN l.amount_fen ELSE 0 END), 0) <> b.total_fen
		OR COALESCE(SUM(CASE WHEN l.state = 'paid' THEN 1 ELSE 0 END), 0) <> b.paid_count OR COALESCE(SUM(CASE WHEN l.state = 'failed' THEN 1 ELSE 0 END), 0) <> b.failed_count`},
	{"conservation", "claim", "what the ledger says was paid is not its subsidy", `SELECT c.number AS object, '' AS detail FROM claims c
		LEFT JOIN postings p ON p.subject_id = c.id AND p.account = 'paid' WHERE c.state = 'paid'
		GROUP BY c.id, c.number, c.subsidy_fen HAVING COALESCE(SUM(p.amount_fen), 0) <> c.subsidy_fen`},
	{"nothing lost", "batch", "its state does not go with the work on it:", `SELECT b.number AS object, b.state AS detail FROM batches b LEFT JOIN batch_jobs j ON j.batch_id = b.id AND j.state <> 'done' AND j.trouble <> 'batch.abandoned'
		GROUP BY b.id, b.number, b.state HAVING (b.state = 'gathering' AND COALESCE(SUM(CASE WHEN j.kind = 'gather' THEN 1 ELSE 0 END), 0) <> 1)
		OR (b.state = 'releasing' AND COALESCE(SUM(CASE WHEN j.kind = 'release' THEN 1 ELSE 0 END), 0) <> 1)
		OR (b.state NOT IN ('gathering', 'releasing') AND COALESCE(SUM(CASE WHEN j.kind IN ('gather', 'release') THEN 1 ELSE 0 END), 0) > 0)
		OR (b.state IN ('drafted', 'settled', 'abandoned') AND COALESCE(SUM(CASE WHEN j.kind = 'settle' THEN 1 ELSE 0 END), 0) > 0)`},
	{"once", "batch", "its work does not hold the key that keeps it from being done twice at once:", `SELECT b.number AS object, j.state AS detail FROM batch_jobs j JOIN batches b ON b.id = j.batch_id
		WHERE (j.state = 'running' AND (j.live_key IS NULL OR j.live_key <> j.batch_id)) OR (j.state <> 'running' AND j.live_key IS NOT NULL)`},
	{"nothing lost", "batch", "has lines that nobody gathered, or lost some", `SELECT b.number AS object, '' AS detail FROM batches b JOIN batch_jobs j ON j.batch_id = b.id AND j.kind = 'gather'
		LEFT JOIN batch_lines l ON l.batch_id = b.id GROUP BY b.id, b.number, j.id, j.taken HAVING COUNT(l.id) <> j.taken`},
	{"nothing lost", "batch", "its results are not those that were brought to it", `SELECT b.number AS object, '' AS detail FROM batches b JOIN batch_jobs j ON j.batch_id = b.id
		GROUP BY b.id, b.number, b.paid_count, b.failed_count HAVING SUM(CASE WHEN j.kind = 'gather' THEN 1 ELSE 0 END) > 0 AND (SUM(CASE WHEN j.kind = 'settle' THEN j.taken ELSE 0 END) <> b.paid_count OR SUM(CASE WHEN j.kind = 'settle' THEN j.missed ELSE 0 END) <> b.failed_count)`},
	{"nothing lost", "batch", "its work has lost its place:", `SELECT b.number AS object, j.kind AS detail FROM batch_jobs j JOIN batches b ON b.id = j.batch_id
		WHERE (j.kind <> 'gather' AND j.seen > j.expected) OR (j.kind <> 'release' AND j.seen <> j.taken + j.missed) OR (j.state = 'done' AND j.kind = 'settle' AND j.seen <> j.expected)`},
	{"nothing lost", "batch", "settled with lines that have no result, or left open without any:", `SELECT b.number AS object, b.state AS detail FROM batches b JOIN batch_lines l ON l.batch_id = b.id
		GROUP BY b.id, b.number, b.state HAVING (b.state = 'settled' AND SUM(CASE WHEN l.state = 'ordered' THEN 1 ELSE 0 END) > 0)
		OR (b.state IN ('drafted', 'closed', 'exported') AND SUM(CASE WHEN l.state = 'ordered' THEN 1 ELSE 0 END) = 0)`},
}
