package demands_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/catalog"
	"yunhui/catalog/demands"
	"yunhui/catalog/offers"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

type register struct{}

func (register) Enterprises(_ context.Context, ids ...kernel.ID) (map[kernel.ID]catalog.Enterprise, error) {
	out := map[kernel.ID]catalog.Enterprise{}
	for _, id := range ids {
		out[id] = catalog.Enterprise{ID: id, Name: "示例企业", District: "500103", SizeClass: "small"}
	}
	return out, nil
}

type market struct {
	*demands.Desk
	providers []kernel.ID
	plans     []catalog.Plan // one of each provider
}

func open(t *testing.T, db *database.DB, count int) market {
	t.Helper()
	m := market{}
	now := databasetest.Noon
	require.NoError(t, database.Run(t.Context(), db, "seed", func(tx *database.Tx) error {
		for range count {
			p := catalog.Provider{ID: kernel.NewID(now), Status: catalog.ProviderAdmitted, Name: "虚构", District: "500103", Strengths: []string{}, Version: 1, CreatedAt: now, UpdatedAt: now}
			o := catalog.Offer{ID: kernel.NewID(now), ProviderID: p.ID, Category: "app.erp", Depth: "business", NameZH: "进销存", Chains: []string{}, Sizes: []string{}, Integrates: []string{}, Status: catalog.OfferListed, LowestPrice: 1000, Version: 1, ListedAt: &now, CreatedAt: now, UpdatedAt: now}
			plan := catalog.Plan{ID: kernel.NewID(now), OfferID: o.ID, Position: 1, NameZH: "标准", Unit: "month", Price: 1000, Status: catalog.PlanActive, Version: 1}
			m.providers, m.plans = append(m.providers, p.ID), append(m.plans, plan)
			for _, row := range []any{&p, &o, &plan} {
				if err := tx.Create(row).Error; err != nil {
					return err
				}
			}
		}
		return nil
	}))
	shelf := offers.NewShelf(db)
	require.NoError(t, shelf.Load(t.Context()))
	m.Desk = &demands.Desk{DB: db, Shelf: shelf, Registry: register{}}
	return m
}

func as(ctx context.Context, org kernel.ID, role kernel.Role) context.Context {
	return kernel.WithCall(ctx, kernel.Call{Actor: kernel.Actor{Person: "p-" + org[:3], Org: org, Role: role}})
}

func (m market) answer(i int, discount kernel.Fen) demands.Answer {
	return demands.Answer{Offer: m.plans[i].OfferID, Plan: m.plans[i].ID, Quantity: 1, Discount: discount, ValidUntil: "2026-12-01"}
}

func TestOfManyChoicesAndAnswersAtOnceOneChoiceStands(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		m := open(t, db, 6)
		firm := as(t.Context(), "firm", kernel.RoleEnterprise)
		for range 5 {
			id, err := m.Post(firm, demands.Draft{Title: "进销存", Need: "管好库存"})
			require.NoError(t, err)
			var proposals []kernel.ID
			for i := range 4 {
				p, err := m.Propose(as(t.Context(), m.providers[i], kernel.RoleProvider), id, m.answer(i, 0))
				require.NoError(t, err)
				proposals = append(proposals, p)
			}
			won := race(t,
				func() error { _, err := m.Choose(firm, proposals[0], 1); return err },
				func() error { _, err := m.Choose(firm, proposals[1], 1); return err },
				func() error { _, err := m.Close(firm, id, "不再需要"); return err },
			)
			require.Equal(t, 1, won)
			breaches, err := demands.Verify(t.Context(), db)
			require.NoError(t, err)
			require.Empty(t, breaches)
		}
	})
}

func TestARevisionAndAChoiceAtOnceNeverMix(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		m := open(t, db, 1)
		firm, seller := as(t.Context(), "firm", kernel.RoleEnterprise), as(t.Context(), m.providers[0], kernel.RoleProvider)
		for range 8 {
			id, err := m.Post(firm, demands.Draft{Title: "进销存", Need: "管好库存"})
			require.NoError(t, err)
			p, err := m.Propose(seller, id, m.answer(0, 500))
			require.NoError(t, err)
			require.Equal(t, 1, race(t,
				func() error { _, err := m.Choose(firm, p, 1); return err },
				func() error { _, err := m.Propose(seller, id, m.answer(0, 0)); return err },
			), "both or neither took effect")
			chosen, err := m.Proposal(t.Context(), "firm", p)
			if err == nil {
				require.Equal(t, kernel.Fen(500), chosen.Discount, "what was chosen is not what was seen")
			}
		}
	})
}

