package kernel

import (
	"errors"
	"strings"
)

// Kind sorts errors by what the caller can do about them; the front desk maps
// each to one HTTP status.
type Kind string

// The kinds.
const (
	KindInvalid         Kind = "invalid"         // 422: mend the input
	KindUnauthenticated Kind = "unauthenticated" // 401: log in
	KindForbidden       Kind = "forbidden"       // 403: not yours to do
	KindNotFound        Kind = "not_found"       // 404: no such row that you may see
	KindConflict        Kind = "conflict"        // 409: the state has moved on, or a limit is reached
	KindTooLarge        Kind = "too_large"       // 413
	KindUnsupported     Kind = "unsupported"     // 415
	KindThrottled       Kind = "throttled"       // 429: later
	KindUnavailable     Kind = "unavailable"     // 503: later
	KindInternal        Kind = "internal"        // 500: ours to mend
)

// Field is what is wrong with one input. Path is dotted as in JSON, with
// indexes in brackets: "invoices[0].number".
type Field struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message Text   `json:"message"`
}

// Error is the one error type that may reach a user. Code is stable and
// specific ("claim.invoice_used"); Message is one sentence in both languages.
// Any other error is internal, and a user sees nothing of it.
type Error struct {
	Kind    Kind
	Code    string
	Message Text
	Fields  []Field
	cause   error
}

// Error lists code, fields and cause, for the operator.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code + ": " + e.Message.EN)
	for _, f := range e.Fields {
		b.WriteString("; " + f.Path + " (" + f.Code + "): " + f.Message.EN)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Because returns a copy that carries the cause; users never see it.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Fail makes an error of a kind.
func Fail(kind Kind, code string, message Text) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Invalid makes an error about the input as a whole.
func Invalid(code string, message Text) *Error { return Fail(KindInvalid, code, message) }

// Conflict says that the state does not allow the act.
func Conflict(code string, message Text) *Error { return Fail(KindConflict, code, message) }

// NotFound says that there is no such thing that the caller may see.
func NotFound(what Text) *Error {
	return Fail(KindNotFound, "not_found", Text{ZH: "没有找到" + what.ZH + "，或您无权查看", EN: "No " + what.EN + " that you may see was found"})
}

// Unauthenticated asks the caller to log in.
func Unauthenticated() *Error {
	return Fail(KindUnauthenticated, "unauthenticated", T("请先登录", "Please log in first"))
}

// Forbidden says that the caller's role may not do this.
func Forbidden() *Error {
	return Fail(KindForbidden, "forbidden", T("您的角色不能进行此操作", "Your role may not do this"))
}

// AsError returns the user-facing error in err's chain, or nil.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return nil
}

// IsCode reports whether err is a user-facing error with the code.
func IsCode(err error, code string) bool {
	e := AsError(err)
	return e != nil && e.Code == code
}

// Faults gathers the field errors of one input, so that all are told at once.
type Faults struct{ fields []Field }

// Add notes a fault at a path.
func (f *Faults) Add(path, code string, message Text) {
	f.fields = append(f.fields, Field{Path: path, Code: code, Message: message})
}

// Check notes the fault unless ok.
func (f *Faults) Check(ok bool, path, code string, message Text) {
	if !ok {
		f.Add(path, code, message)
	}
}

// Err returns nil when nothing was noted, else one error with all fields.
func (f *Faults) Err() error {
	if len(f.fields) == 0 {
		return nil
	}
	e := Invalid("invalid_input", T("有内容需要修改，请见各项提示", "Some entries need mending; see each one"))
	e.Fields = f.fields
	return e
}
