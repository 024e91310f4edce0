package api

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

const (
	idempotencyHeader = "Idempotency-Key"
	maxIdempotencyKey = 64
)

// checkIdempotency takes over the caller's key and, only then, the fingerprint
// of the request.
func (v *visit) checkIdempotency(c *fiber.Ctx) {
	key := c.Get(idempotencyHeader)
	if key == "" {
		return
	}
	plain := len(key) <= maxIdempotencyKey && !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
	if !plain {
		v.faults = append(v.faults, fault(idempotencyHeader, "field.pattern", "1–64 × ASCII 0x21–0x7E"))
		return
	}
	v.call.IdempotencyKey = key
	v.call.Fingerprint = fingerprint(c)
}

// fingerprint digests what the caller asked for, so that a key that comes back
// with something else is found out. A form is digested by its parts: its
// boundary is drawn anew by each attempt.
func fingerprint(c *fiber.Ctx) string {
	sum := sha256.New()
	add := func(parts ...string) {
		for _, p := range parts {
			_, _ = io.WriteString(sum, strconv.Itoa(len(p))+":"+p)
		}
	}
	add(c.Method(), c.Path(), string(c.Request().URI().QueryString()))
	form, err := c.MultipartForm()
	if err != nil {
		_, _ = sum.Write(c.Request().Body())
		return hex.EncodeToString(sum.Sum(nil))
	}
	for _, name := range slices.Sorted(maps.Keys(form.Value)) {
		add(append([]string{name}, form.Value[name]...)...)
	}
	for _, name := range slices.Sorted(maps.Keys(form.File)) {
		for _, f := range form.File[name] {
			add(name, f.Filename, digest(f))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func digest(f *multipart.FileHeader) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close() //nolint:errcheck // it was only read
	sum := sha256.New()
	_, _ = io.Copy(sum, r)
	return string(sum.Sum(nil))
}
