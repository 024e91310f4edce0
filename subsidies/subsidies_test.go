package subsidies_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/subsidies"
)

func TestOneContractHasOneKeyHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const plain = "HT-2026-001"
	key := subsidies.ContractKey("p", plain)
	require.Equal(t, "p:HT2026001", key)
	for _, same := range []string{
		"ht-2026-001", " HT-2026-001 ", "HT 2026 001", "HT2026001", "ＨＴ－２０２６－００１", "HT—2026–001", "〔HT〕2026（001）",
		"HT/2026/001", "HT\u00a02026\u2009001", "HT\u20112026\u2212001", "HT　2026　001", "ht_2026_001", "「HT」2026·001",
	} {
		require.Equal(t, key, subsidies.ContractKey("p", same), "%q", same)
	}
	require.Equal(t, subsidies.ContractKey("p", "合同①号"), subsidies.ContractKey("p", "合同 1 号"))
	for _, other := range []string{"HT-2026-002", "HT-2026-001A", "补HT-2026-001", ""} {
		require.NotEqual(t, key, subsidies.ContractKey("p", other), "%q", other)
	}
	require.NotEqual(t, key, subsidies.ContractKey("q", plain), "numbers are a provider's own")
	for _, nothing := range []string{"", " ", "---", "（）", "\u3000"} {
		require.Empty(t, subsidies.ContractKey("p", nothing), "%q", nothing)
	}
}

func TestAContractKeyFitsItsColumn(t *testing.T) {
	t.Parallel()
	org := kernel.ID(strings.Repeat("f", 36))
	rapid.Check(t, func(t *rapid.T) {
		number := string(rapid.SliceOfN(rapid.Rune(), 0, 80).Draw(t, "number"))
		require.LessOrEqual(t, utf8.RuneCountInString(subsidies.ContractKey(org, number)), 140)
	})
	swollen := subsidies.ContractKey(org, strings.Repeat("\ufdfa", 80)) // each is eighteen letters, spelt out
	require.Len(t, swollen, 36+1+64)
	require.NotEqual(t, swollen, subsidies.ContractKey(org, strings.Repeat("\ufdfa", 79)))
}

func TestAnInvoiceNumberHasOneForm(t *testing.T) {
	t.Parallel()
	good := []subsidies.Invoice{
		{Number: "26500000000000000001", IssuedOn: "2026-11-10"},
		{Number: "26500000000000000001"}, // the date is missed elsewhere
		{Code: "5000261130", Number: "01234567", IssuedOn: "2026-11-10"},
		{Code: "050002600111", Number: "00000001"},
	}
	for _, v := range good {
		require.NoError(t, v.CheckForm(), "%+v", v)
	}
	bad := map[string]subsidies.Invoice{
		"number invoice.number_form":  {Number: "2650000000000000000", IssuedOn: "2026-11-10"},
		"number invoice.number_form ": {Number: "２６500000000000000001"},
		"number invoice.number_year":  {Number: "25500000000000000001", IssuedOn: "2026-11-10"},
		"code invoice.code_form":      {Code: "500026113", Number: "01234567"},
		"number invoice.number_form.": {Code: "5000261130", Number: "0123456"},
		"number invoice.number_form,": {},
		"number invoice.number_form;": {Number: "26500000000000000001\n", IssuedOn: "2026-11-10"},
	}
	for want, v := range bad {
		e := kernel.AsError(v.CheckForm())
		require.NotNil(t, e, "%+v", v)
		require.Equal(t, strings.TrimRight(want, " .,;"), e.Fields[0].Path+" "+e.Fields[0].Code)
		require.Len(t, e.Fields, 1)
	}
	require.NotEqual(t, subsidies.Invoice{Code: "1", Number: "23"}.Key(), subsidies.Invoice{Code: "12", Number: "3"}.Key())
}

