package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/notify"
	"yunhui/services/registry"
)

// changeRow is a change of an account as it is stored: the number sealed for the
// change, and LiveKey letting an organisation have one at a time.
type changeRow struct {
	ID            kernel.ID
	OrgID         kernel.ID
	LiveKey       *kernel.ID
	State         registry.ChangeState
	BankName      string
	BankCode      string
	AccountName   string
	AccountNumber string
	FormerAccount string
	Reason        string
	ProposedBy    kernel.ID
	ProposedName  string
	DecidedBy     kernel.ID
	DecidedName   string
	DecidedRole   kernel.Role
	Document      string
	Note          string
	CreatedAt     time.Time
	DecidedAt     *time.Time
	Version       int64
}

func (changeRow) TableName() string { return "account_changes" }

func numberOf(change kernel.ID) string { return "account_changes.account_number:" + string(change) }

func (s *Store) change(r changeRow) (registry.AccountChange, error) {
	number, err := s.cipher.Open(numberOf(r.ID), r.AccountNumber)
	if err != nil {
		return registry.AccountChange{}, fmt.Errorf("account change %s: %w", r.ID, err)
	}
	return registry.AccountChange{
		ID: r.ID, Org: r.OrgID, BankAccount: registry.BankAccount{BankName: r.BankName, BankCode: r.BankCode, AccountName: r.AccountName, AccountNumber: number},
		FormerAccount: r.FormerAccount, State: r.State, Reason: r.Reason, ProposedBy: r.ProposedBy, ProposedName: r.ProposedName,
		DecidedBy: r.DecidedBy, DecidedName: r.DecidedName, DecidedRole: r.DecidedRole, Document: r.Document, Note: r.Note,
		CreatedAt: r.CreatedAt, DecidedAt: r.DecidedAt, Version: r.Version,
	}, nil
}

// shownTo hides the number from those who neither own the account nor decide
// about it. Whoever confirms must see all of it, and only then.
func shownTo(c registry.AccountChange, who kernel.Actor) registry.AccountChange {
	open := c.State == registry.ChangeProposed && who.Is(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer)
	if who.Org != c.Org && !open {
		c.AccountNumber = registry.MaskAccount(c.AccountNumber)
	}
	return c
}

// Changes lists the changes of an organisation's account that the caller of ctx
// may see, the newest first.
func (s *Store) Changes(ctx context.Context, org kernel.ID) ([]registry.AccountChange, error) {
	if _, err := s.Get(ctx, org); err != nil {
		return nil, err
	}
	return s.changes(ctx, s.db.Read(ctx).Where("org_id = ?", org).Order("id DESC").Limit(50))
}

// Waiting lists the proposed changes of the organisations that the caller of
// ctx, an officer, may see, the oldest first.
func (s *Store) Waiting(ctx context.Context) ([]registry.AccountChange, error) {
	actor := kernel.CallFrom(ctx).Actor
	if err := actor.Require(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor); err != nil {
		return nil, err
	}
	mine := inSight(s.db.Read(ctx).Table("organisations").Select("id"), actor, s.today())
	return s.changes(ctx, s.db.Read(ctx).Where("live_key IS NOT NULL AND org_id IN (?)", mine).Order("id").Limit(MaxPage))
}

func (s *Store) changes(ctx context.Context, q *gorm.DB) ([]registry.AccountChange, error) {
	var rows []changeRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("account changes: %w", err)
	}
	ids := make([]kernel.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.OrgID
	}
	owners, err := s.Directory().ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]registry.AccountChange, len(rows))
	for i, r := range rows {
		c, err := s.change(r)
		if err != nil {
			return nil, err
		}
		c.OrgName = owners[c.Org].Name
		out[i] = shownTo(c, kernel.CallFrom(ctx).Actor)
	}
	return out, nil
}

// Proposal is a change that a member proposes.
type Proposal struct {
	registry.BankAccount
	Reason string
}

// ProposeAccount proposes another bank account for the caller's own
// organisation. From then until it is decided nothing is paid to the
// organisation: neither account is certain. One proposal at a time
// (account.change_pending).
func (o *Office) ProposeAccount(ctx context.Context, p Proposal) (registry.AccountChange, error) {
	actor := kernel.CallFrom(ctx).Actor
	if err := actor.Require(kernel.RoleEnterprise, kernel.RoleProvider); err != nil {
		return registry.AccountChange{}, err
	}
	p.BankAccount, p.Reason = p.Normalized(), strings.TrimSpace(p.Reason)
	var f kernel.Faults
	p.Check(&f)
	checkWords(&f, "reason", p.Reason, maxReason, true)
	if err := f.Err(); err != nil {
		return registry.AccountChange{}, err
	}
	ctx, err := withoutNumber(ctx, p)
	if err != nil {
		return registry.AccountChange{}, err
	}
	return database.Do(ctx, o.db, "account.propose", func(tx *database.Tx) (registry.AccountChange, error) {
		now, err := o.store.own(tx, actor.Org)
		if err != nil {
			return registry.AccountChange{}, err
		}
		if p.BankAccount == now.Account() {
			return registry.AccountChange{}, kernel.Conflict("account.same", kernel.T("与现有账户相同", "This is the account on record"))
		}
		r, err := o.store.proposed(tx, now, p)
		if err != nil {
			return registry.AccountChange{}, err
		}
		return o.announce(tx, r, "account.proposed")
	})
}

