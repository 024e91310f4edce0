package settings

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// check refuses values that cannot work, all at once, and keeps what it parsed.
func (s *Settings) check() error {
	var faults []error
	refuse := func(key, format string, args ...any) {
		faults = append(faults, fmt.Errorf("setting %s (%s): %s", key, variable(key), fmt.Sprintf(format, args...)))
	}
	if _, port, err := net.SplitHostPort(s.Listen); err != nil || port == "" {
		refuse("listen", "want address:port, as 127.0.0.1:8080")
	}
	if !hasScheme(s.Database, "sqlite", "mysql") {
		refuse("database", "want sqlite://path or mysql://user:password@host:3306/name")
	}
	if s.Redis != "" && !hasScheme(s.Redis, "redis", "rediss", "redis-sentinel") {
		refuse("redis", "want nothing, redis://… or redis-sentinel://…")
	}
	if s.Data == "" {
		refuse("data", "want a folder")
	}
	if why := publicURLFault(s.PublicURL); why != "" {
		refuse("public_url", "%s", why)
	}
	for _, text := range s.TrustedProxies {
		network, err := parseNetwork(text)
		if err != nil {
			refuse("trusted_proxies", "%q is neither an address nor a network as 10.0.0.0/8", text)
		}
		s.proxies = append(s.proxies, network)
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.Log.Level) {
		refuse("log.level", "want debug, info, warn or error")
	}
	if !slices.Contains([]string{"json", "text"}, s.Log.Format) {
		refuse("log.format", "want json or text")
	}
	return errors.Join(faults...)
}

func hasScheme(value string, schemes ...string) bool {
	scheme, rest, ok := strings.Cut(value, "://")
	return ok && rest != "" && slices.Contains(schemes, scheme)
}

// publicURLFault says what is wrong with the URL; the empty URL is right. The
// site lives at the root of its host, so a path is refused.
func publicURLFault(value string) string {
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return "want http://host or https://host"
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return "want scheme and host only: the site lives at the root"
	default:
		return ""
	}
}

func parseNetwork(text string) (netip.Prefix, error) {
	if network, err := netip.ParsePrefix(text); err == nil {
		return network.Masked(), nil
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("network %q: %w", text, err)
	}
	return address.Prefix(address.BitLen())
}