func TestLegsAreConservedOrRefused(t *testing.T) {
	t.Parallel()
	good := subsidies.Legs{ListPrice: 100, ProviderDiscount: 10, Subsidy: 30, Municipal: 18, District: 12, EnterpriseShare: 60}
	require.NoError(t, good.Conserved())
	require.EqualValues(t, 90, good.Contract())
	for name, spoil := range map[string]func(*subsidies.Legs){
		"a fen too much":       func(l *subsidies.Legs) { l.EnterpriseShare++ },
		"a fen too little":     func(l *subsidies.Legs) { l.ProviderDiscount-- },
		"levels do not add up": func(l *subsidies.Legs) { l.Municipal++ },
		"a negative leg":       func(l *subsidies.Legs) { l.ProviderDiscount, l.EnterpriseShare = -10, 80 },
		"a negative level":     func(l *subsidies.Legs) { l.Municipal, l.District = 40, -10 },
		"beyond money":         func(l *subsidies.Legs) { l.ListPrice, l.EnterpriseShare = kernel.MaxFen+1, kernel.MaxFen-39 },
	} {
		l := good
		spoil(&l)
		require.Error(t, l.Conserved(), name)
	}
}

// TestTheMachinesLeadSomewhere: no state but the last ones is a dead end, every
// state can be reached, and whose turn it is can act.
func TestTheMachinesLeadSomewhere(t *testing.T) {
	t.Parallel()
	t.Run("agreements", func(t *testing.T) {
		soundMachine(t, subsidies.AgreementMachine, "completed", "declined", "withdrawn", "lapsed")
	})
	t.Run("policy drafts", func(t *testing.T) { soundMachine(t, subsidies.PolicyDraftMachine, "published", "withdrawn") })
	t.Run("openings", func(t *testing.T) { soundMachine(t, subsidies.OpeningMachine, "drawn") })
	t.Run("claims", func(t *testing.T) { soundMachine(t, subsidies.ClaimMachine, "paid", "refused", "withdrawn") })
}

func soundMachine[S ~string, A ~string](t *testing.T, m subsidies.Machine[S, A], last ...S) {
	t.Helper()
	out, reached := map[S]bool{}, map[S]bool{m.Initial: true}
	actors := map[string]bool{}
	for _, arrow := range m.Transitions {
		for _, from := range arrow.From {
			out[from] = true
			for _, r := range arrow.By {
				actors[string(from)+" "+string(r)] = true
			}
		}
		reached[arrow.To] = true
	}
	for _, s := range last {
		require.False(t, out[s], "%s is the end", s)
		require.True(t, reached[s], "%s can be reached", s)
		require.Equal(t, subsidies.TurnNobody, m.Turns[s])
		delete(reached, s)
	}
	roles := map[subsidies.Turn]kernel.Role{
		subsidies.TurnEnterprise: kernel.RoleEnterprise, subsidies.TurnProvider: kernel.RoleProvider, subsidies.TurnDistrict: kernel.RoleDistrictOfficer,
		subsidies.TurnCity: kernel.RoleCityOfficer, subsidies.TurnFinance: kernel.RoleFinance, subsidies.TurnMachine: kernel.RoleSystem, subsidies.TurnPublic: kernel.RoleSystem,
	}
	for s := range reached {
		require.True(t, out[s], "%s leads nowhere", s)
		require.NotEqual(t, subsidies.TurnNobody, m.Turns[s], "%s waits for nobody", s)
		require.True(t, actors[string(s)+" "+string(roles[m.Turns[s]])], "%s waits for %s, who cannot act", s, m.Turns[s])
	}
}

func TestEveryReasonIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range subsidies.Reasons() {
		require.True(t, subsidies.KnownReason(r.Code))
		require.NotEmpty(t, r.Text.ZH)
		require.NotEmpty(t, r.Text.EN)
		require.False(t, seen[r.Code])
		seen[r.Code] = true
	}
	require.False(t, subsidies.KnownReason(""))
}
