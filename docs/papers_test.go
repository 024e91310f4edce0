// Package docs_test writes the papers that follow from the code (-update) and
// holds the others to it: links lead somewhere, every metric is named.
package docs_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the generated papers")

// root is the checkout; these tests run in docs/.
const root = ".."

// paper compares a whole generated page with the stored one, or writes it.
func paper(t *testing.T, name, page string) {
	t.Helper()
	if *update {
		whole := name + ".new" // other tests read the page meanwhile
		require.NoError(t, os.WriteFile(whole, []byte(page), 0o600))
		require.NoError(t, os.Rename(whole, name))
	}
	stored, err := os.ReadFile(name)
	require.NoError(t, err, "run make generate")
	require.Equal(t, page, string(stored), "docs/%s differs from the code: run make generate", name)
}

// section compares the part of a page between its two marks, or writes it.
func section(t *testing.T, name, mark, text string) {
	t.Helper()
	page, err := os.ReadFile(name)
	require.NoError(t, err)
	begin, end := "<!-- "+mark+": generated, do not edit -->\n", "<!-- /"+mark+" -->"
	before, rest, found := strings.Cut(string(page), begin)
	require.True(t, found, "docs/%s has no mark %q", name, begin)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "docs/%s has no mark %q", name, end)
	paper(t, name, before+begin+text+end+after)
}

// files lists the repository's files with one of the endings.
func files(t *testing.T, endings ...string) []string {
	t.Helper()
	foreign := []string{"node_modules", "dist", "data", "bin", "test-results", ".git"}
	var found []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(foreign, entry.Name()) && filepath.Base(filepath.Dir(path)) != "demo":
			return filepath.SkipDir
		case !entry.IsDir() && slices.Contains(endings, filepath.Ext(path)):
			found = append(found, path)
		}
		return nil
	}))
	return found
}

var (
	fences = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	links  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	abroad = regexp.MustCompile(`^([a-z]+:|#)`)
)

func TestLinksBetweenPapersLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, ".md") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, link := range links.FindAllSubmatch(fences.ReplaceAll(text, nil), -1) {
			target, _, _ := strings.Cut(string(link[1]), "#")
			if abroad.Match(link[1]) {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", path, link[1])
			}
		}
	}
}

func TestYAMLAndJSONCanBeRead(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, ".yml", ".yaml") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var content any
		require.NoError(t, yaml.Unmarshal(text, &content), path)
	}
	for _, path := range files(t, ".json") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if strings.HasPrefix(filepath.Base(path), "tsconfig") {
			continue // TypeScript allows comments there
		}
		require.True(t, json.Valid(bytes.TrimSpace(text)), path)
	}
}

// The names of metrics as the code gives them: to the registry of the process,
// which puts the product's name before them, or whole.
var metricNames = regexp.MustCompile(`(?:[Cc]ounter|Gauge|Histogram)\(\s*"([a-z_]+)"|NewDesc\(\s*"yunhui_([a-z_]+)"`)

func TestEveryMetricIsExplained(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("operations.md")
	require.NoError(t, err)
	named := 0
	for _, path := range files(t, ".go") {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, m := range metricNames.FindAllSubmatch(text, -1) {
			name := "yunhui_" + string(m[1]) + string(m[2])
			named++
			require.Contains(t, string(page), "`"+name+"`", "%s counts it", path)
		}
	}
	require.Greater(t, named, 5, "the names are found in the code")
}

var checkCodes = regexp.MustCompile(`\{"([a-z_]+)", check[A-Z]`)

func TestEveryCheckIsExplained(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("checks.md")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "subsidies", "claims", "checks.go"))
	require.NoError(t, err)
	codes := checkCodes.FindAllSubmatch(text, -1)
	require.NotEmpty(t, codes)
	for _, m := range codes {
		require.Contains(t, string(page), "| `"+string(m[1])+"` |")
	}
}
