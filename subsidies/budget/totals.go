package budget

import (
	"context"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/rules"
)

// Total is what one day did to one account, by the dimensions of the books: the
// maintained totals 日记账汇总 that boards, statements and closings are read from.
// District, category and payee are those of the agreement or claim that moved it.
type Total struct {
	Day        kernel.Date `json:"day"`
	PolicyCode string      `json:"policy_code"`
	BudgetYear string      `json:"budget_year"`
	Scope      string      `json:"scope"`
	Account    Account     `json:"account"`
	District   string      `json:"district"`
	Category   string      `json:"category"`
	Payee      rules.Payee `json:"payee"`
	Raised     kernel.Fen  `json:"raised_fen" gorm:"column:raised_fen"`
	Lowered    kernel.Fen  `json:"lowered_fen" gorm:"column:lowered_fen"` // as a positive amount
	Postings   int64       `json:"postings"`
}

// TableName names the table for the store.
func (Total) TableName() string { return "daily_totals" }

// Net is what the day added.
func (t Total) Net() kernel.Fen { return t.Raised - t.Lowered }

// settling is how long after its end a day is left alone, so that what was begun
// before midnight has committed.
const settling = 30 * time.Minute

// Roll sums up the days that have ended and are not summed up yet. It is a duty of
// the night shift, and harmless at any time: what it writes follows from postings.
func (d *Desk) Roll(ctx context.Context) (days int, err error) {
	last := kernel.DayOf(d.DB.Clock().Now().Add(-settling)).AddDays(-1)
	rolled, err := lastRolled(d.DB.Read(ctx))
	if err != nil {
		return 0, err
	}
	for day := rolled; ; days++ {
		if day, err = nextDay(d.DB.Read(ctx), day); err != nil || day == "" || day > last {
			return days, err
		}
		if err := d.rollDay(ctx, day); err != nil {
			return days, err
		}
	}
}

// Reroll sums all open days up anew, for who has told a story of the past.
func (d *Desk) Reroll(ctx context.Context) error {
	err := database.Run(ctx, d.DB, "budget.reroll", func(tx *database.Tx) error {
		closed, err := closedThrough(tx.DB)
		if err != nil {
			return err
		}
		return tx.Where("day > ?", closed).Delete(&Total{}).Error
	})
	if err == nil {
		_, err = d.Roll(ctx)
	}
	return err
}

func (d *Desk) rollDay(ctx context.Context, day kernel.Date) error {
	return database.Run(ctx, d.DB, "budget.roll", func(tx *database.Tx) error { return d.roll(tx, day) })
}

// roll replaces the totals of a day by what its postings say.
func (d *Desk) roll(tx *database.Tx, day kernel.Date) error {
	policies, err := policiesOf(tx.DB)
	if err != nil {
		return err
	}
	totals, err := d.sumUp(tx.Context(), tx.DB, day, policies...)
	if err != nil {
		return err
	}
	if err := tx.Where("day = ?", day).Delete(&Total{}).Error; err != nil {
		return err
	}
	return database.Insert(tx, totals...)
}

func lastRolled(db *gorm.DB) (kernel.Date, error) {
	var days []kernel.Date
	err := db.Model(&Total{}).Select("COALESCE(MAX(day), '')").Scan(&days).Error
	if err != nil || len(days) == 0 {
		return "", err
	}
	return days[0], nil
}

// nextDay is the first day after one on which anything was posted; "" if none.
func nextDay(db *gorm.DB, after kernel.Date) (kernel.Date, error) {
	q := db.Model(&journal{}).Order("at").Limit(1)
	if after != "" {
		q = q.Where("at >= ?", after.AddDays(1).Start())
	}
	policies, err := policiesOf(db)
	if err != nil || len(policies) == 0 {
		return "", err
	}
	first := kernel.Date("")
	for _, p := range policies { // each by the index of (policy, at)
		var at []time.Time
		if err := q.Session(&gorm.Session{}).Where("policy_code = ?", p).Pluck("at", &at).Error; err != nil {
			return "", err
		}
		if len(at) == 1 && (first == "" || kernel.DayOf(at[0]) < first) {
			first = kernel.DayOf(at[0])
		}
	}
	return first, nil
}

