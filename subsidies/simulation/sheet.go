package simulation

import (
	"io"
	"strconv"
	"strings"

	"yunhui/services/documents"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// WriteXLSX writes a result as a workbook in the language.
func WriteXLSX(w io.Writer, language string, r Result) error {
	s := sheet{language: language}
	s.totals(r)
	for _, part := range []struct {
		name    kernel.Text
		buckets []Bucket
		label   func(string) string
	}{
		{kernel.T("按月", "By month"), r.ByMonth, same},
		{kernel.T("按区县", "By district"), r.ByDistrict, s.district},
		{kernel.T("按企业规模", "By size class"), r.BySize, same},
		{kernel.T("按服务类别", "By category"), r.ByCategory, same},
	} {
		for _, b := range part.buckets {
			s.add(part.name, part.label(b.Key), b.Claims, b.Granted, b.Cost, b.Before)
		}
	}
	for _, p := range []struct {
		name kernel.Text
		top  []Moved
	}{{kernel.T("增加最多", "Most gained"), r.Winners.Top}, {kernel.T("减少最多", "Most lost"), r.Losers.Top}} {
		for _, m := range p.top {
			s.add(p.name, strings.TrimSpace(m.Number+" "+m.Name), nil, nil, m.After, m.Before)
		}
	}
	for _, why := range r.Reasons {
		s.add(kernel.T("不符合的条件", "Conditions not met"), strings.TrimSpace(why.Clause+" "+why.Text.In(language)), why.Count, nil, nil, nil)
	}
	for _, day := range r.Curve {
		s.add(kernel.T("累计支出", "Spent so far"), string(day.Day), nil, nil, day.Cost, nil)
	}
	if r.Sensitivity != nil {
		for _, p := range r.Sensitivity.Points {
			s.add(kernel.T("敏感性", "Sensitivity"), r.Sensitivity.Path+" = "+strconv.FormatInt(p.Value, 10), nil, p.Granted, p.Cost, nil)
		}
	}
	return documents.WriteXLSX(w, language, documents.Table{
		Name: kernel.T("政策测算", "Simulation"),
		Columns: []documents.Column{
			{Key: "part", Title: kernel.T("部分", "Part"), Kind: documents.KindText},
			{Key: "key", Title: kernel.T("项目", "Entry"), Kind: documents.KindText},
			{Key: "claims", Title: kernel.T("申请数", "Claims"), Kind: documents.KindInt},
			{Key: "granted", Title: kernel.T("获补数", "Granted"), Kind: documents.KindInt},
			{Key: "after", Title: kernel.T("草案金额（元）", "Draft (yuan)"), Kind: documents.KindMoney},
			{Key: "before", Title: kernel.T("现行金额（元）", "In force (yuan)"), Kind: documents.KindMoney},
		},
		Rows: documents.Rows(s.rows),
	})
}

type sheet struct {
	language string
	rows     [][]any
}

func (s *sheet) add(part kernel.Text, key string, claims, granted, after, before any) {
	s.rows = append(s.rows, []any{part.In(s.language), key, claims, granted, after, before})
}

func (s *sheet) totals(r Result) {
	whole := kernel.T("合计", "Total")
	s.add(whole, "", r.Claims, r.Granted, r.Cost, r.Before)
	s.add(whole, kernel.T("不符合条件", "Not eligible").In(s.language), r.NotEligible, nil, nil, nil)
	s.add(whole, kernel.T("增加", "More").In(s.language), r.Winners.Count, nil, r.Winners.Sum, nil)
	s.add(whole, kernel.T("减少", "Less").In(s.language), r.Losers.Count, nil, r.Losers.Sum, nil)
	s.add(whole, kernel.T("不变", "Unchanged").In(s.language), r.Unchanged, nil, nil, nil)
	s.add(whole, kernel.T("预算", "Budget").In(s.language), nil, nil, r.Budget, nil)
	if r.ExhaustedOn != "" {
		s.add(whole, kernel.T("预算用完之日：%s", "Budget used up on %s", string(r.ExhaustedOn)).In(s.language), nil, nil, nil, nil)
	}
}

func same(key string) string { return key }

func (s *sheet) district(key string) string {
	if d, ok := registry.FindDistrict(key); ok {
		return key + " " + d.Name.In(s.language)
	}
	return key
}
