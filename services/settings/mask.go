package settings

import (
	"net/url"
	"strconv"
	"strings"
)

// Entry is one effective setting as it may be shown.
type Entry struct {
	Key      string `json:"key"`
	Variable string `json:"variable"`
	Value    string `json:"value"`
	Source   Source `json:"source"`
}

// Masked lists the effective settings in a fixed order, passwords masked.
func (s Settings) Masked() []Entry {
	values := []struct{ key, value string }{
		{"listen", s.Listen},
		{"database", maskURL(s.Database)},
		{"redis", maskURL(s.Redis)},
		{"data", s.Data},
		{"public_url", s.PublicURL},
		{"demo", strconv.FormatBool(s.Demo)},
		{"trusted_proxies", strings.Join(s.TrustedProxies, ", ")},
		{"master_key", maskSecret(s.MasterKey)},
		{"log.level", s.Log.Level},
		{"log.format", s.Log.Format},
	}
	out := make([]Entry, 0, len(values))
	for _, v := range values {
		out = append(out, Entry{Key: v.key, Variable: variable(v.key), Value: v.value, Source: s.sources[v.key]})
	}
	return out
}

const mask = "******"

func maskSecret(value string) string {
	if value == "" {
		return ""
	}
	return mask
}

// maskURL hides the password before the host and any query value whose name
// speaks of a secret. What cannot be parsed might hold one anywhere, and is
// hidden whole after its scheme.
func maskURL(raw string) string {
	scheme, _, ok := strings.Cut(raw, "://")
	if !ok {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return scheme + "://" + mask
	}
	if _, set := u.User.Password(); set {
		u.User = url.UserPassword(u.User.Username(), mask)
	}
	query := u.Query()
	for name := range query {
		lower := strings.ToLower(name)
		if strings.Contains(lower, "pass") || strings.Contains(lower, "secret") || strings.Contains(lower, "token") {
			query.Set(name, mask)
		}
	}
	u.RawQuery = query.Encode()
	return strings.ReplaceAll(u.String(), url.QueryEscape(mask), mask)
}
