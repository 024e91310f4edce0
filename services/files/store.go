package files

import (
	"context"
	"io"
)

// Store keeps content under keys made by this package: 64 hexadecimal digits.
// What is stored under a key never changes.
type Store interface {
	// Put stores exactly size bytes. A key that exists already is left alone.
	Put(ctx context.Context, key string, content io.Reader, size int64) error
	// Open returns the content, or ErrMissing.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Has reports whether the key is there.
	Has(ctx context.Context, key string) (bool, error)
	// Remove deletes the content; a key that is not there is no error.
	Remove(ctx context.Context, key string) error
	// Ping checks that content can be stored.
	Ping(ctx context.Context) error
}