func policiesOf(db *gorm.DB) (codes []string, err error) {
	err = db.Raw("SELECT DISTINCT policy_code FROM journals ORDER BY policy_code").Scan(&codes).Error
	return codes, err
}

// sumUp reads the totals of a day from its postings.
func (d *Desk) sumUp(ctx context.Context, db *gorm.DB, day kernel.Date, policies ...string) ([]Total, error) {
	if len(policies) == 0 {
		return nil, nil
	}
	var rows []struct {
		PolicyCode, BudgetYear, Scope string
		Account                       Account
		OfDistrict, OfCategory        string
		OfVersion                     int
		Raised, Lowered               kernel.Fen
		Postings                      int64
	}
	err := db.Raw(`SELECT p.policy_code, p.budget_year, p.scope, p.account,
			COALESCE(c.district, a.district, '') AS of_district, COALESCE(ca.category, a.category, '') AS of_category, COALESCE(c.policy_version, a.policy_version, 0) AS of_version,
			SUM(CASE WHEN p.amount_fen > 0 THEN p.amount_fen ELSE 0 END) AS raised, SUM(CASE WHEN p.amount_fen < 0 THEN -p.amount_fen ELSE 0 END) AS lowered, COUNT(*) AS postings
		FROM journals j JOIN postings p ON p.journal_id = j.id
		LEFT JOIN claims c ON c.id = j.subject_id LEFT JOIN agreements ca ON ca.id = c.agreement_id LEFT JOIN agreements a ON a.id = j.subject_id
		WHERE j.policy_code IN ? AND j.at >= ? AND j.at < ?
		GROUP BY p.policy_code, p.budget_year, p.scope, p.account, of_district, of_category, of_version
		ORDER BY p.policy_code, p.budget_year, p.scope, p.account, of_district, of_category, of_version`, policies, day.Start(), day.AddDays(1).Start()).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	type cell struct {
		policy, year, scope, district, category string
		account                                 Account
		payee                                   rules.Payee
	}
	at := map[cell]int{}
	var out []Total
	for _, r := range rows {
		payee, err := d.payee(ctx, r.PolicyCode, r.OfVersion)
		if err != nil {
			return nil, err
		}
		key := cell{r.PolicyCode, r.BudgetYear, r.Scope, r.OfDistrict, r.OfCategory, r.Account, payee}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, Total{Day: day, PolicyCode: r.PolicyCode, BudgetYear: r.BudgetYear, Scope: r.Scope, Account: r.Account, District: r.OfDistrict, Category: r.OfCategory, Payee: payee})
		}
		out[i].Raised, out[i].Lowered, out[i].Postings = out[i].Raised+r.Raised, out[i].Lowered+r.Lowered, out[i].Postings+r.Postings
	}
	return out, nil
}

// payee is who a version of a policy pays; nobody where there is no version, as
// with acts on appropriations, or where it is gone, which others report.
func (d *Desk) payee(ctx context.Context, policy string, version int) (rules.Payee, error) {
	if version == 0 {
		return "", nil
	}
	p, err := d.Policies.Version(ctx, policy, version)
	if kernel.IsCode(err, "not_found") {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return p.Document().Payee, nil
}

// totals are those of a policy up to a day: what is summed up, and what has been
// posted since as the ledger has it now.
func (d *Desk) totals(ctx context.Context, policy string, through kernel.Date) ([]Total, error) {
	db := d.DB.Read(ctx)
	var out []Total
	if err := db.Where("policy_code = ? AND day <= ?", policy, through).Order("day").Find(&out).Error; err != nil {
		return nil, err
	}
	day, err := lastRolled(db)
	if err != nil {
		return nil, err
	}
	for {
		if day, err = nextDay(db, day); err != nil || day == "" || day > through {
			return out, err
		}
		some, err := d.sumUp(ctx, db, day, policy)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
}
