package api

import (
	"strconv"
	"strings"
)

const (
	chinese = "zh-CN"
	english = "en"
)

// language picks the language of the answer by Accept-Language; Chinese unless
// English is preferred to it.
func language(accept string) string {
	best, weight := chinese, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		spoken := ""
		switch primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-"); primary {
		case "zh":
			spoken = chinese
		case "en":
			spoken = english
		}
		if q := quality(params); spoken != "" && q > weight {
			best, weight = spoken, q
		}
	}
	return best
}

func quality(params string) float64 {
	name, value, ok := strings.Cut(strings.TrimSpace(params), "=")
	if !ok || strings.TrimSpace(name) != "q" {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
