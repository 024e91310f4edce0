package identity

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"yunhui/services/database"
	"yunhui/services/kernel"
)

// NewPerson is who is to be registered.
type NewPerson struct {
	Login    string
	Name     string
	Password string
	Demo     bool // an account that works in demo mode only
}

// MaxName is the longest name of a person, in characters.
const MaxName = 50

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{2,63}$`)

// NormalizeLogin is the form in which logins are stored and compared.
func NormalizeLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// Check notes every fault at the paths prefix+"login", "person_name" and
// "password". Whether the login is free shows only when the person is added.
func (p NewPerson) Check(f *kernel.Faults, prefix string) {
	f.Check(loginForm.MatchString(NormalizeLogin(p.Login)), prefix+"login", "login.form",
		kernel.T("登录名为3至64位字母、数字或 . _ @ + -，以字母或数字开头", "A login has 3 to 64 letters, digits or . _ @ + - and begins with a letter or digit"))
	name := strings.TrimSpace(p.Name)
	f.Check(name != "" && utf8.RuneCountInString(name) <= MaxName && !kernel.Hidden(name), prefix+"person_name", "name.form",
		kernel.T("姓名为1至%d个可见字符", "A name has 1 to %d visible characters", MaxName))
	checkPassword(f, prefix+"password", NormalizeLogin(p.Login), p.Password)
}

// Prepared is a checked person with the password hashed, ready to be added in a
// transaction, which must not wait for a hash.
type Prepared struct {
	login, name, hash, status string
}

// As is the same person by another login and name, with the same password. It
// spares the hashing of thousands of demo accounts.
func (p Prepared) As(login, name string) Prepared {
	p.login, p.name = NormalizeLogin(login), name
	return p
}

// Prepare checks the person and hashes the password.
func (s *Service) Prepare(ctx context.Context, p NewPerson) (Prepared, error) {
	var faults kernel.Faults
	p.Check(&faults, "")
	if err := faults.Err(); err != nil {
		return Prepared{}, err
	}
	hash, err := s.passwords.Hash(ctx, p.Password)
	if err != nil {
		return Prepared{}, err
	}
	ready := Prepared{login: NormalizeLogin(p.Login), name: strings.TrimSpace(p.Name), hash: hash, status: StatusActive}
	if p.Demo {
		ready.status = StatusDemo
	}
	return ready, nil
}

// Membership is what a person may do for an organisation.
type Membership struct {
	Org      kernel.ID
	Role     kernel.Role
	District string // of a district officer, else empty
}

// Add creates the person and the first membership as part of the transaction.
// The fault "login.taken" is at the path prefix+"login".
func (s *Service) Add(tx *database.Tx, p Prepared, m Membership, prefix string) (kernel.ID, error) {
	person := personRow{
		ID: kernel.NewID(tx.Now), Login: p.login, Name: p.name, PasswordHash: p.hash,
		SessionVersion: 1, Status: p.status, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if err := tx.Create(&person).Error; err != nil {
		if database.IsDuplicate(err) {
			var faults kernel.Faults
			faults.Add(prefix+"login", "login.taken", kernel.T("这个登录名已被使用", "This login is taken"))
			return "", faults.Err()
		}
		return "", err
	}
	_, err := s.Join(tx, person.ID, m)
	return person.ID, err
}

// Join gives a person a membership as part of the transaction and returns its ID.
func (s *Service) Join(tx *database.Tx, person kernel.ID, m Membership) (kernel.ID, error) {
	row := membershipRow{
		ID: kernel.NewID(tx.Now), PersonID: person, OrgID: m.Org, Role: m.Role,
		District: m.District, Status: StatusActive, CreatedAt: tx.Now,
	}
	err := tx.Create(&row).Error
	if database.IsDuplicate(err) {
		return "", kernel.Conflict("membership.exists", kernel.T("此人已在该单位担任此角色", "This person already holds this role there"))
	}
	return row.ID, err
}

// MembersOf lists the people with an active membership in the organisation, for
// notices to them; no more than 100.
func (s *Service) MembersOf(tx *database.Tx, org kernel.ID) ([]kernel.ID, error) {
	var people []kernel.ID
	err := tx.Model(&membershipRow{}).Where("org_id = ? AND status = ?", org, StatusActive).
		Distinct().Order("person_id").Limit(100).Pluck("person_id", &people).Error
	return people, err
}

// Officers lists the people who hold a role, of a district where it is one of a
// district, for notices to them; no more than 100.
func (s *Service) Officers(tx *database.Tx, role kernel.Role, district string) ([]kernel.ID, error) {
	var people []kernel.ID
	err := tx.Model(&membershipRow{}).Where("role = ? AND district = ? AND status = ?", role, district, StatusActive).
		Distinct().Order("person_id").Limit(100).Pluck("person_id", &people).Error
	return people, err
}
