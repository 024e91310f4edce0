// Package matching ranks offers for a demand and says why, point by point. It is
// pure: the same demand and candidates give the same ranking everywhere, and no
// provider can be favoured other than by what is written here.
package matching

import "yunhui/services/kernel"

// MatchWeight is how much one kind of reason counts at most. The table is shown
// beside every ranking.
type MatchWeight struct {
	Code  string      `json:"code"`
	Most  int64       `json:"most" doc:"该项最高分 · the most points it gives"`
	About kernel.Text `json:"about"`
}

// The kinds of reasons.
const (
	Words    = "words"
	Category = "category"
	Budget   = "budget"
	Systems  = "systems"
	Chain    = "chain"
	Size     = "size"
	District = "district"
)

var weights = []MatchWeight{
	{Words, 40, kernel.T("需求描述中的词语在服务介绍中出现，与最相符的一项按比例计分", "Words of the need that the offer's own text holds, in proportion to the best hit")},
	{Category, 25, kernel.T("服务类别相同得满分，同属一个大类得十分", "The same category in full; the same parent category ten")},
	{Budget, 15, kernel.T("最低规格首年费用在预算内得满分，超出两成以内得五分", "The cheapest plan's first year within the budget in full; up to a fifth above it five")},
	{Systems, 15, kernel.T("可对接的在用系统，每个五分", "Systems in use that it works with, five each")},
	{Chain, 10, kernel.T("适用于企业所在产业链", "Made for an industrial chain of the firm")},
	{Size, 10, kernel.T("适用于该规模的企业；未限规模的得五分", "Made for firms of this size; five where no size is named")},
	{District, 5, kernel.T("服务商与企业在同一区县", "The provider is in the firm's district")},
}

// Parts of a weight.
const (
	sameParent   = 10
	slightlyOver = 5
	anySize      = 5
	eachSystem   = 5
)

// Weights returns the table; it must not be changed.
func Weights() []MatchWeight { return weights }

func most(code string) int64 {
	for _, w := range weights {
		if w.Code == code {
			return w.Most
		}
	}
	return 0
}
