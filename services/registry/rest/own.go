package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

// Change says what is to be another; what it does not name stays as it is.
type Change struct {
	Version        int64        `json:"version" minimum:"1" doc:"所改版本 / the version that was read"`
	CreditCode     *string      `json:"credit_code,omitempty"`
	HistoricalCode *bool        `json:"historical_code,omitempty"`
	Name           *string      `json:"name,omitempty"`
	NameEN         *string      `json:"name_en,omitempty"`
	Industry       *string      `json:"industry,omitempty"`
	Section        *string      `json:"section,omitempty"`
	HeadCount      *int64       `json:"head_count,omitempty"`
	Revenue        *kernel.Fen  `json:"revenue_fen,omitempty"`
	Assets         *kernel.Fen  `json:"assets_fen,omitempty"`
	District       *string      `json:"district,omitempty"`
	Chains         *[]string    `json:"chains,omitempty"`
	FoundedOn      *kernel.Date `json:"founded_on,omitempty"`
	Address        *string      `json:"address,omitempty"`
	ContactName    *string      `json:"contact_name,omitempty"`
	ContactPhone   *string      `json:"contact_phone,omitempty"`
	BankName       *string      `json:"bank_name,omitempty"`
	BankCode       *string      `json:"bank_code,omitempty"`
	AccountName    *string      `json:"account_name,omitempty"`
	AccountNumber  *string      `json:"account_number,omitempty"`
}

type changeInput struct{ Body Change }

func (r *Room) own(desk *api.Desk) {
	api.Route(desk, api.Op{
		ID: "get-own-organisation", Method: http.MethodGet, Path: "/api/v1/organisation", Tags: tags, Access: api.AnyMember,
		Errors:  []kernel.Kind{kernel.KindNotFound},
		Summary: kernel.T("本单位信息", "The own organisation"),
	}, r.getOwn)
	api.Route(desk, api.Op{
		ID: "change-own-organisation", Method: http.MethodPatch, Path: "/api/v1/organisation", Tags: tags,
		Access:  api.Only(kernel.RoleEnterprise, kernel.RoleProvider),
		Errors:  []kernel.Kind{kernel.KindNotFound, kernel.KindConflict},
		Summary: kernel.T("修改本单位信息", "Change what the own organisation declares"),
		About: kernel.T("已核实的内容（含收款账户）有变动时须重新核实；地址、联系人和英文名除外",
			"When anything verified changes, the bank account included, it is verified anew; address, contact and English name are not"),
	}, r.changeOwn)
}

func (r *Room) getOwn(ctx context.Context, _ *struct{}) (*organisationOutput, error) {
	o, err := r.Store.Get(ctx, kernel.CallFrom(ctx).Actor.Org)
	if err != nil {
		return nil, err
	}
	return shown(o), nil
}

func (r *Room) changeOwn(ctx context.Context, in *changeInput) (*organisationOutput, error) {
	if _, err := r.Office.Amend(ctx, kernel.CallFrom(ctx).Actor.Org, in.Body.Version, in.Body.onto); err != nil {
		return nil, err
	}
	return r.getOwn(ctx, nil)
}

func (c Change) onto(d registry.Declaration) registry.Declaration {
	set(&d.CreditCode, c.CreditCode)
	set(&d.HistoricalCode, c.HistoricalCode)
	set(&d.Name, c.Name)
	set(&d.NameEN, c.NameEN)
	set(&d.Industry, c.Industry)
	set(&d.Section, c.Section)
	set(&d.District, c.District)
	set(&d.Chains, c.Chains)
	set(&d.FoundedOn, c.FoundedOn)
	set(&d.Address, c.Address)
	set(&d.ContactName, c.ContactName)
	set(&d.ContactPhone, c.ContactPhone)
	set(&d.BankName, c.BankName)
	set(&d.BankCode, c.BankCode)
	set(&d.AccountName, c.AccountName)
	set(&d.AccountNumber, c.AccountNumber)
	if c.HeadCount != nil {
		d.HeadCount = c.HeadCount
	}
	if c.Revenue != nil {
		d.Revenue = c.Revenue
	}
	if c.Assets != nil {
		d.Assets = c.Assets
	}
	return d
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
