package api

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/url"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"yunhui/services/kernel"
)

// Exchange is one request and its answer in the hands of a raw operation. It is
// valid until the handler returns, and must not be kept.
type Exchange struct {
	c      *fiber.Ctx
	visit  *visit
	status int
}

// Context carries the call and ends with the time of the request.
func (x *Exchange) Context() context.Context { return x.c.UserContext() }

// Call is who asks, from where.
func (x *Exchange) Call() kernel.Call { return x.visit.call }

// Param is a parameter of the path.
func (x *Exchange) Param(name string) string { return x.c.Params(name) }

// Query is a parameter of the query, empty when it was not given.
func (x *Exchange) Query(name string) string { return x.c.Query(name) }

// Header is a header of the request.
func (x *Exchange) Header(name string) string { return x.c.Get(name) }

// Body is the whole body; it is only valid until the handler returns.
func (x *Exchange) Body() []byte { return x.c.Request().Body() }

// Upload is a file as it was sent. Its name is the sender's choice: show it, but
// do not open by it.
type Upload struct {
	Name string
	Size int64
	open func() (io.ReadCloser, error)
}

// Open reads the file from its beginning.
func (u Upload) Open() (io.ReadCloser, error) { return u.open() }

// Field is a text part of a form.
func (x *Exchange) Field(name string) (string, error) {
	form, err := x.c.MultipartForm()
	if err != nil {
		return "", errForm.Because(err)
	}
	value := strings.Join(form.Value[name], "")
	if kernel.Hidden(value) {
		return "", invalid([]kernel.Field{fault(name, "field.hidden_characters")})
	}
	return value, nil
}

var errForm = kernel.Fail(kernel.KindUnsupported, "body.unsupported_type", kernel.T("请以 multipart/form-data 方式上传", "Send this as multipart/form-data"))

// File is the one file of a part of a form; an absent or empty file is a fault
// of that entry.
func (x *Exchange) File(name string) (Upload, error) {
	form, err := x.c.MultipartForm()
	if err != nil {
		return Upload{}, errForm.Because(err)
	}
	files := form.File[name]
	if len(files) != 1 || files[0].Size == 0 {
		return Upload{}, invalid([]kernel.Field{fault(name, "field.required")})
	}
	f := files[0]
	own := path.Base(strings.ReplaceAll(f.Filename, `\`, "/"))
	if kernel.Hidden(own) {
		return Upload{}, invalid([]kernel.Field{fault(name, "field.hidden_characters")})
	}
	if int(f.Size) > x.visit.route.maxBody {
		return Upload{}, ofStatus(fiber.StatusRequestEntityTooLarge)
	}
	return Upload{Name: own, Size: f.Size, open: func() (io.ReadCloser, error) { return f.Open() }}, nil
}

// SetHeader sets a header of the answer.
func (x *Exchange) SetHeader(name, value string) { x.c.Set(name, value) }

// JSON answers with a value.
func (x *Exchange) JSON(v any) error {
	var out bytes.Buffer
	if err := jsonFormat.Marshal(&out, v); err != nil {
		return err //nolint:wrapcheck // an error of ours, logged as it is
	}
	return x.Inline(fiber.MIMEApplicationJSON, out.Bytes())
}

// NoContent answers that it is done.
func (x *Exchange) NoContent() error {
	x.c.Status(fiber.StatusNoContent)
	return nil
}

// Inline answers with bytes that the browser may show. HTML may carry its own
// style, and no script runs in it.
func (x *Exchange) Inline(media string, body []byte) error {
	if strings.HasPrefix(media, fiber.MIMETextHTML) {
		x.c.Set(fiber.HeaderContentSecurityPolicy, policyPrint)
	}
	x.c.Set(fiber.HeaderContentType, media)
	x.c.Status(x.status)
	x.c.Response().SetBody(body)
	return nil
}

// Download answers with a file to keep. The body is read after the handler has
// returned, and closed if it can be; size is -1 when it is not known.
func (x *Exchange) Download(name, media string, size int64, body io.Reader) error {
	x.c.Set(fiber.HeaderContentDisposition, attachment(name))
	x.c.Set(fiber.HeaderContentType, media)
	x.c.Set(fiber.HeaderContentSecurityPolicy, policyData+"; sandbox")
	x.c.Status(x.status)
	x.c.Response().SetBodyStream(body, int(size))
	return nil
}

// attachment names a file for every browser: in ASCII for old ones, and as it is
// (RFC 8187) for the rest.
func attachment(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/%;`, r) {
			return '_'
		}
		return r
	}, name)
	return mime.FormatMediaType("attachment", map[string]string{"filename": ascii}) + "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

func (x *Exchange) checkParams() {
	for _, name := range x.c.Route().Params {
		if kernel.Hidden(x.c.Params(name)) {
			x.visit.faults = append(x.visit.faults, fault(name, "field.hidden_characters"))
		}
	}
}
