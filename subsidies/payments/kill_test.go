package payments_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/payments"
	"yunhui/subsidies/subsidiestest"
)

// victimVariable makes the test program one that dies in the middle of a step
// on the database it names; the key opens its accounts.
const (
	victimVariable = "YUNHUI_PAYMENTS_VICTIM"
	batchVariable  = "YUNHUI_PAYMENTS_BATCH"
	keyVariable    = "YUNHUI_PAYMENTS_KEY"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(victimVariable); address != "" {
		beVictim(address, kernel.ID(os.Getenv(batchVariable)), os.Getenv(keyVariable))
	}
	os.Exit(m.Run())
}

type anyone struct{}

func (anyone) Firms(_ context.Context, ids ...kernel.ID) (map[kernel.ID]subsidies.Firm, error) {
	out := map[kernel.ID]subsidies.Firm{}
	for _, id := range ids {
		out[id] = subsidies.Firm{ID: id, Name: "某企业"}
	}
	return out, nil
}

func (anyone) ChangedSince(*database.Tx, time.Time) ([]kernel.ID, error) { return nil, nil }

func (anyone) Order(_ *database.Tx, ids ...kernel.ID) (map[kernel.ID]subsidies.Account, error) {
	out := map[kernel.ID]subsidies.Account{}
	for _, id := range ids {
		out[id] = subsidies.Account{Bank: "云惠（虚构）银行", Number: "62220000"}
	}
	return out, nil
}

// beVictim has written everything of the second step when it is killed.
func beVictim(address string, batch kernel.ID, key string) {
	db, err := database.Open(context.Background(), address, database.Options{Clock: kernel.NewManualClock(databasetest.Noon.AddDate(0, 0, 9))})
	if err != nil {
		panic(err)
	}
	fields, err := crypto.ParseFields(key)
	if err != nil {
		panic(err)
	}
	desk := &payments.Desk{DB: db, Policies: gazette.NewLibrary(db), Registry: anyone{}, Payees: anyone{}, Cipher: fields, Stride: 3}
	for n := range 2 {
		err = database.Run(as(kernel.System()), db, "victim", func(tx *database.Tx) error {
			if err := desk.Deliver(tx, queue.Delivery{Subject: batch, Attempt: 1}); err != nil {
				return err
			}
			if n == 1 {
				if err := tx.Flush(); err != nil {
					return err
				}
				fmt.Println("now")
				select {}
			}
			return nil
		})
		if err != nil {
			panic(err)
		}
	}
}

func TestAKilledProcessLeavesABatchThatGoesOn(t *testing.T) {
	t.Parallel()
	for _, engine := range []database.Engine{database.SQLite, database.MySQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			address := databasetest.Address(t, engine)
			clock := kernel.NewManualClock(databasetest.Noon)
			city := subsidiestest.New(t, databasetest.Open(t, address, database.Options{Clock: clock}), clock)
			key := crypto.NewMasterKey()
			fields, err := crypto.ParseFields(key)
			require.NoError(t, err)
			city.Payments.Stride, city.Payments.Cipher, city.Payments.Registry, city.Payments.Payees = 3, fields, anyone{}, anyone{}
			all := city.ClaimsIn(t, subsidies.ClaimApproved, 11)
			kill := func(batch kernel.ID) {
				victim := exec.Command(os.Args[0])
				victim.Env = append(os.Environ(), victimVariable+"="+address, batchVariable+"="+string(batch), keyVariable+"="+key)
				var complaint bytes.Buffer
				victim.Stderr = &complaint
				words, err := victim.StdoutPipe()
				require.NoError(t, err)
				require.NoError(t, victim.Start())
				_, err = bufio.NewReader(words).ReadString('\n')
				require.NoError(t, err, &complaint)
				require.NoError(t, victim.Process.Kill())
				require.Error(t, victim.Wait(), "it did not end by itself")
				city.Lawful(t)
			}
			d, err := city.Payments.Draft(finance, usual)
			require.NoError(t, err)
			kill(d.Batch.ID)
			require.EqualValues(t, 6, state(t, city, d.Batch.ID).LineCount, "one whole step of the victim's, and nothing of the other")
			_, err = city.Payments.Finish(finance, d.Batch.ID)
			require.NoError(t, err)
			_, err = city.Payments.Close(finance, d.Batch.ID, 0)
			require.NoError(t, err)
			_, err = city.Payments.Import(finance, d.Batch.ID, strings.NewReader(results(all)))
			require.NoError(t, err)
			kill(d.Batch.ID)
			require.EqualValues(t, 3, state(t, city, d.Batch.ID).PaidCount)
			b, err := city.Payments.Finish(finance, d.Batch.ID)
			require.NoError(t, err)
			require.Equal(t, []any{payments.Settled, int64(10), int64(1)}, []any{b.State, b.PaidCount, b.FailedCount})
			require.EqualValues(t, 10, city.Count(t, "journals", "kind = 'pay'"))
			city.Lawful(t)
		})
	}
}
