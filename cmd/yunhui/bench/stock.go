package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"yunhui/catalog"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

const providerCount = 400

// prose is what offers say of themselves besides their trade.
var prose = strings.Fields(`面向 中小企业 制造业 提供 稳定 可靠 的 服务 支持 多种 场景 按需 弹性 扩展 快速 部署 开通 即用 降低 成本
提升 效率 帮助 企业 实现 数字化 转型 团队 经验 丰富 响应 数据 安全 加密 权限 分级 统一 管理 系统 平台 云端 移动端 随时 查看 汽车 摩托车 电子 装备
材料 食品 医药 轻工 行业 模板 试用 首年 优惠 合同 验收 实施 培训 上门 远程 升级 维护 接口 开放 对接 现有 业务 流程 审批 统计 分析 图表 预警 通知
备案 兼容 主流 环境 容量 性能 监控 日志 账号 用户 角色 组织 架构 灵活 配置`)

// stock fills a store with a generated market: the same for every run.
func stock(ctx context.Context, s *store, n int) error {
	r := rand.New(rand.NewPCG(1, 2)) // the market need not be a secret
	g := generator{random: r, now: s.Clock().Now()}
	for _, c := range catalog.Categories() {
		if c.Leaf() {
			g.leaves = append(g.leaves, c)
		}
	}
	for _, c := range registry.ChainsOn(kernel.DayOf(g.now)).Chains {
		g.chains = append(g.chains, c.Key)
	}
	return database.Run(ctx, s.DB, "bench.stock", func(tx *database.Tx) error {
		for i := range providerCount {
			g.providers = append(g.providers, g.provider(i))
		}
		if err := database.Insert(tx, g.providers...); err != nil {
			return err
		}
		var offers []catalog.Offer
		var plans []catalog.Plan
		for i := range n {
			o, its := g.offer(i)
			offers, plans = append(offers, o), append(plans, its...)
		}
		if err := database.Insert(tx, offers...); err != nil {
			return err
		}
		return database.Insert(tx, plans...)
	})
}

type generator struct {
	random    *rand.Rand
	now       time.Time
	leaves    []catalog.Category
	chains    []string
	providers []catalog.Provider
}

func (g *generator) provider(i int) catalog.Provider {
	day := kernel.DayOf(g.now)
	return catalog.Provider{
		ID: kernel.NewID(g.now), Status: catalog.ProviderAdmitted, Name: fmt.Sprintf("%s云（虚构%d）科技有限公司", g.word(prose), i), NameEN: fmt.Sprintf("Fictional Cloud %d", i),
		District: district, IntroZH: g.sentence(prose, 20), IntroEN: "A fictional provider.", Strengths: []string{}, AdmittedOn: &day, Version: 1, CreatedAt: g.now, UpdatedAt: g.now,
	}
}

func (g *generator) offer(i int) (catalog.Offer, []catalog.Plan) {
	leaf := g.leaves[g.random.IntN(len(g.leaves))]
	trade := append(strings.FieldsFunc(leaf.Covers, func(r rune) bool { return strings.ContainsRune("、，（）()/ ", r) }), leaf.Name.ZH)
	listed := g.now.Add(-time.Duration(i) * time.Minute)
	o := catalog.Offer{
		ID: kernel.NewID(g.now), ProviderID: g.providers[g.random.IntN(len(g.providers))].ID, Category: leaf.Code,
		Depth: catalog.Depths[g.random.IntN(len(catalog.Depths))], Class: catalog.Classes[g.random.IntN(len(catalog.Classes))],
		NameZH: g.word(prose) + g.word(trade) + fmt.Sprintf("（虚构%d）", i), NameEN: fmt.Sprintf("%s service %d", leaf.Name.EN, i),
		SummaryZH: g.sentence(append(trade, prose...), 14), SummaryEN: "Fictional " + leaf.Name.EN + " for small firms, with set-up and support.",
		DescriptionZH: g.sentence(append(trade, prose...), 70), DescriptionEN: "A fictional service of the bench.",
		Chains: []string{g.word(g.chains), g.word(g.chains)}, Sizes: catalog.Sizes[:1+g.random.IntN(len(catalog.Sizes))], Integrates: []string{g.word(trade)},
		DataReturnZH: "合同终止后七日内交还。", DataReturnEN: "Returned within seven days.", Status: catalog.OfferListed,
		Version: 1, ListedAt: &listed, CreatedAt: listed, UpdatedAt: listed,
	}
	plans := make([]catalog.Plan, 1+g.random.IntN(3))
	for n := range plans {
		plans[n] = catalog.Plan{
			ID: kernel.NewID(g.now), OfferID: o.ID, Position: int64(n + 1), NameZH: "标准版", NameEN: "Standard", Unit: "year",
			Price: kernel.Fen(10_000 + g.random.IntN(5_000_000)), IncludesZH: g.sentence(trade, 4), IncludesEN: "Set-up", Status: catalog.PlanActive, Version: 1,
		}
		if n == 0 || plans[n].Price < o.LowestPrice {
			o.LowestPrice = plans[n].Price
		}
	}
	return o, plans
}

func (g *generator) word(from []string) string { return from[g.random.IntN(len(from))] }

func (g *generator) sentence(from []string, words int) string {
	var b strings.Builder
	for i := range words {
		b.WriteString(g.word(from))
		if i%7 == 6 {
			b.WriteString("，")
		}
	}
	return b.String() + "。"
}
