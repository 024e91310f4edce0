package settings

import (
	"net/netip"
	"path/filepath"
	"strings"
)

// Settings is the effective set-up. Its zero value is of no use: Load makes it.
type Settings struct {
	Listen         string   `koanf:"listen"`          // address and port of the front desk
	Database       string   `koanf:"database"`        // sqlite://path or mysql://user:pass@host:3306/name
	Redis          string   `koanf:"redis"`           // empty: embedded; redis://… or redis-sentinel://…
	Data           string   `koanf:"data"`            // folder for SQLite, files and keys
	PublicURL      string   `koanf:"public_url"`      // how visitors reach the site; links and HSTS depend on it
	Demo           bool     `koanf:"demo"`            // lets the demo accounts in
	TrustedProxies []string `koanf:"trusted_proxies"` // whose X-Forwarded-For is believed
	MasterKey      string   `koanf:"master_key"`      // seals fields of the store; empty: from the file master.key in the data folder
	Log            Log      `koanf:"log"`

	proxies []netip.Prefix
	sources map[string]Source
}

// Log is how the service speaks to its operator.
type Log struct {
	Level  string `koanf:"level"`  // debug, info, warn, error
	Format string `koanf:"format"` // json, text
}

// Source says where the effective value of a key came from.
type Source string

// The sources, weakest first.
const (
	FromDefault     Source = "default"
	FromFile        Source = "file"
	FromEnvironment Source = "environment"
)

func defaults() map[string]any {
	return map[string]any{
		"listen":          "127.0.0.1:8080",
		"database":        "sqlite://data/yunhui.db",
		"redis":           "",
		"data":            "data",
		"public_url":      "",
		"demo":            false,
		"trusted_proxies": []string{},
		"master_key":      "",
		"log.level":       "info",
		"log.format":      "json",
	}
}

// Proxies are the networks whose X-Forwarded-For is believed.
func (s Settings) Proxies() []netip.Prefix { return s.proxies }

// BaseURL is where links lead: the public URL, or the listening address on a
// machine that has none. It has no trailing slash.
func (s Settings) BaseURL() string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	return "http://" + s.Listen
}

// Path names something in the data folder.
func (s Settings) Path(elements ...string) string {
	return filepath.Join(append([]string{s.Data}, elements...)...)
}

// Embedded reports whether the queue's store runs inside the process.
func (s Settings) Embedded() bool { return s.Redis == "" }

// Secure reports whether visitors reach the site by https.
func (s Settings) Secure() bool { return strings.HasPrefix(s.PublicURL, "https://") }
