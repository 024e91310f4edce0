package demo

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

// texts hands every pair of texts to f, with the place where it stands.
func (c Content) texts(f func(where string, x kernel.Text)) {
	for _, p := range c.Providers {
		f(p.Key+" name", kernel.Text{ZH: p.NameZH, EN: p.NameEN})
		f(p.Key+" intro", p.Intro)
		each(p.Key+" certification", p.Certifications, f)
	}
	for _, o := range c.Offers {
		f(o.Key+" name", o.Name)
		f(o.Key+" summary", o.Summary)
		f(o.Key+" description", o.Description)
		f(o.Key+" data return", o.DataReturn)
		each(o.Key+" system", o.Systems, f)
		for _, p := range o.Plans {
			f(o.Key+"/"+p.Key+" name", p.Name)
			f(o.Key+"/"+p.Key+" includes", p.Includes)
		}
	}
	for _, e := range c.Enterprises {
		f(e.Key+" name", kernel.Text{ZH: e.NameZH, EN: e.NameEN})
		for _, n := range e.Needs {
			f(e.Key+" need", n.Text)
			f(e.Key+" title", n.Title)
			each(e.Key+" system", n.Systems, f)
		}
	}
	for _, a := range c.People.Authorities {
		f(a.Key+" name", kernel.Text{ZH: a.NameZH, EN: a.NameEN})
	}
	for _, a := range c.People.Accounts {
		f(a.Login+" name", a.Name)
		f(a.Login+" title", a.Title)
		f(a.Login+" note", a.Note)
	}
}

func each(where string, xs []kernel.Text, f func(string, kernel.Text)) {
	for _, x := range xs {
		f(where, x)
	}
}

func TestEveryTextStandsInBothLanguages(t *testing.T) {
	t.Parallel()
	han := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	content(t).texts(func(where string, x kernel.Text) {
		require.NotEmpty(t, x.ZH, where)
		require.NotEmpty(t, x.EN, where)
		require.False(t, han(x.EN), "%s: %s", where, x.EN)
		require.False(t, strings.ContainsAny(x.EN, "，。；：（）、“”"), "%s: %s", where, x.EN)
		require.False(t, kernel.Hidden(x.ZH) || kernel.Hidden(x.EN), where)
		if !strings.HasSuffix(where, "system") { // protocols are called alike everywhere
			require.True(t, han(x.ZH), "%s: %s", where, x.ZH)
		}
	})
}

func TestOrganisationsAreVisiblyFictional(t *testing.T) {
	t.Parallel()
	c := content(t)
	marker := regexp.MustCompile(`示例|演示|样例|虚构|假想`)
	names := map[string]bool{}
	c.texts(func(where string, x kernel.Text) {
		if !strings.HasSuffix(where, " name") || strings.HasSuffix(x.EN, "Ltd.") || !strings.Contains(x.EN, "(Demo)") {
			return
		}
		require.False(t, names[x.ZH], x.ZH)
		names[x.ZH] = true
		require.Regexp(t, marker, x.ZH)
	})
	require.Len(t, names, len(c.Providers)+len(c.Enterprises)+len(c.People.Authorities))
	phones := regexp.MustCompile(`^023-0000\d{4}$`)
	for _, p := range c.Providers {
		require.Regexp(t, phones, p.Phone)
	}
	for _, e := range c.Enterprises {
		require.Regexp(t, phones, e.Phone)
	}
}

func TestNoRealBrandIsNamed(t *testing.T) {
	t.Parallel()
	brands := regexp.MustCompile(`(?i)阿里|华为|腾讯|百度|京东|抖音|淘宝|天猫|拼多多|快手|微信|支付宝|钉钉|飞书|字节跳动|金蝶|用友|浪潮|联想|小米|长安|赛力斯|比亚迪|中国电信|中国移动|中国联通|天翼|海康|大华|西门子|三菱|发那科|施耐德|` +
		`alibaba|aliyun|huawei|tencent|baidu|wechat|dingtalk|feishu|amazon|\baws\b|azure|microsoft|windows|excel\b|google|oracle|\bsap\b|mysql|postgres|redis|mongodb|kafka|hadoop|spark\b|kubernetes|docker|nvidia|intel\b|siemens|mitsubishi|fanuc|schneider|solidworks|autocad|catia|salesforce|linux`)
	content(t).texts(func(where string, x kernel.Text) {
		require.NotRegexp(t, brands, x.ZH, where)
		require.NotRegexp(t, brands, x.EN, where)
	})
}
