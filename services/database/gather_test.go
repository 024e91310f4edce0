package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
)

// counter is work that can be gathered: it says of each number whether it was
// done alone or with how many, and waits at its gate while it is shut.
type counter struct {
	database.Gather[int, string]
	gate chan struct{}

	mu    sync.Mutex
	alone map[int]int
	crews [][]int
	fail  error
	panic bool
	ctx   context.Context // the last crew's, to be looked at
}

func newCounter() *counter { return &counter{gate: make(chan struct{}), alone: map[int]int{}} }

var errOdd = errors.New("odd")

func (c *counter) one(ctx context.Context, n int) (string, error) {
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-c.gate:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alone[n]++
	if n < 0 {
		return "", fmt.Errorf("%d: %w", n, errOdd)
	}
	return fmt.Sprintf("%d alone", n), nil
}

func (c *counter) some(ctx context.Context, all []int) ([]string, error) {
	c.mu.Lock()
	c.ctx, c.crews = ctx, append(c.crews, all)
	fail, panics := c.fail, c.panic
	c.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.gate:
	}
	if panics {
		panic("together")
	}
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = fmt.Sprintf("%d of %d", n, len(all))
		if n < 0 {
			return nil, fmt.Errorf("%d: %w", n, errOdd)
		}
	}
	return out, fail
}

func (c *counter) do(ctx context.Context, n int) (string, error) {
	return c.Do(ctx, n, c.one, c.some)
}

// answer is what one caller got.
type answer struct {
	text string
	err  error
}

// call has callers begin one after another and returns where their answers will be.
func (c *counter) call(ctx context.Context, numbers ...int) []*answer {
	out := make([]*answer, len(numbers))
	for i, n := range numbers {
		a := &answer{}
		out[i] = a
		go func() { a.text, a.err = c.do(ctx, n) }()
		synctest.Wait()
	}
	return out
}

func (c *counter) open() {
	close(c.gate)
	synctest.Wait()
}

func TestWhoFindsNobodyBeforeHimIsNotKeptWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		c.open()
		for n := range 3 {
			text, err := c.do(t.Context(), n)
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("%d alone", n), text)
		}
		require.Empty(t, c.crews)
	})
}

func TestThoseWhoWaitAreCarriedOutTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		got := c.call(t.Context(), 1, 2, 3, 4, 5)
		c.open()
		for i, want := range []string{"1 alone", "2 alone", "3 of 3", "4 of 3", "5 of 3"} {
			require.NoError(t, got[i].err)
			require.Equal(t, want, got[i].text)
		}
		require.Equal(t, [][]int{{3, 4, 5}}, c.crews)
		require.Equal(t, map[int]int{1: 1, 2: 1}, c.alone)
	})
}

func TestOneThatFailsTakesNobodyWithIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		got := c.call(t.Context(), 1, 2, 3, -4, 5)
		c.open()
		for i, want := range []string{"1 alone", "2 alone", "3 alone", "", "5 alone"} {
			require.Equal(t, want, got[i].text)
			if i == 3 {
				require.ErrorIs(t, got[i].err, errOdd)
			} else {
				require.NoError(t, got[i].err)
			}
		}
		require.Equal(t, map[int]int{1: 1, 2: 1, 3: 1, -4: 1, 5: 1}, c.alone, "each once")
	})
}

func TestAPanicTogetherIsOneMoreReasonToTryAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		c.panic = true
		got := c.call(t.Context(), 1, 2, 3, 4)
		c.open()
		for i, want := range []string{"1 alone", "2 alone", "3 alone", "4 alone"} {
			require.NoError(t, got[i].err)
			require.Equal(t, want, got[i].text)
		}
	})
}

func TestAPanicAloneLeavesTheLaneFree(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		c.open()
		for range 5 {
			require.Panics(t, func() {
				_, _ = c.Do(t.Context(), 1, func(context.Context, int) (string, error) { panic("alone") }, c.some)
			})
		}
		text, err := c.do(t.Context(), 7)
		require.NoError(t, err)
		require.Equal(t, "7 alone", text)
	})
}

func TestWhoLeavesBeforeHisTurnHasDoneNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		ctx, cancel := context.WithCancel(t.Context())
		first := c.call(t.Context(), 1, 2, 3)
		gone := c.call(ctx, 4)
		last := c.call(t.Context(), 5)
		cancel()
		synctest.Wait()
		require.ErrorIs(t, gone[0].err, context.Canceled, "at once")
		c.open()
		require.Equal(t, "3 of 2", first[2].text)
		require.Equal(t, "5 of 2", last[0].text)
		require.NotContains(t, c.alone, 4)
	})
}

func TestWhoLeavesMeanwhileGetsTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		busy := c.call(t.Context(), 1, 2)
		leaving, cancel := context.WithCancel(t.Context())
		leader := c.call(leaving, 3)
		stays := c.call(t.Context(), 4)
		c.gate <- struct{}{} // one lane is free: 3 leads 4
		synctest.Wait()
		require.Equal(t, [][]int{{3, 4}}, c.crews)
		cancel()
		synctest.Wait()
		require.Equal(t, answer{}, *leader[0], "what it began may yet be committed")
		require.NoError(t, c.ctx.Err(), "and it must not end for the one who stays")
		c.open()
		require.Equal(t, answer{text: "3 of 2"}, *leader[0])
		require.Equal(t, answer{text: "4 of 2"}, *stays[0])
		require.ElementsMatch(t, []string{"1 alone", "2 alone"}, []string{busy[0].text, busy[1].text})
	})
}

func TestWhatNobodyWaitsForAnyMoreEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter()
		c.call(t.Context(), 1, 2)
		leaving, cancel := context.WithCancel(t.Context())
		gone := c.call(leaving, 3, 4)
		c.gate <- struct{}{}
		synctest.Wait()
		cancel()
		synctest.Wait()
		require.Error(t, c.ctx.Err())
		for _, a := range gone {
			require.ErrorIs(t, a.err, context.Canceled)
		}
		c.open()
		require.NotContains(t, c.alone, 3)
		require.NotContains(t, c.alone, 4)
	})
}

func TestACrewActsAsNoneOfItsCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		c := newCounter()
		c.call(context.WithValue(t.Context(), key{}, "mine"), 1, 2, 3, 4)
		c.open()
		require.Nil(t, c.ctx.Value(key{}))
	})
}

func TestGatheringTheSameNumberAgainAndAgainAnswersEveryCaller(t *testing.T) {
	t.Parallel()
	c := newCounter()
	close(c.gate)
	var wait sync.WaitGroup
	for caller := range 16 {
		wait.Go(func() {
			for n := range 200 {
				number := caller*1000 + n
				if n%17 == 0 {
					number = -number - 1
				}
				ctx, cancel := context.WithCancel(t.Context())
				if n%5 == 0 {
					go cancel()
				}
				text, err := c.do(ctx, number)
				cancel()
				switch {
				case err == nil:
					var of int
					_, scanned := fmt.Sscanf(text, "%d", &of)
					if scanned != nil || of != number {
						t.Errorf("%d was answered %q", number, text)
					}
				case number < 0 && errors.Is(err, errOdd), n%5 == 0 && errors.Is(err, context.Canceled):
				default:
					t.Errorf("%d: %v", number, err)
				}
			}
		})
	}
	wait.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for n, times := range c.alone {
		require.LessOrEqual(t, times, 1, "%d", n)
	}
}
