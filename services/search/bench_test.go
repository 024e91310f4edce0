package search_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"yunhui/services/search"
)

const benchmarkSize = 20_000

// topics are what offers of a category are about.
var topics = map[string]string{
	"infra.compute": "云主机 云服务器 裸金属 容器 GPU算力 Kubernetes", "infra.storage": "对象存储 块存储 文件存储 归档",
	"infra.network": "专线 CDN 负载均衡 SD-WAN 企业宽带", "infra.security": "WAF 抗D 主机安全 等保 态势感知", "infra.desktop": "云桌面 云电脑",
	"platform.database": "数据库 MySQL 分布式 缓存 Redis", "platform.bigdata": "数仓 BI 报表 大数据", "platform.middleware": "消息队列 API网关 微服务",
	"platform.iot": "物联网 设备接入 边缘网关 IoT", "platform.lowcode": "低代码 DevOps", "platform.ai": "大模型 机器视觉 训练推理",
	"platform.blockchain": "区块链 存证 溯源", "app.collaboration": "OA 会议 文档 企业邮箱 电子签", "app.erp": "ERP 进销存 企业资源计划",
	"app.finance": "财务 费控 发票 税务", "app.hr": "考勤 薪酬 招聘 人力资源", "app.crm": "CRM 售后 客服 营销", "app.ecommerce": "商城 跨境 直播 电商",
	"app.scm": "SCM SRM 供应链 采购 招采", "app.design": "CAD CAE PLM 仿真 研发设计", "app.mes": "MES APS 排产 车间看板 生产执行",
	"app.quality": "QMS LIMS 追溯 质检", "app.warehouse": "WMS TMS 仓储 运输", "app.maintenance": "EAM 点检 预测性维护", "app.safety": "安全生产 危化品 应急",
	"device.energy_intensive": "锅炉 窑炉 空压", "device.power": "电机 变配电", "device.new_energy": "光伏 储能 充电", "device.smart": "数控机床 机器人 注塑机",
	"data.collection": "数据采集 数据汇聚", "data.governance": "数据治理 主数据 数据目录", "data.backup": "备份 容灾 backup", "data.exchange": "数据共享 可信数据空间",
	"iip.access": "平台接入 工业互联网", "iip.app": "工业APP", "iip.identifier": "标识解析 一物一码", "iip.supplychain": "产能共享 链主", "iip.energy": "能耗监测 碳管理 能源管理",
	"support.consulting": "诊断 咨询", "support.migration": "迁移 上云", "support.training": "培训", "support.operations": "运维 托管",
}

// prose is what every offer says of itself.
var prose = strings.Fields(`面向 重庆 本地 中小企业 制造业 提供 稳定 可靠 的 服务 支持 多种 场景 按需 弹性 扩展 快速 部署 开通 即用 降低 成本
提升 效率 帮助 企业 实现 数字化 转型 团队 经验 丰富 七乘二十四小时 响应 数据 安全 加密 权限 分级 统一 管理 系统 平台 云端 移动端 随时 查看
汽车 摩托车 电子 装备 材料 食品 医药 轻工 行业 模板 免费 试用 首年 优惠 合同 验收 实施 培训 上门 远程 升级 维护 接口 开放 对接 现有 业务
流程 审批 统计 分析 图表 预警 通知 微信 短信 备案 国产 自主 可控 兼容 主流 环境 容量 性能 监控 日志 账号 用户 角色 组织 架构 灵活 配置
cloud service for small business with local support and industrial data security platform in Chongqing`)

// sentence mixes words of the topic into prose, with some of the many
// characters that real prose has.
func sentence(r *rand.Rand, topic []string, words, share int) string {
	var b strings.Builder
	for i := range words {
		switch {
		case r.IntN(share) == 0:
			b.WriteString(topic[r.IntN(len(topic))])
		case r.IntN(4) == 0:
			b.WriteRune(rune(0x4E00 + r.IntN(3000)))
		default:
			b.WriteString(prose[r.IntN(len(prose))])
		}
		if i%7 == 6 {
			b.WriteString("，")
		}
	}
	return b.String()
}

