package search

import "slices"

// smallest keeps the least of many keys: a heap with the greatest on top. Keys
// are made so that what comes first in an answer has the smaller key.
type smallest struct {
	keys  []uint64
	limit int
}

func (s *smallest) reset(limit int) {
	s.keys, s.limit = s.keys[:0], limit
}

func (s *smallest) offer(key uint64) {
	if len(s.keys) < s.limit {
		s.keys = append(s.keys, key)
		s.rise(len(s.keys) - 1)
		return
	}
	if s.limit > 0 && key < s.keys[0] {
		s.keys[0] = key
		s.sink()
	}
}

func (s *smallest) rise(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if s.keys[parent] >= s.keys[i] {
			return
		}
		s.keys[parent], s.keys[i] = s.keys[i], s.keys[parent]
		i = parent
	}
}

func (s *smallest) sink() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(s.keys) {
			return
		}
		if child+1 < len(s.keys) && s.keys[child+1] > s.keys[child] {
			child++
		}
		if s.keys[i] >= s.keys[child] {
			return
		}
		s.keys[i], s.keys[child] = s.keys[child], s.keys[i]
		i = child
	}
}

// ascending sorts what was kept; nothing may be offered after it.
func (s *smallest) ascending() []uint64 {
	slices.Sort(s.keys)
	return s.keys
}
