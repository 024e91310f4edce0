package store

import (
	"context"
	"encoding/json"
	"fmt"

	"yunhui/services/crypto"
	"yunhui/services/database"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/notify"
	"yunhui/services/registry"
)

// People is what the office needs of the room of identity.
type People interface {
	Prepare(ctx context.Context, p identity.NewPerson) (identity.Prepared, error)
	Add(tx *database.Tx, p identity.Prepared, m identity.Membership, prefix string) (kernel.ID, error)
	MembersOf(tx *database.Tx, org kernel.ID) ([]kernel.ID, error)
}

// Office is where organisations come to register and hear what was decided: the
// acts that concern both the organisation and its people.
type Office struct {
	db     *database.DB
	store  *Store
	people People
}

// NewOffice opens the office.
func NewOffice(db *database.DB, s *Store, p People) *Office { return &Office{db, s, p} }

// Application is an organisation that registers with its first person.
type Application struct {
	Kind        registry.OrganisationKind
	Declaration registry.Declaration
	Person      identity.NewPerson
	Role        kernel.Role
}

// Enrolled is what an application led to. It is kept for repetitions of the
// request, and so holds no secret.
type Enrolled struct {
	Organisation registry.Organisation
	Person       kernel.ID
}

// Enrol records the organisation with its first member, both or neither. The
// faults of both are told at once; a credit code on record is a conflict
// "organisation.exists" that says nothing more.
func (o *Office) Enrol(ctx context.Context, a Application) (Enrolled, error) {
	a.Declaration = a.Declaration.Normalized()
	if err := a.check(kernel.DayOf(o.db.Clock().Now())); err != nil {
		return Enrolled{}, err
	}
	ready, err := o.people.Prepare(ctx, a.Person)
	if err != nil {
		return Enrolled{}, err
	}
	if ctx, err = a.withoutSecrets(ctx); err != nil {
		return Enrolled{}, err
	}
	return database.Do(ctx, o.db, "organisation.enrol", func(tx *database.Tx) (Enrolled, error) {
		made, err := o.store.Register(tx, a.Kind, a.Declaration)
		if err != nil {
			return Enrolled{}, err
		}
		person, err := o.people.Add(tx, ready, identity.Membership{Org: made.ID, Role: a.Role}, "")
		if err != nil {
			return Enrolled{}, err
		}
		return Enrolled{made, person}, record(tx, "organisation.first_member", made.ID, map[string]any{"person": person, "role": a.Role})
	})
}

func (a Application) check(on kernel.Date) error {
	var f kernel.Faults
	if _, err := a.Declaration.Check(a.Kind, on); err != nil {
		e := kernel.AsError(err)
		if e == nil {
			return err
		}
		for _, x := range e.Fields {
			f.Add(x.Path, x.Code, x.Message)
		}
	}
	a.Person.Check(&f, "")
	return f.Err()
}

// withoutSecrets fingerprints the request anew, by what is not secret in it: a
// plain digest over a password or an account number can be guessed backwards.
func (a Application) withoutSecrets(ctx context.Context) (context.Context, error) {
	a.Declaration.AccountNumber, a.Person.Password = "", ""
	return fingerprint(ctx, a)
}

// withoutNumber is withoutSecrets for a proposal.
func withoutNumber(ctx context.Context, p Proposal) (context.Context, error) {
	p.AccountNumber = registry.MaskAccount(p.AccountNumber)
	return fingerprint(ctx, p)
}

func fingerprint(ctx context.Context, request any) (context.Context, error) {
	call := kernel.CallFrom(ctx)
	if call.IdempotencyKey == "" {
		return ctx, nil
	}
	open, err := json.Marshal(request) // only its digest is kept
	if err != nil {
		return ctx, fmt.Errorf("fingerprint of a request: %w", err)
	}
	call.Fingerprint = crypto.Digest(string(open))
	return kernel.WithCall(ctx, call), nil
}

// Settle decides about an organisation and tells its members.
func (o *Office) Settle(ctx context.Context, id kernel.ID, version int64, d Decision) (registry.Organisation, error) {
	return database.Do(ctx, o.db, "organisation.settle", func(tx *database.Tx) (registry.Organisation, error) {
		decided, err := o.store.Decide(tx, id, version, d)
		if err != nil {
			return decided, err
		}
		people, err := o.people.MembersOf(tx, id)
		if err != nil {
			return decided, err
		}
		for _, p := range people {
			err := notify.Send(tx, notify.Notification{
				Person: p, Kind: "organisation." + string(decided.Status), Link: "/organisation",
				Params: map[string]string{"name": decided.Name, "reason": decided.StatusReason},
			})
			if err != nil {
				return decided, err
			}
		}
		return decided, nil
	})
}

// Amend changes what the caller's own organisation declares. The change starts
// from the declaration of the version that the store then compares.
func (o *Office) Amend(ctx context.Context, id kernel.ID, version int64, change func(registry.Declaration) registry.Declaration) (registry.Organisation, error) {
	return database.Do(ctx, o.db, "organisation.amend", func(tx *database.Tx) (registry.Organisation, error) {
		now, err := o.store.own(tx, id)
		if err != nil {
			return now, err
		}
		return o.store.Declare(tx, id, version, change(now.Declaration))
	})
}
