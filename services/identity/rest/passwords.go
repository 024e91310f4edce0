package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
)

type passwordInput struct {
	Caller
	Body struct {
		Password    string `json:"password" maxLength:"512" doc:"当前密码 / the present one"`
		NewPassword string `json:"new_password" maxLength:"512"`
	}
}

type membershipInput struct {
	Caller
	Body struct {
		Membership kernel.ID `json:"membership"`
	}
}

func (r *Room) passwords(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "change-password", Method: http.MethodPost, Path: "/api/v1/auth/password", Tags: tags, Access: api.AnyMember,
		Errors:  []kernel.Kind{kernel.KindThrottled},
		Summary: kernel.T("修改密码", "Change the password"),
		About:   kernel.T("其他设备上的登录随即失效", "All other sessions end at once"),
	}, r.changePassword)
	api.Route(desk, api.Op{
		ID: "switch-membership", Method: http.MethodPost, Path: "/api/v1/auth/membership", Tags: tags, Access: api.AnyMember,
		Errors:  []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("切换身份（同一人的另一单位或角色）", "Go on in another membership of the same person"),
	}, r.switchMembership)
}

func (r *Room) changePassword(ctx context.Context, in *passwordInput) (*tokenOutput, error) {
	who, err := r.identify(ctx, in.Caller)
	if err != nil {
		return nil, err
	}
	tokens, err := r.Identity.ChangePassword(ctx, who, in.Body.Password, in.Body.NewPassword, in.from(ctx))
	return r.hand(tokens, err)
}

func (r *Room) switchMembership(ctx context.Context, in *membershipInput) (*tokenOutput, error) {
	who, err := r.identify(ctx, in.Caller)
	if err != nil {
		return nil, err
	}
	tokens, err := r.Identity.Switch(ctx, who, in.Body.Membership)
	return r.hand(tokens, err)
}
