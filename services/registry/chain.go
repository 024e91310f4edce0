package registry

import (
	"slices"
	"sync"

	"yunhui/services/kernel"
)

// Chain is one industrial chain that the city plans for.
type Chain struct {
	Key      string      `json:"key"`
	Name     kernel.Text `json:"name"`
	Block    string      `json:"block"`              // key of its block
	Emerging string      `json:"emerging,omitempty"` // key of the emerging industry it leans to
}

// Block gathers chains that belong together; a pillar is named so by the plans.
type Block struct {
	Key    string      `json:"key"`
	Name   kernel.Text `json:"name"`
	Pillar bool        `json:"pillar"`
}

// Emerging is an emerging industry of the plans.
type Emerging struct {
	Key  string      `json:"key"`
	Name kernel.Text `json:"name"`
}

// ChainVocabulary is a version of the list of chains. Keys keep their meaning
// through all versions; a version may drop some and add others.
type ChainVocabulary struct {
	Code      string      `json:"code"`
	Name      kernel.Text `json:"name"`
	ValidFrom kernel.Date `json:"valid_from"`
	Source    Source      `json:"source"`
	Emerging  []Emerging  `json:"emerging"`
	Blocks    []Block     `json:"blocks"`
	Chains    []Chain     `json:"chains"`
}

// In lists the chains of a block.
func (v ChainVocabulary) In(block string) []Chain {
	var out []Chain
	for _, c := range v.Chains {
		if c.Block == block {
			out = append(out, c)
		}
	}
	return out
}

// Chain finds a chain of this version.
func (v ChainVocabulary) Chain(key string) (Chain, bool) {
	i := slices.IndexFunc(v.Chains, func(c Chain) bool { return c.Key == key })
	if i < 0 {
		return Chain{}, false
	}
	return v.Chains[i], true
}

var chainVocabularies = sync.OnceValue(func() []ChainVocabulary {
	return readTable[struct {
		Vocabularies []ChainVocabulary `json:"vocabularies"`
	}]("chains.json").Vocabularies
})

// ChainsOn returns the vocabulary of the day: the newest that had begun, or the
// first. One stays in use until the city publishes another.
func ChainsOn(on kernel.Date) ChainVocabulary {
	all := chainVocabularies()
	current := all[0]
	for _, v := range all[1:] {
		if v.ValidFrom <= on {
			current = v
		}
	}
	return current
}

// FindChain finds a chain of any version, the newest first, for what was
// recorded earlier.
func FindChain(key string) (Chain, bool) {
	for _, v := range slices.Backward(chainVocabularies()) {
		if c, ok := v.Chain(key); ok {
			return c, true
		}
	}
	return Chain{}, false
}
