package budget

import (
	"slices"

	"yunhui/services/kernel"
)

// Side says on which side an account's balance lies.
type Side string

// The sides.
const (
	Positive Side = "positive"
	Negative Side = "negative" // a contra account
)

// AccountInfo describes one account of the chart.
type AccountInfo struct {
	Account Account     `json:"account"`
	Name    kernel.Text `json:"name"`
	About   kernel.Text `json:"about"`
	Side    Side        `json:"side"`
	Public  bool        `json:"public"` // money of appropriations; the others are memorandum accounts
}

// Chart is the chart of accounts, in the order in which money goes.
var Chart = []AccountInfo{
	{Appropriated, kernel.T("预算下达", "Appropriated"), kernel.T("历次下达、追加、核减、调剂的净额，为其余公共资金科目的对方", "Net of all that was ever voted, reduced and transferred; the counterpart of the other public accounts"), Negative, true},
	{Available, kernel.T("可用额度", "Available"), kernel.T("尚可预占的额度", "What can still be reserved"), Positive, true},
	{Reserved, kernel.T("已预占", "Reserved"), kernel.T("已受理协议占用、尚未核定的额度", "Set aside for accepted agreements, not awarded yet"), Positive, true},
	{Awarded, kernel.T("已核定（应付）", "Awarded (payable)"), kernel.T("公示后核定、尚未拨付的补贴；按收款方查看即应付明细账", "Awarded after public notice and not paid yet; by payee it is the ledger of payables"), Positive, true},
	{Paid, kernel.T("已拨付", "Paid"), kernel.T("财政已经支付的补贴，退回不冲减", "What the treasury ever paid; not lowered by what comes back"), Positive, true},
	{Returned, kernel.T("已退回", "Returned"), kernel.T("追回、退回并重新可用的补贴，为已拨付的备抵", "What came back and is available again; stands against paid"), Negative, true},
	{MemoListPrice, kernel.T("备查：标价", "Memo: list price"), kernel.T("核定时的标价，为三方分担的对方", "The list price at the award; the counterpart of the three legs"), Negative, false},
	{MemoDiscount, kernel.T("备查：服务商优惠", "Memo: provider discount"), kernel.T("服务商让利", "What the provider took off"), Positive, false},
	{MemoSubsidy, kernel.T("备查：政府补贴", "Memo: government subsidy"), kernel.T("政府补贴，市与区县合计", "City and district together"), Positive, false},
	{MemoEnterprise, kernel.T("备查：企业自付", "Memo: enterprise share"), kernel.T("企业自付", "What the enterprise pays itself"), Positive, false},
	{MemoOrdered, kernel.T("备查：责令退回", "Memo: ordered back"), kernel.T("历次责令退回的补贴，为应收、已追回、已核销的对方", "What was ever ordered back; the counterpart of receivable, recovered and written off"), Negative, false},
	{MemoReceivable, kernel.T("备查：应收追回款", "Memo: receivable"), kernel.T("已责令、尚未退回的补贴", "Ordered back and not back yet"), Positive, false},
	{MemoRecovered, kernel.T("备查：已追回", "Memo: recovered"), kernel.T("已经追回的补贴，同时记入已退回", "What came back; returned says the same of the appropriation"), Positive, false},
	{MemoWrittenOff, kernel.T("备查：已核销", "Memo: written off"), kernel.T("经批准不再追回的补贴", "What is given up, with approval"), Positive, false},
	{MemoFineOrdered, kernel.T("备查：罚款决定", "Memo: fines decided"), kernel.T("罚款不是补贴资金，为罚款的对方", "A fine is no money of the appropriation; the counterpart of fines"), Negative, false},
	{MemoFine, kernel.T("备查：罚款", "Memo: fines"), kernel.T("随追回决定的罚款", "Fines decided with clawbacks"), Positive, false},
}

// MovementInfo describes one kind of journal.
type MovementInfo struct {
	Kind  string      `json:"kind"`
	Name  kernel.Text `json:"name"`
	Lines string      `json:"lines"` // which accounts it moves
}

// Movements lists the kinds of journals.
var Movements = []MovementInfo{
	{"appropriate", kernel.T("下达", "Appropriation"), "appropriated → available"},
	{string(Supplement), kernel.T("追加", "Supplement"), "appropriated → available"},
	{string(Reduce), kernel.T("核减", "Reduction"), "available → appropriated"},
	{string(Transfer), kernel.T("调剂", "Transfer"), "available → appropriated, appropriated → available"},
	{"reserve", kernel.T("预占", "Reservation"), "available → reserved"},
	{"release", kernel.T("释放", "Release"), "reserved → available"},
	{"award", kernel.T("核定", "Award"), "reserved → awarded, reserved → available, memo.*"},
	{"pay", kernel.T("拨付", "Payment"), "awarded → paid"},
	{"return", kernel.T("退回", "Return"), "returned → available"},
	{"owe", kernel.T("责令退回", "Clawback ordered"), "memo.clawback_ordered → memo.clawback_receivable, memo.fine_ordered → memo.fine"},
	{"recover", kernel.T("追回", "Recovery"), "memo.clawback_receivable → memo.clawback_recovered"},
	{"write_off", kernel.T("核销", "Write-off"), "memo.clawback_receivable → memo.clawback_written_off"},
}

// known reports whether an account is in the chart.
func known(a Account) bool {
	return slices.ContainsFunc(Chart, func(i AccountInfo) bool { return i.Account == a })
}
