// Package gazette keeps the published policies: every version for ever, none
// changed once it is out, each compiled once.
package gazette

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

type row struct {
	Code        string
	Version     int
	Status      string
	Document    string
	Digest      string
	ValidFrom   kernel.Date
	PublishedBy kernel.ID
	PublishedAt *time.Time
	CreatedAt   time.Time
}

func (row) TableName() string { return "policies" }

const published = "published"

// Publish puts a document out. The same document again is no change; another
// document under the same code and version is refused (policy.published), and so
// are one whose test cases fail and one that does not follow the versions before
// it (see Next).
func Publish(tx *database.Tx, doc rules.Document) error {
	policy, err := rules.Compile(doc)
	if err != nil {
		return err
	}
	text, digest, err := seal(doc)
	if err != nil {
		return err
	}
	if out, err := isOut(tx, doc, digest); out || err != nil {
		return err
	}
	if err := policy.CheckCases(); err != nil {
		return err
	}
	next, err := NextOf(tx.DB, doc.Code, tx.Today())
	if err != nil {
		return err
	}
	if faults := next.Check(doc); faults != nil {
		if out, err := isOut(tx, doc, digest); out || err != nil {
			return err // somebody published it at this very moment
		}
		return faults
	}
	from := doc.HoldsFrom()
	if from == "" {
		from = tx.Today()
	}
	err = tx.Create(&row{Code: doc.Code, Version: doc.Version, Status: published, Document: text, Digest: digest, ValidFrom: from, PublishedBy: tx.Call.Actor.Person, PublishedAt: &tx.Now, CreatedAt: tx.Now}).Error
	if database.IsDuplicate(err) {
		return taken()
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Action: "policy.publish", ObjectKind: "policy", ObjectID: fmt.Sprintf("%s/%d", doc.Code, doc.Version), Detail: map[string]any{"digest": digest}})
}

// isOut reports that the very document is published; another one under its code
// and version is an error (policy.published).
func isOut(tx *database.Tx, doc rules.Document, digest string) (bool, error) {
	var earlier []row
	if err := tx.Select("digest").Where("code = ? AND version = ?", doc.Code, doc.Version).Limit(1).Find(&earlier).Error; err != nil || len(earlier) == 0 {
		return false, err
	}
	if earlier[0].Digest != digest {
		return false, taken()
	}
	return true, nil
}

func taken() error {
	return kernel.Conflict("policy.published", kernel.T("该版本已发布，不可更改；请以新版本发布", "This version is published and cannot change; publish a new version"))
}

func seal(doc rules.Document) (text, digest string, err error) {
	plain, err := json.Marshal(doc)
	if err != nil {
		return "", "", fmt.Errorf("policy document: %w", err)
	}
	sum := sha256.Sum256(plain)
	return string(plain), hex.EncodeToString(sum[:]), nil
}

// Verify checks that no published document was changed: each still matches its
// digest and compiles.
func Verify(ctx context.Context, db *database.DB) ([]kernel.Breach, error) {
	var rows []row
	if err := db.Read(ctx).Where("status = ?", published).Find(&rows).Error; err != nil {
		return nil, err
	}
	var out []kernel.Breach
	for _, r := range rows {
		sum := sha256.Sum256([]byte(r.Document))
		if hex.EncodeToString(sum[:]) != r.Digest {
			out = append(out, kernel.Breach{Law: "explained", Object: fmt.Sprintf("policy %s/%d", r.Code, r.Version), Detail: "the published document was changed"})
		}
	}
	return out, nil
}
