package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// MaxSize is the largest file that is admitted.
const MaxSize = 20 << 20

// File is admitted evidence. Its content is stored under SHA256.
type File struct {
	ID        kernel.ID
	OrgID     kernel.ID // whose it is
	Name      string
	MediaType string
	Size      int64
	SHA256    string    `gorm:"column:sha256"`
	CreatedBy kernel.ID // who handed it in
	CreatedAt time.Time
}

// TableName names the table.
func (File) TableName() string { return "files" }

// Admit checks the content, stores it and writes its row: the whole way in.
// The owner is the organisation of the call; name is what the sender calls it.
//
// Errors: file.name, file.empty, file.too_large, file.type.
func Admit(ctx context.Context, db *database.DB, store Store, name string, content io.Reader) (File, error) {
	f, err := Receive(ctx, store, name, content)
	if err != nil {
		return File{}, err
	}
	return database.Do(ctx, db, "files.admit", func(tx *database.Tx) (File, error) { return Save(tx, f) })
}

// Receive checks and stores the content; the File it returns has no row yet.
// It is the half of Admit that must stay outside a transaction.
func Receive(ctx context.Context, store Store, name string, content io.Reader) (File, error) {
	name, err := checkName(name)
	if err != nil {
		return File{}, err
	}
	draft, err := os.CreateTemp("", "yunhui-upload-*")
	if err != nil {
		return File{}, fmt.Errorf("receive file: %w", err)
	}
	f, err := receive(ctx, store, name, content, draft)
	return f, errors.Join(err, draft.Close(), os.Remove(draft.Name()))
}

func receive(ctx context.Context, store Store, name string, content io.Reader, draft *os.File) (File, error) {
	digest := sha256.New()
	size, err := io.Copy(io.MultiWriter(draft, digest), io.LimitReader(content, MaxSize+1))
	switch {
	case err != nil:
		return File{}, fmt.Errorf("receive file: %w", err)
	case size == 0:
		return File{}, kernel.Invalid("file.empty", kernel.T("文件是空的", "The file is empty"))
	case size > MaxSize:
		return File{}, kernel.Fail(kernel.KindTooLarge, "file.too_large", kernel.T("文件超过 %d MB", "The file is larger than %d MB", MaxSize>>20))
	}
	kind, err := sniff(draft, size, extension(name))
	if err != nil {
		return File{}, err
	}
	f := File{Name: name, MediaType: kind.mediaType, Size: size, SHA256: hex.EncodeToString(digest.Sum(nil))}
	if err := store.Put(ctx, f.SHA256, io.NewSectionReader(draft, 0, size), size); err != nil {
		return File{}, err
	}
	return f, nil
}

// Save writes the row of a received file as part of the transaction and
// returns the file with its id.
func Save(tx *database.Tx, f File) (File, error) {
	f.ID, f.CreatedAt = kernel.NewID(tx.Now), tx.Now
	f.OrgID, f.CreatedBy = tx.Call.Actor.Org, tx.Call.Actor.Person
	if err := tx.Create(&f).Error; err != nil {
		return File{}, fmt.Errorf("save file: %w", err)
	}
	return f, nil
}

// Find returns the file's row. It asks nobody's leave: the caller has decided
// that the reader may see it.
func Find(ctx context.Context, db *database.DB, id kernel.ID) (File, error) {
	var f File
	err := db.Read(ctx).Where("id = ?", id).Take(&f).Error
	return f, database.Found(err, kernel.NotFound(kernel.T("文件", "file")))
}

// FindAll is Find for many; what does not exist is missing from the result.
func FindAll(ctx context.Context, db *database.DB, ids []kernel.ID) (map[kernel.ID]File, error) {
	out := make(map[kernel.ID]File, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []File
	err := db.Read(ctx).Where("id IN ?", ids).Find(&rows).Error
	for _, f := range rows {
		out[f.ID] = f
	}
	return out, err
}
