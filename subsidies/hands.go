package subsidies

import "yunhui/services/kernel"

// Part is a hand that one claim passes through. Law 5: the parts of one claim
// are played by different people; the store keys hands by (claim, person).
type Part string

// The parts of a claim.
const (
	PartNone     Part = ""
	PartClaimant Part = "claimant"
	PartProvider Part = "provider"
	PartDistrict Part = "district"
	PartCity     Part = "city"
	PartAuditor  Part = "auditor"
	PartPayer    Part = "payer"
)

// FourEyes is the refusal of a second part to the same person.
func FourEyes() error {
	return kernel.Conflict("four_eyes", kernel.T("您已在另一环节经手过此申请，须由他人办理", "You have already handled this claim at another step; someone else must do this"))
}
