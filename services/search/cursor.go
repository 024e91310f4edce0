package search

import (
	"encoding/base64"
	"encoding/binary"

	"yunhui/services/kernel"
)

const maxID = 256 // bytes

// cursor is the hit after which the next page begins: its place in the order
// and its ID, so that documents coming and going elsewhere shift nothing.
type cursor struct {
	id      string
	value   int64 // score or number
	missing bool  // it has no number
	relaxed bool  // any word was enough
}

const (
	cursorVersion = 1
	cursorHead    = 1 + 1 + 8 // version, flags, value
	cursorTail    = 8         // checksum
)

// encode makes the cursor text for one query. The checksum keeps a cursor from
// being edited or used with another query by mistake; nothing is gained by
// forging one, so it holds no secret and serves on every node.
func (c *cursor) encode(query uint64) string {
	b := make([]byte, 0, cursorHead+len(c.id)+cursorTail)
	flags := byte(0)
	if c.missing {
		flags |= 1
	}
	if c.relaxed {
		flags |= 2
	}
	b = append(b, cursorVersion, flags)
	b = binary.BigEndian.AppendUint64(b, uint64(c.value))
	b = append(b, c.id...)
	b = binary.BigEndian.AppendUint64(b, checksum(b, query))
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeCursor(text string, query uint64) (*cursor, error) {
	if len(text) > base64.RawURLEncoding.EncodedLen(cursorHead+maxID+cursorTail) {
		return nil, errCursor()
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) <= cursorHead+cursorTail || b[0] != cursorVersion || b[1] > 3 {
		return nil, errCursor()
	}
	body, sum := b[:len(b)-cursorTail], b[len(b)-cursorTail:]
	if binary.BigEndian.Uint64(sum) != checksum(body, query) {
		return nil, errCursor()
	}
	return &cursor{
		id:      string(body[cursorHead:]),
		value:   int64(binary.BigEndian.Uint64(body[2:])),
		missing: body[1]&1 != 0,
		relaxed: body[1]&2 != 0,
	}, nil
}

func errCursor() error {
	return kernel.Invalid("search.cursor_invalid", kernel.T(
		"翻页标记无效，或与当前查询条件不符，请从第一页重新开始",
		"This page mark is not valid, or belongs to another query; please start again from the first page"))
}

func checksum(body []byte, query uint64) uint64 { return mix(hash("cursor", string(body)) ^ query) }

// fingerprint tells queries apart that differ in what they find or in its order.
func (q *Query) fingerprint() uint64 {
	sum := hash("text", q.Text) + mix(uint64(q.Match)) + hash("sort", q.Sort.Column)
	if q.Sort.Desc {
		sum = mix(sum)
	}
	for column, values := range q.Filters {
		for _, v := range values {
			sum += hash(column, v)
		}
	}
	for _, r := range q.Ranges {
		sum += bound("min", r.Column, r.Min) + bound("max", r.Column, r.Max)
	}
	return mix(sum)
}

func bound(side, column string, b *int64) uint64 {
	if b == nil {
		return 0
	}
	return mix(hash(side, column) ^ mix(uint64(*b)))
}

// hash is FNV-1a over both strings and a gap, stirred.
func hash(a, b string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(a) {
		h = (h ^ uint64(a[i])) * prime
	}
	h = (h ^ 0xFF) * prime
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * prime
	}
	return mix(h)
}

func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}
