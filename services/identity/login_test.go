package identity_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

func TestLoginGivesAnActorOfTheMembership(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		person := h.person("wang.li", identity.Membership{Org: org, Role: kernel.RoleDistrictOfficer, District: "500103"}, false)
		tokens, err := h.svc.Login(h.Context(), "  Wang.Li ", password, home)
		require.NoError(h, err)
		require.Equal(h, 10*time.Minute, tokens.ExpiresIn)
		require.Equal(h, kernel.Actor{Person: person, Name: "李𠮷", Org: org, Role: kernel.RoleDistrictOfficer, District: "500103"}, h.accepted(tokens.Access, "fresh token"))
		require.EqualValues(h, 1, h.count("audit_entries", "action = 'auth.login' AND person_id = ?", person))
		require.Zero(h, h.count("refresh_tokens", "token_hash = ?", tokens.Refresh), "the token itself is not stored")
		require.EqualValues(h, 1, h.count("refresh_tokens", "token_hash = ?", crypto.Digest(tokens.Refresh)))
		require.Zero(h, h.count("signing_keys", "private_key NOT LIKE 'aes-gcm$%'"), "the signing key lies open")
	})
}

func TestLoginsThatFailAllSoundTheSame(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("right")
		h.firm("disabled")
		h.firm("no-membership")
		h.person("demo", identity.Membership{Org: org, Role: kernel.RoleEnterprise}, true)
		h.exec("UPDATE people SET status = 'disabled' WHERE login = 'disabled'")
		h.exec("UPDATE memberships SET status = 'disabled' WHERE person_id = (SELECT id FROM people WHERE login = 'no-membership')")
		for _, c := range [][2]string{
			{"right", "wrong password"}, {"right", ""}, {"nobody", password}, {"disabled", password},
			{"no-membership", password}, {"demo", password}, {"' OR 1=1 --", password}, {"", ""},
		} {
			_, err := h.svc.Login(h.Context(), c[0], c[1], identity.From{})
			e := kernel.AsError(err)
			require.NotNil(h, e, c)
			require.Equal(h, "auth.failed", e.Code)
			require.Equal(h, kernel.KindUnauthenticated, e.Kind)
			require.Empty(h, e.Fields)
		}
		require.Zero(h, h.count("sessions", "1 = 1"), "no session was opened")
		require.Zero(h, h.count("refresh_tokens", "1 = 1"))
		require.EqualValues(h, 8, h.count("audit_entries", "action = 'auth.failed'"), "each is recorded")
	})
}

func TestDemoAccountsEnterInDemoModeOnly(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.person("demo", identity.Membership{Org: org, Role: kernel.RoleEnterprise}, true)
		demo := h.node(true)
		tokens, err := demo.Login(h.Context(), "demo", password, home)
		require.NoError(h, err)
		_, err = demo.Authenticate(h.Context(), tokens.Access)
		require.NoError(h, err)
		h.refused(tokens.Access, "the mode was switched off while a demo session lasted")
		_, err = h.svc.Refresh(h.Context(), tokens.Refresh)
		h.code(err, "unauthenticated", "nor can it be refreshed")

		accounts, err := demo.DemoAccounts(h.Context())
		require.NoError(h, err)
		require.Equal(h, []identity.DemoAccount{{Login: "demo", Name: "李𠮷", OrgID: org, Role: kernel.RoleEnterprise}}, accounts)
		_, err = h.svc.DemoAccounts(h.Context())
		h.code(err, "not_found", "no list outside demo mode")
	})
}

func TestGuessingLocksTheLoginOnAllNodes(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("victim")
		one, two := h.svc, h.node(false)
		guess := func(s *identity.Service, login, address string) error {
			_, err := s.Login(h.Context(), login, "a wrong guess", identity.From{Address: address})
			return err
		}
		for i := range 5 {
			s := []*identity.Service{one, two}[i%2]
			h.code(guess(s, "victim", "192.0.2.1"), "auth.failed", "free guess")
		}
		_, err := two.Login(h.Context(), "VICTIM", password, identity.From{Address: "198.51.100.9"})
		h.code(err, "auth.locked", "locked from everywhere, even for the right password")
		var lock *identity.Locked
		require.ErrorAs(h, err, &lock)
		require.Equal(h, 30*time.Second, lock.RetryAfter())
		h.code(guess(one, "unknown", "198.51.100.9"), "auth.failed", "other logins are free")

		h.clock.Advance(30 * time.Second)
		h.code(guess(one, "victim", "192.0.2.1"), "auth.failed", "one more guess after the lock")
		err = guess(two, "victim", "192.0.2.1")
		require.ErrorAs(h, err, &lock)
		require.Equal(h, time.Minute, lock.RetryAfter(), "the lock doubles")

		h.clock.Advance(time.Minute)
		h.login("victim")
		h.code(guess(one, "victim", "192.0.2.1"), "auth.failed", "a right password starts afresh")
		require.EqualValues(h, 1, h.count("login_attempts", "bucket LIKE 'login:%' AND failures = 1 AND bucket = ?", "login:"+crypto.Digest("victim")))
	})
}

func TestUnknownLoginsLockAlike(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		for range 5 {
			_, err := h.svc.Login(h.Context(), "nobody", "guess", home)
			h.code(err, "auth.failed", "guess")
		}
		_, err := h.svc.Login(h.Context(), "nobody", "guess", home)
		h.code(err, "auth.locked", "as a known one would")
	})
}

