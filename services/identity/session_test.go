package identity_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		tokens := h.login("someone")
		for range 5 {
			h.clock.Advance(9 * time.Minute)
			next, err := h.svc.Refresh(h.Context(), tokens.Refresh)
			require.NoError(h, err)
			require.NotEqual(h, tokens.Refresh, next.Refresh)
			h.accepted(next.Access, "after a refresh")
			tokens = next
		}
		require.EqualValues(h, 1, h.count("sessions", "1 = 1"), "one session all along")
	})
}

func TestARefreshTokenUsedTwiceEndsTheSession(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("victim")
		stolen := h.login("victim")
		elsewhere := h.login("victim")
		next, err := h.svc.Refresh(h.Context(), stolen.Refresh)
		require.NoError(h, err)
		h.accepted(next.Access, "before the copy is used")

		_, err = h.node(false).Refresh(h.Context(), stolen.Refresh)
		h.code(err, "unauthenticated", "the copy gets nothing")
		h.refused(next.Access, "and the session has ended, also for the owner")
		_, err = h.svc.Refresh(h.Context(), next.Refresh)
		h.code(err, "unauthenticated", "its newest token included")
		h.accepted(elsewhere.Access, "another session of the person goes on")
		_, err = h.svc.Refresh(h.Context(), stolen.Refresh)
		h.code(err, "unauthenticated", "a third time")
		require.EqualValues(h, 1, h.count("audit_entries", "action = 'auth.refresh_reused'"), "recorded once")
	})
}

func TestOfTwoRefreshesAtOnceOneIsServed(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		tokens := h.login("someone")
		nodes := []*identity.Service{h.svc, h.node(false)}
		errs := make([]error, 6)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = nodes[i%2].Refresh(h.Context(), tokens.Refresh) })
		}
		wg.Wait()
		served := 0
		for _, err := range errs {
			if err == nil {
				served++
			} else {
				h.code(err, "unauthenticated", "refresh")
			}
		}
		require.Equal(h, 1, served)
		h.refused(tokens.Access, "and the session has ended")
	})
}

func TestRefreshTokensAndSessionsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		idle := h.login("someone")
		h.clock.Advance(24*time.Hour + time.Second)
		_, err := h.svc.Refresh(h.Context(), idle.Refresh)
		h.code(err, "unauthenticated", "nobody came for a day")

		busy := h.login("someone")
		for day := 0; ; day++ {
			h.clock.Advance(23 * time.Hour)
			next, err := h.svc.Refresh(h.Context(), busy.Refresh)
			if err != nil {
				h.code(err, "unauthenticated", "end of the session")
				require.Equal(h, 7, day)
				break
			}
			busy = next
		}
		for _, unknown := range []string{"", "abc", "' OR 1=1"} {
			_, err := h.svc.Refresh(h.Context(), unknown)
			h.code(err, "unauthenticated", unknown)
		}
		require.Zero(h, h.count("audit_entries", "action = 'auth.refresh_reused'"), "none of this was a theft")
	})
}

func TestAccessIsLostAtOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]func(h hall, tokens identity.Tokens){
		"logout": func(h hall, tokens identity.Tokens) {
			require.NoError(h, h.svc.Logout(h.Context(), tokens.Refresh))
		},
		"logout everywhere, on another node": func(h hall, tokens identity.Tokens) {
			require.NoError(h, h.node(false).LogoutAll(h.Context(), tokens.Identity.Actor.Person))
		},
		"the session ended from another": func(h hall, tokens identity.Tokens) {
			require.NoError(h, h.svc.EndSession(h.Context(), tokens.Identity.Actor.Person, tokens.Identity.Session))
		},
		"membership disabled": func(h hall, tokens identity.Tokens) {
			h.exec("UPDATE memberships SET status = 'disabled' WHERE id = ?", tokens.Identity.Membership)
		},
		"membership deleted": func(h hall, tokens identity.Tokens) {
			h.exec("DELETE FROM memberships WHERE id = ?", tokens.Identity.Membership)
		},
		"person disabled": func(h hall, tokens identity.Tokens) {
			h.exec("UPDATE people SET status = 'disabled' WHERE id = ?", tokens.Identity.Actor.Person)
		},
		"session version raised": func(h hall, tokens identity.Tokens) {
			h.exec("UPDATE people SET session_version = session_version + 1 WHERE id = ?", tokens.Identity.Actor.Person)
		},
	}
	each(t, func(h hall) {
		h.firm("bystander")
		bystander := h.login("bystander")
		n := 0
		for why, take := range cases {
			n++
			login := "someone" + string(rune('a'+n))
			h.firm(login)
			tokens := h.login(login)
			h.accepted(tokens.Access, "before "+why)
			take(h, tokens)
			h.refused(tokens.Access, why)
			_, err := h.svc.Refresh(h.Context(), tokens.Refresh)
			h.code(err, "unauthenticated", "refresh after "+why)
			h.accepted(bystander.Access, "nobody else is touched by "+why)
		}
	})
}

