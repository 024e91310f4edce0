package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Reference is every table that forms and filters choose from, as of a day.
type Reference struct {
	On         kernel.Date              `json:"on"`
	Districts  []registry.District      `json:"districts" doc:"当日的区县和单列单位 / units of the day"`
	Abolished  []registry.District      `json:"abolished" doc:"已撤销的单位及其承接单位 / units of earlier days, with their successors"`
	Groupings  []registry.Grouping      `json:"groupings"`
	Standard   SizeStandard             `json:"size_standard"`
	Sections   []registry.Section       `json:"sections" doc:"国民经济行业门类 / sections of GB/T 4754"`
	Chains     registry.ChainVocabulary `json:"chains"`
	Kinds      []string                 `json:"organisation_kinds"`
	Sizes      []SizeName               `json:"size_classes"`
	Provenance []registry.Source        `json:"sources" doc:"区县数据来源 / where the districts come from"`
}

// SizeStandard is the classification in force, with the industries to choose from.
type SizeStandard struct {
	Code       string          `json:"code"`
	Name       kernel.Text     `json:"name"`
	Document   string          `json:"document"`
	Source     registry.Source `json:"source"`
	Industries []IndustryView  `json:"industries"`
}

// IndustryView is a row of the standard with the figures it asks for.
type IndustryView struct {
	Key       string               `json:"key"`
	Name      kernel.Text          `json:"name"`
	Divisions []string             `json:"divisions"`
	Needs     []registry.Indicator `json:"needs" doc:"划型所需指标 / the figures that the size class depends on"`
}

// SizeName is a size class with its name.
type SizeName struct {
	Key  registry.SizeClass `json:"key"`
	Name kernel.Text        `json:"name"`
}

type referenceOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Reference
}

type sizeInput struct {
	Body struct {
		Industry  string      `json:"industry" maxLength:"40"`
		HeadCount *int64      `json:"head_count,omitempty"`
		Revenue   *kernel.Fen `json:"revenue_fen,omitempty"`
		Assets    *kernel.Fen `json:"assets_fen,omitempty"`
	}
}

type sizeOutput struct{ Body registry.Classification }

type codeInput struct {
	Body struct {
		CreditCode string `json:"credit_code" maxLength:"80"`
	}
}

// CodeCheck is what can be told from a credit code alone.
type CodeCheck struct {
	CreditCode    string      `json:"credit_code" doc:"规范形式 / in its stored form"`
	Valid         bool        `json:"valid"`
	Code          string      `json:"code,omitempty" doc:"错误代码 / of what is wrong"`
	Message       kernel.Text `json:"message,omitzero"`
	MayBeAccepted bool        `json:"may_be_accepted" doc:"可勾选“历史代码”，由经办人说明理由后认可 / as a historical code an officer may let it stand, with a reason"`
}

type codeOutput struct{ Body CodeCheck }

func (r *Room) reference(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "get-registry-reference", Method: http.MethodGet, Path: "/api/v1/registry/reference", Tags: tags, Access: api.Public,
		Summary: kernel.T("区县、行业、产业链等选项", "Districts, industries, chains and what else forms choose from"),
	}, r.tables)
	api.Route(desk, api.Op{
		ID: "classify-size", Method: http.MethodPost, Path: "/api/v1/registry/size-class", Tags: tags, Access: api.Public, Unmetered: true, Status: http.StatusOK,
		Summary: kernel.T("企业划型，并说明依据", "Size class of a firm, with the bounds that decided"),
	}, r.classify)
	api.Route(desk, api.Op{
		ID: "check-credit-code", Method: http.MethodPost, Path: "/api/v1/registry/credit-code", Tags: tags, Access: api.Public, Unmetered: true, Status: http.StatusOK,
		Summary: kernel.T("核对统一社会信用代码的格式和校验位", "Check form and check digits of a unified social credit code"),
		About:   kernel.T("只核对代码本身，不透露是否已登记", "Judges the code alone; it does not tell whether it is registered"),
	}, r.creditCode)
}

func (r *Room) tables(context.Context, *struct{}) (*referenceOutput, error) {
	on := r.today()
	return &referenceOutput{CacheControl: "public, max-age=600", Body: Reference{
		On: on, Districts: registry.Districts(on), Abolished: registry.Abolished(on), Groupings: registry.Groupings(),
		Standard: standardView(registry.StandardOn(on)), Sections: registry.Sections(), Chains: registry.ChainsOn(on),
		Kinds: []string{string(registry.KindEnterprise), string(registry.KindProvider)},
		Sizes: sizeNames(), Provenance: registry.DistrictSources(),
	}}, nil
}

func standardView(s registry.SizeStandard) SizeStandard {
	out := SizeStandard{Code: s.Code, Name: s.Name, Document: s.Document, Source: s.Source}
	for _, in := range s.Industries {
		v := IndustryView{Key: in.Key, Name: in.Name, Divisions: in.Divisions}
		for _, b := range in.Bounds {
			v.Needs = append(v.Needs, b.Indicator)
		}
		out.Industries = append(out.Industries, v)
	}
	return out
}

func sizeNames() []SizeName {
	var out []SizeName
	for _, c := range registry.SizeClasses() {
		out = append(out, SizeName{c, c.Name()})
	}
	return out
}

func (r *Room) classify(_ context.Context, in *sizeInput) (*sizeOutput, error) {
	b := in.Body
	c, err := registry.Classify(r.today(), registry.FirmFigures{Industry: b.Industry, HeadCount: b.HeadCount, Revenue: b.Revenue, Assets: b.Assets})
	if err != nil {
		return nil, err
	}
	return &sizeOutput{Body: c}, nil
}

func (r *Room) creditCode(_ context.Context, in *codeInput) (*codeOutput, error) {
	return &codeOutput{Body: checkCode(registry.NormalizeCreditCode(in.Body.CreditCode))}, nil
}

func checkCode(code string) CodeCheck {
	out := CodeCheck{CreditCode: code}
	err := registry.CheckCreditCode(code)
	out.Valid = err == nil
	if e := kernel.AsError(err); e != nil {
		out.Code, out.Message = e.Code, e.Message
		out.MayBeAccepted = registry.CreditCodeOverridable(e)
	}
	return out
}
