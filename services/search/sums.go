package search

import "math/bits"

// sums gathers scores by document where lists come in no common order.
type sums struct {
	score   []uint32
	touched bitmap
}

func (s *sums) grow(documents int) {
	if len(s.score) < documents {
		s.score = make([]uint32, documents)
		s.touched = newBitmap(documents)
	}
}

func (s *sums) add(doc, score uint32) {
	s.score[doc] += score
	s.touched.set(doc)
}

func (s *sums) raise(doc, score uint32) {
	s.score[doc] = max(s.score[doc], score)
	s.touched.set(doc)
}

// drain appends what was gathered, by document, and forgets it.
func (s *sums) drain(to []scored) []scored {
	for i, w := range s.touched {
		if w == 0 {
			continue
		}
		s.touched[i] = 0
		for ; w != 0; w &= w - 1 {
			doc := i<<6 + bits.TrailingZeros64(w)
			to = append(to, scored(doc)<<32|scored(s.score[doc]))
			s.score[doc] = 0
		}
	}
	return to
}