func TestGuessesAtOnceDoNotSlipThrough(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("victim")
		nodes := []*identity.Service{h.svc, h.node(false)}
		const guesses = 24
		errs := make([]error, guesses)
		var wg sync.WaitGroup
		for i := range guesses {
			wg.Go(func() {
				_, errs[i] = nodes[i%2].Login(h.Context(), "victim", "guess", identity.From{Address: "192.0.2.1"})
			})
		}
		wg.Wait()
		failed := 0
		for _, err := range errs {
			if kernel.IsCode(err, "auth.failed") {
				failed++
			} else {
				h.code(err, "auth.locked", "guess")
			}
		}
		require.Equal(h, 5, failed, "passwords looked at")
	})
}

func TestAnAddressThatTriesManyLoginsIsLocked(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("honest")
		for i := range 50 {
			_, err := h.svc.Login(h.Context(), "login"+string(rune('a'+i%26))+string(rune('a'+i/26)), "guess", identity.From{Address: "2001:db8::" + string(rune('1'+i%9))})
			h.code(err, "auth.failed", "guess")
		}
		_, err := h.svc.Login(h.Context(), "honest", password, identity.From{Address: "2001:db8::ffff"})
		h.code(err, "auth.locked", "the whole line of an IPv6 subscriber")
		h.login("honest")
		h.clock.Advance(16 * time.Minute)
		_, err = h.svc.Login(h.Context(), "honest", password, identity.From{Address: "2001:db8::ffff"})
		require.NoError(h, err, "the window has passed")
	})
}

func TestRightPasswordsDoNotWearAnAddressOut(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("office")
		for range 60 {
			h.login("office")
		}
		require.Zero(h, h.count("login_attempts", "failures > 0"))
	})
}

func TestAnOutdatedHashIsReplacedByItsOwner(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("old")
		dear := identity.New(h.db, identity.Options{Fields: h.fields, Passwords: crypto.NewPasswords(crypto.PasswordCost{MemoryKiB: 128, Passes: 1, Lanes: 1})})
		_, err := dear.Login(h.Context(), "old", "wrong", home)
		h.code(err, "auth.failed", "wrong password")
		require.EqualValues(h, 1, h.count("people", "password_hash LIKE '%m=64,%'"))
		_, err = dear.Login(h.Context(), "old", password, home)
		require.NoError(h, err)
		require.EqualValues(h, 1, h.count("people", "password_hash LIKE '%m=128,%'"))
		_, err = dear.Login(h.Context(), "old", password, home)
		require.NoError(h, err)
	})
}

func TestSecretsDoNotEnterTheTableOfRepetitions(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		h.firm("careful")
		ctx := kernel.WithCall(h.Context(), kernel.Call{IdempotencyKey: "k1", Fingerprint: "f"})
		tokens, err := h.svc.Login(ctx, "careful", password, home)
		require.NoError(h, err)
		again, err := h.svc.Login(ctx, "careful", password, home)
		require.NoError(h, err)
		require.NotEqual(h, tokens.Refresh, again.Refresh)
		_, err = h.svc.Refresh(ctx, tokens.Refresh)
		require.NoError(h, err)
		require.Zero(h, h.count("idempotency_keys", "1 = 1"))
	})
}

func TestRegisteringTellsAllFaultsAndRefusesATakenLogin(t *testing.T) {
	t.Parallel()
	each(t, func(h hall) {
		_, err := h.svc.Prepare(h.Context(), identity.NewPerson{Login: "a b", Name: "\u202e", Password: "short"})
		e := kernel.AsError(err)
		require.NotNil(h, e)
		paths := map[string]string{}
		for _, f := range e.Fields {
			paths[f.Path] = f.Code
		}
		require.Equal(h, map[string]string{"login": "login.form", "person_name": "name.form", "password": "password.too_short"}, paths)

		h.firm("taken")
		ready, err := h.svc.Prepare(h.Context(), identity.NewPerson{Login: "Taken", Name: "乙", Password: password})
		require.NoError(h, err)
		err = database.Run(h.Context(), h.db, "test", func(tx *database.Tx) error {
			_, err := h.svc.Add(tx, ready, identity.Membership{Org: org, Role: kernel.RoleEnterprise}, "person.")
			return err
		})
		e = kernel.AsError(err)
		require.NotNil(h, e)
		require.Equal(h, "person.login", e.Fields[0].Path)
		require.Equal(h, "login.taken", e.Fields[0].Code)
		require.EqualValues(h, 1, h.count("people", "1 = 1"))
		require.EqualValues(h, 1, h.count("memberships", "1 = 1"))
	})
}

func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	_, err := (&identity.Service{}).Prepare(t.Context(), identity.NewPerson{})
	require.Error(t, err)
	for pw, want := range map[string]string{
		"九个字符的密码是吗":          "password.too_short",
		"Password123":        "password.common",
		"aaaaaaaaaaaa":       "password.common",
		"1234567890":         "password.common",
		"345678901234":       "password.common",
		"zhangsan-2026-ok":   "password.contains_login",
		"my ZhangSan secret": "password.contains_login",
		"山高水长路远天蓝云白":         "",
		"correct horse":      "",
	} {
		var f kernel.Faults
		identity.NewPerson{Login: "zhangsan", Name: "张三", Password: pw}.Check(&f, "")
		got := ""
		if e := kernel.AsError(f.Err()); e != nil {
			require.Len(t, e.Fields, 1, pw)
			got = e.Fields[0].Code
		}
		require.Equal(t, want, got, pw)
	}
}
