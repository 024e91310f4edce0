package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Report is the outcome of a verification.
type Report struct {
	Sealed   int64         `json:"sealed"`   // entries that fit
	Head     Head          `json:"head"`     // the last entry that fits
	Unsealed int64         `json:"unsealed"` // entries that wait for the sealer
	TailAge  time.Duration `json:"tail_age"` // age of the oldest of them
	Broken   *Break        `json:"broken,omitempty"`
}

// Break is the first place where the chain does not hold.
type Break struct {
	Seq  int64     `json:"seq"`
	ID   kernel.ID `json:"id"`
	Flaw string    `json:"flaw"`
}

// OK reports whether the chain holds.
func (p Report) OK() bool { return p.Broken == nil }

const verifyBatch = 2000

// Verify recomputes the chain from its beginning, a batch at a time, and stops
// at the first entry that was changed, removed, added or moved. What was cut off
// at the very end shows only against a Head that was kept elsewhere: pass those
// in known.
func Verify(ctx context.Context, db *database.DB, known ...Head) (Report, error) {
	var report Report
	kept := map[int64]string{}
	var furthest int64
	for _, h := range known {
		kept[h.Seq], furthest = h.Hash, max(furthest, h.Seq)
	}
	for report.Broken == nil {
		var rows []row
		err := db.Read(ctx).Where("seq > ?", report.Head.Seq).Order("seq").Limit(verifyBatch).Find(&rows).Error
		if err != nil {
			return report, fmt.Errorf("read the record: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		if err := report.follow(rows, kept); err != nil {
			return report, err
		}
	}
	if report.Broken == nil && report.Head.Seq < furthest {
		report.Broken = &Break{Seq: report.Head.Seq + 1, Flaw: "the record ends before an entry that is known to have existed"}
	}
	err := report.tail(ctx, db)
	return report, err
}

// follow checks the next rows against what came before.
func (p *Report) follow(rows []row, kept map[int64]string) error {
	for _, r := range rows {
		seq := p.Head.Seq + 1
		hash, err := r.chain(seq, p.Head.Hash)
		if err != nil {
			return err
		}
		flaw := ""
		switch known, has := kept[seq]; {
		case *r.Seq != seq:
			flaw = "an entry is missing before this one"
		case r.PrevHash == nil || *r.PrevHash != p.Head.Hash:
			flaw = "the entry does not follow the one before it"
		case r.Hash == nil || *r.Hash != hash:
			flaw = "the entry is not as it was sealed"
		case has && known != hash:
			flaw = "the entry differs from a head that was kept elsewhere"
		}
		if flaw != "" {
			p.Broken = &Break{Seq: seq, ID: r.ID, Flaw: flaw}
			return nil
		}
		p.Sealed, p.Head = p.Sealed+1, Head{Seq: seq, Hash: hash, At: r.At}
	}
	return nil
}

func (p *Report) tail(ctx context.Context, db *database.DB) error {
	if err := db.Read(ctx).Model(&row{}).Where("seq IS NULL").Count(&p.Unsealed).Error; err != nil || p.Unsealed == 0 {
		return err
	}
	var oldest []row
	if err := db.Read(ctx).Where("seq IS NULL").Order("at, id").Limit(1).Find(&oldest).Error; err != nil || len(oldest) == 0 {
		return err
	}
	p.TailAge = db.Clock().Now().Sub(oldest[0].At)
	return nil
}

// ReadHead returns the end of the chain; its Seq is 0 while nothing is sealed.
func ReadHead(ctx context.Context, db *database.DB) (Head, error) {
	var last row
	err := db.Read(ctx).Where("seq IS NOT NULL").Order("seq DESC").Take(&last).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Head{}, nil
	}
	if err != nil {
		return Head{}, fmt.Errorf("head of the record: %w", err)
	}
	return Head{Seq: *last.Seq, Hash: text(last.Hash), At: last.At}, nil
}

func head(tx *gorm.DB) (seq int64, hash string, err error) {
	var last []row
	if err := tx.Select("seq", "hash").Where("seq IS NOT NULL").Order("seq DESC").Limit(1).Find(&last).Error; err != nil || len(last) == 0 {
		return 0, "", err
	}
	return *last[0].Seq, text(last[0].Hash), nil
}

// text reads a hash that someone may have wiped: Verify will say so.
func text(hash *string) string {
	if hash == nil {
		return ""
	}
	return *hash
}
