package search

import (
	"strings"
	"unicode/utf8"
)

// term is what the lexicon is asked for: a gram, or a word where there is none.
type term struct {
	gram gram
	word string
}

// termsOf cuts a phrase into terms: words, characters that stand alone, and the
// pairs of those that stand together.
func termsOf(units []unit) []term {
	terms := make([]term, 0, len(units))
	for i, u := range units {
		next := i+1 < len(units) && units[i+1].glued
		switch {
		case u.char == 0:
			terms = append(terms, term{word: u.text})
		case u.glued && i > 0:
			terms = append(terms, term{gram: pair(units[i-1].char, u.char)})
		case !next:
			terms = append(terms, term{gram: single(u.char)})
		}
	}
	return terms
}

// clause is one part of what was asked: a document answers it in any of the
// wordings, of which the first is as typed.
type clause struct {
	asked    string
	wordings []wording
	weak     bool // adds to the rank and rules nothing out
	word     bool // one word, which may be misspelt...
	open     bool // ...or not typed to its end
}

// parse reads a query's text. It knows the phrases but nothing of the documents.
func parse(text string) []clause {
	folded := clip(fold(clip(text, maxText)), maxText) // folding may lengthen it
	units := split(folded, make([]unit, 0, 16))
	if len(units) == 0 {
		return nil
	}
	p := parser{units: units, clauses: make([]clause, 0, 4)}
	joined, starts := join(units)
	from := 0
	for i := 0; i < len(units); {
		phrase, n := phraseBook.match(units, joined, starts, i)
		if phrase == nil {
			i++
			continue
		}
		p.plain(from, i)
		p.phrase(i, i+n, phrase)
		i += n
		from = i
	}
	p.plain(from, len(units))
	last := &p.clauses[len(p.clauses)-1]
	last.open = last.word && isWord(lastRune(folded))
	insistOnSomething(p.clauses)
	return p.clauses
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

type parser struct {
	units   []unit
	clauses []clause
}

// plain adds what no phrase covers: each word, and each run of characters.
func (p *parser) plain(from, to int) {
	for i := from; i < to; {
		n := 1
		for i+n < to && p.units[i+n].glued {
			n++
		}
		p.add(i, i+n)
		i += n
	}
}

func (p *parser) add(from, to int) *clause {
	units := p.units[from:to]
	asked := textOf(units)
	p.clauses = append(p.clauses, clause{
		asked:    asked,
		wordings: []wording{{text: asked, terms: termsOf(units)}},
		word:     len(units) == 1 && units[0].char == 0,
	})
	return &p.clauses[len(p.clauses)-1]
}

func (p *parser) phrase(from, to int, found *phrase) {
	c := p.add(from, to)
	c.weak = found.weak
	c.wordings = append(c.wordings, found.synonyms...)
}

// insistOnSomething lifts the weakness where there is nothing else to go by.
func insistOnSomething(clauses []clause) {
	for _, c := range clauses {
		if !c.weak {
			return
		}
	}
	for i := range clauses {
		clauses[i].weak = false
	}
}

func textOf(units []unit) string {
	if len(units) == 1 {
		return units[0].text
	}
	var b strings.Builder
	for i, u := range units {
		if i > 0 && (u.char == 0 || units[i-1].char == 0) {
			b.WriteByte(' ')
		}
		b.WriteString(u.text)
	}
	return b.String()
}
