package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/api"
)

// opened serves a desk on a free port; the returned channel tells when it ended.
func opened(ctx context.Context, t testing.TB, b bench) (url string, ended <-chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- b.Serve(ctx, listener) }()
	return "http://" + listener.Addr().String(), done
}

func TestShutdownLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	inside, leave := make(chan struct{}), make(chan struct{})
	api.Route(b.Desk, op("POST", "/api/v1/slow", api.Public), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		close(inside)
		<-leave
		return nil, ctx.Err() // still alive, although the desk is closing
	})
	ctx, cancel := context.WithCancel(context.Background())
	url, ended := opened(ctx, t, b)

	answered := make(chan int, 1)
	go func() {
		resp, err := http.Post(url+"/api/v1/slow", "application/json", nil)
		if err != nil {
			answered <- 0
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-inside
	cancel()
	require.Eventually(t, func() bool { return b.get(t, "/readyz").Code == 503 }, 5*time.Second, time.Millisecond)
	select {
	case err := <-ended:
		t.Fatal("ended before the request was answered: ", err)
	default:
	}
	close(leave)
	require.Equal(t, 204, <-answered)
	require.NoError(t, <-ended)
	_, err := http.Get(url + "/healthz") //nolint:bodyclose // it fails
	require.Error(t, err)
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	inside, cut := make(chan struct{}), make(chan struct{})
	api.Route(b.Desk, op("GET", "/api/v1/stuck", api.Public), func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		close(inside)
		<-ctx.Done()
		close(cut)
		return nil, ctx.Err()
	})
	url, ended := opened(context.Background(), t, b)
	go func() {
		if resp, err := http.Get(url + "/api/v1/stuck"); err == nil {
			_ = resp.Body.Close()
		}
	}()
	<-inside
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.Error(t, b.Shutdown(ctx))
	<-cut
	require.NoError(t, <-ended)
}

func TestAListenerThatFailsIsReported(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close() //nolint:errcheck // a test's listener
	require.ErrorContains(t, newBench(t, nil).Listen(context.Background(), taken.Addr().String()), "in use")
}

func TestWhatIsNoRequestIsAnsweredInOurForm(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	url, ended := opened(ctx, t, b)
	for name, s := range map[string]struct {
		request string
		status  int
	}{
		"a header without end": {"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 20_000) + "\r\n\r\n", 431},
		"noise":                {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400},
		"two lengths":          {"POST /api/v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 5\r\n\r\nabcde", 400},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		require.NoError(t, err)
		_, err = io.WriteString(conn, s.request)
		require.NoError(t, err)
		raw, _ := io.ReadAll(conn)
		_ = conn.Close()
		head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
		require.Contains(t, head, "application/problem+json", "%s: %q", name, raw)
		var p api.Problem
		require.NoError(t, json.Unmarshal([]byte(body), &p), name)
		require.Equal(t, s.status, p.Status, name)
	}
	cancel()
	require.NoError(t, <-ended)
}
