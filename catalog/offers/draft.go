package offers

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"yunhui/catalog"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// OfferDraft is an offer as its provider writes it.
type OfferDraft struct {
	Category      string      `json:"category" maxLength:"40"`
	Depth         string      `json:"depth" enum:"resource,business,capability,ecosystem"`
	Class         string      `json:"class,omitempty" enum:",A,B"`
	NameZH        string      `json:"name_zh" minLength:"2" maxLength:"100"`
	NameEN        string      `json:"name_en,omitempty" maxLength:"200"`
	SummaryZH     string      `json:"summary_zh" minLength:"4" maxLength:"200"`
	SummaryEN     string      `json:"summary_en,omitempty" maxLength:"500"`
	DescriptionZH string      `json:"description_zh" minLength:"10" maxLength:"5000"`
	DescriptionEN string      `json:"description_en,omitempty" maxLength:"10000"`
	Chains        []string    `json:"chains,omitempty" maxItems:"33" doc:"适用的产业链；空为不限 · chains it fits; empty: any"`
	Sizes         []string    `json:"sizes,omitempty" maxItems:"4" doc:"适用的企业规模；空为不限 · size classes it fits; empty: any"`
	Integrates    []string    `json:"integrates,omitempty" maxItems:"30" doc:"可对接的系统 · systems it works with"`
	DataReturnZH  string      `json:"data_return_zh,omitempty" maxLength:"2000" doc:"停用时如何取回数据 · how a firm gets its data back"`
	DataReturnEN  string      `json:"data_return_en,omitempty" maxLength:"4000"`
	Plans         []PlanDraft `json:"plans" minItems:"1" maxItems:"20"`
}

// PlanDraft is a plan as its provider writes it. With the ID of an existing plan
// it changes that one; its unit is fixed, since its price history counts in it.
type PlanDraft struct {
	ID         kernel.ID  `json:"id,omitempty" maxLength:"36"`
	NameZH     string     `json:"name_zh" minLength:"1" maxLength:"100"`
	NameEN     string     `json:"name_en,omitempty" maxLength:"200"`
	Unit       string     `json:"unit" enum:"once,month,quarter,year,user_month,user_year,device_month,device_year,day,time"`
	Price      kernel.Fen `json:"price_fen" minimum:"0" maximum:"100000000000"`
	IncludesZH string     `json:"includes_zh,omitempty" maxLength:"250"`
	IncludesEN string     `json:"includes_en,omitempty" maxLength:"500"`
}

// MostPrice is the highest list price of one unit: a billion yuan.
const MostPrice kernel.Fen = 100_000_000_000

// check tells all that is wrong with a draft. The front desk has measured the
// same lengths; callers that do not come through it are held to them here.
func (d *OfferDraft) check() error {
	var f kernel.Faults
	c, ok := catalog.FindCategory(d.Category)
	f.Check(ok && c.Leaf(), "category", "category.unknown", kernel.T("请选择最末一级的服务类别", "Choose a category of the lowest level"))
	f.Check(catalog.KnownDepth(d.Depth), "depth", "depth.unknown", kernel.T("请选择上云深度", "Choose a depth"))
	f.Check(d.Class == "" || slices.Contains(catalog.Classes, d.Class), "class", "class.unknown", kernel.T("类别只能是 A、B 或不分类", "The class is A, B or none"))
	text(&f, "name_zh", &d.NameZH, 2, 100)
	text(&f, "name_en", &d.NameEN, 0, 200)
	text(&f, "summary_zh", &d.SummaryZH, 4, 200)
	text(&f, "summary_en", &d.SummaryEN, 0, 500)
	text(&f, "description_zh", &d.DescriptionZH, 10, 5000)
	text(&f, "description_en", &d.DescriptionEN, 0, 10_000)
	text(&f, "data_return_zh", &d.DataReturnZH, 0, 2000)
	text(&f, "data_return_en", &d.DataReturnEN, 0, 4000)
	d.checkLists(&f)
	f.Check(len(d.Plans) >= 1 && len(d.Plans) <= 20, "plans", "plans.count", kernel.T("规格应为 1 至 20 个", "There must be 1 to 20 plans"))
	for i := range d.Plans {
		d.Plans[i].check(&f, fmt.Sprintf("plans[%d].", i))
	}
	return f.Err()
}

func (d *OfferDraft) checkLists(f *kernel.Faults) {
	for i, key := range d.Chains {
		_, ok := registry.FindChain(key)
		f.Check(ok && slices.Index(d.Chains, key) == i, fmt.Sprintf("chains[%d]", i), "chain.unknown", kernel.T("没有这条产业链，或重复", "No such chain, or named twice"))
	}
	for i, size := range d.Sizes {
		ok := slices.Contains(catalog.Sizes, size) && slices.Index(d.Sizes, size) == i
		f.Check(ok, fmt.Sprintf("sizes[%d]", i), "size.unknown", kernel.T("没有这种企业规模，或重复", "No such size class, or named twice"))
	}
	for i := range d.Integrates {
		text(f, fmt.Sprintf("integrates[%d]", i), &d.Integrates[i], 1, 60)
	}
	d.Chains, d.Sizes, d.Integrates = filled(d.Chains), filled(d.Sizes), filled(d.Integrates)
}

func (p *PlanDraft) check(f *kernel.Faults, path string) {
	text(f, path+"name_zh", &p.NameZH, 1, 100)
	text(f, path+"name_en", &p.NameEN, 0, 200)
	text(f, path+"includes_zh", &p.IncludesZH, 0, 250)
	text(f, path+"includes_en", &p.IncludesEN, 0, 500)
	f.Check(slices.Contains(catalog.Units, p.Unit), path+"unit", "unit.unknown", kernel.T("没有这种计价单位", "No such unit"))
	f.Check(p.Price >= 0 && p.Price <= MostPrice, path+"price_fen", "price.range", kernel.T("价格超出范围", "Price out of range"))
}

// text trims an entry and holds it to a length in characters.
func text(f *kernel.Faults, path string, s *string, least, most int) {
	*s = strings.TrimSpace(*s)
	n := utf8.RuneCountInString(*s)
	switch {
	case n < least && n == 0:
		f.Add(path, "field.required", kernel.T("请填写", "This is needed"))
	case n < least:
		f.Add(path, "field.too_short", kernel.T("至少 %d 个字", "At least %d characters", least))
	case n > most:
		f.Add(path, "field.too_long", kernel.T("不超过 %d 个字", "At most %d characters", most))
	case kernel.Hidden(*s):
		f.Add(path, "field.hidden_characters", kernel.T("含有看不见的字符", "It holds invisible characters"))
	}
}

func (d *OfferDraft) lowest() kernel.Fen {
	low := d.Plans[0].Price
	for _, p := range d.Plans[1:] {
		low = min(low, p.Price)
	}
	return low
}

// offer copies what the draft says into a row.
func (d *OfferDraft) offer() catalog.Offer {
	return catalog.Offer{
		Category: d.Category, Depth: d.Depth, Class: d.Class, NameZH: d.NameZH, NameEN: d.NameEN,
		SummaryZH: d.SummaryZH, SummaryEN: d.SummaryEN, DescriptionZH: d.DescriptionZH, DescriptionEN: d.DescriptionEN,
		Chains: d.Chains, Sizes: d.Sizes, Integrates: d.Integrates, DataReturnZH: d.DataReturnZH, DataReturnEN: d.DataReturnEN,
		LowestPrice: d.lowest(),
	}
}
