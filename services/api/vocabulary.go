package api

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"yunhui/services/kernel"
)

// separator stands between a key of sayings and its arguments in the messages
// that huma carries for us. It cannot occur in a pattern or a choice.
const separator = "\x1f"

// teach gives huma our words once per process: its messages become keys of
// sayings, so that code, language and sentence are decided here and nothing is
// ever read out of English prose.
var teach = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, msg string, _ ...error) huma.StatusError {
		return &Problem{Status: status, Detail: msg}
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return translate(ctx, status, msg, errs)
	}
	say := func(message *string, key string, verbs ...string) {
		*message = strings.Join(append([]string{key}, verbs...), separator)
	}
	say(&validation.MsgUnexpectedProperty, "field.unknown")
	say(&validation.MsgExpectedRFC3339DateTime, "field.format/date-time")
	say(&validation.MsgExpectedRFC1123DateTime, "field.format/date-time")
	say(&validation.MsgExpectedRFC3339Date, "field.format/date")
	say(&validation.MsgExpectedRFC3339Time, "field.format/time")
	say(&validation.MsgExpectedRFC5322Email, "field.format/email", "%v")
	say(&validation.MsgExpectedRFC5890Hostname, "field.format/hostname")
	say(&validation.MsgExpectedRFC2673IPv4, "field.format/ip")
	say(&validation.MsgExpectedRFC2373IPv6, "field.format/ip")
	say(&validation.MsgExpectedRFCIPAddr, "field.format/ip")
	say(&validation.MsgExpectedRFC3986URI, "field.format/uri", "%v")
	say(&validation.MsgExpectedRFC4122UUID, "field.format/uuid", "%v")
	say(&validation.MsgExpectedRFC6570URITemplate, "field.format/text")
	say(&validation.MsgExpectedRFC6901JSONPointer, "field.format/text")
	say(&validation.MsgExpectedRFC6901RelativeJSONPointer, "field.format/text")
	say(&validation.MsgExpectedRegexp, "field.format/text", "%v")
	say(&validation.MsgExpectedMatchAtLeastOneSchema, "field.choice/variant")
	say(&validation.MsgExpectedMatchExactlyOneSchema, "field.choice/variant")
	say(&validation.MsgExpectedNotMatchSchema, "field.invalid")
	say(&validation.MsgExpectedPropertyNameInObject, "field.required")
	say(&validation.MsgExpectedBoolean, "field.type/boolean")
	say(&validation.MsgExpectedDuration, "field.format/duration", "%v")
	say(&validation.MsgExpectedNumber, "field.type/number")
	say(&validation.MsgExpectedInteger, "field.type/integer")
	say(&validation.MsgExpectedString, "field.type/string")
	say(&validation.MsgExpectedBase64String, "field.type/base64")
	say(&validation.MsgExpectedArray, "field.type/array")
	say(&validation.MsgExpectedObject, "field.type/object")
	say(&validation.MsgExpectedArrayItemsUnique, "field.duplicate")
	say(&validation.MsgExpectedOneOf, "field.choice", "%s")
	say(&validation.MsgExpectedConst, "field.const", "%v")
	say(&validation.MsgExpectedMinimumNumber, "field.range/ge", "%v")
	say(&validation.MsgExpectedExclusiveMinimumNumber, "field.range/gt", "%v")
	say(&validation.MsgExpectedMaximumNumber, "field.range/le", "%v")
	say(&validation.MsgExpectedExclusiveMaximumNumber, "field.range/lt", "%v")
	say(&validation.MsgExpectedNumberBeMultipleOf, "field.step", "%v")
	say(&validation.MsgExpectedMinLength, "field.too_short", "%d")
	say(&validation.MsgExpectedMaxLength, "field.too_long", "%d")
	say(&validation.MsgExpectedBePattern, "field.pattern", "%s")
	say(&validation.MsgExpectedMatchPattern, "field.pattern", "%s")
	say(&validation.MsgExpectedMinItems, "field.too_few", "%d")
	say(&validation.MsgExpectedMaxItems, "field.too_many", "%d")
	say(&validation.MsgExpectedMinProperties, "field.too_few", "%d")
	say(&validation.MsgExpectedMaxProperties, "field.too_many", "%d")
	say(&validation.MsgExpectedRequiredProperty, missing, "%s")
	say(&validation.MsgExpectedDependentRequiredProperty, missing, "%s", "%s")
})

// missing marks a required property: huma gives the place of its parent, and its
// name as the first argument.
const missing = "field.required/property"

// translate puts what huma refuses into our form. Faults of the query and hidden
// characters anywhere are told along, so that a caller mends all at once.
func translate(ctx huma.Context, status int, msg string, errs []error) *Problem {
	v := visitFrom(ctx.Context())
	switch {
	case status == http.StatusBadRequest && len(errs) == 0:
		return newProblem(v, status, kernel.Fail(kernel.KindInvalid, "body.required", kernel.T("需要提交内容", "A body is required")))
	case status == http.StatusBadRequest:
		told := kernel.Fail(kernel.KindInvalid, "malformed_json", malformed(errs))
		told.Fields = tidy(v.faults)
		return newProblem(v, status, told)
	case status == http.StatusUnprocessableEntity:
		return newProblem(v, status, invalid(append(fieldsOf(errs), append(hiddenIn(ctx), v.faults...)...)))
	case status < http.StatusInternalServerError:
		return newProblem(v, status, ofStatus(status))
	default:
		return v.desk.problem(v, fmt.Errorf("huma: %s: %v", msg, errs))
	}
}
