package record

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/rules"
)

// Computation is law 6 in storage: the facts and the result of one quote, so
// that the amount can be recomputed and explained years later.
type Computation struct {
	Facts  rules.Facts    `json:"facts"`
	Result rules.Result   `json:"result"`
	Legs   subsidies.Legs `json:"legs"` // what was granted; less than the result where a reservation bounds it
}

type traceRow struct {
	ID            kernel.ID
	SubjectKind   Kind
	SubjectID     kernel.ID
	PolicyCode    string
	PolicyVersion int
	Digest        string
	Document      []byte
	At            time.Time
}

func (traceRow) TableName() string { return "traces" }

// Explain stores a computation for a subject; the newest one counts.
func Explain(tx *database.Tx, kind Kind, id kernel.ID, c Computation) error {
	plain, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err = w.Write(plain); err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	sum := sha256.Sum256(plain)
	return tx.Create(&traceRow{
		ID: kernel.NewID(tx.Now), SubjectKind: kind, SubjectID: id, PolicyCode: c.Result.Policy, PolicyVersion: c.Result.Version,
		Digest: hex.EncodeToString(sum[:]), Document: packed.Bytes(), At: tx.Now,
	}).Error
}

// Explanation returns the newest computation of a subject.
func Explanation(ctx context.Context, db *database.DB, id kernel.ID) (Computation, error) {
	var row traceRow
	err := db.Read(ctx).Where("subject_id = ?", id).Order("id DESC").Take(&row).Error
	if err != nil {
		return Computation{}, database.Found(err, kernel.NotFound(kernel.T("计算过程", "trace")))
	}
	return unpack(row)
}

func unpack(row traceRow) (Computation, error) {
	var c Computation
	r, err := gzip.NewReader(bytes.NewReader(row.Document))
	if err != nil {
		return c, fmt.Errorf("trace %s: %w", row.ID, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, 16<<20))
	if err != nil {
		return c, fmt.Errorf("trace %s: %w", row.ID, err)
	}
	sum := sha256.Sum256(plain)
	if hex.EncodeToString(sum[:]) != row.Digest {
		return c, errors.New("trace " + string(row.ID) + " does not match its digest")
	}
	err = json.Unmarshal(plain, &c)
	return c, err
}
