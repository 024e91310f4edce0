package crypto

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const masterKeyLength = 32

// OpenFields makes Fields from the master keys given as text, or, when that is
// empty, from the file, which is created with a fresh key (mode 0600) when it does
// not exist. The form is one base64 key of 32 bytes, or several separated by white
// space or commas: the first seals, all open, so a new key is put in front.
// Several nodes must be given the same text or share the file.
func OpenFields(text, path string) (*Fields, error) {
	if strings.TrimSpace(text) != "" {
		return ParseFields(text)
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createMasterKey(path); err != nil {
			return nil, fmt.Errorf("master key: %w", err)
		}
		raw, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	fields, err := ParseFields(string(raw))
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", path, err)
	}
	return fields, nil
}

// ParseFields makes Fields from the text form of the master keys.
func ParseFields(text string) (*Fields, error) {
	f := &Fields{keys: map[string][]byte{}}
	for part := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		key, err := base64.StdEncoding.DecodeString(part)
		if err != nil || len(key) != masterKeyLength {
			return nil, errors.New("a master key must be 32 bytes in base64 (make one with: openssl rand -base64 32)")
		}
		kid := Digest("master key " + string(key))[:8]
		if f.sealing == "" {
			f.sealing = kid
		}
		f.keys[kid] = key
	}
	if f.sealing == "" {
		return nil, errors.New("there is no master key")
	}
	return f, nil
}

// NewMasterKey makes a key in its text form.
func NewMasterKey() string {
	key := make([]byte, masterKeyLength)
	_, _ = rand.Read(key) // never fails since Go 1.24
	return base64.StdEncoding.EncodeToString(key)
}

// createMasterKey writes the whole file beside its place and links it there, so
// that of two processes starting at once one wins and neither reads half a key.
func createMasterKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".master-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.WriteString(NewMasterKey() + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
