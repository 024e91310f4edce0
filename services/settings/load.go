package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

const prefix = "YUNHUI_"

// testPrefix marks variables that steer the project's own tests; a service that
// a test starts inherits them and must not stumble over them.
const testPrefix = prefix + "TEST_"

// Load reads the settings: defaults, then the YAML file (none when the path is
// empty), then the environment as os.Environ gives it. The error names every key
// that is unknown or has a value that cannot be.
func Load(configFile string, environ []string) (Settings, error) {
	all := koanf.New(".")
	sources := map[string]Source{}
	if err := all.Load(confmap.Provider(defaults(), "."), nil); err != nil {
		return Settings{}, fmt.Errorf("default settings: %w", err)
	}
	known := all.Keys()
	for _, key := range known {
		sources[key] = FromDefault
	}

	var faults []error
	take := func(k *koanf.Koanf, from Source) {
		for _, key := range k.Keys() {
			sources[key] = from
		}
		if err := all.Merge(k); err != nil {
			faults = append(faults, fmt.Errorf("settings from the %s: %w", from, err))
		}
	}
	if configFile != "" {
		k, err := fromFile(configFile, known)
		faults = append(faults, err)
		take(k, FromFile)
	}
	k, err := fromEnvironment(environ, known)
	faults = append(faults, err)
	take(k, FromEnvironment)
	if err := errors.Join(faults...); err != nil {
		return Settings{}, err
	}

	s := Settings{sources: sources}
	if err := all.Unmarshal("", &s); err != nil {
		return Settings{}, fmt.Errorf("settings: %w", err)
	}
	err = s.check()
	return s, err
}

// FromProcess loads with the environment of this process.
func FromProcess(configFile string) (Settings, error) { return Load(configFile, os.Environ()) }

func fromFile(path string, known []string) (*koanf.Koanf, error) {
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return koanf.New("."), fmt.Errorf("settings file %s: %w", path, err)
	}
	var faults []error
	for _, key := range k.Keys() {
		if !slices.Contains(known, key) {
			faults = append(faults, fmt.Errorf("settings file %s: unknown key %q", path, key))
		}
	}
	return k, errors.Join(faults...)
}

func fromEnvironment(environ, known []string) (*koanf.Koanf, error) {
	keyOf := map[string]string{}
	for _, key := range known {
		keyOf[variable(key)] = key
	}
	var faults []error
	provider := env.Provider(".", env.Opt{
		Prefix:      prefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			key, ok := keyOf[name]
			switch {
			case strings.HasPrefix(name, testPrefix):
				return "", nil
			case !ok:
				faults = append(faults, fmt.Errorf("environment: unknown setting %s", name))
				return "", nil
			case key == "trusted_proxies":
				return key, list(value)
			default:
				return key, value
			}
		},
	})
	k := koanf.New(".")
	if err := k.Load(provider, nil); err != nil {
		faults = append(faults, fmt.Errorf("environment: %w", err))
	}
	return k, errors.Join(faults...)
}

// variable is the name of a key in the environment: "log.level" is YUNHUI_LOG_LEVEL.
func variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func list(value string) []string {
	out := []string{}
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
