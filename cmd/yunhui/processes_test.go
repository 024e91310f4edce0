package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

// patient is how long a test waits for another process on a busy machine.
const patient = 60 * time.Second

// binary builds the program as an operator would.
func binary(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "yunhui")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return name
}

// freePort returns a port that nobody listens on at the moment.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	address, ok := l.Addr().(*net.TCPAddr)
	require.True(t, ok)
	return address.Port
}

// running is a process that the test has started.
type running struct {
	cmd   *exec.Cmd
	out   *bytes.Buffer
	ended chan struct{} // closed once err is known
	err   error
}

func start(t *testing.T, name string, args ...string) *running {
	t.Helper()
	p := &running{cmd: exec.Command(name, args...), out: &bytes.Buffer{}, ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	require.NoError(t, p.cmd.Start())
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// ends reports whether the process ends by itself in time.
func (p *running) ends() bool {
	select {
	case <-p.ended:
		return true
	case <-time.After(patient):
		return false
	}
}

// kill is kill -9: nothing is told and nothing is tidied up.
func (p *running) kill() {
	_ = p.cmd.Process.Kill()
	p.ends()
}

// stop asks to end, and wants a good end.
func (p *running) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.True(t, p.ends(), "it does not stop")
	require.NoError(t, p.err, p.out.String())
}

// redisServer is a Redis of the test's own, which may be killed and flushed.
type redisServer struct {
	port    int
	process *running
}

func (r *redisServer) start(t *testing.T) {
	t.Helper()
	r.process = start(t, "redis-server", "--bind", "127.0.0.1", "--port", fmt.Sprint(r.port), "--dir", t.TempDir(), "--save", "", "--appendonly", "no")
	require.Eventually(t, func() bool { return r.tell(t, "PING") == "+PONG" }, patient, 50*time.Millisecond)
}

// tell gives Redis one command and returns the first line of the answer.
func (r *redisServer) tell(t *testing.T, command string) string {
	t.Helper()
	wire, err := (&net.Dialer{Timeout: patient}).DialContext(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", r.port))
	if err != nil {
		return err.Error()
	}
	defer func() { _ = wire.Close() }()
	if _, err := io.WriteString(wire, command+"\r\n"); err != nil {
		return err.Error()
	}
	line, err := bufio.NewReader(wire).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(line)
}

// browser is what everybody here uses.
var browser = &http.Client{Timeout: patient}

// person is somebody at a browser.
type person struct {
	t     *testing.T
	base  string
	login string
	token string
}

// at opens the door; who has a login logs in.
func at(t *testing.T, base, login string) *person {
	t.Helper()
	p := &person{t: t, base: base, login: login}
	p.again()
	return p
}

// again logs in anew: after a jump of the clock the old token is too old.
func (p *person) again() {
	p.t.Helper()
	p.token = ""
	if p.login != "" {
		out := p.post("/auth/login", 200, map[string]any{"login": p.login, "password": password})
		p.token = text(out, "access_token")
	}
}

// ask sends a request; a write carries a key under which it takes effect once.
func (p *person) ask(method, path, key, media string, body io.Reader) (int, []byte) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patient)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.base+"/api/v1"+path, body)
	require.NoError(p.t, err)
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	answer, err := browser.Do(r)
	require.NoError(p.t, err)
	defer func() { _ = answer.Body.Close() }()
	told, err := io.ReadAll(answer.Body)
	require.NoError(p.t, err)
	return answer.StatusCode, told
}

func (p *person) write(method, path string, want int, in any) map[string]any {
	p.t.Helper()
	body, err := json.Marshal(in)
	require.NoError(p.t, err)
	status, told := p.ask(method, path, string(kernel.NewID(time.Now())), "application/json", bytes.NewReader(body))
	require.Equal(p.t, want, status, "%s %s: %s", method, path, told)
	out := map[string]any{}
	if len(told) > 0 {
		require.NoError(p.t, json.Unmarshal(told, &out), string(told))
	}
	return out
}

func (p *person) post(path string, want int, in any) map[string]any {
	p.t.Helper()
	return p.write(http.MethodPost, path, want, in)
}

func (p *person) get(path string) map[string]any {
	p.t.Helper()
	status, told := p.ask(http.MethodGet, path, "", "", nil)
	require.Equal(p.t, 200, status, "GET %s: %s", path, told)
	out := map[string]any{}
	require.NoError(p.t, json.Unmarshal(told, &out), string(told))
	return out
}

// upload sends one file with further fields.
func (p *person) upload(path string, want int, name, content string, fields map[string]string) map[string]any {
	p.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for field, value := range fields {
		require.NoError(p.t, w.WriteField(field, value))
	}
	part, err := w.CreateFormFile("file", name)
	require.NoError(p.t, err)
	_, err = io.WriteString(part, content)
	require.NoError(p.t, err)
	require.NoError(p.t, w.Close())
	status, told := p.ask(http.MethodPost, path, "", w.FormDataContentType(), &form)
	require.Equal(p.t, want, status, "%s: %s", path, told)
	out := map[string]any{}
	require.NoError(p.t, json.Unmarshal(told, &out), string(told))
	return out
}

// until asks again and again until something is as it should be.
func (p *person) until(path, field, want string) map[string]any {
	p.t.Helper()
	var out map[string]any
	require.Eventually(p.t, func() bool {
		out = p.get(path)
		return text(out, field) == want
	}, patient, 100*time.Millisecond, "%s of %s never became %s", field, path, want)
	return out
}

func text(m map[string]any, field string) string {
	s, _ := m[field].(string)
	return s
}

func number(m map[string]any, field string) int64 {
	f, _ := m[field].(float64)
	return int64(f)
}

// rows are the objects of a list.
func rows(m map[string]any, field string) []map[string]any {
	list, _ := m[field].([]any)
	out := make([]map[string]any, 0, len(list))
	for _, x := range list {
		if row, ok := x.(map[string]any); ok {
			out = append(out, row)
		}
	}
	return out
}

// one is the only row of a list.
func one(t *testing.T, m map[string]any, field string) map[string]any {
	t.Helper()
	all := rows(m, field)
	require.Len(t, all, 1, "%v", m)
	return all[0]
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
}
