package rest

import (
	"context"
	"encoding/json"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/rules"
)

// PolicyBrief is a policy in a list: its newest version.
type PolicyBrief struct {
	Code      string                 `json:"code"`
	Version   int                    `json:"version"`
	Kind      rules.Kind             `json:"kind"`
	Title     kernel.Text            `json:"title"`
	Authority kernel.Text            `json:"authority"`
	Region    string                 `json:"region"`
	Note      kernel.Text            `json:"note"`
	Window    kernel.Period          `json:"window"`
	Claimable bool                   `json:"claimable" doc:"可据此申请 · agreements can be drafted under it"`
	Meter     []budget.Appropriation `json:"meter" doc:"实时额度 · live budget"`
}

// PolicyPage is a policy with every version.
type PolicyPage struct {
	PolicyBrief
	Versions []rules.Document `json:"versions" doc:"新版本在前 · newest first"`
}

// comparison names two published versions of a policy.
type comparison struct {
	Code string `path:"code" maxLength:"60"`
	From int    `query:"from" minimum:"1" maximum:"1000000" required:"true" doc:"较早的版本 · the older version"`
	To   int    `query:"to" minimum:"1" maximum:"1000000" required:"true" doc:"较新的版本 · the newer version"`
}

func (r *Room) policyPages(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "list-policies", Method: http.MethodGet, Path: "/api/v1/policies", Tags: []string{"policies"}, Access: api.Public,
		Summary: kernel.T("已发布的政策", "Published policies"),
	}, func(ctx context.Context, _ *struct{}) (*body[api.List[PolicyBrief]], error) {
		return answer(r.listPolicies(ctx))
	})
	api.Route(desk, api.Op{
		ID: "get-policy", Method: http.MethodGet, Path: "/api/v1/policies/{code}", Tags: []string{"policies"}, Access: api.Public, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("一项政策的全部版本、条款、来源与实时额度", "A policy: every version with clauses and sources, and its live budget"),
	}, func(ctx context.Context, in *struct {
		Code string `path:"code" maxLength:"60"`
	}) (*body[PolicyPage], error) {
		return answer(r.policy(ctx, in.Code))
	})
	api.Route(desk, api.Op{
		ID: "compare-policy-versions", Method: http.MethodGet, Path: "/api/v1/policies/{code}/changes", Tags: []string{"policies"}, Access: api.Public, Errors: []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("两个已发布版本之间的差异，逐条说明", "How two published versions differ, in words"),
	}, func(ctx context.Context, in *comparison) (*body[api.List[DocumentChange]], error) {
		return answer(r.comparePolicies(ctx, in))
	})
	api.Route(desk, api.Op{
		ID: "get-policy-schema", Method: http.MethodGet, Path: "/api/v1/schemas/policy", Tags: []string{"policies"}, Access: api.Public,
		Summary: kernel.T("政策文件的 JSON Schema", "The JSON Schema of policy documents"),
	}, func(context.Context, *struct{}) (*body[json.RawMessage], error) {
		return &body[json.RawMessage]{Body: rules.Schema()}, nil
	})
}

func (r *Room) listPolicies(ctx context.Context) (api.List[PolicyBrief], error) {
	all, err := r.Policies.All(ctx)
	if err != nil {
		return api.List[PolicyBrief]{}, err
	}
	var out api.List[PolicyBrief]
	codes := []string{}
	for _, p := range all {
		doc := p.Document()
		if n := len(codes); n == 0 || codes[n-1] != doc.Code {
			codes = append(codes, doc.Code)
			out.Items = append(out.Items, brief(doc))
		}
	}
	meters, err := budget.Meter(ctx, r.DB, codes...)
	for i := range out.Items {
		out.Items[i].Meter = meters[out.Items[i].Code]
	}
	return out, err
}

func (r *Room) policy(ctx context.Context, code string) (PolicyPage, error) {
	versions, err := r.Policies.Versions(ctx, code)
	if err != nil {
		return PolicyPage{}, err
	}
	page := PolicyPage{PolicyBrief: brief(versions[0].Document())}
	for _, v := range versions {
		doc, err := v.Document().Clone() // the answer's empty lists are filled in, which must not reach the policy
		if err != nil {
			return page, err
		}
		page.Versions = append(page.Versions, doc)
	}
	meters, err := budget.Meter(ctx, r.DB, code)
	page.Meter = meters[code]
	return page, err
}

func (r *Room) comparePolicies(ctx context.Context, in *comparison) (api.List[DocumentChange], error) {
	documents := [2][]byte{}
	for i, number := range []int{in.From, in.To} {
		policy, err := r.Policies.Version(ctx, in.Code, number)
		if err != nil {
			return api.List[DocumentChange]{}, err
		}
		if documents[i], err = json.Marshal(policy.Document()); err != nil {
			return api.List[DocumentChange]{}, err
		}
	}
	changes, err := rules.Diff(documents[0], documents[1])
	return api.List[DocumentChange]{Items: changesIn(language(ctx), changes)}, err
}

func brief(doc rules.Document) PolicyBrief {
	return PolicyBrief{
		Code: doc.Code, Version: doc.Version, Kind: doc.Kind, Title: doc.Title, Authority: doc.Authority, Region: doc.Region,
		Note: doc.Note, Window: doc.Window, Claimable: doc.Kind != rules.KindReference,
	}
}
