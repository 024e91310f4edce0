package payments

import (
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/clawbacks"
)

// netted is the bank reference of a line of which nothing was left to pay.
const netted = "NETTED"

// holdBack takes from new lines what their payees owe: a line orders the rest.
func holdBack(tx *database.Tx, lines []Line) error {
	due := make([]clawbacks.Due, len(lines))
	for i, l := range lines {
		due[i] = clawbacks.Due{Line: l.ID, Payee: l.PayeeOrgID, District: l.District, Portion: budget.Portion{Municipal: l.Municipal, District: l.DistrictPart}}
	}
	held, err := clawbacks.Hold(tx, due...)
	if err != nil {
		return err
	}
	for i := range lines {
		l, back := &lines[i], held[lines[i].ID]
		l.Municipal, l.DistrictPart, l.Amount = l.Municipal-back.Municipal, l.DistrictPart-back.District, l.Amount-back.Total()
	}
	return nil
}

// settleNetted pays the lines of a closed batch of which all is held back: there
// is nothing to transfer, and no bank will answer for them.
func settleNetted(tx *database.Tx, b *Batch) error {
	var lines []Line
	if err := tx.Where("batch_id = ? AND state = ? AND amount_fen = 0", b.ID, Ordered).Order("line_no").Find(&lines).Error; err != nil || len(lines) == 0 {
		return err
	}
	outcomes := make([]outcome, len(lines))
	for i, l := range lines {
		outcomes[i] = outcome{Line: l.LineNo, PaidOn: tx.Today(), Reference: netted}
	}
	j, err := newJob(tx, b.ID, Settle, "")
	if err != nil {
		return err
	}
	j.Expected = int64(len(lines))
	if err := settle(tx, b, j, pack(0, outcomes)); err != nil {
		return err
	}
	return j.begin(tx, false)
}

func lineIDs(all []settled) []kernel.ID {
	ids := make([]kernel.ID, len(all))
	for i, s := range all {
		ids[i] = s.line.ID
	}
	return ids
}
