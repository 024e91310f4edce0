package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

const (
	sealRound = 20_000 // entries named by one look at the tail
	sealBatch = 500    // entries chained in one transaction
)

// sealed is an entry as the chain sees it. Its canonical form is this object as
// JSON: the keys in this order, which is alphabetical, no spaces, no HTML
// escapes, instants in UTC with six decimals. An entry's hash is the SHA-256 of
// its canonical form in hexadecimal; the first entry follows the empty hash.
type sealed struct {
	Action     string      `json:"action"`
	Address    string      `json:"address"`
	At         string      `json:"at"`
	Detail     string      `json:"detail"`
	ID         kernel.ID   `json:"id"`
	ObjectID   string      `json:"object_id"`
	ObjectKind string      `json:"object_kind"`
	OrgID      kernel.ID   `json:"org_id"`
	PersonID   kernel.ID   `json:"person_id"`
	PrevHash   string      `json:"prev_hash"`
	RequestID  string      `json:"request_id"`
	Role       kernel.Role `json:"role"`
	Seq        int64       `json:"seq"`
}

// instant is the form of a time in the chain.
const instant = "2006-01-02T15:04:05.000000Z"

// chain returns the hash of the entry as number seq after prev.
func (r row) chain(seq int64, prev string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(sealed{
		Action: r.Action, Address: r.Address, At: r.At.UTC().Format(instant), Detail: r.Detail, ID: r.ID,
		ObjectID: r.ObjectID, ObjectKind: r.ObjectKind, OrgID: r.OrgID, PersonID: r.PersonID,
		PrevHash: prev, RequestID: r.RequestID, Role: r.Role, Seq: seq,
	})
	if err != nil {
		return "", fmt.Errorf("canonical form of entry %s: %w", r.ID, err)
	}
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}

// Seal chains every committed entry that is not in the chain yet and returns how
// many it took. The order of the chain is the order of sealing: an entry that
// commits late is sealed late, whatever its time says. One sealer at a time is
// enough; a second one at the same time fails on the number and changes nothing.
func Seal(ctx context.Context, db *database.DB) (int, error) {
	total := 0
	for ctx.Err() == nil {
		var ids []kernel.ID
		err := db.Read(ctx).Model(&row{}).Where("seq IS NULL").Order("at, id").Limit(sealRound).Pluck("id", &ids).Error
		if err != nil || len(ids) == 0 {
			return total, err
		}
		for len(ids) > 0 && ctx.Err() == nil {
			batch := ids[:min(len(ids), sealBatch)]
			ids = ids[len(batch):]
			n, err := database.Do(ctx, db, "audit.seal", func(tx *database.Tx) (int, error) { return sealSome(tx, batch) })
			if err != nil {
				return total, err
			}
			total += n
		}
	}
	return total, ctx.Err()
}

func sealSome(tx *database.Tx, ids []kernel.ID) (int, error) {
	seq, prev, err := head(tx.DB)
	if err != nil {
		return 0, err
	}
	var rows []row
	if err := tx.Where("id IN ? AND seq IS NULL", ids).Order("at, id").Find(&rows).Error; err != nil {
		return 0, fmt.Errorf("unsealed entries: %w", err)
	}
	for _, r := range rows {
		seq++
		hash, err := r.chain(seq, prev)
		if err != nil {
			return 0, err
		}
		sealing := tx.Model(&row{}).Where("id = ? AND seq IS NULL", r.ID).Updates(map[string]any{"seq": seq, "prev_hash": prev, "hash": hash})
		if err := database.Changed(sealing, errOutrun); err != nil {
			return 0, err
		}
		prev = hash
	}
	return len(rows), nil
}

// errOutrun says that another sealer took an entry first.
var errOutrun = fmt.Errorf("another sealer is at work")

// Head is the end of the chain: what a trusted third party keeps of it.
type Head struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"`
	At   time.Time `json:"at"`
}
