package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/subsidies/budget"
)

// TestTheChartOfAccountsFollowsTheCode writes the tables, and finds accounts and
// kinds of journals that the code uses and the chart does not name.
func TestTheChartOfAccountsFollowsTheCode(t *testing.T) {
	t.Parallel()
	var accounts, movements strings.Builder
	accounts.WriteString("| Account | 科目 | Name | Balance | 说明 | Meaning |\n|---|---|---|---|---|---|\n")
	named := map[string]bool{}
	for _, a := range budget.Chart {
		named[string(a.Account)] = true
		fmt.Fprintf(&accounts, "| `%s` | %s | %s | %s | %s | %s |\n", a.Account, a.Name.ZH, a.Name.EN, a.Side, a.About.ZH, a.About.EN)
	}
	movements.WriteString("| Kind | 业务 | Name | Accounts |\n|---|---|---|---|\n")
	for _, m := range budget.Movements {
		named[m.Kind] = true
		fmt.Fprintf(&movements, "| `%s` | %s | %s | %s |\n", m.Kind, m.Name.ZH, m.Name.EN, m.Lines)
	}
	section(t, "accounts.md", "accounts", accounts.String())
	section(t, "accounts.md", "movements", movements.String())

	used := regexp.MustCompile(`(?m)^\s*\w+\s+(?:Account|ActKind)\s*=\s*"([a-z._]+)"|book\(tx, "([a-z_]+)"`)
	sources, err := filepath.Glob(root + "/subsidies/budget/*.go")
	require.NoError(t, err)
	for _, path := range sources {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, m := range used.FindAllStringSubmatch(string(text), -1) {
			name := m[1] + m[2]
			require.True(t, named[name], "%s: %q is posted but stands neither in budget.Chart nor in budget.Movements (chart.go)", path, name)
		}
	}
}
