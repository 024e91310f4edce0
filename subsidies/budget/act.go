package budget

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"yunhui/services/audit"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/subsidies"
	"yunhui/subsidies/gazette"
)

// Desk keeps the books: acts on appropriations, statements and closings.
type Desk struct {
	DB       *database.DB
	Policies *gazette.Library
}

// Roles of the books. Keepers propose and decide; readers see all of it, and a
// district officer what is of the own district.
var (
	keepers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer}
	Readers = []kernel.Role{kernel.RoleFinance, kernel.RoleCityOfficer, kernel.RoleAuditor, kernel.RoleDistrictOfficer}
)

// ActKind is what an act does to appropriations.
type ActKind string

// The kinds of acts. The budget law asks that money moved between items, units
// or levels of the budget be strictly controlled and not that it stay where it
// was first voted (预算法 第七十二条). So a transfer may lead between districts,
// between a district and the city either way (转移支付, 上解), and from one budget
// year to the next (结转); each needs its document and a second person.
const (
	Supplement ActKind = "supplement" // 下达与追加: money from outside, the first as well
	Reduce     ActKind = "reduce"     // 核减: money goes back outside
	Transfer   ActKind = "transfer"   // 调剂与结转: from one scope or year to another
)

// ActState is where an act stands.
type ActState string

// The states of an act.
const (
	Proposed  ActState = "proposed"
	Approved  ActState = "approved"
	Refused   ActState = "refused"
	Withdrawn ActState = "withdrawn" // by who proposed it
)

// Act is a recorded act on appropriations: proposed by one person with its
// document, decided by another. Only an approved one has moved money.
type Act struct {
	ID             kernel.ID   `json:"id"`
	Kind           ActKind     `json:"kind"`
	PolicyCode     string      `json:"policy_code"`
	BudgetYear     string      `json:"budget_year"`
	Scope          string      `json:"scope"` // which gets the money, or of a reduction: gives it
	FromYear       string      `json:"from_year"`
	FromScope      string      `json:"from_scope"` // of a transfer
	Amount         kernel.Fen  `json:"amount_fen" gorm:"column:amount_fen"`
	DocumentNumber string      `json:"document_number" doc:"文号"`
	DatedOn        kernel.Date `json:"dated_on"`
	Reason         string      `json:"reason"`
	State          ActState    `json:"state"`
	LiveKey        *string     `json:"-"` // one line of one document acts once
	ProposedBy     kernel.ID   `json:"proposed_by"`
	ProposedName   string      `json:"proposed_name"`
	ProposedAt     time.Time   `json:"proposed_at"`
	DecidedBy      kernel.ID   `json:"decided_by"`
	DecidedName    string      `json:"decided_name"`
	DecidedAt      *time.Time  `json:"decided_at,omitempty"`
	Note           string      `json:"note"`
	Version        int64       `json:"version"`
}

// TableName names the table for the store.
func (Act) TableName() string { return "appropriation_acts" }

func (a Act) fund() Fund { return Fund{a.PolicyCode, a.BudgetYear} }
func (a Act) from() Fund { return Fund{a.PolicyCode, a.FromYear} }

