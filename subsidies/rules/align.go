package rules

import "slices"

// pair is an entry of the older list and the one of the newer it has become; -1
// is none.
type pair struct{ before, after int }

// align matches the entries of two lists: those that are equal, in order; then,
// between them, those of the same clause or name; then what is left of a gap by
// position when it holds as many on both sides. The order is the newer list's,
// with what was removed where it stood.
func align(before, after []any) []pair {
	equal := common(before, after)
	var out []pair
	i, k := 0, 0
	for _, m := range append(equal, pair{len(before), len(after)}) {
		out = append(out, gap(before, after, i, m.before, k, m.after)...)
		if m.before < len(before) {
			out = append(out, m)
		}
		i, k = m.before+1, m.after+1
	}
	return out
}

// maxAligned bounds the table of the longest common run; longer lists are
// matched by key and position alone.
const maxAligned = 500

// common is the longest run of equal entries that both lists hold in order.
func common(before, after []any) []pair {
	if len(before) > maxAligned || len(after) > maxAligned {
		return nil
	}
	a, b := texts(before), texts(after)
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i, one := range slices.Backward(a) {
		for k, other := range slices.Backward(b) {
			if one == other {
				length[i][k] = length[i+1][k+1] + 1
			} else {
				length[i][k] = max(length[i+1][k], length[i][k+1])
			}
		}
	}
	var out []pair
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			out = append(out, pair{i, k})
			i, k = i+1, k+1
		case length[i+1][k] >= length[i][k+1]:
			i++
		default:
			k++
		}
	}
	return out
}

func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(raw(v))
	}
	return out
}

// gap matches before[i:j] with after[k:l].
func gap(before, after []any, i, j, k, l int) []pair {
	taken := make(map[int]int, l-k) // by position in after
	left := make([]int, 0, j-i)
	for b := i; b < j; b++ {
		found := false
		for a := k; a < l && !found; a++ {
			if _, used := taken[a]; !used && keyOf(before[b]) != "" && keyOf(before[b]) == keyOf(after[a]) {
				taken[a], found = b, true
			}
		}
		if !found {
			left = append(left, b)
		}
	}
	var out []pair
	if unkeyed := l - k - len(taken); unkeyed != len(left) || scalars(after[k:l]) {
		for _, b := range left {
			out = append(out, pair{b, -1})
		}
		left = nil
	}
	for a := k; a < l; a++ {
		b, ok := taken[a]
		switch {
		case ok:
			out = append(out, pair{b, a})
		case len(left) > 0:
			out = append(out, pair{left[0], a})
			left = left[1:]
		default:
			out = append(out, pair{-1, a})
		}
	}
	return out
}

// keyOf is what people know an entry by: its clause, number, name or title.
func keyOf(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return ""
	}
	for _, key := range []string{"number", "clause", "name", "title"} {
		if m[key] != nil {
			return key + string(raw(m[key]))
		}
	}
	return ""
}

func scalars(list []any) bool {
	for _, v := range list {
		switch v.(type) {
		case map[string]any, []any:
			return false
		}
	}
	return true
}
