package api

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// ServeHTTP lets tests knock without a socket, from the request's RemoteAddr.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.open()
	conn := &memoryConn{}
	if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		conn.remote = net.TCPAddrFromAddrPort(from)
	}
	if err := r.Write(&conn.in); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	served := d.app.Server().ServeConn(conn) // an error is also what a refused body ends with, after its answer
	answer, err := http.ReadResponse(bufio.NewReader(&conn.out), r)
	if err != nil {
		panic("api: " + http.ErrAbortHandler.Error() + ": no answer: " + errorText(served))
	}
	defer answer.Body.Close() //nolint:errcheck // it is a buffer
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

func errorText(err error) string {
	if err == nil {
		return "connection closed"
	}
	return err.Error()
}

// memoryConn is a connection whose client has said all it will say.
type memoryConn struct {
	in, out bytes.Buffer
	remote  *net.TCPAddr
}

func (c *memoryConn) Read(b []byte) (int, error)  { return c.in.Read(b) }   //nolint:wrapcheck // io.EOF must stay itself
func (c *memoryConn) Write(b []byte) (int, error) { return c.out.Write(b) } //nolint:wrapcheck // never fails
func (c *memoryConn) Close() error                { return nil }
func (c *memoryConn) LocalAddr() net.Addr         { return &net.TCPAddr{} }

func (c *memoryConn) RemoteAddr() net.Addr {
	if c.remote == nil {
		return &net.TCPAddr{IP: net.IPv4zero}
	}
	return c.remote
}

func (c *memoryConn) SetDeadline(time.Time) error      { return nil }
func (c *memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (c *memoryConn) SetWriteDeadline(time.Time) error { return nil }