func offers(n int) []search.Document {
	r := rand.New(rand.NewPCG(1, 2))
	categories := slices.Sorted(maps.Keys(topics))
	docs := make([]search.Document, n)
	for i := range docs {
		category := categories[r.IntN(len(categories))]
		topic := strings.Fields(topics[category])
		aside := strings.Fields(topics[categories[r.IntN(len(categories))]])
		docs[i] = search.Document{
			ID: fmt.Sprintf("%08x-%04d", r.Uint32(), i%10000),
			Fields: []search.Field{
				{Name: "name", Text: sentence(r, topic, 5, 2), Weight: 8},
				{Name: "summary", Text: sentence(r, topic, 14, 4), Weight: 3},
				{Name: "description", Text: sentence(r, topic, 60, 10) + "。" + sentence(r, aside, 10, 5), Weight: 1},
			},
			Keywords: map[string][]string{
				"category": {category},
				"depth":    {[]string{"resource", "business", "capability", "ecosystem"}[r.IntN(4)]},
				"provider": {fmt.Sprintf("provider-%03d", r.IntN(400))},
				"chains":   {fmt.Sprintf("chain-%02d", r.IntN(33)), fmt.Sprintf("chain-%02d", r.IntN(33))},
			},
			Numbers: map[string]int64{"price_fen": int64(r.IntN(5_000_000)), "listed_at": int64(i * 977 % n)},
		}
	}
	return docs
}

var market = sync.OnceValues(func() (*search.Index, float64) {
	before := heap()
	x := search.New("category")
	if err := x.Replace(context.Background(), offers(benchmarkSize)); err != nil {
		panic(err)
	}
	return x, float64(heap()-before) / (1 << 20)
})

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// together asks from all cores at once, for queries a second.
func together(b *testing.B, queries []search.Query) {
	x, _ := market()
	b.ResetTimer()
	before := processorTime(b)
	b.RunParallel(func(p *testing.PB) {
		for i := rand.IntN(len(queries)); p.Next(); i++ {
			if _, err := x.Find(context.Background(), queries[i%len(queries)]); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// processorTime is what the process has used, in nanoseconds: on a machine that
// others use too it tells more than the clock on the wall.
func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

var searches = []string{
	"备份", "云服务器", "进销存", "车间看板", "能耗监测", "erp", "MES系统", "kubernetes 容器", "数据库 备份", "重庆 制造 排产",
	"電子簽", "大模型", "云", "财务软件", "光伏", "cloud server", "backup", "安全生产 应急", "供应链采购", "质检 追溯",
}

var threeFacets = []string{"category", "depth", "provider"}

func run(b *testing.B, queries []search.Query) {
	x, mib := market()
	ctx := context.Background()
	hits := 0
	b.ReportAllocs()
	b.ResetTimer()
	before := processorTime(b)
	for i := 0; b.Loop(); i++ {
		page, err := x.Find(ctx, queries[i%len(queries)])
		if err != nil {
			b.Fatal(err)
		}
		hits += page.Total
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(hits)/float64(b.N), "matches/op")
	b.ReportMetric(mib, "MiB-index")
}

// BenchmarkSearch asks twenty searches in turn: 20 hits and three facets each.
func BenchmarkSearch(b *testing.B) {
	var plain, why, filtered []search.Query
	for _, text := range searches {
		q := search.Query{Text: text, Facets: threeFacets}
		plain = append(plain, q)
		q.Why = true
		why = append(why, q)
		q.Why = false
		q.Filters = map[string][]string{"category": {"app"}}
		filtered = append(filtered, q)
	}
	b.Run("text", func(b *testing.B) { run(b, plain) })
	b.Run("why", func(b *testing.B) { run(b, why) })
	b.Run("filtered", func(b *testing.B) { run(b, filtered) })
	b.Run("parallel", func(b *testing.B) { together(b, plain) })
	for _, q := range plain {
		b.Run("each/"+q.Text, func(b *testing.B) { run(b, []search.Query{q}) })
	}
}

// BenchmarkList asks for pages without text.
func BenchmarkList(b *testing.B) {
	newest := search.Sort{Column: "listed_at", Desc: true}
	low, high := int64(100_000), int64(900_000)
	for name, q := range map[string]search.Query{
		"all":      {Sort: newest, Facets: threeFacets},
		"category": {Sort: newest, Facets: threeFacets, Filters: map[string][]string{"category": {"app.erp"}}},
		"two":      {Sort: search.Sort{Column: "price_fen"}, Facets: threeFacets, Filters: map[string][]string{"category": {"app"}, "depth": {"business", "capability"}}},
		"range":    {Sort: search.Sort{Column: "price_fen"}, Facets: threeFacets, Ranges: []search.Range{{Column: "price_fen", Min: &low, Max: &high}}},
	} {
		b.Run(name, func(b *testing.B) { run(b, []search.Query{q}) })
	}
}

func BenchmarkReplace(b *testing.B) {
	docs := offers(benchmarkSize)
	for b.Loop() {
		if err := search.New("category").Replace(context.Background(), docs); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	x, _ := market()
	docs := offers(500)
	for i := 0; b.Loop(); i++ {
		d := docs[i%len(docs)]
		d.ID = fmt.Sprintf("put-%d", i%len(docs))
		if err := x.Put(context.Background(), d); err != nil {
			b.Fatal(err)
		}
	}
}
