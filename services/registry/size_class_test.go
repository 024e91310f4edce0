package registry_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/services/registry"
)

const today = kernel.Date("2026-11-23")

const unknown = -1

// firm makes figures from persons, revenue and assets in units of 0.01 万元
// (10000 fen); unknown leaves one out.
func firm(industry string, heads, revenue, assets int64) registry.FirmFigures {
	f := registry.FirmFigures{Industry: industry}
	if heads != unknown {
		f.HeadCount = &heads
	}
	if revenue != unknown {
		r := kernel.Fen(revenue * 10_000)
		f.Revenue = &r
	}
	if assets != unknown {
		a := kernel.Fen(assets * 10_000)
		f.Assets = &a
	}
	return f
}

func TestVectorsOfTheStandard(t *testing.T) {
	t.Parallel()
	const wan = 100
	cases := []struct {
		firm registry.FirmFigures
		want registry.SizeClass
	}{
		{firm("industry", 1000, 40000*wan, unknown), registry.SizeLarge},
		{firm("industry", 1000, 40000*wan-1, unknown), registry.SizeMedium},
		{firm("industry", 999, 40000*wan, unknown), registry.SizeMedium},
		{firm("industry", 300, 2000*wan, unknown), registry.SizeMedium},
		{firm("industry", 299, 100000*wan, unknown), registry.SizeSmall},
		{firm("industry", 20, 300*wan, unknown), registry.SizeSmall},
		{firm("industry", 19, 100000*wan, unknown), registry.SizeMicro},
		{firm("industry", 5000, 299*wan, unknown), registry.SizeMicro},
		{firm("software", 100, 1000*wan, unknown), registry.SizeMedium},
		{firm("software", 10, 50*wan, unknown), registry.SizeSmall},
		{firm("software", 9, 50*wan, unknown), registry.SizeMicro},
		{firm("agriculture", unknown, 500*wan, unknown), registry.SizeMedium},
		{firm("agriculture", unknown, 4990, unknown), registry.SizeMicro},
		{firm("construction", unknown, 80000*wan, 79999*wan), registry.SizeMedium},
		{firm("leasing_business", 300, unknown, 119999*wan), registry.SizeMedium},
		{firm("other", 100, unknown, unknown), registry.SizeMedium},
		{firm("other", 0, unknown, unknown), registry.SizeMicro},
		{firm("real_estate", unknown, 200000*wan, 10000*wan), registry.SizeLarge},
		{firm("real_estate", unknown, 150000*wan, 1999*wan), registry.SizeMicro},
		{firm("property_management", 300, 1000*wan, unknown), registry.SizeMedium},
		{firm("property_management", 100, 500*wan, unknown), registry.SizeSmall},
	}
	for _, c := range cases {
		got, err := registry.Classify(today, c.firm)
		if err != nil {
			t.Errorf("%+v: %v", c.firm, err)
			continue
		}
		if got.Class != c.want {
			t.Errorf("%s: %s, want %s (%s)", c.firm.Industry, got.Class, c.want, got.Lines[len(got.Lines)-1].EN)
		}
	}
}

func TestTheBoundsThatDecidedAreTold(t *testing.T) {
	t.Parallel()
	got, err := registry.Classify(today, firm("software", 120, 64550, unknown)) // 645.5 万元
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"从业人员120人：达到中型下限100人，未达大型下限300人，单看此项为中型",
		"营业收入645.5万元：达到小型下限50万元，未达中型下限1000万元，单看此项为小型",
		"按中小企业划型标准规定（工信部联企业〔2011〕300号）“软件和信息技术服务业”一栏，各项下限须同时满足，以较低者为准：由营业收入决定，划为小型企业",
	}
	for i, line := range got.Lines {
		if line.ZH != want[i] {
			t.Errorf("line %d\n got %s\nwant %s", i, line.ZH, want[i])
		}
	}
	if en := got.Lines[1].EN; en != "Revenue of CNY 6,455,000 reaches the bound of CNY 500,000 for small and is below the bound of CNY 10,000,000 for medium: small by this figure alone" {
		t.Error(en)
	}
	if r := got.Indicators; r[0].Decided || !r[1].Decided || *r[1].Floor != 50_000_000 || *r[1].Next != 1_000_000_000 || r[1].Unit != "fen" || r[0].Unit != "person" {
		t.Errorf("%+v", r)
	}
	if got.Standard != "sme-2011" || got.Name.ZH != "小型企业" {
		t.Errorf("%+v", got)
	}
}

func TestOnlyTheFiguresOfTheIndustryAreAskedFor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		firm  registry.FirmFigures
		paths map[string]string
	}{
		{"everything missing in software", firm("software", unknown, unknown, unknown), map[string]string{"head_count": "size.indicator_missing", "revenue_fen": "size.indicator_missing"}},
		{"assets missing in construction", firm("construction", unknown, 1, unknown), map[string]string{"assets_fen": "size.indicator_missing"}},
		{"industry unknown and figures negative", firm("banking", -5, -1000, -1000), map[string]string{"industry": "size.industry_unknown", "head_count": "size.indicator_negative", "revenue_fen": "size.indicator_negative", "assets_fen": "size.indicator_negative"}},
		{"no industry", firm("", 1, 1, 1), map[string]string{"industry": "size.industry_unknown"}},
		{"too large", firm("software", registry.MaxHeadCount+1, int64(kernel.MaxFen)/10_000+1, unknown), map[string]string{"head_count": "size.indicator_too_large", "revenue_fen": "size.indicator_too_large"}},
		{"an unused figure must still make sense", firm("other", 5, -1000, unknown), map[string]string{"revenue_fen": "size.indicator_negative"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := registry.Classify(today, c.firm)
			e := kernel.AsError(err)
			if e == nil || got.Class != "" {
				t.Fatalf("classified as %q", got.Class)
			}
			if len(e.Fields) != len(c.paths) {
				t.Errorf("fields %+v, want %v", e.Fields, c.paths)
			}
			for _, f := range e.Fields {
				if c.paths[f.Path] != f.Code {
					t.Errorf("%s has %s, want %s", f.Path, f.Code, c.paths[f.Path])
				}
				if f.Message.ZH == "" || f.Message.EN == "" {
					t.Errorf("%s is not told in both languages", f.Path)
				}
			}
		})
	}
}

