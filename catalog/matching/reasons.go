package matching

import (
	"slices"
	"strings"

	"yunhui/catalog"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

func reasons(n Need, c Candidate, best int64) []MatchReason {
	var out []MatchReason
	for _, r := range []*MatchReason{words(c, best), category(n, c), budget(n, c), systems(n, c), chain(n, c), size(n, c), district(n, c)} {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out
}

// words gives points in proportion to the best score, and at least one: a hit is
// a hit.
func words(c Candidate, best int64) *MatchReason {
	if c.Score <= 0 || best <= 0 {
		return nil
	}
	points := max(1, most(Words)*c.Score/best)
	shown := strings.Join(c.Words, "、")
	if shown == "" {
		return &MatchReason{Words, kernel.T("介绍与您的描述相近", "Its text is close to your words"), points}
	}
	return &MatchReason{Words, kernel.T("介绍中提到：%s", "It mentions: %s", shown), points}
}

func category(n Need, c Candidate) *MatchReason {
	own, _ := catalog.FindCategory(c.Category)
	switch {
	case n.Category == "":
		return nil
	case n.Category == c.Category, strings.HasPrefix(c.Category, n.Category+"."):
		return &MatchReason{Category, kernel.Text{ZH: "类别相符：" + own.Name.ZH, EN: "In the category asked for: " + own.Name.EN}, most(Category)}
	case parent(n.Category) == parent(c.Category):
		root, _ := catalog.FindCategory(parent(c.Category))
		return &MatchReason{Category, kernel.Text{ZH: "同属“" + root.Name.ZH + "”", EN: "Also among " + root.Name.EN}, sameParent}
	}
	return nil
}

func parent(code string) string {
	root, _, _ := strings.Cut(code, ".")
	return root
}

func budget(n Need, c Candidate) *MatchReason {
	if n.Budget == nil {
		return nil
	}
	cost, most := c.FirstYear, most(Budget)
	told := kernel.T("最低规格首年 ¥%s", "Its cheapest plan costs ¥%s in the first year", cost.Yuan())
	switch {
	case cost <= *n.Budget:
		return &MatchReason{Budget, kernel.Text{ZH: told.ZH + "，在预算内", EN: told.EN + ", within your budget"}, most}
	case cost-*n.Budget <= *n.Budget/5:
		return &MatchReason{Budget, kernel.Text{ZH: told.ZH + "，略超预算", EN: told.EN + ", a little above your budget"}, slightlyOver}
	default:
		return &MatchReason{Budget, kernel.Text{ZH: told.ZH + "，超出预算", EN: told.EN + ", above your budget"}, 0}
	}
}

func systems(n Need, c Candidate) *MatchReason {
	var shared []string
	for _, mine := range n.Systems {
		if slices.ContainsFunc(c.Integrates, func(theirs string) bool { return sameSystem(mine, theirs) }) && !slices.Contains(shared, mine) {
			shared = append(shared, mine)
		}
	}
	if len(shared) == 0 {
		return nil
	}
	list := strings.Join(shared, "、")
	return &MatchReason{Systems, kernel.T("可对接在用系统：%s", "Works with what you use: %s", list), min(most(Systems), eachSystem*int64(len(shared)))}
}

// sameSystem takes "用友U8" for "用友 U8+": names are written in many ways.
func sameSystem(a, b string) bool {
	a, b = bare(a), bare(b)
	return len(a) >= 2 && len(b) >= 2 && (strings.Contains(a, b) || strings.Contains(b, a))
}

func bare(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.Trim(s, "+。.·-")), ""))
}

func chain(n Need, c Candidate) *MatchReason {
	for _, key := range n.Chains {
		if slices.Contains(c.Chains, key) {
			found, _ := registry.FindChain(key)
			return &MatchReason{Chain, kernel.Text{ZH: "适用产业链：" + found.Name.ZH, EN: "Made for your industrial chain: " + found.Name.EN}, most(Chain)}
		}
	}
	return nil
}

func size(n Need, c Candidate) *MatchReason {
	name := catalog.SizeName(n.SizeClass)
	switch {
	case n.SizeClass == "":
		return nil
	case len(c.Sizes) == 0:
		return &MatchReason{Size, kernel.T("不限企业规模", "For firms of any size"), anySize}
	case slices.Contains(c.Sizes, n.SizeClass):
		return &MatchReason{Size, kernel.Text{ZH: "适用于" + name.ZH, EN: "For firms of your size: " + name.EN}, most(Size)}
	}
	return nil
}

func district(n Need, c Candidate) *MatchReason {
	if n.District == "" || n.District != c.District {
		return nil
	}
	return &MatchReason{District, kernel.T("服务商与您在同一区县", "The provider is in your district"), most(District)}
}
