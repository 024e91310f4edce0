// Package house_test holds the house to its plan: which room may lean on which.
package house_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "yunhui"

// floors lists the top-level folders with Go in them and what each may import.
// Every arrow points down; what stands beside a floor is out of its reach, so
// that catalog and subsidies meet nowhere but in cmd.
var floors = map[string][]string{
	"cmd":       {"cmd", "workers", "catalog", "subsidies", "services", "frontend"},
	"workers":   {"workers", "catalog", "subsidies", "services"},
	"catalog":   {"catalog", "services"},
	"subsidies": {"subsidies", "services"},
	"services":  {"services", "sql"},
	"frontend":  {},
	"sql":       {},
	"docs":      {"catalog", "subsidies", "services"}, // the tests that write and check the papers
}

// ownData are folders that a checkout may hold but the repository does not; a
// hidden folder is nobody's room either.
var ownData = []string{"bin", "data", "node_modules", "test-results"}

// pure names packages that hold words and rules only: whatever they import of
// this module is pure as well.
var pure = []string{"services/kernel", "services/registry", "catalog", "catalog/matching", "subsidies", "subsidies/rules"}

// nameless are package names that say nothing of what is inside.
var nameless = []string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "shared", "base", "lib", "types", "models"}

// source is a Go file with its imports. The paths are relative to the root of
// the module, with slashes.
type source struct {
	path    string
	folder  string
	name    string // of its package
	test    bool
	imports []string
}

func (s source) floor() string { return floorOf(s.folder) }

func floorOf(folder string) string {
	floor, _, _ := strings.Cut(folder, "/")
	return floor
}

// ours returns the imports that lie within the module, relative to its root.
func (s source) ours() []string {
	var own []string
	for _, i := range s.imports {
		if folder, ok := strings.CutPrefix(i, module+"/"); ok {
			own = append(own, folder)
		}
	}
	return own
}

// sources reads the imports of every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	require.NoError(t, filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (strings.HasPrefix(entry.Name(), ".") || slices.Contains(ownData, entry.Name())):
			return filepath.SkipDir
		case entry.IsDir() || path.Ext(file) != ".go":
			return nil
		}
		read, err := readSource(filepath.ToSlash(file))
		all = append(all, read)
		return err
	}))
	require.Greater(t, len(all), 100, "the test must run in the root of the module")
	return all
}

func readSource(file string) (source, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return source{}, fmt.Errorf("read imports: %w", err)
	}
	s := source{path: file, folder: path.Dir(file), name: parsed.Name.Name, test: strings.HasSuffix(file, "_test.go")}
	for _, i := range parsed.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("read imports of %s: %w", file, err)
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.folder == "." {
			continue
		}
		allowed, known := floors[s.floor()]
		if !known {
			t.Errorf("%s: %q is no room of the house", s.path, s.floor())
			continue
		}
		for _, folder := range s.ours() {
			if !slices.Contains(allowed, floorOf(folder)) {
				t.Errorf("%s imports %s: %s may import only %s", s.path, folder, s.floor(), strings.Join(allowed, ", "))
			}
		}
	}
}

func TestTopLevelFoldersAreFixed(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		_, room := floors[e.Name()]
		known := room || slices.Contains(ownData, e.Name()) || strings.HasPrefix(e.Name(), ".")
		if e.IsDir() && !known {
			t.Errorf("%s/: a new folder at the top changes the plan of the house; find it a room that exists", e.Name())
		}
	}
}

func TestKernelNeedsOnlyTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.folder != "services/kernel" || s.test {
			continue
		}
		for _, i := range s.imports {
			first, _, _ := strings.Cut(i, "/")
			if strings.Contains(first, ".") || first == module {
				t.Errorf("%s imports %s: weights and measures need only the standard library", s.path, i)
			}
		}
	}
}

func TestRulesAndWordsDoNoInputOrOutput(t *testing.T) {
	t.Parallel()
	forbidden := []string{"database/sql", "net/http", "gorm.io/gorm", "os"}
	for _, s := range sources(t) {
		if s.test || !slices.Contains(pure, s.folder) {
			continue
		}
		for _, folder := range s.ours() {
			if !slices.Contains(pure, folder) {
				t.Errorf("%s imports %s: %s is pure and may import only %s", s.path, folder, s.folder, strings.Join(pure, ", "))
			}
		}
		for _, i := range s.imports {
			if slices.Contains(forbidden, i) {
				t.Errorf("%s imports %s: %s is pure", s.path, i, s.folder)
			}
		}
	}
}

func TestTheFrontDeskKnowsNoOtherRoom(t *testing.T) {
	t.Parallel()
	allowed := []string{"services/api", "services/kernel", "services/telemetry"}
	for _, s := range sources(t) {
		if s.folder != "services/api" {
			continue
		}
		for _, folder := range s.ours() {
			if !slices.Contains(allowed, folder) {
				t.Errorf("%s imports %s: rooms register on the desk, it imports none of them", s.path, folder)
			}
		}
	}
}

func TestRoomsAreReachedOverHTTPOnlyThroughTheirRestPackage(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || s.floor() == "cmd" || s.folder == "services/api" || path.Base(s.folder) == "rest" {
			continue
		}
		for _, folder := range s.ours() {
			if folder == "services/api" || path.Base(folder) == "rest" {
				t.Errorf("%s imports %s: only rest packages and cmd speak HTTP", s.path, folder)
			}
		}
	}
}

func TestOnlyTestsImportTestPackages(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || strings.HasSuffix(path.Base(s.folder), "test") {
			continue
		}
		for _, i := range s.imports {
			if strings.HasSuffix(path.Base(i), "test") || i == "testing" || strings.HasPrefix(i, "github.com/stretchr/testify") || i == "pgregory.net/rapid" {
				t.Errorf("%s imports %s: only tests may", s.path, i)
			}
		}
	}
}

func TestPackagesAreNamedAfterWhatTheyHold(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if slices.Contains(nameless, strings.TrimSuffix(s.name, "_test")) || slices.Contains(nameless, path.Base(s.folder)) {
			t.Errorf("%s: package %s says nothing of what is inside", s.path, s.name)
		}
	}
}
