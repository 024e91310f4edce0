package rules

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"yunhui/services/kernel"
)

//go:embed policy.schema.json
var schemaJSON []byte

// Schema returns the JSON Schema of policy documents.
func Schema() []byte { return bytes.Clone(schemaJSON) }

var schema = sync.OnceValue(func() *jsonschema.Schema {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaJSON))
	if err != nil {
		panic("policy.schema.json: " + err.Error())
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource("policy.schema.json", tree); err != nil {
		panic("policy.schema.json: " + err.Error())
	}
	return compiler.MustCompile("policy.schema.json")
})

func readTree(data []byte) (any, error) { return jsonschema.UnmarshalJSON(bytes.NewReader(data)) }

var wholeNumber = regexp.MustCompile(`^-?\d{1,18}$`)

// checkLeaves walks all values before the schema sees them. A policy has whole
// numbers only, and numbers such as 1e999999999 must not reach big arithmetic;
// characters that disguise text have no place in a law.
func checkLeaves(v any, path string, faults *kernel.Faults) {
	switch x := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(x))
		for k := range x {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			checkLeaves(x[k], join(path, k), faults)
		}
	case []any:
		for i, e := range x {
			checkLeaves(e, path+"["+strconv.Itoa(i)+"]", faults)
		}
	case json.Number:
		faults.Check(wholeNumber.MatchString(x.String()), path, "whole_number", kernel.T("必须是整数（金额以分、比例以万分之一计）", "Must be a whole number (amounts in fen, rates in basis points)"))
	case string:
		faults.Check(!kernel.Hidden(x), path, "hidden_characters", kernel.T("含有不可见的控制字符", "Holds invisible control characters"))
	}
}

// checkSchema notes every fault the schema finds.
func checkSchema(tree any, faults *kernel.Faults) {
	var invalid *jsonschema.ValidationError
	if err := schema().Validate(tree); errors.As(err, &invalid) {
		noteSchema(invalid, faults)
	}
}

func noteSchema(e *jsonschema.ValidationError, faults *kernel.Faults) {
	for _, cause := range e.Causes {
		noteSchema(cause, faults)
	}
	if len(e.Causes) > 0 {
		return
	}
	path := pathOf(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			faults.Add(join(path, name), "required", kernel.T("缺少此项", "Is missing"))
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			faults.Add(join(path, name), "unknown_field", kernel.T("没有名为 %q 的项", "There is no field named %q", name))
		}
	default:
		words := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		code := "form"
		if keyword := e.ErrorKind.KeywordPath(); len(keyword) > 0 {
			code = snake(keyword[len(keyword)-1])
		}
		zh, ok := schemaWords[code]
		if !ok {
			zh = "不符合格式要求"
		}
		faults.Add(path, code, both(zh+"（"+words+"）", words))
	}
}

var schemaWords = map[string]string{
	"type": "类型不对", "enum": "不在可选值之中", "pattern": "写法不符合要求", "minimum": "低于最小值", "maximum": "超过最大值",
	"min_length": "内容太短", "max_length": "内容太长", "min_items": "项数太少", "max_items": "项数太多", "unique_items": "有重复项",
	"min_properties": "内容太少", "const": "值不对",
}

var camel = regexp.MustCompile(`[A-Z]`)

func snake(s string) string {
	return strings.ToLower(camel.ReplaceAllString(s, "_$0"))
}

func pathOf(location []string) string {
	path := ""
	for _, token := range location {
		if _, err := strconv.Atoi(token); err == nil {
			path += "[" + token + "]"
		} else {
			path = join(path, token)
		}
	}
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
