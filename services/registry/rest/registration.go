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

// Registration is a firm with its first person.
type Registration struct {
	registry.Declaration
	PersonName string `json:"person_name" maxLength:"100" doc:"首个账号的姓名 / name of the first person"`
	Login      string `json:"login" maxLength:"128"`
	Password   string `json:"password" maxLength:"512"`
}

type registrationInput struct{ Body Registration }

// Registered is where a registration led.
type Registered struct {
	Organisation   kernel.ID               `json:"organisation"`
	Person         kernel.ID               `json:"person"`
	Login          string                  `json:"login"`
	Status         registry.Status         `json:"status"`
	SizeClass      registry.SizeClass      `json:"size_class"`
	Classification registry.Classification `json:"classification" doc:"划型依据 / the bounds that decided"`
	CreditCode     CodeCheck               `json:"credit_code"`
}

type registeredOutput struct{ Body Registered }

func (r *Room) registration(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "register", Method: http.MethodPost, Path: "/api/v1/auth/register", Tags: tags, Access: api.Public, Status: http.StatusCreated,
		Errors:  []kernel.Kind{kernel.KindConflict},
		Summary: kernel.T("企业注册，并开通首个账号", "Register an enterprise with its first account"),
		About: kernel.T("注册后由所在区县核实。校验位不符的历史代码须勾选 historical_code，由经办人说明理由后认可",
			"The district verifies the firm afterwards. A historical code whose check digits fail is taken with historical_code, and an officer must let it stand with a reason"),
	}, r.register)
}

func (r *Room) register(ctx context.Context, in *registrationInput) (*registeredOutput, error) {
	b := in.Body
	made, err := r.Office.Enrol(ctx, store.Application{
		Kind: registry.KindEnterprise, Declaration: b.Declaration, Role: kernel.RoleEnterprise,
		Person: identity.NewPerson{Login: b.Login, Name: b.PersonName, Password: b.Password},
	})
	if err != nil {
		return nil, err
	}
	o := made.Organisation
	class, err := registry.Classify(kernel.DayOf(o.CreatedAt), o.Figures())
	if err != nil {
		return nil, err
	}
	return &registeredOutput{Body: Registered{
		Organisation: o.ID, Person: made.Person, Login: identity.NormalizeLogin(b.Login), Status: o.Status,
		SizeClass: o.SizeClass, Classification: class, CreditCode: checkCode(o.CreditCode),
	}}, nil
}
