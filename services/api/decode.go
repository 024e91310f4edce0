package api

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// The keys under which decoding faults travel through huma.
const (
	unreadable = "malformed_json" // + offset
	unfit      = "field.unfit"    // + path, key of sayings
)

// jsonFormat reads and writes bodies. Its decoding errors carry keys, and never
// the names of Go types.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(v) //nolint:wrapcheck // huma adds the operation
	},
	Unmarshal: func(data []byte, v any) error {
		err := json.Unmarshal(data, v)
		var wrongType *json.UnmarshalTypeError
		var syntax *json.SyntaxError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &wrongType):
			key := "field.type/value"
			if strings.HasPrefix(wrongType.Value, "number") {
				key = "field.range/overflow" // whole numbers passed the schema; only their size is left
			}
			return errors.New(strings.Join([]string{unfit, wrongType.Field, key}, separator))
		case errors.As(err, &syntax):
			return errors.New(unreadable + separator + strconv.FormatInt(syntax.Offset, 10))
		default:
			return errors.New(strings.Join([]string{unfit, "", "field.invalid"}, separator))
		}
	},
}
