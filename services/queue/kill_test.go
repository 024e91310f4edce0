package queue

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
)

// victimVariable makes the test program a worker on the database it names.
const victimVariable = "YUNHUI_QUEUE_VICTIM"

func TestMain(m *testing.M) {
	if address := os.Getenv(victimVariable); address != "" {
		beVictim(address)
	}
	os.Exit(m.Run())
}

// beVictim works until it is killed in the middle of the third message.
func beVictim(address string) {
	ctx := context.Background()
	db, err := database.Open(ctx, address, database.Options{Clock: kernel.NewManualClock(databasetest.Noon)})
	if err != nil {
		panic(err)
	}
	handled := 0
	r := New(db, Options{Name: "victim", Workers: 1, Poll: 10 * time.Millisecond})
	r.Handle("work", func(tx *database.Tx, d Delivery) error {
		if err := effect(tx, d); err != nil {
			return err
		}
		if handled++; handled == 3 {
			fmt.Println("now") // the parent waits for this line
			select {}
		}
		return nil
	})
	if err := r.Start(ctx); err != nil {
		panic(err)
	}
	select {}
}

func TestAKilledProcessLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, engine := range []database.Engine{database.SQLite, database.MySQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			address := databasetest.Address(t, engine)
			clock := kernel.NewManualClock(databasetest.Noon)
			db := databasetest.Open(t, address, database.Options{Clock: clock})
			b := newBench(t, db, clock, "")
			ids := subjects(5)
			b.send("work", ids...)

			victim := exec.Command(os.Args[0])
			victim.Env = append(os.Environ(), victimVariable+"="+address)
			victim.Stderr = os.Stderr
			words, err := victim.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, victim.Start())
			_, err = bufio.NewReader(words).ReadString('\n')
			require.NoError(t, err)
			require.NoError(t, victim.Process.Kill())
			require.Error(t, victim.Wait(), "it did not end by itself")

			r := b.runtime()
			r.Handle("work", effect)
			b.start(r)
			b.until(10*time.Second, b.settled)
			b.requireOnce(ids)
		})
	}
}
