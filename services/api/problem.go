package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"yunhui/services/kernel"
)

// Problem is the one form of every refusal (RFC 9457), in the caller's language.
// Code is stable; the sentences are not.
type Problem struct {
	Type      string         `json:"type" doc:"urn:yunhui:problem: and the code"`
	Title     string         `json:"title" doc:"What kind of refusal this is"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail" doc:"One sentence for the person who asked"`
	Code      string         `json:"code" doc:"Stable; branch on this"`
	Errors    []FieldProblem `json:"errors,omitempty" doc:"Every entry that needs mending"`
	RequestID string         `json:"request_id" doc:"Quote it when asking for help"`

	wait time.Duration // before it makes sense to try again; 0: nobody knows
}

// FieldProblem is what is wrong with one entry.
type FieldProblem struct {
	Path    string `json:"path" doc:"Where, as in invoices[0].number; the parameter's name for parameters"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

const problemType = "application/problem+json"

// Error is the sentence of the problem.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus gives huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes huma answer as problem+json.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders gives huma the headers of the problem.
func (p *Problem) GetHeaders() http.Header {
	if p.wait <= 0 {
		return nil
	}
	return http.Header{fiber.HeaderRetryAfter: {seconds(p.wait)}}
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

var statusOf = map[kernel.Kind]int{
	kernel.KindInvalid:         http.StatusUnprocessableEntity,
	kernel.KindUnauthenticated: http.StatusUnauthorized,
	kernel.KindForbidden:       http.StatusForbidden,
	kernel.KindNotFound:        http.StatusNotFound,
	kernel.KindConflict:        http.StatusConflict,
	kernel.KindTooLarge:        http.StatusRequestEntityTooLarge,
	kernel.KindUnsupported:     http.StatusUnsupportedMediaType,
	kernel.KindThrottled:       http.StatusTooManyRequests,
	kernel.KindUnavailable:     http.StatusServiceUnavailable,
	kernel.KindInternal:        http.StatusInternalServerError,
}

var titles = map[int]kernel.Text{
	http.StatusBadRequest:            kernel.T("请求无法读取", "The request cannot be read"),
	http.StatusUnauthorized:          kernel.T("需要登录", "Login needed"),
	http.StatusForbidden:             kernel.T("没有权限", "Not permitted"),
	http.StatusNotFound:              kernel.T("没有找到", "Not found"),
	http.StatusMethodNotAllowed:      kernel.T("不支持的方法", "Method not allowed"),
	http.StatusRequestTimeout:        kernel.T("请求超时", "Request timeout"),
	http.StatusConflict:              kernel.T("与当前状态冲突", "In conflict with the present state"),
	http.StatusRequestEntityTooLarge: kernel.T("内容过大", "Too large"),
	http.StatusUnsupportedMediaType:  kernel.T("不支持的格式", "Unsupported format"),
	http.StatusUnprocessableEntity:   kernel.T("内容需要修改", "The input needs mending"),
	http.StatusTooManyRequests:       kernel.T("请求过于频繁", "Too many requests"),
	http.StatusInternalServerError:   kernel.T("系统内部错误", "Internal error"),
	http.StatusServiceUnavailable:    kernel.T("暂时无法服务", "Temporarily unavailable"),
}

var errInternal = kernel.Fail(kernel.KindInternal, "internal",
	kernel.T("系统出现错误，已记录，请稍后再试", "Something went wrong on our side; it has been recorded. Please try again later"))

var errTimeout = kernel.Fail(kernel.KindUnavailable, "timeout",
	kernel.T("处理超时，请稍后再试", "This took too long. Please try again later"))

// problem turns any error into what the caller may see of it. The chain of an
// error of ours goes to the log, once, and nowhere else.
func (d *Desk) problem(v *visit, err error) *Problem {
	var made *Problem
	var routing *fiber.Error
	told := kernel.AsError(err)
	switch {
	case errors.As(err, &made):
		v.code = made.Code
		return made
	case told != nil:
	case errors.As(err, &routing):
		return newProblem(v, routing.Code, ofStatus(routing.Code))
	case errors.Is(err, context.DeadlineExceeded):
		told = errTimeout
	default:
		told = errInternal
	}
	if told.Kind == kernel.KindInternal || statusOf[told.Kind] == 0 {
		told = errInternal
	}
	status := statusOf[told.Kind]
	if status >= http.StatusInternalServerError {
		d.log.ErrorContext(v.context(), "request failed", "error", err)
	} else if cause := errors.Unwrap(told); cause != nil {
		d.log.InfoContext(v.context(), "request refused", "code", told.Code, "cause", cause)
	}
	p := newProblem(v, status, told)
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		p.wait = later.RetryAfter()
	}
	return p
}

// newProblem writes the error in the language of the visit.
func newProblem(v *visit, status int, e *kernel.Error) *Problem {
	v.code = e.Code
	p := &Problem{
		Type: "urn:yunhui:problem:" + e.Code, Status: status, Code: e.Code, RequestID: v.call.RequestID,
		Title: titles[status].In(v.call.Language), Detail: e.Message.In(v.call.Language),
	}
	if p.Title == "" {
		p.Title = http.StatusText(status)
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, FieldProblem{Path: f.Path, Code: f.Code, Message: f.Message.In(v.call.Language)})
	}
	return p
}

// refuse answers with the problem of err.
func (d *Desk) refuse(c *fiber.Ctx, v *visit, err error) {
	p := d.problem(v, err)
	body, marshalErr := json.Marshal(p)
	if marshalErr != nil { // strings and integers always marshal
		body = []byte(`{}`)
	}
	if p.Status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="yunhui"`)
	}
	if p.wait > 0 {
		c.Set(fiber.HeaderRetryAfter, seconds(p.wait))
	}
	c.Response().ResetBody()
	c.Set(fiber.HeaderContentType, problemType)
	c.Set(fiber.HeaderContentLanguage, v.call.Language)
	c.Status(p.Status)
	c.Response().SetBodyRaw(body)
}
