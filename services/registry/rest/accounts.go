package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/services/registry"
	"yunhui/services/registry/store"
)

// AccountProposal is another bank account that a member proposes.
type AccountProposal struct {
	BankName      string `json:"bank_name" maxLength:"200"`
	BankCode      string `json:"bank_code" maxLength:"40"`
	AccountName   string `json:"account_name" maxLength:"400"`
	AccountNumber string `json:"account_number" maxLength:"60"`
	Reason        string `json:"reason" maxLength:"1000"`
}

// AccountVerdict is what the second person decides.
type AccountVerdict struct {
	Version  int64  `json:"version" minimum:"1" doc:"所看的版本 / the version that was looked at"`
	Outcome  string `json:"outcome" enum:"confirmed,refused"`
	Document string `json:"document,omitempty" maxLength:"200" doc:"经办人确认时必填：核对了什么证明 / required of officers to confirm: what proof was seen"`
	Note     string `json:"note,omitempty" maxLength:"500" doc:"拒绝时必填 / required to refuse"`
}

// WithdrawProposal names the version that is taken back.
type WithdrawProposal struct {
	Version int64 `json:"version" minimum:"1"`
}

type verdictInput struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body AccountVerdict
}

type withdrawInput struct {
	ID   kernel.ID `path:"id" maxLength:"36"`
	Body WithdrawProposal
}

type changeOutput struct{ Body registry.AccountChange }

type changesOutput struct {
	Body api.List[registry.AccountChange]
}

func (r *Room) accounts(desk *api.Desk) {
	members := []kernel.Role{kernel.RoleEnterprise, kernel.RoleProvider}
	conflicts := []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}
	api.Route(desk, api.Op{
		ID: "list-own-account-changes", Method: http.MethodGet, Path: "/api/v1/organisation/account-changes", Tags: tags, Access: api.Only(members...),
		Errors: []kernel.Kind{kernel.KindNotFound}, Summary: kernel.T("本单位收款账户的变更", "Changes of the own bank account"),
	}, func(ctx context.Context, _ *struct{}) (*changesOutput, error) {
		return r.changes(r.Store.Changes(ctx, kernel.CallFrom(ctx).Actor.Org))
	})
	api.Route(desk, api.Op{
		ID: "propose-account-change", Method: http.MethodPost, Path: "/api/v1/organisation/account-changes", Tags: tags, Access: api.Only(members...),
		Errors: conflicts, Status: http.StatusCreated, Summary: kernel.T("提出变更收款账户", "Propose another bank account"),
		About: kernel.T("须由本单位另一成员，或核对了证明的经办人确认后生效；确认前暂停对本单位的拨付",
			"It holds once another member, or an officer who has seen proof, confirms it; nothing is paid to the organisation before that"),
	}, func(ctx context.Context, in *struct{ Body AccountProposal }) (*changeOutput, error) {
		b := in.Body
		c, err := r.Office.ProposeAccount(ctx, store.Proposal{
			BankAccount: registry.BankAccount{BankName: b.BankName, BankCode: b.BankCode, AccountName: b.AccountName, AccountNumber: b.AccountNumber}, Reason: b.Reason,
		})
		return change(c, err)
	})
	api.Route(desk, api.Op{
		ID: "list-waiting-account-changes", Method: http.MethodGet, Path: "/api/v1/account-changes", Tags: tags,
		Access:  api.Only(kernel.RoleDistrictOfficer, kernel.RoleCityOfficer, kernel.RoleFinance, kernel.RoleAuditor),
		Summary: kernel.T("待确认的收款账户变更，先提出者在前", "Changes of bank accounts that wait to be confirmed, the earliest first"),
	}, func(ctx context.Context, _ *struct{}) (*changesOutput, error) { return r.changes(r.Store.Waiting(ctx)) })
	api.Route(desk, api.Op{
		ID: "list-account-changes", Method: http.MethodGet, Path: "/api/v1/organisations/{id}/account-changes", Tags: tags, Access: api.Only(append(officers, kernel.RoleAuditor)...),
		Errors: []kernel.Kind{kernel.KindNotFound}, Summary: kernel.T("一个机构收款账户的变更", "Changes of an organisation's bank account"),
	}, func(ctx context.Context, in *onePath) (*changesOutput, error) {
		return r.changes(r.Store.Changes(ctx, in.ID))
	})
	api.Route(desk, api.Op{
		ID: "decide-account-change", Method: http.MethodPost, Path: "/api/v1/account-changes/{id}/decision", Tags: tags, Access: api.Only(append(members, officers...)...),
		Errors: conflicts, Status: http.StatusOK, Summary: kernel.T("第二人确认或拒绝收款账户变更", "Confirm or refuse a change of a bank account, as the second person"),
	}, func(ctx context.Context, in *verdictInput) (*changeOutput, error) {
		b := in.Body
		c, err := r.Office.DecideAccount(ctx, in.ID, b.Version, store.Verdict{Confirm: b.Outcome == "confirmed", Document: b.Document, Note: b.Note})
		return change(c, err)
	})
	api.Route(desk, api.Op{
		ID: "withdraw-account-change", Method: http.MethodPost, Path: "/api/v1/account-changes/{id}/withdrawal", Tags: tags, Access: api.Only(members...),
		Errors: conflicts, Status: http.StatusOK, Summary: kernel.T("撤回自己提出的收款账户变更", "Take back a change of the bank account that you proposed"),
	}, func(ctx context.Context, in *withdrawInput) (*changeOutput, error) {
		c, err := r.Office.WithdrawAccount(ctx, in.ID, in.Body.Version)
		return change(c, err)
	})
}

func change(c registry.AccountChange, err error) (*changeOutput, error) {
	if err != nil {
		return nil, err
	}
	return &changeOutput{Body: c}, nil
}

func (r *Room) changes(all []registry.AccountChange, err error) (*changesOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &changesOutput{}
	out.Body.Items = all
	return out, nil
}
