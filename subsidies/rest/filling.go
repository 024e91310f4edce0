package rest

import (
	"context"
	"net/http"

	"yunhui/services/api"
	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/claims"
)

// OpenClaim begins a claim on an accepted agreement.
type OpenClaim struct {
	AgreementID kernel.ID `json:"agreement_id" maxLength:"36" minLength:"1"`
}

// InvoiceEntry is an invoice as it is filled in; unfinished entries are kept.
type InvoiceEntry struct {
	Code       string      `json:"code,omitempty" maxLength:"12" doc:"旧版发票代码 · code of an old invoice"`
	Number     string      `json:"number,omitempty" maxLength:"20"`
	IssuedOn   kernel.Date `json:"issued_on,omitempty" maxLength:"10"`
	SellerCode string      `json:"seller_code,omitempty" maxLength:"18"`
	BuyerCode  string      `json:"buyer_code,omitempty" maxLength:"18"`
	Amount     kernel.Fen  `json:"amount_fen,omitempty" minimum:"0" maximum:"1000000000000000" doc:"价税合计（分） · with tax, in fen"`
	Tax        kernel.Fen  `json:"tax_fen,omitempty" minimum:"0" maximum:"1000000000000000"`
	Item       string      `json:"item,omitempty" maxLength:"200"`
}

// PaymentEntry is a payment as it is filled in.
type PaymentEntry struct {
	PaidOn        kernel.Date `json:"paid_on,omitempty" maxLength:"10"`
	Amount        kernel.Fen  `json:"amount_fen,omitempty" minimum:"0" maximum:"1000000000000000"`
	Payer         string      `json:"payer,omitempty" maxLength:"200"`
	Payee         string      `json:"payee,omitempty" maxLength:"200"`
	BankReference string      `json:"bank_reference,omitempty" maxLength:"80"`
}

// FillClaim replaces what has been filled in so far.
type FillClaim struct {
	Version          int64          `json:"version,omitempty" minimum:"0"`
	ContractNumber   string         `json:"contract_number,omitempty" maxLength:"80"`
	ContractSignedOn *kernel.Date   `json:"contract_signed_on,omitempty" maxLength:"10"`
	AcceptedOn       *kernel.Date   `json:"accepted_on,omitempty" maxLength:"10"`
	Invoices         []InvoiceEntry `json:"invoices,omitempty" maxItems:"50"`
	Payments         []PaymentEntry `json:"payments,omitempty" maxItems:"50"`
}

// SubmitClaim hands the claim in with the truthfulness commitment 真实性承诺.
type SubmitClaim struct {
	Version  int64 `json:"version,omitempty" minimum:"0"`
	Truthful bool  `json:"truthful" doc:"承诺所填内容与材料真实 · the commitment that all of it is true"`
}

func (r *Room) filling(desk *api.Desk) {
	tags := []string{"claims"}
	enterprise := api.Only(kernel.RoleEnterprise)
	conflicts := []kernel.Kind{kernel.KindNotFound, kernel.KindConflict}
	api.Route(desk, api.Op{
		ID: "open-claim", Method: http.MethodPost, Path: "/api/v1/claims", Tags: tags, Access: enterprise, Status: http.StatusCreated, Errors: conflicts,
		Summary: kernel.T("开始填写兑付申请", "Begin a claim"),
	}, func(ctx context.Context, in *struct{ Body OpenClaim }) (*body[ClaimPage], error) {
		c, err := r.Claims.Open(ctx, in.Body.AgreementID)
		return r.claimAfter(ctx, c, err)
	})
	api.Route(desk, api.Op{
		ID: "save-claim", Method: http.MethodPut, Path: "/api/v1/claims/{id}", Tags: tags, Access: enterprise, Errors: conflicts,
		Summary: kernel.T("保存已填内容（可未完成）", "Save what has been filled in, finished or not"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body FillClaim
	}) (*body[ClaimPage], error) {
		c, err := r.Claims.Save(ctx, in.ID, in.Body.filling())
		return r.claimAfter(ctx, c, err)
	})
	api.Route(desk, api.Op{
		ID: "submit-claim", Method: http.MethodPost, Path: "/api/v1/claims/{id}/submit", Tags: tags, Access: enterprise, Errors: conflicts,
		Summary: kernel.T("提交兑付申请", "Submit the claim"),
	}, func(ctx context.Context, in *struct {
		ID   kernel.ID `path:"id" maxLength:"36"`
		Body SubmitClaim
	}) (*body[ClaimPage], error) {
		c, err := r.Claims.Submit(ctx, in.ID, in.Body.Version, in.Body.Truthful)
		return r.claimAfter(ctx, c, err)
	})
	api.Route(desk, api.Op{
		ID: "withdraw-claim", Method: http.MethodPost, Path: "/api/v1/claims/{id}/withdraw", Tags: tags, Access: enterprise, Errors: conflicts,
		Summary: kernel.T("撤回兑付申请", "Withdraw the claim"),
	}, func(ctx context.Context, in *agreementAct) (*body[ClaimPage], error) {
		c, err := r.Claims.Withdraw(ctx, in.ID, in.Body.Version, in.Body.Note)
		return r.claimAfter(ctx, c, err)
	})
}

func (r *Room) claimAfter(ctx context.Context, c subsidies.Claim, err error) (*body[ClaimPage], error) {
	if err != nil {
		return nil, err
	}
	return answer(r.claimPage(ctx, c.ID))
}

func (f FillClaim) filling() claims.Filling {
	out := claims.Filling{Version: f.Version, ContractNumber: f.ContractNumber, ContractSignedOn: f.ContractSignedOn, AcceptedOn: f.AcceptedOn}
	for _, v := range f.Invoices {
		out.Invoices = append(out.Invoices, subsidies.Invoice{Code: v.Code, Number: v.Number, IssuedOn: v.IssuedOn, SellerCode: v.SellerCode, BuyerCode: v.BuyerCode, Amount: v.Amount, Tax: v.Tax, Item: v.Item})
	}
	for _, p := range f.Payments {
		out.Payments = append(out.Payments, subsidies.Payment{PaidOn: p.PaidOn, Amount: p.Amount, Payer: p.Payer, Payee: p.Payee, BankReference: p.BankReference})
	}
	return out
}
