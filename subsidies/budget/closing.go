package budget

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
)

// Closing is a closed month ("2026-10") or year ("2026") of the books 结账. From
// then on nothing can be posted into its days: every movement changes a row of
// appropriations that says through which day the books are closed, so that what
// came too late is refused, however the two meet. What is sealed are the balances
// that are carried forward; each closing seals the one before with it.
type Closing struct {
	Period     string      `json:"period"`
	Through    kernel.Date `json:"through"`
	Balances   string      `json:"-"` // JSON of []Balance
	Previous   string      `json:"previous_digest"`
	Digest     string      `json:"digest"`
	ClosedBy   kernel.ID   `json:"closed_by"`
	ClosedName string      `json:"closed_name"`
	ClosedAt   time.Time   `json:"closed_at"`
}

// TableName names the table for the store.
func (Closing) TableName() string { return "closings" }

// Balance is one account of one fund and scope over a period.
type Balance struct {
	PolicyCode string     `json:"policy_code"`
	BudgetYear string     `json:"budget_year"`
	Scope      string     `json:"scope"`
	Account    Account    `json:"account"`
	Opening    kernel.Fen `json:"opening_fen"`
	Raised     kernel.Fen `json:"raised_fen"`
	Lowered    kernel.Fen `json:"lowered_fen"`
	Closing    kernel.Fen `json:"closing_fen"`
	Postings   int64      `json:"postings"`
}

// seal is the digest of a closing's balances upon the closing before.
func (c Closing) seal() string {
	sum := sha256.Sum256([]byte(c.Previous + "\n" + c.Period + "\n" + string(c.Through) + "\n" + string(c.ClosedBy) + "\n" + c.ClosedName + "\n" + c.Balances))
	return hex.EncodeToString(sum[:])
}

// Months and years.
func monthOf(day kernel.Date) string { return string(day[:7]) }

func firstDay(period string) kernel.Date { return kernel.Date((period + "-01-01")[:10]) }

func lastDay(period string) kernel.Date {
	if len(period) == 4 {
		return kernel.Date(period + "-12-31")
	}
	return firstDay(period).AddMonths(1).AddDays(-1)
}

// Due are the periods that could be closed now, in order: months that are over,
// and a year once its December is closed.
func (d *Desk) Due(ctx context.Context) ([]string, error) {
	return due(d.DB.Read(ctx), kernel.DayOf(d.DB.Clock().Now()))
}

func due(db *gorm.DB, today kernel.Date) ([]string, error) {
	var done []string
	if err := db.Model(&Closing{}).Order("through, period DESC").Pluck("period", &done).Error; err != nil {
		return nil, err
	}
	closed, err := closedThrough(db)
	if err != nil {
		return nil, err
	}
	first := closed
	if first == "" {
		if first, err = nextDay(db, ""); err != nil || first == "" {
			return nil, err
		}
	} else {
		first = first.AddDays(1)
	}
	var out []string
	for y := range slices.Values(done) { // a year whose December is closed and which is not
		if len(y) == 7 && y[5:] == "12" && !slices.Contains(done, y[:4]) {
			out = append(out, y[:4])
		}
	}
	for m := monthOf(first); lastDay(m) < today; m = monthOf(firstDay(m).AddMonths(1)) {
		out = append(out, m)
	}
	return out, nil
}

// closedThrough is the last day of the last closed month; "" before the first.
func closedThrough(db *gorm.DB) (kernel.Date, error) {
	var days []kernel.Date
	err := db.Model(&Closing{}).Select("COALESCE(MAX(through), '')").Scan(&days).Error
	if err != nil || len(days) == 0 {
		return "", err
	}
	return days[0], nil
}