// proposed stores a proposal and puts the organisation's payments on hold.
func (s *Store) proposed(tx *database.Tx, o registry.Organisation, p Proposal) (changeRow, error) {
	id := kernel.NewID(tx.Now)
	sealed, err := s.cipher.Seal(numberOf(id), p.AccountNumber)
	if err != nil {
		return changeRow{}, fmt.Errorf("seal account number: %w", err)
	}
	r := changeRow{
		ID: id, OrgID: o.ID, LiveKey: &o.ID, State: registry.ChangeProposed, BankName: p.BankName, BankCode: p.BankCode, AccountName: p.AccountName, AccountNumber: sealed,
		FormerAccount: registry.MaskAccount(o.AccountNumber), Reason: p.Reason, ProposedBy: tx.Call.Actor.Person, ProposedName: tx.Call.Actor.Name, CreatedAt: tx.Now, Version: 1,
	}
	pending := kernel.Conflict("account.change_pending", kernel.T("已有待确认的账户变更", "A change of the account is waiting to be confirmed already"))
	if err := tx.Create(&r).Error; err != nil {
		if database.IsDuplicate(err) {
			return r, pending
		}
		return r, fmt.Errorf("account change: %w", err)
	}
	set := map[string]any{"account_change": id, "version": o.Version + 1, "updated_at": tx.Now}
	return r, database.Change(tx, "organisations", set, "id = ? AND version = ? AND account_change = ''", []any{o.ID, o.Version}, database.Stale())
}

// Verdict is what the second person decides about a proposed change.
type Verdict struct {
	Confirm  bool
	Document string // what an officer has seen: required of officers to confirm
	Note     string // required to refuse
}

// DecideAccount confirms or refuses a proposed change. The second person is
// another member of the organisation, who can be asked why, or an officer who
// sees the organisation and has seen proof of the account: a firm of one person
// must be able to change its bank too. Whoever proposed it decides nothing.
func (o *Office) DecideAccount(ctx context.Context, id kernel.ID, version int64, v Verdict) (registry.AccountChange, error) {
	return database.Do(ctx, o.db, "account.decide", func(tx *database.Tx) (registry.AccountChange, error) {
		r, org, err := o.store.pending(tx, id, version)
		if err != nil {
			return registry.AccountChange{}, err
		}
		actor := tx.Call.Actor
		if actor.Person == r.ProposedBy {
			return registry.AccountChange{}, kernel.Fail(kernel.KindForbidden, "account.second_person", kernel.T("账户变更须由提出人以外的第二人确认", "A change of an account is confirmed by somebody other than who proposed it"))
		}
		v.Document, v.Note = strings.TrimSpace(v.Document), strings.TrimSpace(v.Note)
		var f kernel.Faults
		checkWords(&f, "document", v.Document, 200, v.Confirm && actor.Org != r.OrgID)
		checkWords(&f, "note", v.Note, maxReason, !v.Confirm)
		if err := f.Err(); err != nil {
			return registry.AccountChange{}, err
		}
		r.State, r.Document, r.Note = registry.ChangeRefused, v.Document, v.Note
		if v.Confirm {
			r.State = registry.ChangeConfirmed
		}
		if err := o.store.end(tx, &r, org); err != nil {
			return registry.AccountChange{}, err
		}
		return o.announce(tx, r, "account."+string(r.State))
	})
}

// WithdrawAccount takes a proposal back: whoever made it may.
func (o *Office) WithdrawAccount(ctx context.Context, id kernel.ID, version int64) (registry.AccountChange, error) {
	return database.Do(ctx, o.db, "account.withdraw", func(tx *database.Tx) (registry.AccountChange, error) {
		r, org, err := o.store.pending(tx, id, version)
		if err != nil {
			return registry.AccountChange{}, err
		}
		if tx.Call.Actor.Person != r.ProposedBy || tx.Call.Actor.Org != r.OrgID {
			return registry.AccountChange{}, kernel.Forbidden()
		}
		r.State = registry.ChangeWithdrawn
		if err := o.store.end(tx, &r, org); err != nil {
			return registry.AccountChange{}, err
		}
		return o.announce(tx, r, "account.withdrawn")
	})
}

