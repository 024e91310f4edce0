// Package quotes brings the facts together that a policy is computed on: the
// firm of record, the lines, and what the firm has already been granted.
package quotes

import (
	"strings"

	"gorm.io/gorm"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/rules"
)

// EnterpriseFacts are a firm's facts as the rules want them.
func EnterpriseFacts(f subsidies.Firm) rules.EnterpriseFacts {
	return rules.EnterpriseFacts{
		CreditCode: f.CreditCode, District: f.District, SizeClass: f.SizeClass, Industry: f.Industry, Section: f.Section,
		Chains: f.Chains, FoundedOn: f.FoundedOn, Revenue: f.Revenue, Assets: f.Assets, HeadCount: f.HeadCount, Verified: f.Verified,
	}
}

// ProviderFacts are a provider's facts as the rules want them.
func ProviderFacts(f subsidies.Firm) rules.ProviderFacts {
	return rules.ProviderFacts{CreditCode: f.CreditCode, District: f.District, Admitted: f.Verified}
}

// Draw is what one agreement takes from the firm's ceilings under a policy.
type Draw struct {
	Policy   string
	Firm     kernel.ID
	Year     string
	Category string
}

// ceilings lists the counters that every reservation moves; limits come from
// the policy's caps, zero meaning that it is only counted.
func (d Draw) ceilings(doc rules.Document) []budget.Ceiling {
	at := func(kind budget.CeilingKind, subject, period string, limit kernel.Fen) budget.Ceiling {
		return budget.Ceiling{PolicyCode: d.Policy, Kind: kind, Subject: subject, Period: period, Limit: limit}
	}
	firm := string(d.Firm)
	return []budget.Ceiling{
		at(budget.EnterpriseYear, firm, d.Year, limitOf(doc, rules.CapEnterpriseYear)),
		at(budget.EnterprisePolicy, firm, "", limitOf(doc, rules.CapEnterprisePolicy)),
		at(budget.EnterpriseCategory, firm+":"+d.Category, "", 0),
	}
}

// Take counts a reservation of an amount (negative: gives it back) and, for the
// first taking, a purchase, under all ceilings of the firm.
func (d Draw) Take(take func(budget.Ceiling, kernel.Fen) error, doc rules.Document, amount kernel.Fen, purchases int) error {
	for _, c := range d.ceilings(doc) {
		if err := take(c, amount); err != nil {
			return err
		}
	}
	return take(budget.Ceiling{PolicyCode: d.Policy, Kind: budget.EnterprisePurchase, Subject: string(d.Firm)}, kernel.Fen(purchases))
}

// Used reads what the firm has drawn under the policy, less what is given back
// (an agreement's own reservation when its claim is computed).
func (d Draw) Used(db *gorm.DB, own kernel.Fen, ownPurchases int) (rules.Used, error) {
	var rows []budget.Ceiling
	kinds := []budget.CeilingKind{budget.EnterpriseYear, budget.EnterprisePolicy, budget.EnterprisePurchase, budget.EnterpriseCategory}
	err := db.Where("policy_code = ? AND kind IN ? AND subject >= ? AND subject < ? AND period IN ?", d.Policy, kinds, d.Firm, string(d.Firm)+";", []string{"", d.Year}).Find(&rows).Error // ';' follows ':'
	used := rules.Used{ByCategory: map[string]kernel.Fen{}}
	for _, r := range rows {
		if r.Subject != string(d.Firm) && !strings.HasPrefix(r.Subject, string(d.Firm)+":") {
			continue
		}
		switch r.Kind {
		case budget.EnterpriseYear:
			used.ThisYear = max(r.Used-own, 0)
		case budget.EnterprisePolicy:
			used.ThisPolicy = max(r.Used-own, 0)
		case budget.EnterprisePurchase:
			used.Purchases = max(int(r.Used)-ownPurchases, 0)
		case budget.EnterpriseCategory:
			category := strings.TrimPrefix(r.Subject, string(d.Firm)+":")
			if category == d.Category {
				r.Used = max(r.Used-own, 0)
			}
			used.ByCategory[category] = r.Used
		}
	}
	if len(used.ByCategory) == 0 {
		used.ByCategory = nil
	}
	return used, err
}

func limitOf(doc rules.Document, scope string) kernel.Fen {
	var limit kernel.Fen
	for _, c := range doc.Caps {
		if c.Scope == scope && everything(c.AppliesTo) && c.Effective == (kernel.Period{}) && (limit == 0 || c.Limit < limit) {
			limit = c.Limit
		}
	}
	return limit
}

func everything(s rules.Selector) bool {
	return len(s.Depths)+len(s.Categories)+len(s.Classes)+len(s.Sizes) == 0 && s.Purchase == ""
}
