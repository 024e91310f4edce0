package registry

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"yunhui/services/kernel"
)

// Declaration is what an organisation says of itself.
type Declaration struct {
	CreditCode     string      `json:"credit_code"`
	HistoricalCode bool        `json:"historical_code,omitempty"` // claims a lawful code that does not compute
	Name           string      `json:"name"`
	NameEN         string      `json:"name_en,omitempty"`
	Industry       string      `json:"industry,omitempty"` // key of a row of the size standard
	Section        string      `json:"section,omitempty"`  // letter of GB/T 4754
	HeadCount      *int64      `json:"head_count,omitempty"`
	Revenue        *kernel.Fen `json:"revenue_fen,omitempty"`
	Assets         *kernel.Fen `json:"assets_fen,omitempty"`
	District       string      `json:"district"`
	Chains         []string    `json:"chains,omitempty"`
	FoundedOn      kernel.Date `json:"founded_on,omitempty"`
	Address        string      `json:"address,omitempty"`
	ContactName    string      `json:"contact_name,omitempty"`
	ContactPhone   string      `json:"contact_phone,omitempty"`
	BankName       string      `json:"bank_name,omitempty"`
	BankCode       string      `json:"bank_code,omitempty"` // 联行号
	AccountName    string      `json:"account_name,omitempty"`
	AccountNumber  string      `json:"account_number,omitempty"`
}

// MaxChains bounds how many chains one organisation may name.
const MaxChains = 5

