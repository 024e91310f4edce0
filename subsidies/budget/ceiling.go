package budget

import (
	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// CeilingKind names what a ceiling bounds.
type CeilingKind string

// The ceilings of this house.
const (
	EnterpriseYear     CeilingKind = "enterprise_year"
	EnterprisePolicy   CeilingKind = "enterprise_policy"
	EnterprisePurchase CeilingKind = "enterprise_purchase" // counts purchases, not fen
	EnterpriseCategory CeilingKind = "enterprise_category" // subject is firm:category
	ProviderYear       CeilingKind = "provider_year"       // what all firms draw through one provider
	ProviderPolicy     CeilingKind = "provider_policy"
	PolicyCategory     CeilingKind = "policy_category" // what all firms draw; subject is the key that the policy gives it
)

// Ceiling bounds what one subject may draw from one policy in one period.
type Ceiling struct {
	PolicyCode string
	Kind       CeilingKind
	Subject    string
	Period     string
	Limit      kernel.Fen  `gorm:"column:limit_fen"`
	Used       kernel.Fen  `gorm:"column:used_fen"`
	Set        *kernel.Fen `gorm:"column:set_fen"` // a limit that officers have set in place of the policy's
	Version    int64
}

// TableName names the table for the store.
func (Ceiling) TableName() string { return "ceilings" }

// NoLimit is the limit of a ceiling that only counts.
const NoLimit = kernel.MaxFen

// Draw takes an amount under a ceiling or gives it back (negative). It refuses
// (ceiling.reached) what would pass the limit, under any concurrency.
func Draw(tx *database.Tx, c Ceiling, amount kernel.Fen) error {
	if amount == 0 {
		return nil
	}
	if c.Limit == 0 {
		c.Limit = NoLimit
	}
	for range 2 {
		drawn := draw(tx, c, amount)
		if drawn.Error != nil || drawn.RowsAffected > 0 {
			return drawn.Error
		}
		if amount < 0 || amount > c.Limit {
			return reached()
		}
		c.Used, c.Version = amount, 1
		if err := tx.Create(&c).Error; !database.IsDuplicate(err) {
			return err
		}
		// The subject is at its limit, or has just drawn for the first time elsewhere: look again.
	}
	return reached()
}

func reached() error {
	return kernel.Conflict("ceiling.reached", kernel.T("已达到政策规定的累计上限，请刷新测算", "The policy's cumulative ceiling is reached; recompute the quote"))
}

// draw is the guarded update of one counter. Giving back is never refused by a
// limit, and sets none: it may come from an older version of the policy.
func draw(tx *database.Tx, c Ceiling, amount kernel.Fen) *gorm.DB {
	set := map[string]any{"used_fen": gorm.Expr("used_fen + ?", amount), "version": gorm.Expr("version + 1")}
	if amount < 0 {
		return where(tx.DB, c).Where("used_fen + ? >= 0", amount).Updates(set)
	}
	set["limit_fen"] = gorm.Expr("COALESCE(set_fen, ?)", c.Limit)
	return where(tx.DB, c).Where("used_fen + ? <= COALESCE(set_fen, ?)", amount, c.Limit).Updates(set)
}

// Hold makes whoever draws under the same ceiling wait until this transaction has
// ended, so that what was read of the subject stays true until it draws.
func Hold(tx *database.Tx, c Ceiling) error {
	for range 2 {
		held := where(tx.DB, c).Update("version", gorm.Expr("version + 1"))
		if held.Error != nil || held.RowsAffected > 0 {
			return held.Error
		}
		c.Limit, c.Used, c.Version = NoLimit, 0, 1
		if err := tx.Create(&c).Error; !database.IsDuplicate(err) {
			return err
		}
	}
	return database.Stale()
}

// Fix sets a limit in place of the policy's, or (nil) gives the policy's its force
// back. What was drawn before stays drawn, even beyond the new limit.
func Fix(tx *database.Tx, c Ceiling, limit *kernel.Fen) error {
	for range 2 {
		fixed := where(tx.DB, c).Updates(map[string]any{"set_fen": limit, "version": gorm.Expr("version + 1")})
		if fixed.Error != nil || fixed.RowsAffected > 0 {
			return fixed.Error
		}
		c.Limit, c.Used, c.Set, c.Version = NoLimit, 0, limit, 1
		if err := tx.Create(&c).Error; !database.IsDuplicate(err) {
			return err
		}
	}
	return database.Stale()
}

// Drawn returns what has been drawn; zero when nothing was.
func Drawn(db *gorm.DB, c Ceiling) (kernel.Fen, error) {
	now, err := State(db, c)
	return now.Used, err
}

// State returns a ceiling as it stands; itself when nothing was ever drawn or set.
func State(db *gorm.DB, c Ceiling) (Ceiling, error) {
	var rows []Ceiling
	if err := where(db, c).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return c, err
	}
	return rows[0], nil
}

func where(db *gorm.DB, c Ceiling) *gorm.DB {
	return db.Model(&Ceiling{}).Where("policy_code = ? AND kind = ? AND subject = ? AND period = ?", c.PolicyCode, c.Kind, c.Subject, c.Period)
}
