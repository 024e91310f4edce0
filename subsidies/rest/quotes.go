package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies/quotes"
	"yunhui/subsidies/rules"
)

// QuoteLine is one thing to be bought: an offer and plan, or a category and
// depth with a price.
type QuoteLine struct {
	OfferID  kernel.ID  `json:"offer_id,omitempty" maxLength:"36"`
	PlanID   kernel.ID  `json:"plan_id,omitempty" maxLength:"36"`
	Category string     `json:"category,omitempty" maxLength:"40"`
	Depth    string     `json:"depth,omitempty" enum:"resource,business,capability,ecosystem"`
	Class    string     `json:"class,omitempty" enum:"A,B"`
	CostKind string     `json:"cost_kind,omitempty" enum:"cloud_resource,platform_service,application,network,implementation,device_access,support,equipment,non_cloud_software,other" doc:"缺省由类别推定 · by default that of the category"`
	InUse    bool       `json:"in_use,omitempty" doc:"企业此前已在使用 · the firm uses it already"`
	Price    kernel.Fen `json:"price_fen,omitempty" minimum:"0" maximum:"1000000000000000" doc:"单价（分） · price of one, in fen"`
	Discount kernel.Fen `json:"discount_fen,omitempty" minimum:"0" maximum:"1000000000000000" doc:"服务商优惠合计（分） · provider's discount on the whole line, in fen"`
	Quantity int64      `json:"quantity,omitempty" minimum:"0" maximum:"100000" doc:"0 即 1 · 0 means 1"`
}

// QuoteFacts is what a visitor tells of the firm. What is left out is unknown,
// and the conditions that need it are reported as undecided.
type QuoteFacts struct {
	District  string      `json:"district,omitempty" maxLength:"20"`
	SizeClass string      `json:"size_class,omitempty" enum:"large,medium,small,micro"`
	Industry  string      `json:"industry,omitempty" maxLength:"40"`
	Section   string      `json:"section,omitempty" maxLength:"1"`
	Chains    []string    `json:"chains,omitempty" maxItems:"33"`
	FoundedOn kernel.Date `json:"founded_on,omitempty" maxLength:"10"`
	Revenue   kernel.Fen  `json:"revenue_fen,omitempty" minimum:"0" maximum:"1000000000000000"`
	Assets    kernel.Fen  `json:"assets_fen,omitempty" minimum:"0" maximum:"1000000000000000"`
	Stars     []int64     `json:"stars,omitempty" maxItems:"3" doc:"已获的上云星级 · star ratings held"`
	HeadCount int64       `json:"head_count,omitempty" minimum:"0" maximum:"10000000"`
	Purchases int         `json:"purchases,omitempty" minimum:"0" maximum:"1000" doc:"此前享受补贴的次数 · earlier subsidised purchases"`
	Granted   kernel.Fen  `json:"granted_this_year_fen,omitempty" minimum:"0" maximum:"1000000000000000"`
}

// QuoteRequest asks what a firm would get.
type QuoteRequest struct {
	Policy  string      `json:"policy" maxLength:"60" minLength:"1"`
	Version int         `json:"version,omitempty" minimum:"0" doc:"缺省为当日版本 · default: the version of the day"`
	On      kernel.Date `json:"on,omitempty" maxLength:"10"`
	Own     bool        `json:"own,omitempty" doc:"用本企业登记信息（须以企业身份登录） · use the caller's own register entry"`
	Firm    QuoteFacts  `json:"firm,omitempty"`
	Lines   []QuoteLine `json:"lines" minItems:"1" maxItems:"50"`
	Paid    *kernel.Fen `json:"paid_fen,omitempty" minimum:"0" maximum:"1000000000000000"`
}

