package identity

import (
	"net/netip"
	"time"

	"gorm.io/gorm/clause"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Guesses are counted in rows that all nodes share, per login and per address. An
// attempt is counted before the password is looked at and taken back when it was
// right; so many at once cannot slip through together.
const (
	loginGuesses   = 5  // per login, then it locks
	addressGuesses = 50 // per address: a whole office may share one
	guessWindow    = 15 * time.Minute
	firstLock      = 30 * time.Second // doubles with every further failure
	longestLock    = 15 * time.Minute
)

// Locked is the refusal of an attempt while a lock lasts.
type Locked struct {
	refusal *kernel.Error
	after   time.Duration
}

// Error is that of the refusal.
func (l *Locked) Error() string { return l.refusal.Error() }

// Unwrap gives the refusal, code "auth.locked".
func (l *Locked) Unwrap() error { return l.refusal }

// RetryAfter is how long to wait.
func (l *Locked) RetryAfter() time.Duration { return l.after }

func locked(now, until time.Time) *Locked {
	seconds := int64((until.Sub(now) + time.Second - 1) / time.Second)
	return &Locked{after: time.Duration(seconds) * time.Second, refusal: kernel.Fail(kernel.KindThrottled, "auth.locked",
		kernel.T("尝试次数过多，请在%d秒后再试", "Too many attempts; please try again in %d seconds", seconds))}
}

// bucket is one count of guesses. The login in its name is a digest: people type
// passwords into the wrong field.
type bucket struct {
	name  string
	limit int64
}

func buckets(login, address string) []bucket {
	out := make([]bucket, 0, 2) // in this order everywhere, so that nobody waits in a circle
	if net := network(address); net != "" {
		out = append(out, bucket{"address:" + net, addressGuesses})
	}
	return append(out, bucket{"login:" + crypto.Digest(login), loginGuesses})
}

// network is what counts as one address: a single IPv4, or the /64 that an IPv6
// line is given.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, _ := a.Prefix(64)
	return p.String()
}

// take counts one attempt in every bucket, or returns the instant until which one
// of them is locked.
func take(tx *database.Tx, all []bucket) (lockedUntil time.Time, err error) {
	for _, b := range all {
		until, err := b.take(tx)
		if err != nil || !until.IsZero() {
			return until, err
		}
	}
	return time.Time{}, nil
}

func (b bucket) take(tx *database.Tx) (time.Time, error) {
	// The insert locks the row, there before or not, until the end of the transaction.
	err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&attemptRow{Bucket: b.name, WindowFrom: tx.Now}).Error
	if err != nil {
		return time.Time{}, err
	}
	open := "bucket = ? AND (locked_until IS NULL OR locked_until <= ?)"
	err = tx.Model(&attemptRow{}).Where(open+" AND window_from <= ?", b.name, tx.Now, tx.Now.Add(-guessWindow)).
		Updates(map[string]any{"failures": 0, "window_from": tx.Now, "locked_until": nil}).Error
	if err != nil {
		return time.Time{}, err
	}
	counted := tx.Exec("UPDATE login_attempts SET failures = failures + 1 WHERE "+open, b.name, tx.Now)
	if counted.Error != nil {
		return time.Time{}, counted.Error
	}
	var row attemptRow
	if err := tx.Where("bucket = ?", b.name).Take(&row).Error; err != nil {
		return time.Time{}, err
	}
	if counted.RowsAffected == 0 {
		return *row.LockedUntil, nil
	}
	if row.Failures < b.limit {
		return time.Time{}, nil
	}
	until := tx.Now.Add(lockAfter(row.Failures - b.limit))
	return time.Time{}, tx.Model(&attemptRow{}).Where("bucket = ?", b.name).
		Updates(map[string]any{"locked_until": until, "window_from": until}).Error
}

// lockAfter is how long the lock lasts after so many failures beyond the limit.
func lockAfter(over int64) time.Duration {
	if over > 10 {
		return longestLock
	}
	return min(firstLock<<over, longestLock)
}

// giveBack takes back the attempt that was right: the login starts afresh, the
// address keeps the failures it had.
func giveBack(tx *database.Tx, login, address string) error {
	for _, b := range buckets(login, address) {
		if b.limit == loginGuesses {
			return tx.Where("bucket = ?", b.name).Delete(&attemptRow{}).Error
		}
		if err := tx.Exec("UPDATE login_attempts SET failures = failures - 1 WHERE bucket = ? AND failures > 0", b.name).Error; err != nil {
			return err
		}
		err := tx.Model(&attemptRow{}).Where("bucket = ? AND failures < ?", b.name, b.limit).Updates(map[string]any{"locked_until": nil}).Error
		if err != nil {
			return err
		}
	}
	return nil
}
