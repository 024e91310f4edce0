// Package quotes brings the facts together that a policy is computed on: the
// firm of record, the lines, and what the firm has already been granted.
package quotes

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"yunhui/services/database"
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

// Draw is what one agreement takes from the ceilings under a policy: the firm's
// own, and those it shares with others. Provider is "" when there is none yet.
type Draw struct {
	Policy       string
	Firm         kernel.ID
	Provider     kernel.ID
	ProviderCode string // its credit code, for limits by group of providers
	Year         string
	Category     string
	On           kernel.Date // of whose day the limits are; only taking needs it
}

// ceilings lists the counters that every reservation moves; limits come from
// the policy's caps, zero meaning that it is only counted.
func (d Draw) ceilings(doc rules.Document) []budget.Ceiling {
	at := func(kind budget.CeilingKind, subject, period string, limit kernel.Fen) budget.Ceiling {
		return budget.Ceiling{PolicyCode: d.Policy, Kind: kind, Subject: subject, Period: period, Limit: limit}
	}
	firm := string(d.Firm)
	return []budget.Ceiling{
		at(budget.EnterpriseYear, firm, d.Year, d.limitOf(doc, rules.CapEnterpriseYear)),
		at(budget.EnterprisePolicy, firm, "", d.limitOf(doc, rules.CapEnterprisePolicy)),
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
	if err := take(d.purchases(), kernel.Fen(purchases)); err != nil {
		return err
	}
	for _, quota := range doc.Quotas(d.Category) { // what others wait for comes last
		c, ok := d.shared(quota)
		if !ok {
			continue
		}
		if limit, applies := doc.QuotaLimit(quota, d.ProviderCode, d.On); applies {
			c.Limit = limit
		}
		if err := take(c, amount); err != nil {
			return err
		}
	}
	return nil
}

func (d Draw) purchases() budget.Ceiling {
	return budget.Ceiling{PolicyCode: d.Policy, Kind: budget.EnterprisePurchase, Subject: string(d.Firm)}
}

// Hold makes the firm's other draws under the policy wait, where what the firm has
// had decides what it gets.
func (d Draw) Hold(tx *database.Tx, doc rules.Document) error {
	if !doc.LooksBack() {
		return nil
	}
	return budget.Hold(tx, d.purchases())
}

// Shared returns the counter of a shared cap; false for a provider's quota before
// there is a provider.
func (d Draw) shared(quota string) (budget.Ceiling, bool) {
	c := budget.Ceiling{PolicyCode: d.Policy, Subject: string(d.Provider)}
	switch kind, key, _ := strings.Cut(quota, ":"); kind {
	case rules.CapProviderYear:
		c.Kind, c.Period = budget.ProviderYear, d.Year
	case rules.CapProviderPolicy:
		c.Kind = budget.ProviderPolicy
	default:
		c.Kind, c.Subject = budget.PolicyCategory, key
	}
	return c, c.Subject != ""
}

// Shared lists the counters that an agreement under a document counts in besides
// those of its firm.
func (d Draw) Shared(doc rules.Document) []budget.Ceiling {
	var out []budget.Ceiling
	for _, quota := range doc.Quotas(d.Category) {
		if c, ok := d.shared(quota); ok {
			out = append(out, c)
		}
	}
	return out
}

// Used reads what the firm has drawn under the policy, less what is given back
// (an agreement's own reservation when its claim is computed), and how far the
// caps that the document shares among firms are used.
func (d Draw) Used(db *gorm.DB, doc rules.Document, own kernel.Fen, ownPurchases int) (rules.Used, error) {
	used, err := d.own(db, own, ownPurchases)
	if err != nil {
		return used, err
	}
	used.Quotas, err = d.quotas(db, doc, own)
	return used, err
}

func (d Draw) quotas(db *gorm.DB, doc rules.Document, own kernel.Fen) (map[string]rules.Quota, error) {
	var out map[string]rules.Quota
	mine := doc.Quotas(d.Category)
	for _, quota := range doc.Quotas("") {
		c, ok := d.shared(quota)
		if !ok {
			continue
		}
		now, err := budget.State(db, c)
		if err != nil {
			return nil, err
		}
		if slices.Contains(mine, quota) {
			now.Used = max(now.Used-own, 0)
		}
		if out == nil {
			out = map[string]rules.Quota{}
		}
		out[quota] = rules.Quota{Used: now.Used, Set: now.Set}
	}
	return out, nil
}

func (d Draw) own(db *gorm.DB, own kernel.Fen, ownPurchases int) (rules.Used, error) {
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
		default: // shared ones are not among the kinds asked for
		}
	}
	if len(used.ByCategory) == 0 {
		used.ByCategory = nil
	}
	return used, err
}

// limitOf is the lowest cap of a scope that covers everything on the day; 0 when
// there is none.
func (d Draw) limitOf(doc rules.Document, scope string) kernel.Fen {
	var limit kernel.Fen
	for _, c := range doc.Caps {
		if c.Scope != scope || !c.AppliesTo.Everything() || !c.Effective.Holds(d.On) {
			continue
		}
		if of := doc.LimitOn(c, d.On); limit == 0 || of < limit {
			limit = of
		}
	}
	return limit
}
