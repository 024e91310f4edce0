package openings

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/rules"
)

// entry is an agreement's place in the order of its policy. Whose day (round) is
// earlier comes first; the entries of a draw share the last day of its window,
// and are ordered by the draw; all others by the instant at which they entered.
type entry struct {
	AgreementID kernel.ID
	PolicyCode  string
	Round       kernel.Date
	Band        int   // of a draw, from 1; 0 outside one
	Number      int64 // in the closed list; 0 before
	Place       int64 // by the draw; 0 before
	EnteredAt   time.Time
	Explained   string // why this band: Banding as JSON; empty outside a draw
}

func (entry) TableName() string { return "opening_entries" }

// Banding is why an entry lies in its band: the facts of the moment and what
// each band's condition said to them.
type Banding struct {
	Policy  string          `json:"policy"`
	Version int             `json:"version"`
	Facts   rules.Facts     `json:"facts"`
	Looked  []rules.Finding `json:"looked"`
}

// Enter gives an agreement that both parties have confirmed its place: the
// instant of this confirmation or, within the window of a draw, a lot. It refuses
// (opening.not_begun) what comes before the window. facts are asked for only
// where there are bands to find.
func Enter(tx *database.Tx, policies *gazette.Library, a subsidies.Agreement, facts func() (rules.Facts, error)) error {
	policy, err := policies.Version(tx.Context(), a.PolicyCode, a.PolicyVersion)
	if err != nil {
		return err
	}
	e := entry{AgreementID: a.ID, PolicyCode: a.PolicyCode, Round: tx.Today(), EnteredAt: tx.Now}
	doc := policy.Document()
	if !doc.Drawn() || tx.Today() > doc.Allotment.Window.To {
		database.Later(tx, e)
		return nil
	}
	if tx.Today() < doc.Allotment.Window.From {
		return kernel.Conflict("opening.not_begun", kernel.T("登记期自 %[1]s 起，请届时确认；登记期内确认不分先后", "The window opens on %[1]s; confirm then. Within the window nobody is earlier than another", string(doc.Allotment.Window.From)))
	}
	opener, err := opener(policies, tx, a.PolicyCode, doc.Allotment.Window.To)
	if err != nil {
		return err
	}
	why := Banding{Policy: a.PolicyCode, Version: opener.Document().Version}
	if why.Facts, err = facts(); err != nil {
		return err
	}
	if e.Band, why.Looked, err = opener.Band(why.Facts); err != nil {
		return err
	}
	text, err := json.Marshal(why)
	if err != nil {
		return fmt.Errorf("banding: %w", err)
	}
	e.Round, e.Explained = doc.Allotment.Window.To, string(text)
	database.Later(tx, e)
	return nil
}

// opener is the version of a policy that opened a draw: the first with its last
// day. Its bands hold for all who take part, whatever is published meanwhile.
func opener(policies *gazette.Library, tx *database.Tx, code string, closes kernel.Date) (*rules.Policy, error) {
	versions, err := policies.Versions(tx.Context(), code)
	if err != nil {
		return nil, err
	}
	return openerOf(versions, closes)
}

func openerOf(versions []*rules.Policy, closes kernel.Date) (*rules.Policy, error) {
	for _, p := range slices.Backward(versions) { // the newest comes first
		if doc := p.Document(); doc.Drawn() && doc.Allotment.Window.To == closes {
			return p, nil
		}
	}
	return nil, notFound()
}

// askers reads who asks for a policy's money, in order.
func askers(db *gorm.DB, policy string) ([]Asker, error) {
	var out []Asker
	err := db.Raw(`SELECT a.id, a.state, a.district, a.municipal_fen, a.district_fen, COALESCE(e.band, 0) AS band, COALESCE(e.place, 0) AS place, e.entered_at
		FROM agreements a LEFT JOIN opening_entries e ON e.agreement_id = a.id
		WHERE a.policy_code = ? AND a.state IN ?
		ORDER BY COALESCE(e.round, ''), CASE WHEN e.band > 0 THEN 0 ELSE 1 END, COALESCE(e.place, 0), e.entered_at, a.id`, policy, asking).Scan(&out).Error
	return out, err
}