func TestTwoInvitationsAtOnceStayWithinTen(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		m := open(t, db, 14)
		firm := as(t.Context(), "firm", kernel.RoleEnterprise)
		id, err := m.Post(firm, demands.Draft{Title: "进销存", Need: "管好库存"})
		require.NoError(t, err)
		require.Equal(t, 1, race(t,
			func() error { _, err := m.Invite(firm, id, m.providers[:7]); return err },
			func() error { _, err := m.Invite(firm, id, m.providers[7:]); return err },
		))
		asked, err := m.InvitedBy(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, asked, 7)
	})
}

// race runs the acts at once and counts those that took effect; the others must
// have been refused for a reason.
func race(t *testing.T, acts ...func() error) int {
	t.Helper()
	errs := make([]error, len(acts))
	var wg sync.WaitGroup
	for i, act := range acts {
		wg.Go(func() { errs[i] = act() })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.NotNil(t, kernel.AsError(err), "%v", err)
		require.NotEqual(t, kernel.KindInternal, kernel.AsError(err).Kind)
	}
	return won
}

func TestTheAudienceIsWhoMayAnswer(t *testing.T) {
	t.Parallel()
	db, _ := databasetest.SQLite(t)
	m := open(t, db, 5)
	firm := as(t.Context(), "firm", kernel.RoleEnterprise)
	id, err := m.Post(firm, demands.Draft{Title: "进销存", Need: "管好库存", Category: "app.erp"})
	require.NoError(t, err)
	told, err := m.Audience(t.Context(), id, 3)
	require.NoError(t, err)
	require.Len(t, told, 3)
	for _, p := range told {
		_, err := m.Get(t.Context(), kernel.Actor{Person: "x", Org: p, Role: kernel.RoleProvider}, id)
		require.NoError(t, err)
	}
	other, err := m.Post(firm, demands.Draft{Title: "进销存", Need: "管好库存", Category: "app.crm"})
	require.NoError(t, err)
	told, err = m.Audience(t.Context(), other, 3)
	require.NoError(t, err)
	require.Empty(t, told, "a provider is told of a demand that it may not see")
	_, err = m.Close(firm, id, "不再需要")
	require.NoError(t, err)
	told, err = m.Audience(t.Context(), id, 3)
	require.NoError(t, err)
	require.Empty(t, told)
}

func TestTamperedDemandsAreFound(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB, _ *kernel.ManualClock) {
		m := open(t, db, 2)
		firm := as(t.Context(), "firm", kernel.RoleEnterprise)
		id, err := m.Post(firm, demands.Draft{Title: "进销存", Need: "管好库存"})
		require.NoError(t, err)
		p, err := m.Propose(as(t.Context(), m.providers[0], kernel.RoleProvider), id, m.answer(0, 0))
		require.NoError(t, err)
		_, err = m.Choose(firm, p, 1)
		require.NoError(t, err)
		for statement, undo := range map[string]string{
			"UPDATE demands SET status = 'open'":              "UPDATE demands SET status = 'chosen'",
			"UPDATE proposals SET status = 'sent'":            "UPDATE proposals SET status = 'chosen'",
			"UPDATE proposals SET discount_fen = 1001":        "UPDATE proposals SET discount_fen = 0",
			"UPDATE demands SET chosen_proposal_id = 'other'": "UPDATE demands SET chosen_proposal_id = '" + string(p) + "'",
		} {
			exec(t, db, statement)
			breaches, err := demands.Verify(t.Context(), db)
			require.NoError(t, err)
			require.NotEmpty(t, breaches, statement)
			exec(t, db, undo)
		}
		breaches, err := demands.Verify(t.Context(), db)
		require.NoError(t, err)
		require.Empty(t, breaches)
	})
}

func exec(t *testing.T, db *database.DB, statement string) {
	t.Helper()
	require.NoError(t, database.Run(t.Context(), db, "tamper", func(tx *database.Tx) error { return tx.Exec(statement).Error }))
}
