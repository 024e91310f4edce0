package budget

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies"
)

// Query chooses journals.
type Query struct {
	Policy   string
	Year     *string // of the appropriation; nil for all
	District string  // of the agreement or claim, or of the purse
	Account  Account // that was posted to
	Kind     string
	Subject  kernel.ID
	Period   kernel.Period
}

// Heading is a journal as it is read: what happened, to what, by how much.
type Heading struct {
	ID          kernel.ID  `json:"id"`
	Kind        string     `json:"kind"`
	At          time.Time  `json:"at"`
	Actor       kernel.ID  `json:"actor"`
	PolicyCode  string     `json:"policy_code"`
	SubjectID   kernel.ID  `json:"subject_id"`
	SubjectKind string     `json:"subject_kind" enum:"agreement,claim,act,vote,other"`
	Number      string     `json:"number" doc:"协议、申请的编号或文号 · of the agreement or claim, or of the document"`
	District    string     `json:"district"`
	Category    string     `json:"category"`
	Amount      kernel.Fen `json:"amount_fen" gorm:"column:amount_fen" doc:"公共资金变动额 · public money moved"`
}

// Place is a position among journals.
type Place struct {
	At time.Time `json:"at"`
	ID kernel.ID `json:"id"`
}

// told joins a journal j with what it is about.
const told = ` LEFT JOIN claims c ON c.id = j.subject_id LEFT JOIN agreements ca ON ca.id = c.agreement_id LEFT JOIN agreements a ON a.id = j.subject_id
	LEFT JOIN appropriation_acts t ON t.id = j.subject_id `

const tellings = `j.id, j.kind, j.at, j.actor, j.policy_code, j.subject_id,
	CASE WHEN c.id IS NOT NULL THEN 'claim' WHEN a.id IS NOT NULL THEN 'agreement' WHEN t.id IS NOT NULL THEN 'act' WHEN j.kind = 'appropriate' THEN 'vote' ELSE 'other' END AS subject_kind,
	COALESCE(c.number, a.number, t.document_number, '') AS number, COALESCE(c.district, a.district, t.scope, CASE WHEN j.kind = 'appropriate' THEN j.subject_id ELSE '' END) AS district,
	COALESCE(ca.category, a.category, '') AS category`

// moved is how much public money a journal moved: what it added to accounts.
const moved = `(SELECT COALESCE(SUM(p.amount_fen), 0) FROM postings p WHERE p.journal_id = j.id AND p.amount_fen > 0 AND p.account NOT LIKE 'memo.%') AS amount_fen`

// Journals lists journals, the newest first, after a place.
func (d *Desk) Journals(ctx context.Context, who kernel.Actor, q Query, after *Place, limit int) ([]Heading, error) {
	if err := who.Require(Readers...); err != nil {
		return nil, err
	}
	w := &conditions{}
	w.text("j.kind = ?", q.Kind)
	w.text("j.subject_id = ?", string(q.Subject))
	w.period(q.Period)
	w.district(q.District)
	w.officer(who)
	if q.Account != "" || q.Year != nil {
		line := &conditions{}
		// By the few lines of each journal, not by all lines of the account: hence
		// an expression, which no index of the account answers.
		line.text("COALESCE(p.account, '') = ?", string(q.Account))
		if q.Year != nil {
			line.add("COALESCE(p.budget_year, '') = ?", *q.Year)
		}
		w.add("EXISTS (SELECT 1 FROM postings p WHERE p.journal_id = j.id"+line.and()+")", line.args...)
	}
	if after != nil {
		w.add("(j.at < ? OR (j.at = ? AND j.id < ?))", after.At, after.At, after.ID)
	}
	ids, err := d.newest(ctx, q.Policy, w, min(max(limit, 1), 101))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var out []Heading
	err = d.DB.Read(ctx).Raw("SELECT "+tellings+", "+moved+" FROM journals j"+told+"WHERE j.id IN ? ORDER BY j.at DESC, j.id DESC", ids).Scan(&out).Error
	return out, err
}

// newest finds the journals that meet the conditions, each policy's by its index
// of (policy, at), before anything is read about them.
func (d *Desk) newest(ctx context.Context, policy string, w *conditions, limit int) ([]kernel.ID, error) {
	db := d.DB.Read(ctx)
	policies := []string{policy}
	if policy == "" {
		var err error
		if policies, err = policiesOf(db); err != nil {
			return nil, err
		}
	}
	joins := ""
	if w.joined {
		joins = told
	}
	var all []Place
	for _, code := range policies {
		var some []Place
		err := db.Raw("SELECT j.at, j.id FROM journals j "+joins+" WHERE j.policy_code = ?"+w.and()+" ORDER BY j.at DESC, j.id DESC LIMIT ?", append(append([]any{code}, w.args...), limit)...).Scan(&some).Error
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(x, y Place) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.ID, x.ID)) })
	ids := make([]kernel.ID, 0, limit)
	for _, p := range all[:min(limit, len(all))] {
		ids = append(ids, p.ID)
	}
	return ids, nil
}