func drawFirm(t *rapid.T) registry.FirmFigures {
	rows := registry.StandardOn(today).Industries
	return firm(rapid.SampledFrom(rows).Draw(t, "industry").Key,
		rapid.Int64Range(0, 3000).Draw(t, "heads"),
		rapid.Int64Range(0, 30_000_000).Draw(t, "revenue"),
		rapid.Int64Range(0, 30_000_000).Draw(t, "assets"))
}

func TestAClassMeetsAllItsBoundsAndMissesOneOfTheNext(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got, err := registry.Classify(today, drawFirm(t))
		if err != nil {
			t.Fatal(err)
		}
		decided := 0
		for _, r := range got.Indicators {
			if r.Floor != nil && r.Value < *r.Floor || r.Next != nil && r.Value >= *r.Next {
				t.Fatalf("%+v is not between its bounds", r)
			}
			if r.Class.Rank() < got.Class.Rank() {
				t.Fatalf("%s alone is only %s", r.Indicator, r.Class)
			}
			if r.Decided {
				decided++
			}
		}
		if decided == 0 || len(got.Lines) != len(got.Indicators)+1 {
			t.Fatalf("nothing explains %+v", got)
		}
	})
}

func TestGrowingNeverShrinksTheClass(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFirm(t)
		before, err := registry.Classify(today, f)
		if err != nil {
			t.Fatal(err)
		}
		heads := *f.HeadCount + rapid.Int64Range(0, 1000).Draw(t, "more heads")
		revenue := *f.Revenue + kernel.Fen(rapid.Int64Range(0, 1<<40).Draw(t, "more revenue"))
		after, err := registry.Classify(today, registry.FirmFigures{Industry: f.Industry, HeadCount: &heads, Revenue: &revenue, Assets: f.Assets})
		if err != nil {
			t.Fatal(err)
		}
		if after.Class.Rank() < before.Class.Rank() {
			t.Fatalf("%s fell to %s", before.Class, after.Class)
		}
	})
}

func TestRowsOfTheStandardAreSound(t *testing.T) {
	t.Parallel()
	s := registry.StandardOn("2011-01-01") // before the first: the first
	if len(s.Industries) != 16 || s.Code != "sme-2011" || s.Source.Number == "" {
		t.Fatalf("%d rows in %s", len(s.Industries), s.Code)
	}
	sections := map[string]bool{}
	for _, section := range registry.Sections() {
		sections[section.Code] = section.Name.ZH != "" && section.Name.EN != ""
	}
	if len(sections) != 20 {
		t.Errorf("%d sections", len(sections))
	}
	owner := map[string]string{}
	for _, in := range s.Industries {
		if in.Name.ZH == "" || in.Name.EN == "" || len(in.Bounds) == 0 || len(in.Bounds) > 2 {
			t.Errorf("%+v", in)
		}
		for _, b := range in.Bounds {
			if b.Indicator.Name().ZH == "" || b.Small <= 0 || b.Medium <= b.Small || b.Large <= b.Medium {
				t.Errorf("%s: %+v does not rise", in.Key, b)
			}
		}
		for _, d := range in.Divisions {
			if !sections[d[:1]] || owner[d] != "" {
				t.Errorf("%s: division %s is unknown or belongs to %s too", in.Key, d, owner[d])
			}
			owner[d] = in.Key
		}
	}
}

func TestDivisionsLeadToTheirRow(t *testing.T) {
	t.Parallel()
	s := registry.StandardOn(today)
	for code, want := range map[string]string{
		"C": "industry", "C3911": "industry", "B06": "industry", "D44": "industry", "E47": "construction",
		"F51": "wholesale", "F5289": "retail", "G54": "transport", "G5910": "transport", "G59": "warehousing", "G5921": "warehousing",
		"I64": "information_transmission", "I6513": "software", "K7010": "real_estate", "K702": "property_management",
		"L": "leasing_business", "M73": "other", "Q85": "other", "R": "other",
		"F": "", "G53": "", "J66": "", "K704": "", "P83": "", "Q84": "", "S": "", "T": "", "": "", "x": "",
	} {
		got, ok := s.IndustryOf(code)
		if got.Key != want || ok != (want != "") {
			t.Errorf("%q leads to %q, want %q", code, got.Key, want)
		}
	}
}

func TestClassesAreOrderedAndNamed(t *testing.T) {
	t.Parallel()
	all := registry.SizeClasses()
	if !slices.IsSortedFunc(all, func(a, b registry.SizeClass) int { return a.Rank() - b.Rank() }) {
		t.Error("not in order")
	}
	for _, c := range all {
		if !c.Valid() || !strings.HasSuffix(c.Name().ZH, "型企业") || c.Name().EN == "" || c.SME() == (c == registry.SizeLarge) {
			t.Errorf("%s", c)
		}
	}
	if none := registry.SizeClass("huge"); none.Valid() || none.SME() || none.Name().ZH != "" {
		t.Error("an unknown class passed")
	}
}
