package search

import (
	_ "embed"
	"strings"
)

//go:embed data/synonyms.txt
var synonymData string

//go:embed data/weak.txt
var weakData string

// phraseBook holds the phrases that a query is searched for before it is cut
// into pairs of characters.
var phraseBook = readPhrases(synonymData, weakData)

// phrases finds known phrases in a row of units.
type phrases struct {
	at      map[string]*phrase // by the units' texts, joined
	longest map[string]int     // units of the longest phrase that begins with this one
}

// phrase is what else would be as good, or a word not to insist on.
type phrase struct {
	synonyms []wording
	weak     bool
}

// wording is one way to say it, ready to look up.
type wording struct {
	text  string
	terms []term
}

const unitGap = "\x00"

func readPhrases(synonyms, weak string) *phrases {
	p := &phrases{at: map[string]*phrase{}, longest: map[string]int{}}
	for line := range dataLines(synonyms) {
		p.addGroup(strings.Split(line, ","))
	}
	for line := range dataLines(weak) {
		for word := range strings.FieldsSeq(line) {
			if found, _ := p.entry(fold(word)); found != nil {
				found.weak = true
			}
		}
	}
	return p
}

func dataLines(data string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(data) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !yield(line) {
				return
			}
		}
	}
}

// addGroup makes each member a synonym of all the others. A word in several
// groups has the synonyms of all.
func (p *phrases) addGroup(members []string) {
	entries := make([]*phrase, len(members))
	wordings := make([]wording, len(members))
	for i, m := range members {
		text := fold(strings.TrimSpace(m))
		entry, units := p.entry(text)
		entries[i], wordings[i] = entry, wording{text: text, terms: termsOf(units)}
	}
	for i, e := range entries {
		for j, w := range wordings {
			if entries[j] != e && i != j {
				e.synonyms = append(e.synonyms, w)
			}
		}
	}
}

func (p *phrases) entry(text string) (*phrase, []unit) {
	units := split(text, nil)
	if len(units) == 0 {
		return nil, nil
	}
	key, _ := join(units)
	e := p.at[key]
	if e == nil {
		e = &phrase{}
		p.at[key] = e
		p.longest[units[0].text] = max(p.longest[units[0].text], len(units))
	}
	return e, units
}

// join returns the units' texts as one string and where each begins in it.
func join(units []unit) (joined string, starts []int) {
	var b strings.Builder
	starts = make([]int, 0, len(units)+1)
	for _, u := range units {
		starts = append(starts, b.Len())
		b.WriteString(u.text)
		b.WriteString(unitGap)
	}
	return strings.TrimSuffix(b.String(), unitGap), append(starts, b.Len())
}

// match returns the longest phrase at unit i, and how many units it takes.
func (p *phrases) match(units []unit, joined string, starts []int, i int) (*phrase, int) {
	for n := min(p.longest[units[i].text], len(units)-i); n > 0; n-- {
		if e := p.at[joined[starts[i]:starts[i+n]-len(unitGap)]]; e != nil {
			return e, n
		}
	}
	return nil, 0
}
