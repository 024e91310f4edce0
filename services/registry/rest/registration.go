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

// Registration is an enterprise, or a provider, with its first person.
type Registration struct {
	Kind registry.OrganisationKind `json:"kind,omitempty" enum:"enterprise,provider" default:"enterprise"`
	registry.Declaration
	PersonName string `json:"person_name" maxLength:"100" doc:"首个账号的姓名 / name of the first person"`
	Login      string `json:"login" maxLength:"128"`
	Password   string `json:"password" maxLength:"512"`
}

type registrationInput struct{ Body Registration }

// Registered is where a registration led.
type Registered struct {
	Organisation   kernel.ID                `json:"organisation"`
	Person         kernel.ID                `json:"person"`
	Login          string                   `json:"login"`
	Status         registry.Status          `json:"status"`
	SizeClass      registry.SizeClass       `json:"size_class,omitempty"`
	Classification *registry.Classification `json:"classification,omitempty" doc:"划型依据 / the bounds that decided"`
	CreditCode     CodeCheck                `json:"credit_code"`
}

type registeredOutput struct{ Body Registered }

func (r *Room) registration(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "register", Method: http.MethodPost, Path: "/api/v1/auth/register", Tags: tags, Access: api.Public, Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("企业或服务商注册，并开通首个账号", "Register an enterprise or a provider with its first account"),
		About: kernel.T("注册后由所在区县核实。校验位不符的历史代码须勾选 historical_code，由经办人说明理由后认可",
			"The district verifies the firm afterwards. A historical code whose check digits fail is taken with historical_code, and an officer must let it stand with a reason"),
	}, r.register)
}

var firstRole = map[registry.OrganisationKind]kernel.Role{
	registry.KindEnterprise: kernel.RoleEnterprise,
	registry.KindProvider:   kernel.RoleProvider,
}

func (r *Room) register(ctx context.Context, in *registrationInput) (*registeredOutput, error) {
	b := in.Body
	made, err := r.Office.Enrol(ctx, store.Application{
		Kind: b.Kind, Declaration: b.Declaration, Role: firstRole[b.Kind],
		Person: identity.NewPerson{Login: b.Login, Name: b.PersonName, Password: b.Password},
	})
	if err != nil {
		return nil, err
	}
	o := made.Organisation
	return &registeredOutput{Body: Registered{
		Organisation: o.ID, Person: made.Person, Login: identity.NormalizeLogin(b.Login), Status: o.Status,
		SizeClass: o.SizeClass, Classification: classification(o), CreditCode: checkCode(o.CreditCode),
	}}, nil
}
