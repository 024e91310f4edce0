package identity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

// BenchmarkAuthenticate measures what every request pays for immediate revocation.
func BenchmarkAuthenticate(b *testing.B) {
	for _, engine := range []database.Engine{database.SQLite, database.MySQL} {
		b.Run(string(engine), func(b *testing.B) {
			db := databasetest.Open(b, databasetest.Address(b, engine), database.Options{})
			fields, err := crypto.ParseFields(crypto.NewMasterKey())
			require.NoError(b, err)
			svc := identity.New(db, identity.Options{Fields: fields, Passwords: crypto.NewPasswords(crypto.TestCost)})
			ready, err := svc.Prepare(b.Context(), identity.NewPerson{Login: "someone", Name: "甲", Password: password})
			require.NoError(b, err)
			require.NoError(b, database.Run(b.Context(), db, "bench", func(tx *database.Tx) error {
				_, err := svc.Add(tx, ready, identity.Membership{Org: org, Role: kernel.RoleEnterprise}, "")
				return err
			}))
			tokens, err := svc.Login(b.Context(), "someone", password, home)
			require.NoError(b, err)
			for b.Loop() {
				if _, err := svc.Authenticate(b.Context(), tokens.Access); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
