package api

import (
	"cmp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yunhui/services/kernel"
)

// maxFields bounds the answer to a body that is wrong everywhere.
const maxFields = 100

// invalid is one error with all fields, ordered by path.
func invalid(fields []kernel.Field) *kernel.Error {
	var f kernel.Faults
	for _, one := range tidy(fields) {
		f.Add(one.Path, one.Code, one.Message)
	}
	return kernel.AsError(f.Err())
}

func tidy(fields []kernel.Field) []kernel.Field {
	slices.SortStableFunc(fields, func(a, b kernel.Field) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Code, b.Code))
	})
	fields = slices.CompactFunc(fields, func(a, b kernel.Field) bool { return a.Path == b.Path && a.Code == b.Code })
	return fields[:min(len(fields), maxFields)]
}

// fault makes the fault of a key of sayings at a path.
func fault(path, key string, args ...string) kernel.Field {
	said, ok := sayings[key]
	if !ok {
		key, said = "field.invalid", sayings["field.invalid"]
	}
	code, _, _ := strings.Cut(key, "/")
	return kernel.Field{Path: path, Code: code, Message: kernel.Text{ZH: fill(said.ZH, args), EN: fill(said.EN, args)}}
}

func fill(sentence string, args []string) string {
	for _, a := range args {
		sentence = strings.Replace(sentence, "{}", a, 1)
	}
	return sentence
}

func fieldsOf(errs []error) []kernel.Field {
	fields := make([]kernel.Field, 0, len(errs))
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			fields = append(fields, fieldOf(d.ErrorDetail()))
		}
	}
	return fields
}

func fieldOf(d *huma.ErrorDetail) kernel.Field {
	path := placeOf(d.Location)
	key, rest, _ := strings.Cut(d.Message, separator)
	args := strings.Split(rest, separator)
	switch {
	case key == missing:
		return fault(join(path, args[0]), "field.required")
	case key == unfit:
		return fault(args[0], args[1])
	case sayings[key] != kernel.Text{}:
		return fault(path, key, args...)
	default:
		return fault(path, ofParameter(d.Message))
	}
}

// ofParameter maps the few messages about parameters that huma has no variable for.
func ofParameter(message string) string {
	switch {
	case strings.HasPrefix(message, "required "):
		return "field.required"
	case strings.HasPrefix(message, "invalid integer"):
		return "field.type/integer"
	case strings.HasPrefix(message, "invalid float"):
		return "field.type/number"
	case strings.HasPrefix(message, "invalid boolean"):
		return "field.type/boolean"
	case strings.HasPrefix(message, "invalid date/time"):
		return "field.format/date-time"
	default:
		return "field.invalid"
	}
}

// placeOf turns "body.invoices[0].number" and "query.page_size" into the path a
// caller knows.
func placeOf(location string) string {
	_, path, _ := strings.Cut(location, ".")
	if rest, ok := strings.CutPrefix(location, "body["); ok {
		path = "[" + rest
	}
	return path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func malformed(errs []error) kernel.Text {
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			if key, at, _ := strings.Cut(d.ErrorDetail().Message, separator); key == unreadable {
				return kernel.T("JSON 格式有误（第 %s 个字节附近）", "The JSON is malformed near byte %s", at)
			}
		}
	}
	return kernel.T("JSON 格式有误", "The JSON is malformed")
}
