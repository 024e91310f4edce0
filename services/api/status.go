package api

import (
	"net/http"

	"yunhui/services/kernel"
)

// ofStatus says what the plumbing below the routes means by a status.
func ofStatus(status int) *kernel.Error {
	switch status {
	case http.StatusNotFound:
		return kernel.Fail(kernel.KindNotFound, "route.not_found", kernel.T("没有这个地址", "There is nothing at this address"))
	case http.StatusMethodNotAllowed:
		return kernel.Fail(kernel.KindInvalid, "route.method_not_allowed", kernel.T("此地址不支持该方法", "This address does not take that method"))
	case http.StatusNotImplemented:
		return kernel.Fail(kernel.KindInvalid, "route.method_unknown", kernel.T("不认识的方法", "Unknown method"))
	case http.StatusRequestEntityTooLarge:
		return kernel.Fail(kernel.KindTooLarge, "body.too_large", kernel.T("提交的内容超过大小限制", "What was sent is larger than allowed"))
	case http.StatusUnsupportedMediaType:
		return kernel.Fail(kernel.KindUnsupported, "body.unsupported_type", kernel.T("不支持这种内容格式，请使用 application/json", "This content type is not supported; send application/json"))
	case http.StatusRequestTimeout:
		return kernel.Fail(kernel.KindUnavailable, "body.timeout", kernel.T("接收内容超时", "The request took too long to arrive"))
	case http.StatusRequestHeaderFieldsTooLarge:
		return kernel.Fail(kernel.KindTooLarge, "header.too_large", kernel.T("请求头过大", "The headers are larger than allowed"))
	case http.StatusBadRequest:
		return kernel.Fail(kernel.KindInvalid, "malformed_request", kernel.T("请求格式有误", "The request is malformed"))
	default:
		return errInternal
	}
}
