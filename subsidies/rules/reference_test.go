package rules

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write docs/policy-reference.md")

func TestTheReferenceIsTheSchemas(t *testing.T) {
	t.Parallel()
	page, err := Reference()
	require.NoError(t, err)
	page = append(page, '\n')
	path := filepath.Join("..", "..", "docs", "policy-reference.md")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, page, 0o600))
	}
	stored, err := os.ReadFile(path)
	require.NoError(t, err, "run go test ./subsidies/rules -run Reference -update")
	if !bytes.Equal(page, stored) {
		t.Error("docs/policy-reference.md differs from the schema: run make generate")
	}
}

func TestEveryFieldOfTheSchemaIsDescribedInBothLanguages(t *testing.T) {
	t.Parallel()
	page, err := Reference()
	require.NoError(t, err)
	for line := range strings.Lines(string(page)) {
		require.NotContains(t, line, "|  |", "no description")
	}
	require.Contains(t, string(page), "rounding")
	first := Schema()
	first[0] = 'x'
	require.NotEqual(t, first[0], Schema()[0], "a caller cannot spoil the schema")
}
