package registry

import "yunhui/services/kernel"

// FirmFigures is what a size class is computed from. A nil figure is not known;
// only those that the industry's row uses are needed.
type FirmFigures struct {
	Industry  string // key of a row, e.g. "software"
	HeadCount *int64
	Revenue   *kernel.Fen
	Assets    *kernel.Fen
}

// of returns the figure in the unit of its bounds, persons or fen.
func (f FirmFigures) of(i Indicator) (int64, bool) {
	switch {
	case i == HeadCount && f.HeadCount != nil:
		return *f.HeadCount, true
	case i == Revenue && f.Revenue != nil:
		return int64(*f.Revenue), true
	case i == Assets && f.Assets != nil:
		return int64(*f.Assets), true
	default:
		return 0, false
	}
}

// MaxHeadCount is the largest head-count that is taken for one.
const MaxHeadCount = 10_000_000

// IndicatorResult is the class that one indicator alone would reach. Figures
// are persons or fen by Unit; Floor is the least figure of Class (absent for
// micro), Next that of the class above (absent for large).
type IndicatorResult struct {
	Indicator Indicator   `json:"indicator"`
	Name      kernel.Text `json:"name"`
	Unit      string      `json:"unit"` // "person" or "fen"
	Value     int64       `json:"value"`
	Class     SizeClass   `json:"class"`
	Floor     *int64      `json:"floor,omitempty"`
	Next      *int64      `json:"next,omitempty"`
	Decided   bool        `json:"decided"` // it holds the firm at its class
	Line      kernel.Text `json:"line"`
}

// Classification is a size class with everything that led to it.
type Classification struct {
	Class        SizeClass         `json:"class"`
	Name         kernel.Text       `json:"name"`
	Standard     string            `json:"standard"` // code of the standard
	StandardName kernel.Text       `json:"standard_name"`
	Document     string            `json:"document"` // its official number
	Industry     string            `json:"industry"`
	IndustryName kernel.Text       `json:"industry_name"`
	Indicators   []IndicatorResult `json:"indicators"`
	Lines        []kernel.Text     `json:"lines"` // one per indicator, then the conclusion
}

// Classify computes the size class by the standard in force on the day. The
// rule of the standard: large, medium and small each require every lower bound
// of the row, otherwise the firm drops to the class whose bounds it meets; so
// the lowest indicator decides. All faults of the input are told at once.
func Classify(on kernel.Date, firm FirmFigures) (Classification, error) {
	standard := StandardOn(on)
	industry, ok := standard.Industry(firm.Industry)
	if err := checkFigures(industry, ok, firm); err != nil {
		return Classification{}, err
	}
	out := Classification{
		Class:        SizeLarge,
		Standard:     standard.Code,
		StandardName: standard.Name,
		Document:     standard.Document,
		Industry:     industry.Key,
		IndustryName: industry.Name,
	}
	for _, b := range industry.Bounds {
		value, _ := firm.of(b.Indicator)
		r := b.classify(value)
		out.Indicators = append(out.Indicators, r)
		if r.Class.Rank() < out.Class.Rank() {
			out.Class = r.Class
		}
	}
	for i := range out.Indicators {
		r := &out.Indicators[i]
		r.Decided = r.Class == out.Class
		out.Lines = append(out.Lines, r.Line)
	}
	out.Name = out.Class.Name()
	out.Lines = append(out.Lines, conclusion(out))
	return out, nil
}

func checkFigures(industry Industry, known bool, firm FirmFigures) error {
	var faults kernel.Faults
	faults.Check(known, "industry", "size.industry_unknown",
		kernel.T("请从划型标准的行业中选择", "Choose one of the industries of the standard"))
	for _, i := range []Indicator{HeadCount, Revenue, Assets} {
		value, given := firm.of(i)
		limit := int64(kernel.MaxFen)
		if i == HeadCount {
			limit = MaxHeadCount
		}
		switch {
		case !given && known && industry.Needs(i):
			faults.Add(i.Path(), "size.indicator_missing",
				kernel.Text{
					ZH: industry.Name.ZH + "划型需要填写" + i.Name().ZH,
					EN: "The size class in this industry depends on this figure: " + i.Name().EN,
				})
		case given && value < 0:
			faults.Add(i.Path(), "size.indicator_negative", kernel.T("不能为负数", "This cannot be negative"))
		case given && value > limit:
			faults.Add(i.Path(), "size.indicator_too_large", kernel.T("数值过大", "This figure is too large"))
		}
	}
	return faults.Err()
}

func (b Bound) classify(value int64) IndicatorResult {
	r := IndicatorResult{Indicator: b.Indicator, Name: b.Indicator.Name(), Unit: "fen", Value: value, Class: SizeMicro}
	if b.Indicator == HeadCount {
		r.Unit = "person"
	}
	for _, c := range SizeClasses()[1:] {
		least := b.floor(c)
		if value < least {
			r.Next = &least
			break
		}
		r.Class, r.Floor = c, &least
	}
	r.Line = explain(r)
	return r
}
