package search

import "math/bits"

// bitmap is a set of documents of one segment.
type bitmap []uint64

func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

// full returns a bitmap of the first n bits.
func fullBitmap(n int) bitmap {
	b := newBitmap(n)
	for i := range b {
		b[i] = ^uint64(0)
	}
	if tail := n % 64; tail != 0 {
		b[len(b)-1] = 1<<tail - 1
	}
	return b
}

func (b bitmap) has(i uint32) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bitmap) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitmap) unset(i uint32)    { b[i>>6] &^= 1 << (i & 63) }

func (b bitmap) and(o bitmap) {
	o = o[:len(b)]
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitmap) or(o bitmap) {
	o = o[:len(b)]
	for i := range b {
		b[i] |= o[i]
	}
}

func (b bitmap) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// common counts what two sets share.
func (b bitmap) common(o bitmap) int {
	o = o[:len(b)]
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

// list appends the members in ascending order.
func (b bitmap) list(to []uint32) []uint32 {
	for i, w := range b {
		for w != 0 {
			to = append(to, uint32(i<<6+bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
	return to
}
