package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// client is one keep-alive connection that sends prepared requests and reads the
// answers through. It does as little as a client can, since it works on the
// processors that it measures.
type client struct {
	conn  net.Conn
	in    *bufio.Reader
	bytes int // of the bodies that were read
	calls int
}

func dial(ctx context.Context, address string) (*client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// get and post prepare requests.
func get(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAccept-Language: zh-CN\r\n\r\n")
}

func post(path string, body []byte) []byte {
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nAccept-Language: zh-CN\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, len(body))
	return append([]byte(head), body...)
}

var lengthHeader = []byte("Content-Length: ")

// do sends a request and reads its answer, which must be 200.
func (c *client) do(request []byte) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	ok := bytes.HasPrefix(status, []byte("HTTP/1.1 200"))
	said := ""
	if !ok {
		said = string(bytes.TrimSpace(status))
	}
	length := -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if value, found := bytes.CutPrefix(line, lengthHeader); found {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("an answer without its length")
	}
	if !ok {
		body := make([]byte, min(length, 500))
		_, err := io.ReadFull(c.in, body)
		return errors.Join(fmt.Errorf("%s: %s", said, body), err)
	}
	c.bytes += length
	c.calls++
	_, err = c.in.Discard(length)
	return err
}

// clients opens connections; each calls with the requests in turn.
func clients(ctx context.Context, address string, n int, requests [][]byte) (all []*client, callers []caller, err error) {
	for range n {
		c, err := dial(ctx, address)
		if err != nil {
			return all, nil, errors.Join(err, hangUp(all))
		}
		all = append(all, c)
		callers = append(callers, func(_ context.Context, n int) error { return c.do(requests[n%len(requests)]) })
	}
	return all, callers, nil
}

func hangUp(all []*client) error {
	var failures []error
	for _, c := range all {
		failures = append(failures, c.conn.Close())
	}
	return errors.Join(failures...)
}