// digest stands for everything that was proposed and decided. It is part of the
// key of the act's journal, so that neither can be changed alone.
func (a Act) digest() string {
	a.Note, a.LiveKey, a.DecidedAt, a.State, a.Version = "", nil, nil, "", 0
	a.ProposedAt = time.Time{}
	text, err := json.Marshal(a)
	if err != nil {
		panic("budget: " + err.Error()) // texts and numbers can always be written
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// line identifies what a document says about one scope.
func (a Act) line() *string {
	sum := sha256.Sum256([]byte(strings.Join([]string{a.PolicyCode, a.DocumentNumber, string(a.Kind), a.BudgetYear, a.Scope, a.FromYear, a.FromScope}, "\x00")))
	key := hex.EncodeToString(sum[:])
	return &key
}

// ActProposal is what somebody proposes.
type ActProposal struct {
	Kind           ActKind     `json:"kind" enum:"supplement,reduce,transfer"`
	Policy         string      `json:"policy" minLength:"1" maxLength:"60"`
	Year           string      `json:"budget_year,omitempty" maxLength:"4" doc:"预算年度；不填表示政策期内统筹 · for the policy's whole term when left out"`
	Scope          string      `json:"scope" minLength:"1" maxLength:"20" doc:"city 或区县 · city, or a district"`
	FromYear       string      `json:"from_year,omitempty" maxLength:"4"`
	FromScope      string      `json:"from_scope,omitempty" maxLength:"20" doc:"调出方，仅用于调剂 · where a transfer takes from"`
	Amount         kernel.Fen  `json:"amount_fen" minimum:"1" maximum:"1000000000000000"`
	DocumentNumber string      `json:"document_number" minLength:"1" maxLength:"80" doc:"文号"`
	DatedOn        kernel.Date `json:"dated_on" doc:"发文日期"`
	Reason         string      `json:"reason" minLength:"1" maxLength:"500"`
}

var yearForm = regexp.MustCompile(`^20[0-9]{2}$`)

// ValidYear reports whether a text is a budget year.
func ValidYear(year string) bool { return yearForm.MatchString(year) }

func (p ActProposal) faults(today kernel.Date) error {
	var f kernel.Faults
	place := func(path, scope string) {
		_, known := registry.FindDistrict(scope)
		f.Check(scope == City || known, path, "field.choice", kernel.T("应为 city 或区县代码", "This must be city or the code of a district"))
	}
	year := func(path, y string) {
		f.Check(y == "" || ValidYear(y), path, "field.format", kernel.T("应为四位年度", "This must be a year of four digits"))
	}
	place("scope", p.Scope)
	year("budget_year", p.Year)
	f.Check(p.Amount > 0 && p.Amount <= kernel.MaxFen, "amount_fen", "budget.amount", kernel.T("金额必须大于零", "The amount must be above zero"))
	f.Check(strings.TrimSpace(p.DocumentNumber) != "" && utf8.RuneCountInString(p.DocumentNumber) <= 80, "document_number", "field.required", kernel.T("请填写文号", "Give the number of the document"))
	f.Check(p.DatedOn.Valid() && p.DatedOn <= today, "dated_on", "field.date", kernel.T("发文日期应为今天或更早的日期", "The document must be dated today or earlier"))
	f.Check(strings.TrimSpace(p.Reason) != "" && utf8.RuneCountInString(p.Reason) <= 500, "reason", "field.required", kernel.T("请说明理由", "Give the reason"))
	switch p.Kind {
	case Transfer:
		place("from_scope", p.FromScope)
		year("from_year", p.FromYear)
		f.Check(p.FromScope != p.Scope || p.FromYear != p.Year, "from_scope", "budget.same", kernel.T("调出与调入不能相同", "It must lead somewhere else than it comes from"))
	case Supplement, Reduce:
		f.Check(p.FromScope == "" && p.FromYear == "", "from_scope", "field.unknown", kernel.T("只有调剂需要填写调出方", "Only a transfer has a place it comes from"))
	default:
		f.Add("kind", "field.choice", kernel.T("应为以下之一：supplement、reduce、transfer", "This must be one of: supplement, reduce, transfer"))
	}
	f.Check(p.Kind == Reduce || p.Year == "" || p.Year >= yearOf(today), "budget_year", "budget.past", kernel.T("已过去的预算年度不再增加额度", "Money is not added to a budget year that is over"))
	return f.Err()
}

// Propose records a proposal. Nothing moves before a second person approves it.
func (d *Desk) Propose(ctx context.Context, p ActProposal) (Act, error) {
	return database.Do(ctx, d.DB, "appropriation.propose", func(tx *database.Tx) (Act, error) {
		who := tx.Call.Actor
		if err := who.Require(keepers...); err != nil {
			return Act{}, err
		}
		if err := p.faults(tx.Today()); err != nil {
			return Act{}, err
		}
		if _, err := d.Policies.Versions(tx.Context(), p.Policy); err != nil {
			return Act{}, err
		}
		a := Act{
			ID: kernel.NewID(tx.Now), Kind: p.Kind, PolicyCode: p.Policy, BudgetYear: p.Year, Scope: p.Scope, FromYear: p.FromYear, FromScope: p.FromScope,
			Amount: p.Amount, DocumentNumber: strings.TrimSpace(p.DocumentNumber), DatedOn: p.DatedOn, Reason: strings.TrimSpace(p.Reason),
			State: Proposed, ProposedBy: who.Person, ProposedName: who.Name, ProposedAt: tx.Now, Version: 1,
		}
		a.LiveKey = a.line()
		if err := tx.Create(&a).Error; err != nil {
			if database.IsDuplicate(err) {
				err = kernel.Conflict("budget.document_used", kernel.T("该文号对同一对象的同一事项已登记", "What this document says about this scope is recorded already"))
			}
			return a, err
		}
		return a, record(tx, a, "propose")
	})
}

// Approve carries a proposal out. Who proposed it cannot (four_eyes), and money
// that is no longer free is not taken (budget.exhausted).
func (d *Desk) Approve(ctx context.Context, id kernel.ID, version int64, note string) (Act, error) {
	return database.Do(ctx, d.DB, "appropriation.approve", func(tx *database.Tx) (Act, error) {
		a, err := decide(tx, id, version, Approved, note)
		if err != nil {
			return a, err
		}
		if err := record(tx, a, "approve"); err != nil {
			return a, err
		}
		return a, a.carryOut(tx)
	})
}

// Refuse ends a proposal without moving anything.
func (d *Desk) Refuse(ctx context.Context, id kernel.ID, version int64, note string) (Act, error) {
	return database.Do(ctx, d.DB, "appropriation.refuse", func(tx *database.Tx) (Act, error) {
		a, err := decide(tx, id, version, Refused, note)
		if err != nil {
			return a, err
		}
		return a, record(tx, a, "refuse")
	})
}

// Withdraw is for who proposed it.
func (d *Desk) Withdraw(ctx context.Context, id kernel.ID, version int64, note string) (Act, error) {
	return database.Do(ctx, d.DB, "appropriation.withdraw", func(tx *database.Tx) (Act, error) {
		a, err := decide(tx, id, version, Withdrawn, note)
		if err != nil {
			return a, err
		}
		return a, record(tx, a, "withdraw")
	})
}

func record(tx *database.Tx, a Act, what string) error {
	return audit.Record(tx, audit.Entry{Action: "appropriation." + what, ObjectKind: "appropriation_act", ObjectID: string(a.ID), Detail: a})
}

// decide moves a proposal to its end by a guarded update.
func decide(tx *database.Tx, id kernel.ID, version int64, to ActState, note string) (Act, error) {
	var a Act
	who := tx.Call.Actor
	if err := who.Require(keepers...); err != nil {
		return a, err
	}
	if err := tx.Where("id = ?", id).Take(&a).Error; err != nil {
		return a, database.Found(err, kernel.NotFound(kernel.T("额度事项", "appropriation act")))
	}
	note = strings.TrimSpace(note)
	var f kernel.Faults
	f.Check(to != Refused || note != "", "note", "note.required", kernel.T("请说明原因", "Give the reason in words"))
	f.Check(utf8.RuneCountInString(note) <= 500, "note", "field.length", kernel.T("最多 500 字", "At most 500 characters"))
	if err := f.Err(); err != nil {
		return a, err
	}
	switch own := a.ProposedBy == who.Person; {
	case a.State != Proposed:
		return a, kernel.Conflict("budget.decided", kernel.T("该事项已有结论", "This act is decided already"))
	case version != 0 && version != a.Version:
		return a, database.Stale()
	case own && to != Withdrawn:
		return a, subsidies.FourEyes()
	case !own && to == Withdrawn:
		return a, kernel.Forbidden()
	}
	a.State, a.DecidedBy, a.DecidedName, a.DecidedAt, a.Note, a.Version = to, who.Person, who.Name, &tx.Now, note, a.Version+1
	set := map[string]any{"state": a.State, "decided_by": a.DecidedBy, "decided_name": a.DecidedName, "decided_at": tx.Now, "note": a.Note, "version": a.Version}
	if to != Approved {
		a.LiveKey, set["live_key"] = nil, nil
	}
	return a, database.Change(tx, "appropriation_acts", set, "id = ? AND state = ? AND version = ?", []any{id, Proposed, a.Version - 1}, database.Stale())
}
