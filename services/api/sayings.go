package api

import "yunhui/services/kernel"

// sayings are the sentences about one entry. The key is the stable code, and
// after a slash the variant of it; args are filled in where {} stands.
var sayings = map[string]kernel.Text{
	"field.required":          kernel.T("必填", "This is required"),
	"field.unknown":           kernel.T("不认识的字段，请删除或检查拼写", "This is not known here; remove it or check its spelling"),
	"field.hidden_characters": kernel.T("含有不可见的字符，请删除后重新输入", "This contains characters that cannot be seen; please retype it"),
	"field.invalid":           kernel.T("内容有误", "This is not valid"),

	"field.type/boolean": kernel.T("应为 true 或 false", "This must be true or false"),
	"field.type/number":  kernel.T("应为数字", "This must be a number"),
	"field.type/integer": kernel.T("应为整数", "This must be a whole number"),
	"field.type/string":  kernel.T("应为文本", "This must be text"),
	"field.type/array":   kernel.T("应为列表", "This must be a list"),
	"field.type/object":  kernel.T("应为对象", "This must be an object"),
	"field.type/base64":  kernel.T("应为 base64 编码", "This must be base64"),
	"field.type/value":   kernel.T("类型不对", "This has the wrong type"),

	"field.range/ge":       kernel.T("不能小于 {}", "This must be at least {}"),
	"field.range/gt":       kernel.T("必须大于 {}", "This must be more than {}"),
	"field.range/le":       kernel.T("不能大于 {}", "This must be at most {}"),
	"field.range/lt":       kernel.T("必须小于 {}", "This must be less than {}"),
	"field.range/overflow": kernel.T("数值超出范围", "This number is out of range"),
	"field.step":           kernel.T("必须是 {} 的倍数", "This must be a multiple of {}"),

	"field.too_short":      kernel.T("至少 {} 个字符", "This needs at least {} characters"),
	"field.too_long":       kernel.T("最多 {} 个字符", "This may have at most {} characters"),
	"field.too_few":        kernel.T("至少 {} 项", "This needs at least {} entries"),
	"field.too_many":       kernel.T("最多 {} 项", "This may have at most {} entries"),
	"field.duplicate":      kernel.T("有重复的项", "Some entries are repeated"),
	"field.choice":         kernel.T("应为以下之一：{}", "This must be one of: {}"),
	"field.const":          kernel.T("应为 {}", "This must be {}"),
	"field.pattern":        kernel.T("格式应为 {}", "This must have the form {}"),
	"field.choice/variant": kernel.T("不符合任何一种允许的形式", "This matches none of the allowed forms"),

	"field.format/date-time": kernel.T("应为时间，如 2026-11-23T08:00:00Z", "This must be a time as 2026-11-23T08:00:00Z"),
	"field.format/date":      kernel.T("应为存在的日期，如 2026-11-23", "This must be an existing date as 2026-11-23"),
	"field.format/time":      kernel.T("应为时刻，如 08:00:00", "This must be a time of day as 08:00:00"),
	"field.format/duration":  kernel.T("应为时长，如 1h30m", "This must be a duration as 1h30m"),
	"field.format/email":     kernel.T("应为电子邮箱地址", "This must be an email address"),
	"field.format/hostname":  kernel.T("应为主机名", "This must be a host name"),
	"field.format/ip":        kernel.T("应为 IP 地址", "This must be an IP address"),
	"field.format/uri":       kernel.T("应为网址", "This must be a URL"),
	"field.format/uuid":      kernel.T("应为编号（UUID）", "This must be an identifier (UUID)"),
	"field.format/text":      kernel.T("格式不正确", "This does not have the right form"),
}
