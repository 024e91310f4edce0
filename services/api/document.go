package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yunhui/services/kernel"
)

const bearerScheme = "bearer"

func (d *Desk) config(version string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:   "云惠 Yunhui API",
				Version: orDefault(version, "1"),
				Description: "企业上云补贴平台接口。金额一律为整数“分”，时间为 RFC 3339，错误为 application/problem+json，请按 code 处理。\n\n" +
					"Marketplace of cloud services with public subsidies. Money is whole fen, times are RFC 3339, errors are application/problem+json; branch on their code.",
			},
			Servers: []*huma.Server{{URL: "/"}},
			Components: &huma.Components{
				Schemas: newSchemas(),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearerScheme: {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "POST /api/v1/auth/login"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json",
	}
}

// operation describes a route to huma. Who may call it is said three times: as
// the security scheme for tools, as x-roles for programs, in words for people.
func (d *Desk) operation(r *route) huma.Operation {
	op := huma.Operation{
		OperationID: r.ID, Method: r.Method, Path: r.Path, Tags: r.op.Tags,
		Summary: r.op.Summary.ZH, Description: describe(r), DefaultStatus: r.op.Status,
		MaxBodyBytes: int64(r.maxBody) + 1, // huma takes one less than it is told
		Errors:       statuses(r),
		Security:     []map[string][]string{{bearerScheme: {}}},
		Extensions:   map[string]any{"x-roles": r.Access.Names(), "x-summary-en": r.op.Summary.EN},
	}
	if r.Access.kind == public {
		op.Security = append([]map[string][]string{{}}, op.Security...)
	}
	if unsafe(r.Method) {
		length := maxIdempotencyKey
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &length},
			Description: "同一键只生效一次 / what carries the same key takes effect once",
		})
	}
	return op
}

func describe(r *route) string {
	who := kernel.Text{ZH: "可调用：" + r.Access.String(), EN: "Who may call: " + r.Access.String()}
	zh, en := []string{}, []string{}
	if r.op.About.ZH != "" {
		zh, en = append(zh, r.op.About.ZH), append(en, r.op.About.EN)
	}
	return strings.Join(append(append(zh, who.ZH), append(en, who.EN)...), "\n\n")
}

// statuses lists what the route may refuse with; huma adds 422 and 500.
func statuses(r *route) []int {
	all := []int{http.StatusUnauthorized}
	if r.Access.kind != public {
		all = append(all, http.StatusForbidden)
	}
	if strings.Contains(r.Path, "{") {
		all = append(all, http.StatusNotFound)
	}
	for _, k := range r.op.Errors {
		all = append(all, statusOf[k])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// OpenAPI writes the document: the same bytes for the same routes.
func (d *Desk) OpenAPI() ([]byte, error) { return d.document() }

func (d *Desk) writeDocument() ([]byte, error) {
	raw, err := json.Marshal(d.huma.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
