package identity

import (
	"context"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// keptAfterEnd is how long ended sessions and forgotten guesses stay on record.
const keptAfterEnd = 30 * 24 * time.Hour

// Sweep deletes sessions with their refresh tokens, counts of guesses and signing
// keys that ended long ago, up to limit sessions at a time, and returns how many
// sessions went. A recurring duty calls it.
func (s *Service) Sweep(ctx context.Context, limit int) (int, error) {
	return database.Do(unkept(ctx), s.db, "auth.sweep", func(tx *database.Tx) (int, error) {
		before := tx.Now.Add(-keptAfterEnd)
		var gone []kernel.ID
		if err := tx.Model(&sessionRow{}).Where("expires_at < ?", before).Order("expires_at").Limit(limit).Pluck("id", &gone).Error; err != nil {
			return 0, err
		}
		if len(gone) > 0 {
			if err := tx.Where("session_id IN ?", gone).Delete(&refreshRow{}).Error; err != nil {
				return 0, err
			}
			if err := tx.Where("id IN ?", gone).Delete(&sessionRow{}).Error; err != nil {
				return 0, err
			}
		}
		if err := tx.Where("verifies_until < ?", before).Delete(&keyRow{}).Error; err != nil {
			return 0, err
		}
		return len(gone), tx.Where("window_from < ?", before).Delete(&attemptRow{}).Error
	})
}
