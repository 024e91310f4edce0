package registry

import (
	"slices"
	"strings"
	"sync"

	"yunhui/services/kernel"
)

// SizeClass is how large a firm is in the eyes of the law.
type SizeClass string

// The classes. They are ordered; Rank compares them.
const (
	SizeMicro  SizeClass = "micro"
	SizeSmall  SizeClass = "small"
	SizeMedium SizeClass = "medium"
	SizeLarge  SizeClass = "large"
)

// SizeClasses lists the classes from small to large.
func SizeClasses() []SizeClass { return []SizeClass{SizeMicro, SizeSmall, SizeMedium, SizeLarge} }

// Rank is the place of the class from micro (0) to large (3), or -1 for none.
func (c SizeClass) Rank() int { return slices.Index(SizeClasses(), c) }

// Valid reports whether c is one of the classes.
func (c SizeClass) Valid() bool { return c.Rank() >= 0 }

// SME reports whether the class is one of a small or medium enterprise (中小微).
func (c SizeClass) SME() bool { return c.Valid() && c != SizeLarge }

// Name is what the class is called.
func (c SizeClass) Name() kernel.Text {
	switch c {
	case SizeMicro:
		return kernel.T("微型企业", "Micro enterprise")
	case SizeSmall:
		return kernel.T("小型企业", "Small enterprise")
	case SizeMedium:
		return kernel.T("中型企业", "Medium enterprise")
	case SizeLarge:
		return kernel.T("大型企业", "Large enterprise")
	default:
		return kernel.Text{}
	}
}

// Indicator is a figure of a firm that its size class depends on.
type Indicator string

// The indicators.
const (
	HeadCount Indicator = "head_count" // persons employed, at the end of the year
	Revenue   Indicator = "revenue"    // of the year, in fen
	Assets    Indicator = "assets"     // in total, in fen
)

// Name is what the indicator is called.
func (i Indicator) Name() kernel.Text {
	switch i {
	case HeadCount:
		return kernel.T("从业人员", "Employees")
	case Revenue:
		return kernel.T("营业收入", "Revenue")
	case Assets:
		return kernel.T("资产总额", "Total assets")
	default:
		return kernel.Text{}
	}
}

// Path is the name of the indicator as an input, as field errors carry it.
func (i Indicator) Path() string {
	if i == HeadCount {
		return string(i)
	}
	return string(i) + "_fen"
}

// Bound holds the least figures for each class above micro: persons, or
// 万元 (ten thousand yuan) as the standard prints them.
type Bound struct {
	Indicator Indicator `json:"indicator"`
	Large     int64     `json:"large"`
	Medium    int64     `json:"medium"`
	Small     int64     `json:"small"`
}

// fenPerWan is one 万元 in fen.
const fenPerWan = 1_000_000

// floor is the least figure for a class in the unit of the input: persons or fen.
func (b Bound) floor(c SizeClass) int64 {
	n := map[SizeClass]int64{SizeLarge: b.Large, SizeMedium: b.Medium, SizeSmall: b.Small}[c]
	if b.Indicator != HeadCount {
		n *= fenPerWan
	}
	return n
}

// Industry is one row of a standard. Divisions are the codes of GB/T 4754 that
// belong to it; the longest matching one decides.
type Industry struct {
	Key       string      `json:"key"`
	Name      kernel.Text `json:"name"`
	Divisions []string    `json:"divisions"`
	Bounds    []Bound     `json:"bounds"`
}

// Needs reports whether the size class in this industry depends on i.
func (in Industry) Needs(i Indicator) bool {
	return slices.ContainsFunc(in.Bounds, func(b Bound) bool { return b.Indicator == i })
}

// SizeStandard is a version of the classification, in force from a day on.
type SizeStandard struct {
	Code       string      `json:"code"`
	Name       kernel.Text `json:"name"`
	Document   string      `json:"document"`
	ValidFrom  kernel.Date `json:"valid_from"`
	Source     Source      `json:"source"`
	Industries []Industry  `json:"industries"`
}

var sizeStandards = sync.OnceValue(func() []SizeStandard {
	return readTable[struct {
		Standards []SizeStandard `json:"standards"`
	}]("size_classes.json").Standards
})

// StandardOn returns the standard in force on the day; days before the first
// standard get the first.
func StandardOn(on kernel.Date) SizeStandard {
	all := sizeStandards()
	current := all[0]
	for _, s := range all[1:] {
		if s.ValidFrom <= on {
			current = s
		}
	}
	return current
}

// Industry finds a row by its key.
func (s SizeStandard) Industry(key string) (Industry, bool) {
	i := slices.IndexFunc(s.Industries, func(in Industry) bool { return in.Key == key })
	if i < 0 {
		return Industry{}, false
	}
	return s.Industries[i], true
}

// IndustryOf finds the row for a code of GB/T 4754 with its section letter
// ("C", "C39", "K7020"). Some have none: railways, banks, schools, government;
// and a section split between rows needs its division ("F" has none, "F51" has).
func (s SizeStandard) IndustryOf(code string) (Industry, bool) {
	var best Industry
	longest := 0
	for _, in := range s.Industries {
		for _, d := range in.Divisions {
			if len(d) > longest && strings.HasPrefix(code, d) {
				best, longest = in, len(d)
			}
		}
	}
	return best, longest > 0
}

// Section is a top-level class of GB/T 4754, named by a letter.
type Section struct {
	Code string      `json:"code"`
	Name kernel.Text `json:"name"`
}

type sectionTable struct {
	Code      string      `json:"code"`
	Name      kernel.Text `json:"name"`
	ValidFrom kernel.Date `json:"valid_from"`
	Source    Source      `json:"source"`
	Sections  []Section   `json:"sections"`
}

var sections = sync.OnceValue(func() sectionTable { return readTable[sectionTable]("sections.json") })

// Sections lists the sections A to T of GB/T 4754-2017.
func Sections() []Section { return sections().Sections }