// Close closes the next period that is due. Others are refused (closing.order):
// months follow each other, and no period is closed before it is over.
func (d *Desk) Close(ctx context.Context, period string) (Closing, error) {
	return database.Do(ctx, d.DB, "budget.close", func(tx *database.Tx) (Closing, error) {
		if err := tx.Call.Actor.Require(kernel.RoleFinance); err != nil {
			return Closing{}, err
		}
		open, err := due(tx.DB, tx.Today())
		if err != nil {
			return Closing{}, err
		}
		if len(open) == 0 || open[0] != period {
			return Closing{}, kernel.Conflict("closing.order", kernel.T("只能结已经结束的下一个账期", "Only the next period that is over can be closed"))
		}
		c := Closing{Period: period, Through: lastDay(period), ClosedBy: tx.Call.Actor.Person, ClosedName: tx.Call.Actor.Name, ClosedAt: tx.Now}
		// First the rows that every movement needs: who came before has committed
		// and is counted, who comes after finds the day closed.
		if _, err := database.Exec(tx, "UPDATE appropriations SET closed_through = ?, version = version + 1 WHERE closed_through < ?", c.Through, c.Through); err != nil {
			return c, err
		}
		if err := d.rollPeriod(tx, period); err != nil {
			return c, err
		}
		balances, err := balancesOf(tx.DB, period)
		if err != nil {
			return c, err
		}
		text, err := json.Marshal(balances)
		if err != nil {
			return c, fmt.Errorf("closing: %w", err)
		}
		c.Balances = string(text)
		if c.Previous, err = lastSeal(tx.DB); err != nil {
			return c, err
		}
		c.Digest = c.seal()
		if err := tx.Create(&c).Error; err != nil {
			if database.IsDuplicate(err) {
				err = database.Stale()
			}
			return c, err
		}
		return c, audit.Record(tx, audit.Entry{Action: "budget.close", ObjectKind: "closing", ObjectID: period, Detail: map[string]any{"through": c.Through, "digest": c.Digest, "accounts": len(balances)}})
	})
}

// rollPeriod sums the days of a month up anew. Those of a year were closed by month.
func (d *Desk) rollPeriod(tx *database.Tx, period string) error {
	if len(period) == 4 {
		return nil
	}
	if err := tx.Where("day >= ? AND day <= ?", firstDay(period), lastDay(period)).Delete(&Total{}).Error; err != nil {
		return err
	}
	for day := firstDay(period).AddDays(-1); ; {
		var err error
		if day, err = nextDay(tx.DB, day); err != nil || day == "" || day > lastDay(period) {
			return err
		}
		if err := d.roll(tx, day); err != nil {
			return err
		}
	}
}

func lastSeal(db *gorm.DB) (string, error) {
	var digests []string
	err := db.Model(&Closing{}).Order("through DESC, period").Limit(1).Pluck("digest", &digests).Error
	if err != nil || len(digests) == 0 {
		return "", err
	}
	return digests[0], nil
}

// balancesOf adds the daily totals up to the balances of a period.
func balancesOf(db *gorm.DB, period string) ([]Balance, error) {
	from, to := firstDay(period), lastDay(period)
	var rows []Balance
	err := db.Raw(`SELECT policy_code, budget_year, scope, account, SUM(CASE WHEN day < ? THEN raised_fen - lowered_fen ELSE 0 END) AS opening,
			SUM(CASE WHEN day >= ? THEN raised_fen ELSE 0 END) AS raised, SUM(CASE WHEN day >= ? THEN lowered_fen ELSE 0 END) AS lowered,
			SUM(raised_fen - lowered_fen) AS closing, SUM(CASE WHEN day >= ? THEN postings ELSE 0 END) AS postings
		FROM daily_totals WHERE day <= ? GROUP BY policy_code, budget_year, scope, account ORDER BY policy_code, budget_year, scope, account`, from, from, from, from, to).Scan(&rows).Error
	return rows, err
}

// Closings lists the closed periods, the newest first.
func (d *Desk) Closings(ctx context.Context, who kernel.Actor) ([]Closing, error) {
	if err := who.Require(kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor); err != nil {
		return nil, err
	}
	var out []Closing
	err := d.DB.Read(ctx).Order("through DESC, period").Limit(240).Find(&out).Error
	return out, err
}

// Sealed is a closing with its balances.
func (d *Desk) Sealed(ctx context.Context, who kernel.Actor, period string) (Closing, []Balance, error) {
	var c Closing
	if err := who.Require(kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor); err != nil {
		return c, nil, err
	}
	if err := d.DB.Read(ctx).Where("period = ?", period).Take(&c).Error; err != nil {
		return c, nil, database.Found(err, kernel.NotFound(kernel.T("账期", "closed period")))
	}
	var balances []Balance
	if err := json.Unmarshal([]byte(c.Balances), &balances); err != nil {
		return c, nil, fmt.Errorf("balances of %s: %w", period, err)
	}
	return c, balances, nil
}
