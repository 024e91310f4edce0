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
)

// Ceiling bounds what one subject may draw from one policy in one period.
type Ceiling struct {
	PolicyCode string
	Kind       CeilingKind
	Subject    string
	Period     string
	Limit      kernel.Fen `gorm:"column:limit_fen"`
	Used       kernel.Fen `gorm:"column:used_fen"`
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
	reached := kernel.Conflict("ceiling.reached", kernel.T("已达到政策规定的累计上限，请刷新测算", "The policy's cumulative ceiling is reached; recompute the quote"))
	for range 2 {
		drawn := draw(tx, c, amount)
		if drawn.Error != nil || drawn.RowsAffected > 0 {
			return drawn.Error
		}
		if amount < 0 || amount > c.Limit {
			return reached
		}
		c.Used, c.Version = amount, 1
		if err := tx.Create(&c).Error; !database.IsDuplicate(err) {
			return err
		}
		// The subject is at its limit, or has just drawn for the first time elsewhere: look again.
	}
	return reached
}

// draw is the guarded update of one counter. Giving back is never refused by a
// limit, and sets none: it may come from an older version of the policy.
func draw(tx *database.Tx, c Ceiling, amount kernel.Fen) *gorm.DB {
	set := map[string]any{"used_fen": gorm.Expr("used_fen + ?", amount), "version": gorm.Expr("version + 1")}
	if amount < 0 {
		return where(tx.DB, c).Where("used_fen + ? >= 0", amount).Updates(set)
	}
	set["limit_fen"] = c.Limit
	return where(tx.DB, c).Where("used_fen + ? <= ?", amount, c.Limit).Updates(set)
}

// Drawn returns what has been drawn; zero when nothing was.
func Drawn(db *gorm.DB, c Ceiling) (kernel.Fen, error) {
	var rows []Ceiling
	if err := where(db, c).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].Used, nil
}

func where(db *gorm.DB, c Ceiling) *gorm.DB {
	return db.Model(&Ceiling{}).Where("policy_code = ? AND kind = ? AND subject = ? AND period = ?", c.PolicyCode, c.Kind, c.Subject, c.Period)
}
