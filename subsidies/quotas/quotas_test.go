package quotas_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/quotas"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/subsidiestest"
)

const policy = "shares-quotas"

func open(t *testing.T, db *database.DB, clock *kernel.ManualClock) *subsidiestest.City {
	t.Helper()
	city := subsidiestest.New(t, db, clock)
	city.Publish(t, subsidiestest.WithQuotas(t, policy, 800_000, 2_000_000))
	return city
}

func fen(f kernel.Fen) *kernel.Fen { return &f }

func TestAnOfficerSetsALimitWithAReasonAndTakesItBack(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := open(t, db, clock)
		city.AgreementIn(t, subsidiestest.Deal{Policy: policy}, subsidies.AgreementAccepted)
		as := subsidiestest.As(subsidiestest.CityOfficer)
		s := quotas.Setting{Policy: policy, Kind: budget.ProviderPolicy, Subject: string(subsidiestest.ProviderOrg), Limit: fen(100_000), Reason: " 抽查发现问题 "}
		made, err := city.Quotas.Set(as, s)
		require.NoError(t, err)
		require.Equal(t, "抽查发现问题", made.Reason)
		require.Equal(t, "市级乙", made.PersonName)

		board, err := city.Quotas.Board(t.Context(), policy, "")
		require.NoError(t, err)
		require.Equal(t, []quotas.SharedQuota{
			{Kind: budget.PolicyCategory, Subject: "erp", Name: "erp", Used: 300_000, Limit: 2_000_000, ByPolicy: 2_000_000},
			{Kind: budget.ProviderPolicy, Subject: string(subsidiestest.ProviderOrg), Name: "云川（虚构）科技有限公司", Used: 300_000, Limit: 100_000, ByPolicy: 800_000, Set: true},
		}, board.Quotas, "what was reserved before stays, even beyond the new limit")
		waiting := city.AgreementIn(t, subsidiestest.Deal{Policy: policy}, subsidies.AgreementEnterpriseConfirmed)
		city.Refused(t, "agreement.not_eligible", func() error {
			_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(waiting).Officer), waiting.ID, 0)
			return err
		})
		city.Lawful(t)

		s.Limit, s.Reason = nil, "整改完成"
		_, err = city.Quotas.Set(as, s)
		require.NoError(t, err)
		_, err = city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(waiting).Officer), waiting.ID, 0)
		require.NoError(t, err)
		board, err = city.Quotas.Board(t.Context(), policy, "")
		require.NoError(t, err)
		require.Len(t, board.Decisions, 2)
		require.Nil(t, board.Decisions[0].Limit)
		require.EqualValues(t, 2, city.Count(t, "audit_entries", "action = 'quota.set'"))
		city.Lawful(t)
	})
}

func TestACeilingNobodyHasTouchedCanBeSeenAndSet(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := open(t, db, clock)
	board, err := city.Quotas.Board(t.Context(), policy, "")
	require.NoError(t, err)
	require.Equal(t, []quotas.SharedQuota{{Kind: budget.PolicyCategory, Subject: "erp", Name: "erp", Limit: 2_000_000, ByPolicy: 2_000_000}}, board.Quotas)
	board, err = city.Quotas.Board(t.Context(), policy, subsidiestest.OtherProvider)
	require.NoError(t, err)
	require.Contains(t, board.Quotas, quotas.SharedQuota{Kind: budget.ProviderPolicy, Subject: string(subsidiestest.OtherProvider), Name: "江云（虚构）软件有限公司", Limit: 800_000, ByPolicy: 800_000})
	board, err = city.Quotas.Board(t.Context(), policy, "nobody")
	require.NoError(t, err)
	require.Len(t, board.Quotas, 1)
	_, err = city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), quotas.Setting{Policy: policy, Kind: budget.PolicyCategory, Subject: "erp", Limit: fen(0), Reason: "暂停"})
	require.NoError(t, err)
	waiting := city.AgreementIn(t, subsidiestest.Deal{Policy: policy}, subsidies.AgreementEnterpriseConfirmed)
	city.Refused(t, "agreement.not_eligible", func() error {
		_, err := city.Agreements.Accept(subsidiestest.As(subsidiestest.PartiesOf(waiting).Officer), waiting.ID, 0)
		return err
	})
	city.Lawful(t)
}

func TestSettingsThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := open(t, db, clock)
	good := quotas.Setting{Policy: policy, Kind: budget.ProviderPolicy, Subject: string(subsidiestest.ProviderOrg), Limit: fen(1), Reason: "x"}
	firm := city.Registry.NewFirm(subsidiestest.District)
	for name, c := range map[string]struct {
		change func(*quotas.Setting)
		fault  string
	}{
		"no reason":          {func(s *quotas.Setting) { s.Reason = "  " }, "reason reason.required"},
		"long reason":        {func(s *quotas.Setting) { s.Reason = strings.Repeat("字", 1001) }, "reason reason.form"},
		"negative":           {func(s *quotas.Setting) { s.Limit = fen(-1) }, "limit_fen amount.range"},
		"too much":           {func(s *quotas.Setting) { s.Limit = fen(kernel.MaxFen + 1) }, "limit_fen amount.range"},
		"year of none":       {func(s *quotas.Setting) { s.Period = "2026" }, "period quota.period"},
		"yearly, not there":  {func(s *quotas.Setting) { s.Kind, s.Period = budget.ProviderYear, "2026" }, "kind quota.unknown"},
		"yearly, no year":    {func(s *quotas.Setting) { s.Kind = budget.ProviderYear }, "period quota.period"},
		"a firm":             {func(s *quotas.Setting) { s.Subject = string(firm.ID) }, "subject quota.provider"},
		"nobody":             {func(s *quotas.Setting) { s.Subject = "nobody" }, "subject quota.provider"},
		"another key":        {func(s *quotas.Setting) { s.Kind, s.Subject = budget.PolicyCategory, "crm" }, "kind quota.unknown"},
		"a firm's own limit": {func(s *quotas.Setting) { s.Kind = budget.EnterpriseYear }, "kind quota.unknown"},
	} {
		s := good
		c.change(&s)
		city.Unmoved(t, func() {
			_, err := city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), s)
			e := kernel.AsError(err)
			require.NotNil(t, e, name)
			var found []string
			for _, f := range e.Fields {
				found = append(found, f.Path+" "+f.Code)
			}
			require.Contains(t, found, c.fault, name)
		})
	}
	for _, who := range []kernel.Actor{subsidiestest.DistrictOfficer, subsidiestest.Finance, subsidiestest.Auditor, subsidiestest.Provider, subsidiestest.Claimant(firm.ID), subsidiestest.Nobody} {
		_, err := city.Quotas.Set(subsidiestest.As(who), good)
		require.Error(t, err, who.Role)
	}
	good.Policy = "nowhere"
	_, err := city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), good)
	require.True(t, kernel.IsCode(err, "not_found"))
	_, err = city.Quotas.Board(t.Context(), "nowhere", "")
	require.True(t, kernel.IsCode(err, "not_found"))
}

// TestGroupsOfProvidersHaveTheirOwnQuota: ¥8,000 for the one named, ¥2,000 for all others.
func TestGroupsOfProvidersHaveTheirOwnQuota(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	doc := subsidiestest.WithQuotas(t, policy, 1, 2_000_000)
	doc.Clauses[len(doc.Clauses)-1].Computes = []string{"caps", "provider_groups"}
	doc.ProviderGroups = []rules.ProviderGroup{{Clause: "8.1", Key: "national", Name: kernel.T("全国性平台", "National platforms"), Providers: []string{"91500000MA5PROV01X"}}}
	doc.Caps[len(doc.Caps)-2] = rules.Cap{Clause: "8.1", Scope: rules.CapProviderYear, AppliesTo: rules.Selector{Providers: []string{"national"}}, Limit: 800_000}
	doc.Caps = append(doc.Caps, rules.Cap{Clause: "8.1", Scope: rules.CapProviderYear, AppliesTo: rules.Selector{Providers: []string{rules.OtherProviders}}, Limit: 200_000})
	city.Publish(t, doc)
	require.EqualValues(t, 300_000, city.AgreementIn(t, subsidiestest.Deal{Policy: policy}, subsidies.AgreementAccepted).Legs.Subsidy)
	require.EqualValues(t, 200_000, city.AgreementIn(t, subsidiestest.Deal{Policy: policy, Provider: subsidiestest.OtherProvider}, subsidies.AgreementAccepted).Legs.Subsidy)
	board, err := city.Quotas.Board(t.Context(), policy, "")
	require.NoError(t, err)
	require.Len(t, board.Quotas, 3)
	for _, q := range board.Quotas[1:] {
		require.Equal(t, "2026", q.Period)
	}
	_, err = city.Quotas.Set(subsidiestest.As(subsidiestest.CityOfficer), quotas.Setting{Policy: policy, Kind: budget.ProviderYear, Subject: string(subsidiestest.OtherProvider), Period: "2026", Limit: fen(300_000), Reason: "评分优秀"})
	require.NoError(t, err)
	require.EqualValues(t, 100_000, city.AgreementIn(t, subsidiestest.Deal{Policy: policy, Provider: subsidiestest.OtherProvider}, subsidies.AgreementAccepted).Legs.Subsidy)
	city.Lawful(t)
}