var (
	phoneForm   = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4})$`)
	bankForm    = regexp.MustCompile(`^\d{12}$`)
	accountForm = regexp.MustCompile(`^\d{8,32}$`)
)

// Normalized returns the declaration as it is stored: the code in its stored
// form, no white space around texts, none inside numbers, chains sorted.
func (d Declaration) Normalized() Declaration {
	d.CreditCode = NormalizeCreditCode(d.CreditCode)
	for _, s := range []*string{&d.Name, &d.NameEN, &d.Industry, &d.Section, &d.District, &d.Address, &d.ContactName, &d.ContactPhone, &d.BankName, &d.AccountName} {
		*s = strings.TrimSpace(*s)
	}
	for _, s := range []*string{&d.BankCode, &d.AccountNumber} {
		*s = strings.Join(strings.Fields(*s), "")
	}
	d.Chains = slices.Compact(slices.Sorted(slices.Values(d.Chains)))
	return d
}

// Figures are the part of the declaration that the size class depends on.
func (d Declaration) Figures() FirmFigures {
	return FirmFigures{Industry: d.Industry, HeadCount: d.HeadCount, Revenue: d.Revenue, Assets: d.Assets}
}

// Check tells everything that is wrong with a normalised declaration on a day.
// An enterprise must give the figures that its size class depends on, any other
// kind may. The class is empty where none can be told.
func (d Declaration) Check(kind OrganisationKind, on kernel.Date) (SizeClass, error) {
	var f kernel.Faults
	if err := CheckCreditCode(d.CreditCode); err != nil && (!d.HistoricalCode || !CreditCodeOverridable(err)) {
		e := kernel.AsError(err)
		f.Add("credit_code", e.Code, e.Message)
	}
	d.checkTexts(&f)
	d.checkVocabulary(&f, on)
	f.Check(d.ContactPhone == "" || phoneForm.MatchString(d.ContactPhone), "contact_phone", "organisation.phone", kernel.T("请填写手机号或带区号的座机号", "Give a mobile number, or a landline with its area code"))
	f.Check(d.BankCode == "" || bankForm.MatchString(d.BankCode), "bank_code", "organisation.bank_code", kernel.T("联行号为12位数字", "A bank line number has 12 digits"))
	f.Check(d.AccountNumber == "" || accountForm.MatchString(d.AccountNumber), "account_number", "organisation.account_number", kernel.T("对公账号为8至32位数字", "A corporate account number has 8 to 32 digits"))
	class, err := d.size(kind, on)
	if e := kernel.AsError(err); e != nil {
		for _, x := range e.Fields {
			f.Add(x.Path, x.Code, x.Message)
		}
	}
	return class, f.Err()
}

// size computes the class where it is owed or can be told.
func (d Declaration) size(kind OrganisationKind, on kernel.Date) (SizeClass, error) {
	c, err := Classify(on, d.Figures())
	if kind == KindEnterprise || err == nil {
		return c.Class, err
	}
	e := kernel.AsError(err)
	e.Fields = slices.DeleteFunc(e.Fields, func(x kernel.Field) bool {
		return x.Code == "size.indicator_missing" || (x.Code == "size.industry_unknown" && d.Industry == "")
	})
	if len(e.Fields) == 0 {
		return "", nil
	}
	return "", e
}

func (d Declaration) checkTexts(f *kernel.Faults) {
	for _, x := range []struct {
		path, value string
		least, most int
	}{
		{"name", d.Name, 2, 200}, {"name_en", d.NameEN, 0, 200}, {"address", d.Address, 0, 300},
		{"contact_name", d.ContactName, 0, 50}, {"bank_name", d.BankName, 0, 100}, {"account_name", d.AccountName, 0, 200},
	} {
		n := utf8.RuneCountInString(x.value)
		f.Check(n >= x.least, x.path, "field.too_short", kernel.T("至少%d个字", "At least %d characters", x.least))
		f.Check(n <= x.most, x.path, "field.too_long", kernel.T("至多%d个字", "At most %d characters", x.most))
		f.Check(!kernel.Hidden(x.value) && !strings.ContainsAny(x.value, "\r\n\t"), x.path, "field.hidden_characters", kernel.T("含有不可见字符，请重新输入", "This holds characters that cannot be seen; please type it anew"))
	}
}

func (d Declaration) checkVocabulary(f *kernel.Faults, on kernel.Date) {
	d.checkDistrict(f, on)
	f.Check(d.Section == "" || slices.ContainsFunc(Sections(), func(s Section) bool { return s.Code == d.Section }),
		"section", "organisation.section_unknown", kernel.T("请选择国民经济行业门类", "Choose a section of the industrial classification"))
	f.Check(len(d.Chains) <= MaxChains, "chains", "field.too_many", kernel.T("至多选择%d条产业链", "Choose at most %d chains", MaxChains))
	vocabulary := ChainsOn(on)
	for _, c := range d.Chains {
		if _, ok := vocabulary.Chain(c); !ok {
			f.Add("chains", "organisation.chain_unknown", kernel.T("有产业链不在现行目录中", "A chain is not in today's list"))
			break
		}
	}
	f.Check(d.FoundedOn == "" || d.FoundedOn.Valid() && d.FoundedOn <= on && d.FoundedOn >= "1900-01-01",
		"founded_on", "organisation.founded_on", kernel.T("成立日期应为已过的日期", "The founding day is a day of the past"))
}

// checkDistrict names the successors of a unit that was abolished: a firm knows
// where it is, and may not know what the place is called since.
func (d Declaration) checkDistrict(f *kernel.Faults, on kernel.Date) {
	if _, ok := DistrictOn(d.District, on); ok {
		return
	}
	old, ok := FindDistrict(d.District)
	if !ok || old.ValidTo == "" || old.ValidTo >= on || len(old.Successors) == 0 {
		f.Add("district", "organisation.district_unknown", kernel.T("请选择现行区县", "Choose a district of today"))
		return
	}
	var zh, en []string
	for _, id := range old.Successors {
		if next, ok := Current(id, on); ok {
			zh, en = append(zh, next.Name.ZH), append(en, next.Name.EN)
		}
	}
	f.Add("district", "organisation.district_abolished", kernel.Text{
		ZH: old.Name.ZH + "已撤销，请改选" + strings.Join(zh, "或"),
		EN: old.Name.EN + " was abolished; choose " + strings.Join(en, " or "),
	})
}

// Differs reports whether anything changed that an officer verified: all but
// the English name, the address and whom to call.
func (d Declaration) Differs(from Declaration) bool {
	same := func(x, y *int64) bool { return x == y || x != nil && y != nil && *x == *y }
	fen := func(x *kernel.Fen) *int64 { return (*int64)(x) }
	return d.CreditCode != from.CreditCode || d.Name != from.Name || d.Industry != from.Industry || d.Section != from.Section ||
		!same(d.HeadCount, from.HeadCount) || !same(fen(d.Revenue), fen(from.Revenue)) || !same(fen(d.Assets), fen(from.Assets)) ||
		d.District != from.District || d.FoundedOn != from.FoundedOn || !slices.Equal(d.Chains, from.Chains) ||
		d.BankName != from.BankName || d.BankCode != from.BankCode || d.AccountName != from.AccountName || d.AccountNumber != from.AccountNumber
}
