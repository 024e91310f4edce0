package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/settings"
)

func TestSettingsAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	s, err := settings.Load("", nil)
	require.NoError(t, err)
	meaning := meanings(t)
	var table strings.Builder
	table.WriteString("| Variable | Key in the file | Default | Meaning |\n|---|---|---|---|\n")
	for _, e := range s.Masked() {
		require.NotEmpty(t, meaning[e.Key], "the field of %s says nothing in services/settings", e.Key)
		value := "(empty)"
		if e.Value != "" {
			value = "`" + e.Value + "`"
		}
		_, _ = fmt.Fprintf(&table, "| `%s` | `%s` | %s | %s |\n", e.Variable, e.Key, value, meaning[e.Key])
	}
	section(t, "operations.md", "settings", table.String())
}

// meanings reads what the fields of the settings say of themselves.
func meanings(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "services", "settings", "settings.go"), nil, parser.ParseComments)
	require.NoError(t, err)
	structs := map[string]*ast.StructType{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if s, ok := spec.Type.(*ast.StructType); ok {
				structs[spec.Name.Name] = s
			}
		}
		return true
	})
	out := map[string]string{}
	var read func(prefix string, s *ast.StructType)
	read = func(prefix string, s *ast.StructType) {
		for _, f := range s.Fields.List {
			key := keyOf(f)
			if key == "" {
				continue
			}
			if name, ok := f.Type.(*ast.Ident); ok && structs[name.Name] != nil {
				read(prefix+key+".", structs[name.Name])
				continue
			}
			out[prefix+key] = strings.TrimSpace(strings.ReplaceAll(f.Comment.Text()+f.Doc.Text(), "\n", " "))
		}
	}
	read("", structs["Settings"])
	return out
}

func keyOf(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	return reflect.StructTag(tag).Get("koanf")
}