func TestARoleThatChangesIsSeenAtTheNextRequest(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		tokens := h.login("someone")
		h.exec("UPDATE memberships SET role = 'auditor' WHERE id = ?", tokens.Identity.Membership)
		require.Equal(h, kernel.RoleAuditor, h.accepted(tokens.Access, "same token").Role)
	})
}

func TestSessionsAreListedAndEndedByTheirOwner(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		h.firm("other")
		first, second, other := h.login("someone"), h.login("someone"), h.login("other")
		list, err := h.svc.Sessions(h.Context(), second.Identity)
		require.NoError(h, err)
		require.Len(h, list, 2)
		require.True(h, list[0].Current && !list[1].Current)
		require.Equal(h, first.Identity.Session, list[1].ID)
		require.Equal(h, "192.0.2.7", list[0].Address)

		err = h.svc.EndSession(h.Context(), other.Identity.Actor.Person, first.Identity.Session)
		h.code(err, "not_found", "another's session")
		h.accepted(first.Access, "it goes on")
		require.NoError(h, h.svc.EndSession(h.Context(), second.Identity.Actor.Person, first.Identity.Session))
		h.refused(first.Access, "ended")
		h.accepted(second.Access, "the one it was ended from")
		require.NoError(h, h.svc.Logout(h.Context(), "unknown token"))
	})
}

func TestChangingThePasswordEndsAllOtherSessions(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		here, there := h.login("someone"), h.login("someone")
		const next = "碧水 new password"
		_, err := h.svc.ChangePassword(h.Context(), here.Identity, "wrong", next, home)
		e := kernel.AsError(err)
		require.NotNil(h, e)
		require.Equal(h, "password.wrong", e.Fields[0].Code)
		_, err = h.svc.ChangePassword(h.Context(), here.Identity, password, "someone-2026", home)
		h.code(err, "invalid_input", "contains the login")
		h.accepted(there.Access, "nothing has happened yet")

		fresh, err := h.svc.ChangePassword(h.Context(), here.Identity, password, next, home)
		require.NoError(h, err)
		h.accepted(fresh.Access, "the one that changed it")
		for _, old := range []identity.Tokens{here, there} {
			h.refused(old.Access, "opened under the old password")
			_, err := h.svc.Refresh(h.Context(), old.Refresh)
			h.code(err, "unauthenticated", "refresh")
		}
		_, err = h.svc.Login(h.Context(), "someone", password, home)
		h.code(err, "auth.failed", "the old password")
		_, err = h.svc.Login(h.Context(), "someone", next, home)
		require.NoError(h, err)
	})
}

func TestGuessingThePresentPasswordLocks(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		here := h.login("someone")
		for range 5 {
			_, err := h.svc.ChangePassword(h.Context(), here.Identity, "guess", "long enough one", home)
			h.code(err, "invalid_input", "guess")
		}
		_, err := h.svc.ChangePassword(h.Context(), here.Identity, password, "long enough one", home)
		h.code(err, "auth.locked", "a stolen session cannot guess on")
	})
}

func TestASessionGoesOnInAnotherMembership(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		person := h.firm("two-hats")
		h.firm("other")
		tokens, other := h.login("two-hats"), h.login("other")
		second, err := database.Do(h.Context(), h.db, "test", func(tx *database.Tx) (kernel.ID, error) {
			return h.svc.Join(tx, person, identity.Membership{Org: org, Role: kernel.RoleProvider})
		})
		require.NoError(h, err)
		_, err = h.svc.Switch(h.Context(), tokens.Identity, other.Identity.Membership)
		h.code(err, "not_found", "another person's membership")
		switched, err := h.svc.Switch(h.Context(), tokens.Identity, second)
		require.NoError(h, err)
		require.Equal(h, kernel.RoleProvider, h.accepted(switched.Access, "new hat").Role)
		h.refused(tokens.Access, "a token of the former hat")
		next, err := h.svc.Refresh(h.Context(), tokens.Refresh)
		require.NoError(h, err)
		require.Equal(h, kernel.RoleProvider, next.Identity.Actor.Role)
		held, err := h.svc.Memberships(h.Context(), person)
		require.NoError(h, err)
		require.Len(h, held, 2)
	})
}

func TestOldSessionsAreSweptAndLiveOnesAreNot(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("someone")
		for range 3 {
			h.login("someone")
		}
		_, err := h.svc.Login(h.Context(), "nobody", "guess", home)
		h.code(err, "auth.failed", "leaves a count")
		h.clock.Advance(identity.SessionLife + 62*24*time.Hour)
		live := h.login("someone")
		n, err := h.svc.Sweep(h.Context(), 2)
		require.NoError(h, err)
		require.Equal(h, 2, n, "no more than asked")
		n, err = h.svc.Sweep(h.Context(), 2)
		require.NoError(h, err)
		require.Equal(h, 1, n)
		h.accepted(live.Access, "goes on")
		require.EqualValues(h, 1, h.count("sessions", "1 = 1"))
		require.EqualValues(h, 1, h.count("refresh_tokens", "1 = 1"))
		require.EqualValues(h, 1, h.count("signing_keys", "1 = 1"))
		require.Zero(h, h.count("login_attempts", "bucket LIKE 'login:%'"))
	})
}