var asking = []subsidies.AgreementState{subsidies.AgreementEnterpriseConfirmed, subsidies.AgreementWaiting}

// free reads what can still be reserved of a fund, by scope.
func free(db *gorm.DB, policy, year string) (map[string]kernel.Fen, error) {
	var rows []budget.Appropriation
	err := db.Where("policy_code = ? AND budget_year = ?", policy, year).Find(&rows).Error
	out := make(map[string]kernel.Fen, len(rows))
	for _, r := range rows {
		out[r.Scope] = r.Free()
	}
	return out, err
}

// Reach tells whether an agreement that the district accepts may have the money
// at once, or must wait: for its draw, or for those before it. year is the fund's;
// the agreement carries the legs of this moment.
func Reach(tx *database.Tx, a subsidies.Agreement, year string) (bool, error) {
	enough, err := ample(tx, a, year)
	if err != nil || enough {
		return enough, err
	}
	line, err := Lock(tx, a.PolicyCode, year)
	if err != nil {
		return false, err
	}
	return line.Reaches(a.ID, budget.PortionOf(a.Legs)), nil
}

// ample tells whether the money is enough for all who ask, so that their order
// decides nothing and nobody need wait for another's transaction. Those who ask
// are read before the money: who is served in between counts twice, never not at all.
func ample(tx *database.Tx, a subsidies.Agreement, year string) (bool, error) {
	var mine []entry
	if err := tx.Select("band, place").Where("agreement_id = ?", a.ID).Limit(1).Find(&mine).Error; err != nil {
		return false, err
	}
	if len(mine) == 1 && mine[0].Band > 0 && mine[0].Place == 0 {
		return false, nil
	}
	var asked []struct {
		District  string
		Municipal kernel.Fen
		Share     kernel.Fen
	}
	err := tx.Raw("SELECT district, SUM(municipal_fen) AS municipal, SUM(district_fen) AS share FROM agreements WHERE policy_code = ? AND state IN ? AND id <> ? GROUP BY district", a.PolicyCode, asking, a.ID).Scan(&asked).Error
	if err != nil {
		return false, err
	}
	left, err := free(tx.DB, a.PolicyCode, year)
	if err != nil {
		return false, err
	}
	for _, d := range asked {
		left[budget.City] -= d.Municipal
		left[d.District] -= d.Share
	}
	return left[budget.City] >= a.Legs.Municipal && left[a.District] >= a.Legs.District, nil
}

// Lock forms the line of a policy for this transaction alone: whoever else would
// give out its money in order waits until this one is done.
func Lock(tx *database.Tx, policy, year string) (*Line, error) {
	const claim = "UPDATE waiting_lists SET version = version + 1 WHERE policy_code = ?"
	n, err := database.Exec(tx, claim, policy)
	if err == nil && n == 0 {
		err = tx.Exec("INSERT INTO waiting_lists (policy_code, version) VALUES (?, 1)", policy).Error
		if database.IsDuplicate(err) {
			_, err = database.Exec(tx, claim, policy)
		}
	}
	if err != nil {
		return nil, err
	}
	left, err := free(tx.DB, policy, year)
	if err != nil {
		return nil, err
	}
	all, err := askers(tx.DB, policy)
	return NewLine(all, left), err
}

// Waits tells whether anybody waits for a policy's money.
func Waits(db *gorm.DB, policy string) (bool, error) {
	var n int
	err := db.Raw("SELECT 1 FROM agreements WHERE policy_code = ? AND state = ? LIMIT 1", policy, subsidies.AgreementWaiting).Scan(&n).Error
	return n == 1, err
}

// Waiting lists the policies whose money somebody waits for.
func Waiting(db *gorm.DB) ([]string, error) {
	var codes []string
	err := db.Raw("SELECT DISTINCT policy_code FROM agreements WHERE turn = ? AND state = ? ORDER BY policy_code", subsidies.TurnMachine, subsidies.AgreementWaiting).Scan(&codes).Error
	return codes, err
}
