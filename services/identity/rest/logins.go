package rest

import (
	"context"
	"net/http"
	"time"

	"yunhui/services/api"
	"yunhui/services/identity"
	"yunhui/services/kernel"
)

type loginInput struct {
	Caller
	Body struct {
		Login    string `json:"login" maxLength:"128"`
		Password string `json:"password" maxLength:"512"`
	}
}

type refreshInput struct {
	Cookie string `cookie:"yunhui_refresh" hidden:"true"`
}

type tokenOutput struct {
	SetCookie string `header:"Set-Cookie"`
	Body      AccessToken
}

// AccessToken proves who calls for a short time.
type AccessToken struct {
	AccessToken string `json:"access_token" doc:"放在 Authorization: Bearer 中，只存于内存 / send as Authorization: Bearer; keep it in memory"`
	TokenType   string `json:"token_type" enum:"Bearer"`
	ExpiresIn   int64  `json:"expires_in" doc:"秒 / seconds"`
}

type cookieOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

type demoOutput struct {
	Body struct {
		Items []DemoAccount `json:"items"`
	}
}

// DemoAccount is one that anybody may try in demo mode.
type DemoAccount struct {
	Login        string      `json:"login"`
	Password     string      `json:"password"`
	Name         string      `json:"name"`
	Role         kernel.Role `json:"role"`
	District     string      `json:"district,omitempty"`
	Organisation string      `json:"organisation"`
}

func (r *Room) logins(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "login", Method: http.MethodPost, Path: "/api/v1/auth/login", Tags: tags, Access: api.Public, Cookie: true,
		Errors:  []kernel.Kind{kernel.KindThrottled},
		Summary: kernel.T("登录", "Log in"),
		About: kernel.T("返回短期访问令牌；刷新令牌写入 HttpOnly Cookie。连续失败会被暂时锁定（429，见 Retry-After）",
			"Answers a short-lived access token; the refresh token is set as an HttpOnly cookie. Repeated failures lock for a while (429, see Retry-After)"),
	}, r.login)
	api.Route(desk, api.Op{
		ID: "refresh", Method: http.MethodPost, Path: "/api/v1/auth/refresh", Tags: tags, Access: api.Public, Cookie: true, Unmetered: true,
		Summary: kernel.T("换取新的访问令牌", "Get a new access token"),
		About: kernel.T("每个刷新令牌只能用一次；重复使用会结束整个会话，同一浏览器请勿并发刷新",
			"Each refresh token works once; its reuse ends the session, so one browser must not refresh twice at a time"),
	}, r.refresh)
	api.Route(desk, api.Op{
		ID: "logout", Method: http.MethodPost, Path: "/api/v1/auth/logout", Tags: tags, Access: api.Public, Cookie: true, Unmetered: true,
		Summary: kernel.T("退出登录", "Log out"),
	}, r.logout)
	api.Route(desk, api.Op{
		ID: "logout-all", Method: http.MethodPost, Path: "/api/v1/auth/logout-all", Tags: tags, Access: api.AnyMember,
		Summary: kernel.T("退出全部设备", "Log out everywhere"),
	}, r.logoutAll)
	api.Route(desk, api.Op{
		ID: "list-demo-accounts", Method: http.MethodGet, Path: "/api/v1/auth/demo-accounts", Tags: tags, Access: api.Public,
		Errors:  []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("演示账号（仅演示模式）", "Demo accounts, in demo mode only"),
	}, r.demoAccounts)
}

func (r *Room) login(ctx context.Context, in *loginInput) (*tokenOutput, error) {
	tokens, err := r.Identity.Login(ctx, in.Body.Login, in.Body.Password, in.from(ctx))
	return r.hand(tokens, err)
}

func (r *Room) refresh(ctx context.Context, in *refreshInput) (*tokenOutput, error) {
	tokens, err := r.Identity.Refresh(ctx, in.Cookie)
	return r.hand(tokens, err)
}

// hand answers with tokens. Without a refresh token the cookie stays as it is.
func (r *Room) hand(tokens identity.Tokens, err error) (*tokenOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &tokenOutput{Body: AccessToken{AccessToken: tokens.Access, TokenType: "Bearer", ExpiresIn: int64(tokens.ExpiresIn / time.Second)}}
	if tokens.Refresh != "" {
		out.SetCookie = r.cookie(tokens.Refresh, tokens.RefreshUntil).String()
	}
	return out, nil
}

func (r *Room) logout(ctx context.Context, in *refreshInput) (*cookieOutput, error) {
	if err := r.Identity.Logout(ctx, in.Cookie); err != nil {
		return nil, err
	}
	return r.cleared(), nil
}

func (r *Room) logoutAll(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	if err := r.Identity.LogoutAll(ctx, kernel.CallFrom(ctx).Actor.Person); err != nil {
		return nil, err
	}
	return r.cleared(), nil
}

func (r *Room) cleared() *cookieOutput {
	return &cookieOutput{SetCookie: r.cookie("", time.Time{}).String()}
}

func (r *Room) demoAccounts(ctx context.Context, _ *struct{}) (*demoOutput, error) {
	all, err := r.Identity.DemoAccounts(ctx)
	if err != nil {
		return nil, err
	}
	orgs := make([]kernel.ID, 0, len(all))
	for _, a := range all {
		orgs = append(orgs, a.OrgID)
	}
	names, err := r.Organisations.ByIDs(ctx, orgs)
	if err != nil {
		return nil, err
	}
	out := &demoOutput{}
	for _, a := range all {
		out.Body.Items = append(out.Body.Items, DemoAccount{
			Login: a.Login, Password: identity.DemoPassword, Name: a.Name, Role: a.Role, District: a.District, Organisation: names[a.OrgID].Name,
		})
	}
	return out, nil
}