// Quote is the three-way split 测算 with its reasons.
type Quote struct {
	Policy           string            `json:"policy"`
	Version          int               `json:"version"`
	PolicyTitle      kernel.Text       `json:"policy_title"`
	ListPrice        kernel.Fen        `json:"list_price_fen"`
	ProviderDiscount kernel.Fen        `json:"provider_discount_fen"`
	Subsidy          kernel.Fen        `json:"government_subsidy_fen"`
	Municipal        kernel.Fen        `json:"municipal_fen"`
	District         kernel.Fen        `json:"district_fen"`
	EnterpriseShare  kernel.Fen        `json:"enterprise_share_fen"`
	Eligible         bool              `json:"eligible"`
	Undecided        bool              `json:"undecided" doc:"没有不符，但缺少信息 · nothing failed, but facts are missing"`
	Potential        kernel.Fen        `json:"potential_subsidy_fen" doc:"若条件全部满足可得 · what it would be were all conditions met"`
	Eligibility      []rules.Finding   `json:"eligibility"`
	Lines            []rules.LineGrant `json:"lines"`
	Trace            []rules.Step      `json:"trace"`
}

// NewQuote shows a result as the API gives it.
func NewQuote(res rules.Result, title kernel.Text) Quote {
	return Quote{
		Policy: res.Policy, Version: res.Version, PolicyTitle: title,
		ListPrice: res.Legs.ListPrice, ProviderDiscount: res.Legs.ProviderDiscount, Subsidy: res.Legs.Subsidy,
		Municipal: res.Legs.Municipal, District: res.Legs.District, EnterpriseShare: res.Legs.EnterpriseShare,
		Eligible: res.Eligible, Undecided: res.Undecided, Potential: res.Potential,
		Eligibility: res.Eligibility, Lines: res.Lines, Trace: res.Trace,
	}
}

func (r *Room) calculator(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "make-quote", Method: http.MethodPost, Path: "/api/v1/quotes", Tags: []string{"quotes"}, Access: api.Public, Unmetered: true,
		Errors:  []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("测算：三方分担、资格与逐条依据", "Quote: the three-way split, eligibility and the trace line by line"),
	}, func(ctx context.Context, in *struct{ Body QuoteRequest }) (*body[Quote], error) {
		return answer(r.quote(ctx, in.Body))
	})
}

func (r *Room) quote(ctx context.Context, in QuoteRequest) (Quote, error) {
	var f kernel.Faults
	f.Check(in.On == "" || in.On.Valid(), "on", "date.invalid", kernel.T("日期无效", "Not a valid date"))
	f.Check(in.Firm.FoundedOn == "" || in.Firm.FoundedOn.Valid(), "firm.founded_on", "date.invalid", kernel.T("日期无效", "Not a valid date"))
	if err := f.Err(); err != nil {
		return Quote{}, err
	}
	q := quotes.Question{
		Policy: in.Policy, Version: in.Version, On: in.On, Purchases: in.Firm.Purchases, Granted: in.Firm.Granted, Paid: in.Paid,
		Facts: rules.EnterpriseFacts{
			District: in.Firm.District, SizeClass: in.Firm.SizeClass, Industry: in.Firm.Industry, Section: in.Firm.Section, Chains: in.Firm.Chains,
			FoundedOn: in.Firm.FoundedOn, Revenue: in.Firm.Revenue, Assets: in.Firm.Assets, HeadCount: in.Firm.HeadCount, Stars: in.Firm.Stars,
		},
	}
	if in.Own {
		if err := actor(ctx).Require(kernel.RoleEnterprise); err != nil {
			return Quote{}, err
		}
		q.Enterprise = actor(ctx).Org
	}
	for _, l := range in.Lines {
		q.Items = append(q.Items, quotes.Item{Offer: l.OfferID, Plan: l.PlanID, Category: l.Category, Depth: l.Depth, Class: l.Class, CostKind: l.CostKind, InUse: l.InUse, Price: l.Price, Discount: l.Discount, Quantity: l.Quantity})
	}
	a, err := r.Quotes.Ask(ctx, q)
	if err != nil {
		return Quote{}, err
	}
	return NewQuote(a.Result, a.Policy.Document().Title), nil
}
