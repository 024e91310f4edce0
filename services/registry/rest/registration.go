package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

type registrationInput struct {
	Body struct {
		Kind         registry.OrganisationKind `json:"kind" enum:"enterprise,provider"`
		Organisation registry.Declaration      `json:"organisation"`
		Person       Newcomer                  `json:"person"`
	}
}

// registered is the result of a registration. It is kept for repetitions of the
// request, so it holds nothing of the password and no account number.
type registered struct {
	ID        kernel.ID          `json:"id"`
	Login     string             `json:"login"`
	Status    registry.Status    `json:"status"`
	SizeClass registry.SizeClass `json:"size_class,omitempty"`
}

type registeredOutput struct {
	Body registered
}

func (r *Room) registration(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "register-organisation", Method: http.MethodPost, Path: "/api/v1/registrations", Tags: tags, Access: api.Public, Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("企业或服务商注册，并开通首个账号", "Register an enterprise or a provider with its first account"),
		About:   kernel.T("注册后由所在区县核实", "The district verifies the organisation afterwards"),
	}, r.register)
}

var firstRole = map[registry.OrganisationKind]kernel.Role{
	registry.KindEnterprise: kernel.RoleEnterprise,
	registry.KindProvider:   kernel.RoleProvider,
}

func (r *Room) register(ctx context.Context, in *registrationInput) (*registeredOutput, error) {
	kind, declaration, person := in.Body.Kind, in.Body.Organisation.Normalized(), in.Body.Person
	_, orgErr := declaration.Check(kind, r.today())
	if err := together(map[string]error{"organisation": orgErr, "person": r.enrol.Check(ctx, person)}); err != nil {
		return nil, err
	}
	result, err := database.Do(ctx, r.db, "registry.register", func(tx *database.Tx) (registered, error) {
		o, err := r.store.Register(tx, kind, declaration)
		if err != nil {
			return registered{}, under("organisation", err)
		}
		if err := r.enrol.Enrol(tx, person, o.ID, firstRole[kind]); err != nil {
			return registered{}, under("person", err)
		}
		return registered{ID: o.ID, Login: person.Login, Status: o.Status, SizeClass: o.SizeClass}, nil
	})
	if err != nil {
		return nil, err
	}
	return &registeredOutput{Body: result}, nil
}

// together joins the field errors of several parts of one input, each under the
// name of its part. An error without fields goes first.
func together(parts map[string]error) error {
	var f kernel.Faults
	for part, err := range parts {
		e := kernel.AsError(err)
		if err != nil && (e == nil || len(e.Fields) == 0) {
			return err
		}
		if e != nil {
			for _, x := range e.Fields {
				f.Add(part+"."+x.Path, x.Code, x.Message)
			}
		}
	}
	return f.Err()
}

// under puts the fields of an error under the name of their part.
func under(part string, err error) error {
	e := kernel.AsError(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = make([]kernel.Field, 0, len(e.Fields))
	for _, x := range e.Fields {
		x.Path = part + "." + x.Path
		moved.Fields = append(moved.Fields, x)
	}
	return &moved
}
