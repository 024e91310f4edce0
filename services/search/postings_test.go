package search

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSeekFindsWhatWalkingFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfDistinct(rapid.Uint32Range(0, 300), rapid.ID).Draw(t, "docs")
		slices.Sort(docs)
		var list []posting
		for _, d := range docs {
			list = append(list, posting(d<<8|7))
		}
		from := rapid.IntRange(0, len(list)).Draw(t, "from")
		doc := rapid.Uint32Range(0, 310).Draw(t, "doc")
		want := from
		for want < len(list) && list[want].doc() < doc {
			want++
		}
		require.Equal(t, want, seek(list, from, doc))
	})
}

func TestALargeLexiconFindsEveryGram(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	seen := map[gram]bool{}
	char := func() rune {
		return []rune{rune(0x3041 + r.IntN(80)), rune(0x4E00 + r.IntN(0x5200)), rune(0x20000 + r.IntN(500))}[r.IntN(3)]
	}
	for len(seen) < fewGrams+500 {
		seen[single(char())] = true
		seen[pair(char(), char())] = true
	}
	l := lexicon{starts: []uint32{0}}
	for g := range seen {
		l.grams = append(l.grams, g)
	}
	slices.Sort(l.grams)
	for i := range l.grams {
		l.starts = append(l.starts, uint32(i+1))
	}
	l.indexFirsts()
	require.NotEmpty(t, l.byFirst)
	for i, g := range l.grams {
		require.Equal(t, span{uint32(i), uint32(i + 1)}, l.gram(g))
		if next := g + 1; !seen[next] {
			require.Zero(t, l.gram(next).size())
		}
	}
}

func TestScoresStayInTheirBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := takeStats(rapid.IntRange(0, maxDocuments).Draw(t, "documents"), rapid.Uint64Range(0, 1<<40).Draw(t, "length"))
		few, length := rapid.Uint32Range(1, 60_000).Draw(t, "frequency"), rapid.Uint32Range(1, 1<<24).Draw(t, "of")
		require.LessOrEqual(t, s.impact(few, length), uint32(255))
		require.GreaterOrEqual(t, s.impact(few, length), uint32(1))
		require.GreaterOrEqual(t, s.impact(few+1, length), s.impact(few, length), "more is never less")
		require.GreaterOrEqual(t, s.impact(few, length), s.impact(few, length+1), "longer is never more")
		n := rapid.IntRange(0, maxDocuments).Draw(t, "having it")
		require.GreaterOrEqual(t, s.idf(n), s.idf(n+1), "commoner is never more")
		require.GreaterOrEqual(t, s.idf(n), uint32(1))
		require.LessOrEqual(t, s.idf(n), uint32(18*idfScale))
	})
}

func TestBitmapsAreSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		a, b := newBitmap(n), newBitmap(n)
		var want []uint32
		for i := range uint32(n) {
			inA, inB := rapid.Bool().Draw(t, "a"), rapid.Bool().Draw(t, "b")
			if inA {
				a.set(i)
			}
			if inB {
				b.set(i)
			}
			if inA && inB {
				want = append(want, i)
			}
		}
		require.Equal(t, len(want), a.common(b))
		a.and(b)
		require.Equal(t, want, a.list(nil))
		require.Equal(t, len(want), a.count())
		require.Equal(t, n, fullBitmap(n).count())
	})
}