// pending reads a proposed change that the actor may decide about, with its
// organisation.
func (s *Store) pending(tx *database.Tx, id kernel.ID, version int64) (changeRow, registry.Organisation, error) {
	actor := tx.Call.Actor
	if err := actor.Require(kernel.RoleEnterprise, kernel.RoleProvider, kernel.RoleDistrictOfficer, kernel.RoleCityOfficer); err != nil {
		return changeRow{}, registry.Organisation{}, err
	}
	gone := kernel.NotFound(kernel.T("该账户变更", "change of an account"))
	var rows []changeRow
	if err := tx.Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil {
		return changeRow{}, registry.Organisation{}, fmt.Errorf("account change: %w", err)
	}
	if len(rows) == 0 {
		return changeRow{}, registry.Organisation{}, gone
	}
	org, err := s.first(inSight(tx.DB, actor, tx.Today()).Where("id = ?", rows[0].OrgID))
	switch {
	case kernel.IsCode(err, "not_found"):
		err = gone
	case err != nil:
	case version != 0 && rows[0].Version != version:
		err = database.Stale()
	case rows[0].State != registry.ChangeProposed:
		err = kernel.Conflict("account.decided", kernel.T("该账户变更已处理", "This change has been decided already"))
	}
	return rows[0], org, err
}

// end closes a change; a confirmed one becomes the account on record. The row of
// the organisation changes in every case: whoever orders a payment to it at this
// moment, or has it on hold, sees the one state or the other.
func (s *Store) end(tx *database.Tx, r *changeRow, o registry.Organisation) error {
	actor := tx.Call.Actor
	set := map[string]any{
		"state": r.State, "live_key": nil, "document": r.Document, "note": r.Note, "decided_by": actor.Person, "decided_name": actor.Name, "decided_role": actor.Role,
		"decided_at": tx.Now, "version": r.Version + 1,
	}
	if err := database.Change(tx, "account_changes", set, "id = ? AND version = ? AND state = ?", []any{r.ID, r.Version, registry.ChangeProposed}, database.Stale()); err != nil {
		return err
	}
	r.LiveKey, r.DecidedBy, r.DecidedName, r.DecidedRole, r.DecidedAt, r.Version = nil, actor.Person, actor.Name, actor.Role, &tx.Now, r.Version+1
	columns := map[string]any{"account_change": "", "version": o.Version + 1, "updated_at": tx.Now}
	if r.State == registry.ChangeConfirmed {
		number, err := s.cipher.Open(numberOf(r.ID), r.AccountNumber)
		if err != nil {
			return fmt.Errorf("account change %s: %w", r.ID, err)
		}
		sealed, err := s.cipher.Seal(accountOf(o.ID), number)
		if err != nil {
			return fmt.Errorf("seal account number: %w", err)
		}
		columns["bank_name"], columns["bank_code"], columns["account_name"], columns["account_number"] = r.BankName, r.BankCode, r.AccountName, sealed
	}
	return database.Change(tx, "organisations", columns, "id = ? AND version = ? AND account_change = ?", []any{o.ID, o.Version, r.ID}, database.Stale())
}

// announce records what happened to a change and tells the members of its
// organisation; the result is kept for repetitions, and so is masked.
func (o *Office) announce(tx *database.Tx, r changeRow, action string) (registry.AccountChange, error) {
	c, err := o.store.change(r)
	if err != nil {
		return c, err
	}
	c.AccountNumber = registry.MaskAccount(c.AccountNumber)
	detail := map[string]any{"change": c.ID, "from": c.FormerAccount, "to": c.AccountNumber, "bank": c.BankName, "reason": c.Reason, "document": c.Document, "note": c.Note}
	if err := record(tx, action, c.Org, detail); err != nil {
		return c, err
	}
	people, err := o.people.MembersOf(tx, c.Org)
	if err != nil {
		return c, err
	}
	for _, p := range people {
		err := notify.Send(tx, notify.Notification{Person: p, Kind: action, Link: "/organisation", Params: map[string]string{"name": c.AccountNumber, "reason": c.Note}})
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

func checkWords(f *kernel.Faults, path, text string, most int, required bool) {
	f.Check(text != "" || !required, path, "field.required", kernel.T("不能为空", "This must not be empty"))
	f.Check(utf8.RuneCountInString(text) <= most, path, "field.too_long", kernel.T("至多%d个字", "At most %d characters", most))
	f.Check(!kernel.Hidden(text), path, "field.hidden_characters", kernel.T("含有不可见字符，请重新输入", "This holds characters that cannot be seen; please type it anew"))
}
