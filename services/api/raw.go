package api

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// RawOp declares an operation whose input or output is not JSON: uploads,
// downloads, pages for printing.
type RawOp struct {
	Op
	Query    []string // names of query parameters; others are refused
	Files    []string // names of the file parts of a multipart/form-data body
	Fields   []string // names of its text parts
	Produces []string // media types of success; none: no content
	Answer   any      // a value of the type that Exchange.JSON answers with, for the document
}

// Raw registers an operation that handles its own bytes. Access, idempotency key
// and limits are those of Route, and it stands in the document like any other.
func Raw(d *Desk, op RawOp, handle func(*Exchange) error) {
	r := d.declare(op.Op)
	r.query = map[string]bool{}
	for _, name := range op.Query {
		r.query[name] = true
	}
	r.serve = func(c *fiber.Ctx, v *visit) error {
		x := &Exchange{c: c, visit: v, status: orDefault(op.Status, fiber.StatusOK)}
		x.checkParams()
		if len(v.faults) > 0 {
			return invalid(v.faults)
		}
		return handle(x)
	}
	d.documentRaw(r, op)
}

func (d *Desk) documentRaw(r *route, op RawOp) {
	described := d.operation(r)
	text := &huma.Schema{Type: huma.TypeString}
	for _, segment := range r.segments {
		if variable(segment) {
			described.Parameters = append(described.Parameters, &huma.Param{Name: segment[1 : len(segment)-1], In: "path", Required: true, Schema: text})
		}
	}
	for _, name := range op.Query {
		described.Parameters = append(described.Parameters, &huma.Param{Name: name, In: "query", Schema: text})
	}
	if len(op.Files)+len(op.Fields) > 0 {
		form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, Required: op.Files}
		for _, name := range op.Files {
			form.Properties[name] = &huma.Schema{Type: huma.TypeString, Format: "binary"}
		}
		for _, name := range op.Fields {
			form.Properties[name] = text
		}
		described.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}}
	}
	described.Responses = d.rawResponses(described, op)
	d.huma.OpenAPI().AddOperation(&described)
}

func (d *Desk) rawResponses(described huma.Operation, op RawOp) map[string]*huma.Response {
	success := orDefault(op.Status, fiber.StatusOK)
	if len(op.Produces) == 0 && op.Answer == nil {
		success = orDefault(op.Status, fiber.StatusNoContent)
	}
	all := map[string]*huma.Response{strconv.Itoa(success): {Description: http.StatusText(success), Content: map[string]*huma.MediaType{}}}
	schemas := d.huma.OpenAPI().Components.Schemas
	if op.Answer != nil {
		schema := schemas.Schema(reflect.TypeOf(op.Answer), true, op.ID+"Answer")
		all[strconv.Itoa(success)].Content[fiber.MIMEApplicationJSON] = &huma.MediaType{Schema: schema}
	}
	for _, media := range op.Produces {
		schema := &huma.Schema{Type: huma.TypeString, Format: "binary"}
		all[strconv.Itoa(success)].Content[media] = &huma.MediaType{Schema: schema}
	}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range append(described.Errors, fiber.StatusUnprocessableEntity, fiber.StatusInternalServerError) {
		all[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status), Content: map[string]*huma.MediaType{problemType: {Schema: problem}},
		}
	}
	return all
}
