package quotes

import (
	"context"
	"fmt"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// Desk answers "what would my firm get?".
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
	Registry subsidies.Registry
	Market   subsidies.Market
}

// Item is one thing to be bought: a plan on the market, or a described service
// with its price. Discount is what the provider gives away on the whole item.
type Item struct {
	Offer, Plan kernel.ID
	Category    string
	Depth       string
	Class       string
	CostKind    string
	Price       kernel.Fen // of one unit; ignored for a plan
	Discount    kernel.Fen
	Quantity    int64
	InUse       bool // the firm uses it already
}

// Question is what a visitor asks. With an Enterprise the facts come from the
// register; otherwise from Facts, as far as the visitor told them.
type Question struct {
	Policy     string
	Version    int // 0: the version of the day
	On         kernel.Date
	Enterprise kernel.ID
	Facts      rules.EnterpriseFacts
	Purchases  int
	Granted    kernel.Fen
	Items      []Item
	Paid       *kernel.Fen
}

// Answer is the result with the policy it was computed under.
type Answer struct {
	Policy *rules.Policy
	Facts  rules.Facts
	Result rules.Result
}

// Ask computes a quote. It reads and never writes.
func (d *Desk) Ask(ctx context.Context, q Question) (Answer, error) {
	if q.On == "" {
		q.On = kernel.DayOf(d.DB.Clock().Now())
	}
	policy, err := d.policy(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	facts := rules.Facts{On: q.On, Enterprise: q.Facts, Used: rules.Used{Purchases: q.Purchases, ThisYear: q.Granted, ThisPolicy: q.Granted}, Paid: q.Paid}
	lines, provider, err := d.lines(ctx, q.Items)
	if err != nil {
		return Answer{}, err
	}
	facts.Lines = lines
	if err := d.fromRegister(ctx, q, provider, policy.Document(), &facts); err != nil {
		return Answer{}, err
	}
	result, err := policy.Quote(facts)
	return Answer{Policy: policy, Facts: facts, Result: result}, err
}

func (d *Desk) policy(ctx context.Context, q Question) (*rules.Policy, error) {
	if q.Version > 0 {
		return d.Policies.Version(ctx, q.Policy, q.Version)
	}
	return d.Policies.Current(ctx, q.Policy, q.On)
}

// fromRegister fills in what is of record: the firm, the provider, and how far
// firm and provider have drawn already.
func (d *Desk) fromRegister(ctx context.Context, q Question, provider kernel.ID, doc rules.Document, facts *rules.Facts) error {
	var known []kernel.ID
	for _, id := range []kernel.ID{q.Enterprise, provider} {
		if id != "" {
			known = append(known, id)
		}
	}
	firms := map[kernel.ID]subsidies.Firm{}
	var err error
	if len(known) > 0 {
		if firms, err = d.Registry.Firms(ctx, known...); err != nil {
			return err
		}
	}
	draw := Draw{Policy: q.Policy, Firm: q.Enterprise, Provider: provider, Year: fmt.Sprint(q.On.Year())}
	firm, ok := firms[q.Enterprise]
	if !ok && q.Enterprise != "" {
		return kernel.NotFound(kernel.T("企业", "enterprise"))
	}
	if ok {
		facts.Enterprise = EnterpriseFacts(firm)
		if facts.Used, err = draw.own(d.DB.Read(ctx), 0, 0); err != nil {
			return err
		}
	}
	if seller, ok := firms[provider]; ok {
		facts.Provider = ProviderFacts(seller)
	}
	facts.Used.Quotas, err = draw.quotas(d.DB.Read(ctx), doc, 0)
	return err
}

// lines makes the lines, and names the provider when they are all of one.
func (d *Desk) lines(ctx context.Context, items []Item) (lines []rules.Line, provider kernel.ID, err error) {
	var faults kernel.Faults
	lines = make([]rules.Line, 0, len(items))
	sellers := map[kernel.ID]bool{}
	for i, item := range items {
		at := fmt.Sprintf("lines[%d].", i)
		quantity := max(item.Quantity, 1)
		if item.Offer != "" {
			plan, err := d.Market.Plan(ctx, item.Offer, item.Plan)
			if err != nil {
				if e := kernel.AsError(err); e != nil && e.Kind == kernel.KindNotFound {
					faults.Add(at+"plan_id", "plan.unknown", kernel.T("该服务或规格不存在或已下架", "This offer or plan does not exist or is no longer listed"))
					continue
				}
				return nil, "", err
			}
			item.Category, item.Depth, item.Class, item.Price = plan.Category, plan.Depth, plan.Class, plan.Price
			provider = plan.ProviderID
			sellers[provider] = true
		}
		line, ok := Line(item, quantity)
		if !ok {
			faults.Add(at+"price_fen", "price.range", kernel.T("价格或数量超出范围", "Price or quantity out of range"))
			continue
		}
		faults.Check(item.Discount <= line.ListPrice, at+"discount_fen", "discount.range", kernel.T("优惠不能超过标价", "The discount cannot exceed the list price"))
		lines = append(lines, line)
	}
	if len(sellers) > 1 {
		provider = ""
	}
	return lines, provider, faults.Err()
}

// Line makes one line of the whole quantity, so that a discount on the whole
// needs no division. It reports false when the price leaves the range of money.
func Line(item Item, quantity int64) (rules.Line, bool) {
	total, err := item.Price.Times(quantity)
	if err != nil || total > kernel.MaxFen || item.Discount < 0 {
		return rules.Line{}, false
	}
	return rules.Line{Category: item.Category, Depth: item.Depth, Class: item.Class, CostKind: item.CostKind, ListPrice: total, Discount: item.Discount, Quantity: 1, FirstUse: !item.InUse}, true
}