// Journal returns one journal with its postings; not_found where the caller may
// not see it.
func (d *Desk) Journal(ctx context.Context, who kernel.Actor, id kernel.ID) (Heading, []Posting, error) {
	var e Heading
	if err := who.Require(Readers...); err != nil {
		return e, nil, err
	}
	w := &conditions{}
	w.add("j.id = ?", id)
	w.officer(who)
	var found []Heading
	if err := d.DB.Read(ctx).Raw("SELECT "+tellings+", "+moved+" FROM journals j"+told+"WHERE 1 = 1"+w.and(), w.args...).Scan(&found).Error; err != nil {
		return e, nil, err
	}
	if len(found) == 0 {
		return e, nil, kernel.NotFound(kernel.T("凭证", "journal"))
	}
	var lines []Posting
	err := d.DB.Read(ctx).Where("journal_id = ?", id).Order("line").Find(&lines).Error
	return found[0], lines, err
}

// Holding is what one subject has on one account of one scope.
type Holding struct {
	Account Account    `json:"account"`
	Scope   string     `json:"scope"`
	Amount  kernel.Fen `json:"amount_fen" gorm:"column:amount_fen"`
}

// Trail is the way of one agreement's money: the agreement, the claims on it, and
// what each has on which account.
type Trail struct {
	Agreement subsidies.Agreement
	Claims    []subsidies.Claim
	Standings []Holding
}

// Trail follows an agreement or a claim, whichever the ID names, to both; for
// the rest of the ledger there is none (not_found).
func (d *Desk) Trail(ctx context.Context, who kernel.Actor, id kernel.ID) (t Trail, err error) {
	if err := who.Require(Readers...); err != nil {
		return t, err
	}
	missing := kernel.NotFound(kernel.T("协议或申请", "agreement or claim"))
	db := d.DB.Read(ctx)
	var agreement []kernel.ID
	if err := db.Model(&subsidies.Claim{}).Where("id = ?", id).Pluck("agreement_id", &agreement).Error; err != nil {
		return t, err
	}
	if len(agreement) == 1 {
		id = agreement[0]
	}
	if err := db.Where("id = ?", id).Take(&t.Agreement).Error; err != nil {
		return t, database.Found(err, missing)
	}
	if !t.Agreement.VisibleTo(who) {
		return t, missing
	}
	if err := db.Where("agreement_id = ? AND state <> ?", id, subsidies.ClaimDraft).Order("id").Find(&t.Claims).Error; err != nil {
		return t, err
	}
	ids := []kernel.ID{id}
	for _, c := range t.Claims {
		ids = append(ids, c.ID)
	}
	err = db.Raw("SELECT account, scope, SUM(amount_fen) AS amount_fen FROM postings WHERE subject_id IN ? GROUP BY account, scope HAVING SUM(amount_fen) <> 0 ORDER BY account, scope", ids).Scan(&t.Standings).Error
	return t, err
}

// conditions gathers what a row has to meet.
type conditions struct {
	all    []string
	args   []any
	joined bool // they speak of what the journal is about
}

func (w *conditions) add(condition string, args ...any) {
	w.all = append(w.all, condition)
	w.args = append(w.args, args...)
}

// text adds a condition on a value that was given.
func (w *conditions) text(condition, value string) {
	if value != "" {
		w.add(condition, value)
	}
}

func (w *conditions) period(p kernel.Period) {
	if p.From != "" {
		w.add("j.at >= ?", p.From.Start())
	}
	if p.To != "" {
		w.add("j.at < ?", p.To.AddDays(1).Start())
	}
}

// district keeps what was moved for firms of a district or on its purse.
func (w *conditions) district(code string) {
	if code != "" {
		w.joined = true
		w.add("(c.district = ? OR a.district = ? OR t.scope = ? OR t.from_scope = ? OR (j.kind = 'appropriate' AND j.subject_id = ?))", code, code, code, code, code)
	}
}

// officer keeps what a district officer may see: the own district.
func (w *conditions) officer(who kernel.Actor) {
	if who.Is(kernel.RoleDistrictOfficer) {
		w.district(who.District)
		if who.District == "" {
			w.add("1 = 0")
		}
	}
}

func (w *conditions) and() string {
	if len(w.all) == 0 {
		return ""
	}
	return " AND " + strings.Join(w.all, " AND ")
}
