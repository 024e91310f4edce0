package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrMissing says that the store has nothing under the key.
var ErrMissing = errors.New("no such content in the file store")

// Disk keeps content in a folder, two levels deep. Content is complete and
// flushed before it gets its name, so a crash leaves no half file behind.
type Disk struct{ folder string }

var _ Store = (*Disk)(nil)

// OpenDisk makes the folder when it is not there.
func OpenDisk(folder string) (*Disk, error) {
	if err := os.MkdirAll(filepath.Join(folder, "incoming"), 0o750); err != nil {
		return nil, fmt.Errorf("file store: %w", err)
	}
	return &Disk{folder: folder}, nil
}

// Put implements Store.
func (d *Disk) Put(ctx context.Context, key string, content io.Reader, size int64) error {
	path, err := d.path(key)
	if err != nil {
		return err
	}
	if there, err := d.Has(ctx, key); err != nil || there {
		return err
	}
	draft, err := os.CreateTemp(filepath.Join(d.folder, "incoming"), "draft-*")
	if err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	if err := fill(draft, content, size); err != nil {
		return errors.Join(fmt.Errorf("store file: %w", err), os.Remove(draft.Name()))
	}
	if err := place(draft.Name(), path); err != nil {
		return errors.Join(fmt.Errorf("store file: %w", err), os.Remove(draft.Name()))
	}
	return nil
}

// fill writes the whole content through to the disk and closes the draft.
func fill(draft *os.File, content io.Reader, size int64) error {
	n, err := io.Copy(draft, io.LimitReader(content, size+1))
	if err == nil && n != size {
		err = fmt.Errorf("content has %d bytes or more, %d were announced", n, size)
	}
	if err == nil {
		err = draft.Sync()
	}
	return errors.Join(err, draft.Close())
}

// place gives the draft its name and makes the name survive a crash.
func place(draft, path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	for range 2 {
		if err := syncFolder(dir); err != nil {
			return err
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open implements Store.
func (d *Disk) Open(_ context.Context, key string) (io.ReadCloser, error) {
	path, err := d.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	return f, err
}

// Has implements Store.
func (d *Disk) Has(_ context.Context, key string) (bool, error) {
	path, err := d.path(key)
	if err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Remove implements Store.
func (d *Disk) Remove(_ context.Context, key string) error {
	path, err := d.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Ping implements Store: it writes and removes a file.
func (d *Disk) Ping(context.Context) error {
	f, err := os.CreateTemp(filepath.Join(d.folder, "incoming"), "ping-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func (d *Disk) path(key string) (string, error) {
	if !isDigest(key) {
		return "", fmt.Errorf("%q is no key of the file store", key)
	}
	return filepath.Join(d.folder, key[:2], key[2:4], key), nil
}

func isDigest(key string) bool {
	if len(key) != 64 {
		return false
	}
	for _, c := range key {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
