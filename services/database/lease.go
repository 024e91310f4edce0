package database

import (
	"context"
	"time"
)

type leaseRow struct {
	Name      string
	Owner     string
	ExpiresAt time.Time
}

func (leaseRow) TableName() string { return "leases" }

// Lease makes owner the only holder of a named duty until now+term, or renews
// it. It reports whether the duty is held; a lapsed lease goes to whoever asks.
func (d *DB) Lease(ctx context.Context, name, owner string, term time.Duration) (bool, error) {
	held := false
	err := Run(ctx, d, "lease", func(tx *Tx) error {
		held = false
		until := tx.Now.Add(term)
		took := tx.Model(&leaseRow{}).Where("name = ? AND (owner = ? OR expires_at < ?)", name, owner, tx.Now).
			Updates(map[string]any{"owner": owner, "expires_at": until})
		if took.Error != nil {
			return took.Error
		}
		if held = took.RowsAffected == 1; held {
			return nil
		}
		var n int64
		if err := tx.Model(&leaseRow{}).Where("name = ?", name).Count(&n).Error; err != nil || n > 0 {
			return err
		}
		err := tx.Create(&leaseRow{Name: name, Owner: owner, ExpiresAt: until}).Error
		if IsDuplicate(err) {
			return nil
		}
		held = err == nil
		return err
	})
	return held, err
}
