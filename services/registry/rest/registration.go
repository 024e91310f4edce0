package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/identity"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

type registrationInput struct {
	Body struct {
		Kind       registry.OrganisationKind `json:"kind" enum:"enterprise,provider"`
		Login      string                    `json:"login" doc:"首个账号的登录名 · login of the first account"`
		PersonName string                    `json:"person_name" doc:"经办人姓名 · name of the person"`
		Password   string                    `json:"password"`
		registry.Declaration
	}
}

type registrationOutput struct {
	Body struct {
		ID        kernel.ID          `json:"id"`
		Status    registry.Status    `json:"status"`
		SizeClass registry.SizeClass `json:"size_class,omitempty"`
	}
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

func (r *Room) register(ctx context.Context, in *registrationInput) (*registrationOutput, error) {
	b := in.Body
	made, err := r.office.Enrol(ctx, store.Application{
		Kind: b.Kind, Declaration: b.Declaration, Role: firstRole[b.Kind],
		Person: identity.NewPerson{Login: b.Login, Name: b.PersonName, Password: b.Password},
	})
	if err != nil {
		return nil, err
	}
	out := &registrationOutput{}
	out.Body.ID, out.Body.Status, out.Body.SizeClass = made.Organisation.ID, made.Organisation.Status, made.Organisation.SizeClass
	return out, nil
}
