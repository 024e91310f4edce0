package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"yunhui/services/audit"
	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// OfficialRoles are those that an operator gives and takes away. Enterprises and
// providers come by registering.
func OfficialRoles() []kernel.Role {
	return []kernel.Role{kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor, kernel.RoleOperator}
}

// Member is a person in an official membership.
type Member struct {
	ID           kernel.ID // of the membership
	PersonID     kernel.ID
	Login        string
	Name         string
	OrgID        kernel.ID
	Role         kernel.Role
	District     string
	Status       string // of the membership
	PersonStatus string
	CreatedAt    time.Time
}

// MemberFilter narrows the list; empty fields do not.
type MemberFilter struct {
	Role  kernel.Role
	Org   kernel.ID
	Query string // part of the name, or the beginning of a login
	After kernel.ID
	Limit int
}

const maxMembers = 100

// Members lists official members, oldest first, and the ID to go on after, empty
// at the end.
func (s *Service) Members(ctx context.Context, f MemberFilter) ([]Member, kernel.ID, error) {
	if f.Limit <= 0 || f.Limit > maxMembers {
		f.Limit = maxMembers
	}
	q := s.db.Read(ctx).Table("memberships AS m").Joins("JOIN people AS p ON p.id = m.person_id").
		Select("m.id, m.person_id, p.login, p.name, m.org_id, m.role, m.district, m.status, p.status AS person_status, m.created_at").
		Where("m.role IN ?", OfficialRoles())
	if f.Role != "" {
		q = q.Where("m.role = ?", f.Role)
	}
	if f.Org != "" {
		q = q.Where("m.org_id = ?", f.Org)
	}
	if f.Query != "" {
		plain := strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(f.Query)
		q = q.Where("(p.name LIKE ? ESCAPE '!' OR p.login LIKE ? ESCAPE '!')", "%"+plain+"%", strings.ToLower(plain)+"%")
	}
	if f.After != "" {
		q = q.Where("m.id > ?", f.After)
	}
	var out []Member
	if err := q.Order("m.id").Limit(f.Limit + 1).Scan(&out).Error; err != nil {
		return nil, "", fmt.Errorf("members: %w", err)
	}
	var next kernel.ID
	if len(out) > f.Limit {
		out = out[:f.Limit]
		next = out[f.Limit-1].ID
	}
	return out, next, nil
}

// CheckOfficial notes what is wrong with an official membership.
func CheckOfficial(f *kernel.Faults, m Membership, on kernel.Date) {
	f.Check(slices.Contains(OfficialRoles(), m.Role), "role", "field.choice",
		kernel.T("只能设置管理、财政、审计或运维角色", "Only the roles of officers, finance, auditors and operators are given here"))
	_, known := registry.DistrictOn(m.District, on)
	if m.Role == kernel.RoleDistrictOfficer {
		f.Check(known, "district", "member.district", kernel.T("区县经办须选择现行区县", "A district officer belongs to a district of today"))
	} else {
		f.Check(m.District == "", "district", "member.district", kernel.T("此角色不属于区县", "This role belongs to no district"))
	}
}

// CreateMember adds a person with an official membership. Who may is for the
// caller to decide.
func (s *Service) CreateMember(ctx context.Context, p NewPerson, m Membership) (Member, error) {
	var faults kernel.Faults
	p.Check(&faults, "")
	CheckOfficial(&faults, m, kernel.DayOf(s.db.Clock().Now()))
	if err := faults.Err(); err != nil {
		return Member{}, err
	}
	ready, err := s.Prepare(ctx, p)
	if err != nil {
		return Member{}, err
	}
	return database.Do(withoutSecret(ctx, string(m.Org), string(m.Role), m.District, ready.login, ready.name), s.db, "member.create", func(tx *database.Tx) (Member, error) {
		person, err := s.Add(tx, ready, m, "")
		if err != nil {
			return Member{}, err
		}
		made, err := memberOf(tx, "person_id = ?", person)
		if err != nil {
			return Member{}, err
		}
		return made, audit.Record(tx, audit.Entry{Action: "member.create", ObjectKind: "membership", ObjectID: string(made.ID),
			Detail: map[string]any{"person": person, "org": m.Org, "role": m.Role, "district": m.District}})
	})
}

// SetMember activates or disables an official membership. Who is disabled loses
// access at once. Nobody disables their own.
func (s *Service) SetMember(ctx context.Context, id kernel.ID, active bool) (Member, error) {
	status := StatusDisabled
	if active {
		status = StatusActive
	}
	return database.Do(ctx, s.db, "member.set", func(tx *database.Tx) (Member, error) {
		before, err := memberOf(tx, "id = ?", id)
		if err != nil {
			return Member{}, err
		}
		if before.PersonID == tx.Call.Actor.Person {
			return Member{}, kernel.Fail(kernel.KindForbidden, "member.self", kernel.T("不能停用自己", "Nobody disables their own account"))
		}
		if before.Status == status {
			return before, nil
		}
		moved := tx.Model(&membershipRow{}).Where("id = ? AND status = ?", id, before.Status).Updates(map[string]any{"status": status})
		if err := database.Changed(moved, database.Stale()); err != nil {
			return Member{}, err
		}
		err = tx.Model(&sessionRow{}).Where("person_id = ? AND membership_id = ? AND revoked_at IS NULL", before.PersonID, id).
			Updates(map[string]any{"revoked_at": tx.Now}).Error
		if err != nil {
			return Member{}, err
		}
		before.Status = status
		return before, audit.Record(tx, audit.Entry{Action: "member." + status, ObjectKind: "membership", ObjectID: string(id),
			Detail: map[string]any{"person": before.PersonID, "role": before.Role}})
	})
}

func memberOf(tx *database.Tx, where string, arg any) (Member, error) {
	var rows []membershipRow
	if err := tx.Where(where, arg).Where("role IN ?", OfficialRoles()).Order("id").Limit(1).Find(&rows).Error; err != nil {
		return Member{}, err
	}
	if len(rows) == 0 {
		return Member{}, kernel.NotFound(kernel.T("该成员", "member"))
	}
	var p personRow
	if err := tx.Where("id = ?", rows[0].PersonID).Take(&p).Error; err != nil {
		return Member{}, err
	}
	m := rows[0]
	return Member{ID: m.ID, PersonID: p.ID, Login: p.Login, Name: p.Name, OrgID: m.OrgID, Role: m.Role, District: m.District,
		Status: m.Status, PersonStatus: p.Status, CreatedAt: m.CreatedAt}, nil
}

// withoutSecret keeps the idempotency key and fingerprints the request anew, by
// what is not secret in it: a plain digest over a password may not be stored.
func withoutSecret(ctx context.Context, parts ...string) context.Context {
	call := kernel.CallFrom(ctx)
	if call.IdempotencyKey != "" {
		call.Fingerprint = crypto.Digest(strings.Join(parts, "\x00"))
	}
	return kernel.WithCall(ctx, call)
}
