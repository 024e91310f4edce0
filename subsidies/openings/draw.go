// Package openings decides in which order agreements come to a policy's money:
// by a fair timestamp or by a public draw. It keeps who asks, draws, and says
// whose turn it is when money is free. draw.go and line.go are pure: the same
// list and seeds give the same order, on paper as on the site.
package openings

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yunhui/services/kernel"
)

// Lot is one line of a closed list. It names no firm: the list is published, and
// an agreement's number says to its parties what it says to nobody else.
type Lot struct {
	Number    int       // from 1, in the order of entry
	Agreement string    // the agreement's number
	Band      int       // from 1, the first served first
	At        time.Time // when the enterprise confirmed
}

// List writes a closed list as it is published: a heading, then a line for each
// lot, parted by tabs, each ended by a line feed.
func List(policy string, closes kernel.Date, lots []Lot) []byte {
	var b bytes.Buffer
	_, _ = fmt.Fprintf(&b, "yunhui-draw-1\t%s\t%s\t%d\n", policy, closes, len(lots))
	for _, l := range lots {
		_, _ = fmt.Fprintf(&b, "%d\t%s\t%d\t%s\n", l.Number, l.Agreement, l.Band, l.At.UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	return b.Bytes()
}

// Digest is the SHA-256 of some bytes in hex.
func Digest(of []byte) string {
	sum := sha256.Sum256(of)
	return hex.EncodeToString(sum[:])
}

// Pledge is what is published of a seed before it is laid open.
func Pledge(seed string) string { return Digest([]byte(seed)) }

// SeedForm tells whether a seed, or a digest, has its form: 64 hex digits.
func SeedForm(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// EffectiveSeed binds the officers' seeds to the closed list: the SHA-256 of the
// seeds in the order of their pledges and the list's digest, one after another.
func EffectiveSeed(seeds []string, digest string) string {
	return Digest([]byte(strings.Join(seeds, "") + digest))
}

// Key is the lot's ticket: HMAC-SHA256 of its number under the effective seed.
func Key(seed string, number int) string {
	mac := hmac.New(sha256.New, []byte(seed))
	_, _ = mac.Write([]byte(strconv.Itoa(number)))
	return hex.EncodeToString(mac.Sum(nil))
}

// Order returns the lots in the order of the draw: by band, then by key.
func Order(lots []Lot, seed string) []Lot {
	keys := make(map[int]string, len(lots))
	for _, l := range lots {
		keys[l.Number] = Key(seed, l.Number)
	}
	out := slices.Clone(lots)
	slices.SortFunc(out, func(a, b Lot) int {
		return cmp.Or(cmp.Compare(a.Band, b.Band), cmp.Compare(keys[a.Number], keys[b.Number]), cmp.Compare(a.Number, b.Number))
	})
	return out
}
