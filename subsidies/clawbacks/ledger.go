package clawbacks

import (
	"yunhui/services/database"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
)

// subject names the clawback in the ledger.
func subject(c subsidies.Clawback) budget.Subject {
	return budget.Subject{ID: c.ID, Policy: c.PolicyCode, District: c.District}
}

// bookOrder records the receivable of an order, and the fine beside it.
func bookOrder(tx *database.Tx, c subsidies.Clawback) error {
	return budget.Owe(tx, subject(c), c.ClaimID, budget.Portion{Municipal: c.Municipal, District: c.DistrictPart}, c.Fine)
}

// bookReturn records that an entry's money is back and refills the appropriations.
func bookReturn(tx *database.Tx, c subsidies.Clawback, e Entry) error {
	return budget.Recover(tx, string(e.ID), subject(c), c.ClaimID, e.portion())
}

// bookWriteOff records that an entry's money will not come back.
func bookWriteOff(tx *database.Tx, c subsidies.Clawback, e Entry) error {
	return budget.WriteOff(tx, string(e.ID), subject(c), c.ClaimID, e.portion())
}
