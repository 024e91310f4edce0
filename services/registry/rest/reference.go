package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

var tags = []string{"registry"}

type onDay struct {
	On string `query:"on" doc:"日期，默认今天 · the day, today by default" example:"2026-11-23"`
}

type industryView struct {
	Key       string               `json:"key"`
	Name      kernel.Text          `json:"name"`
	Divisions []string             `json:"divisions"`
	Needs     []registry.Indicator `json:"needs" doc:"划型所需指标 · the figures that its size class depends on"`
}

type industriesOutput struct {
	Body struct {
		Standard   string             `json:"standard"`
		Name       kernel.Text        `json:"name"`
		Document   string             `json:"document"`
		Source     registry.Source    `json:"source"`
		Industries []industryView     `json:"industries"`
		Sections   []registry.Section `json:"sections"`
	}
}

type districtsOutput struct {
	Body struct {
		On        kernel.Date         `json:"on"`
		Items     []registry.District `json:"items"`
		Groupings []registry.Grouping `json:"groupings"`
		Sources   []registry.Source   `json:"sources"`
	}
}

type chainsOutput struct {
	Body registry.ChainVocabulary
}

type sizeInput struct {
	Body struct {
		Industry  string      `json:"industry"`
		HeadCount *int64      `json:"head_count,omitempty"`
		Revenue   *kernel.Fen `json:"revenue_fen,omitempty"`
		Assets    *kernel.Fen `json:"assets_fen,omitempty"`
	}
}

type sizeOutput struct {
	Body registry.Classification
}

type codeInput struct {
	Code string `path:"code" maxLength:"80"`
}

type codeOutput struct {
	Body struct {
		Code          string      `json:"code" doc:"规范形式 · in its stored form"`
		Valid         bool        `json:"valid"`
		Problem       string      `json:"problem,omitempty" doc:"错误代码 · code of what is wrong"`
		Message       kernel.Text `json:"message,omitzero"`
		MayBeAccepted bool        `json:"may_be_accepted" doc:"可由经办人说明理由后认可 · an officer may let it stand with a reason"`
	}
}

func (r *Room) reference(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "list-industries", Method: http.MethodGet, Path: "/api/v1/registry/industries", Tags: tags, Access: api.Public,
		Summary: kernel.T("划型行业与国民经济行业门类", "Industries of the size standard and sections of the industrial classification"),
	}, r.industries)
	api.Route(desk, api.Op{
		ID: "list-districts", Method: http.MethodGet, Path: "/api/v1/registry/districts", Tags: tags, Access: api.Public,
		Summary: kernel.T("某日的区县和单列单位", "Districts and separate units of a day"),
	}, r.districts)
	api.Route(desk, api.Op{
		ID: "list-chains", Method: http.MethodGet, Path: "/api/v1/registry/chains", Tags: tags, Access: api.Public,
		Summary: kernel.T("某日的产业链目录", "Industrial chains of a day"),
	}, r.chains)
	api.Route(desk, api.Op{
		ID: "classify-size", Method: http.MethodPost, Path: "/api/v1/registry/size-class", Tags: tags, Access: api.Public, Unmetered: true,
		Summary: kernel.T("企业划型，并说明依据", "Size class of a firm, with the bounds that decided"),
	}, r.classify)
	api.Route(desk, api.Op{
		ID: "check-credit-code", Method: http.MethodGet, Path: "/api/v1/registry/credit-codes/{code}", Tags: tags, Access: api.Public,
		Summary: kernel.T("核对统一社会信用代码的格式和校验位", "Check form and check digits of a unified social credit code"),
		About:   kernel.T("只核对代码本身，不透露是否已登记", "Judges the code alone; it does not tell whether it is registered"),
	}, r.creditCode)
}

func (r *Room) industries(context.Context, *struct{}) (*industriesOutput, error) {
	s := registry.StandardOn(r.today())
	out := &industriesOutput{}
	out.Body.Standard, out.Body.Name, out.Body.Document, out.Body.Source = s.Code, s.Name, s.Document, s.Source
	out.Body.Sections = registry.Sections()
	for _, in := range s.Industries {
		v := industryView{Key: in.Key, Name: in.Name, Divisions: in.Divisions}
		for _, b := range in.Bounds {
			v.Needs = append(v.Needs, b.Indicator)
		}
		out.Body.Industries = append(out.Body.Industries, v)
	}
	return out, nil
}

func (r *Room) districts(_ context.Context, in *onDay) (*districtsOutput, error) {
	on, err := r.day(in.On)
	if err != nil {
		return nil, err
	}
	out := &districtsOutput{}
	out.Body.On, out.Body.Items = on, registry.Districts(on)
	out.Body.Groupings, out.Body.Sources = registry.Groupings(), registry.DistrictSources()
	return out, nil
}

func (r *Room) chains(_ context.Context, in *onDay) (*chainsOutput, error) {
	on, err := r.day(in.On)
	if err != nil {
		return nil, err
	}
	return &chainsOutput{Body: registry.ChainsOn(on)}, nil
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
	out := &codeOutput{}
	out.Body.Code = registry.NormalizeCreditCode(in.Code)
	err := registry.CheckCreditCode(out.Body.Code)
	out.Body.Valid = err == nil
	if e := kernel.AsError(err); e != nil {
		out.Body.Problem, out.Body.Message = e.Code, e.Message
		out.Body.MayBeAccepted = registry.CreditCodeOverridable(e)
	}
	return out, nil
}
