package calendar_test

import (
	"strings"
	"testing"

	"yunhui/services/calendar"
)

func TestANewNoticeReplacesItsYearOnly(t *testing.T) {
	t.Parallel()
	years, err := calendar.ParseYears([]byte(`{"years":[{"year":2027,"status":"official",
		"source":{"title":"通知","number":"1号"},
		"breaks":[{"name":{"zh":"元旦","en":"New Year"},"from":"2026-12-31","to":"2027-01-02","makeup":["2027-01-03"]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	before := calendar.Default()
	after := before.With(years...)
	if !after.Known(2027) || after.IsWorkday("2026-12-31") || !after.IsWorkday("2027-01-03") || !after.IsWorkday("2027-02-05") {
		t.Error("the notice was not taken up")
	}
	if after.IsWorkday("2026-10-01") || !after.Known(2026) {
		t.Error("another year was touched")
	}
	if before.Known(2027) || !before.IsWorkday("2026-12-31") {
		t.Error("the calendar it was made from changed")
	}
}

func TestUnusableSchedulesAreRefused(t *testing.T) {
	t.Parallel()
	year := func(status, breaks string) string {
		return `{"years":[{"year":2027,"status":"` + status + `","source":{"title":"t","number":"n"},"breaks":[` + breaks + `]}]}`
	}
	br := func(rest string) string { return `{"name":{"zh":"甲","en":"A"},` + rest + `}` }
	cases := map[string]string{
		"no JSON":                    `{`,
		"an unknown field":           `{"year":[]}`,
		"an unknown status":          year("certain", ""),
		"official without a notice":  `{"years":[{"year":2027,"status":"official","source":{"title":"t"}}]}`,
		"a day that does not exist":  year("official", br(`"from":"2027-02-29","to":"2027-03-01"`)),
		"a break that ends early":    year("official", br(`"from":"2027-02-09","to":"2027-02-05"`)),
		"a break of another year":    year("official", br(`"from":"2026-10-01","to":"2026-10-07"`)),
		"a month by mistake":         year("official", br(`"from":"2027-02-05","to":"2027-03-05"`)),
		"breaks that overlap":        year("official", br(`"from":"2027-02-05","to":"2027-02-09"`)+","+br(`"from":"2027-02-09","to":"2027-02-10"`)),
		"a make-up day in the week":  year("official", br(`"from":"2027-02-05","to":"2027-02-09","makeup":["2027-02-17"]`)),
		"a make-up day in the break": year("official", br(`"from":"2027-02-05","to":"2027-02-09","makeup":["2027-02-06"]`)),
	}
	for name, raw := range cases {
		if years, err := calendar.ParseYears([]byte(raw)); err == nil {
			t.Errorf("%s: read as %+v", name, years)
		} else if !strings.HasPrefix(err.Error(), "schedule of holidays: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryBreakIsNamedInBothLanguages(t *testing.T) {
	t.Parallel()
	for year := 2024; year <= 2027; year++ {
		y, ok := calendar.Default().Year(year)
		if !ok || y.Source.Title == "" {
			t.Errorf("%d has no schedule or no source", year)
		}
		for _, b := range y.Breaks {
			if b.Name.ZH == "" || b.Name.EN == "" {
				t.Errorf("%d: %+v", year, b)
			}
		}
	}
}
