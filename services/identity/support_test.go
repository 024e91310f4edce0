package identity_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

const (
	org      = kernel.ID("0190163d-8694-739b-aea5-966c26f8ad90")
	password = "绿水青山 to work"
)

var home = identity.From{Address: "192.0.2.7", Agent: "test"}

// hall is an identity room on one engine.
type hall struct {
	*testing.T
	db     *database.DB
	clock  *kernel.ManualClock
	fields *crypto.Fields
	svc    *identity.Service
}

func each(t *testing.T, test func(h hall)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		fields, err := crypto.ParseFields(crypto.NewMasterKey())
		require.NoError(t, err)
		h := hall{T: t, db: db, clock: clock, fields: fields}
		h.svc = h.node(false)
		test(h)
	})
}

// node is one more node on the same store.
func (h hall) node(demo bool) *identity.Service {
	return identity.New(h.db, identity.Options{Fields: h.fields, Passwords: crypto.NewPasswords(crypto.TestCost), Demo: demo})
}

func (h hall) person(login string, m identity.Membership, demo bool) kernel.ID {
	h.Helper()
	ready, err := h.svc.Prepare(h.Context(), identity.NewPerson{Login: login, Name: "李𠮷", Password: password, Demo: demo})
	require.NoError(h, err)
	id, err := database.Do(h.Context(), h.db, "test", func(tx *database.Tx) (kernel.ID, error) { return h.svc.Add(tx, ready, m, "") })
	require.NoError(h, err)
	return id
}

func (h hall) firm(login string) kernel.ID {
	h.Helper()
	return h.person(login, identity.Membership{Org: org, Role: kernel.RoleEnterprise}, false)
}

func (h hall) login(login string) identity.Tokens {
	h.Helper()
	tokens, err := h.svc.Login(h.Context(), login, password, home)
	require.NoError(h, err)
	return tokens
}

func (h hall) refused(bearer string, why string) {
	h.Helper()
	actor, err := h.svc.Authenticate(h.Context(), bearer)
	h.code(err, "unauthenticated", why)
	require.True(h, actor.Anonymous(), why)
}

func (h hall) accepted(bearer string, why string) kernel.Actor {
	h.Helper()
	actor, err := h.svc.Authenticate(h.Context(), bearer)
	require.NoError(h, err, why)
	return actor
}

func (h hall) code(err error, code, why string) {
	h.Helper()
	require.Truef(h, kernel.IsCode(err, code), "%s: got %v, want %s", why, err, code)
}

func (h hall) count(table, where string, args ...any) int64 {
	h.Helper()
	var n int64
	require.NoError(h, h.db.Read(context.Background()).Table(table).Where(where, args...).Count(&n).Error)
	return n
}

func (h hall) exec(statement string, args ...any) {
	h.Helper()
	require.NoError(h, database.Run(context.Background(), h.db, "test", func(tx *database.Tx) error { return tx.Exec(statement, args...).Error }))
}
