package api

import (
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// formOverhead is what boundaries and part headers add to a file.
const formOverhead = 64 << 10

// bodyLimit is asked when the header of a request is in and its body is not.
// Only a route that takes more than the desk's limit gets more, and only for
// somebody who at least shows a token; everybody else is refused unread.
func (d *Desk) bodyLimit(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if len(h.Peek("Authorization")) == 0 || h.IsGet() {
		return fasthttp.RequestConfig{}
	}
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	method := string(h.Method())
	for _, r := range d.routes {
		if r.maxBody > d.maxBody && r.Method == method && r.leads(path) {
			return fasthttp.RequestConfig{MaxRequestBodySize: r.maxBody + formOverhead, ReadTimeout: 5 * time.Minute}
		}
	}
	return fasthttp.RequestConfig{}
}
