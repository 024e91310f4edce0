package identity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

func official(login string) identity.NewPerson {
	return identity.NewPerson{Login: login, Name: "周明", Password: password}
}

func TestOperatorsGiveAndTakeOfficialRoles(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("firm")
		made, err := h.svc.CreateMember(h.Context(), official("officer"), identity.Membership{Org: org, Role: kernel.RoleDistrictOfficer, District: "500103"})
		require.NoError(h, err)
		for range 2 {
			_, err := h.svc.CreateMember(h.Context(), official("auditor"+string(rune('a'+h.count("people", "1 = 1")))), identity.Membership{Org: org, Role: kernel.RoleAuditor})
			require.NoError(h, err)
		}
		tokens := h.login("officer")

		var seen []string
		f := identity.MemberFilter{Limit: 2}
		for {
			page, next, err := h.svc.Members(h.Context(), f)
			require.NoError(h, err)
			for _, m := range page {
				seen = append(seen, m.Login)
			}
			if f.After = next; next == "" {
				break
			}
		}
		require.Len(h, seen, 3)
		require.NotContains(h, seen, "firm", "enterprises are not an operator's to manage")
		found, _, err := h.svc.Members(h.Context(), identity.MemberFilter{Query: "offi", Role: kernel.RoleDistrictOfficer, Org: org})
		require.NoError(h, err)
		require.Equal(h, []identity.Member{made}, found)

		disabled, err := h.svc.SetMember(h.Context(), made.ID, false)
		require.NoError(h, err)
		require.Equal(h, identity.StatusDisabled, disabled.Status)
		h.refused(tokens.Access, "access is lost at once")
		_, err = h.svc.Login(h.Context(), "officer", password, home)
		h.code(err, "auth.failed", "nor is there a new login")
		_, err = h.svc.SetMember(h.Context(), made.ID, true)
		require.NoError(h, err)
		h.refused(tokens.Access, "the old session does not come back")
		h.login("officer")
		require.EqualValues(h, 2, h.count("audit_entries", "object_id = ? AND action IN ('member.disabled', 'member.active')", made.ID))
	})
}

func TestMembersThatMayNotBe(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("firm")
		firm := h.login("firm")
		for why, m := range map[string]identity.Membership{
			"an enterprise":             {Org: org, Role: kernel.RoleEnterprise},
			"the system":                {Org: org, Role: kernel.RoleSystem},
			"no role":                   {Org: org},
			"an officer of no district": {Org: org, Role: kernel.RoleDistrictOfficer},
			"of an abolished district":  {Org: org, Role: kernel.RoleDistrictOfficer, District: "500112"},
			"an auditor of a district":  {Org: org, Role: kernel.RoleAuditor, District: "500103"},
		} {
			_, err := h.svc.CreateMember(h.Context(), official("x-member"), m)
			h.code(err, "invalid_input", why)
		}
		require.EqualValues(h, 1, h.count("people", "1 = 1"))
		_, err := h.svc.SetMember(h.Context(), firm.Identity.Membership, false)
		h.code(err, "not_found", "an enterprise's member")
		h.accepted(firm.Access, "goes on")

		made, err := h.svc.CreateMember(h.Context(), official("operator"), identity.Membership{Org: org, Role: kernel.RoleOperator})
		require.NoError(h, err)
		self := kernel.WithCall(h.Context(), kernel.Call{Actor: kernel.Actor{Person: made.PersonID, Role: kernel.RoleOperator}})
		_, err = h.svc.SetMember(self, made.ID, false)
		h.code(err, "member.self", "nobody locks themselves out")
	})
}

func TestARepeatedCreationTakesEffectOnceAndKeepsNoPassword(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		ctx := kernel.WithCall(h.Context(), kernel.Call{IdempotencyKey: "k", Fingerprint: "digest over the password"})
		m := identity.Membership{Org: org, Role: kernel.RoleFinance}
		one, err := h.svc.CreateMember(ctx, official("treasurer"), m)
		require.NoError(h, err)
		two, err := h.svc.CreateMember(ctx, official("treasurer"), m)
		require.NoError(h, err)
		require.Equal(h, one.ID, two.ID)
		require.Zero(h, h.count("idempotency_keys", "fingerprint = 'digest over the password' OR result LIKE ?", "%"+password+"%"))
		_, err = h.svc.CreateMember(ctx, official("another"), m)
		h.code(err, "idempotency.reused", "another request under the same key")
	})
}

func TestMembersOfAnOrganisationAreToldOnceEach(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		a, b := h.firm("member-a"), h.firm("member-b")
		h.exec("UPDATE memberships SET status = 'disabled' WHERE person_id = ?", b)
		err := database.Run(h.Context(), h.db, "test", func(tx *database.Tx) error {
			if _, err := h.svc.Join(tx, a, identity.Membership{Org: org, Role: kernel.RoleProvider}); err != nil {
				return err
			}
			people, err := h.svc.MembersOf(tx, org)
			require.Equal(h, []kernel.ID{a}, people)
			return err
		})
		require.NoError(h, err)
	})
}

func TestManyPeopleAreAddedAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		ready, err := h.svc.Prepare(h.Context(), identity.NewPerson{Login: "first", Name: "甲", Password: identity.DemoPassword, Demo: true})
		require.NoError(h, err)
		err = database.Run(h.Context(), h.db, "test", func(tx *database.Tx) error {
			var all []identity.Newcomer
			for i := range 1200 {
				id := kernel.NewID(tx.Now)
				all = append(all, identity.Newcomer{Person: id, Prepared: ready.As("p"+string(id[20:]), "甲"), Since: tx.Now,
					Membership: identity.Membership{Org: org, Role: kernel.RoleEnterprise}})
				_ = i
			}
			return h.svc.AddAll(tx, all)
		})
		require.NoError(h, err)
		require.EqualValues(h, 1200, h.count("people", "status = 'demo'"))
		require.EqualValues(h, 1200, h.count("memberships", "status = 'active'"))
	})
}
