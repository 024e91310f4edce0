package kernel

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"
)

// ID names a row: a UUID version 7 (RFC 9562) in its usual text form. IDs made
// by one process sort by the moment they were made.
type ID string

var ids struct {
	sync.Mutex
	last uint64 // milliseconds<<12 | sequence of the newest ID
}

// NewID makes an ID for the instant t.
func NewID(t time.Time) ID {
	ids.Lock()
	tick := uint64(t.UnixMilli()) << 12
	if tick <= ids.last {
		tick = ids.last + 1
	}
	ids.last = tick
	ids.Unlock()

	var b [16]byte
	ms, seq := tick>>12, tick&0xfff
	binary.BigEndian.PutUint64(b[0:8], ms<<16|0x7000|seq)
	_, _ = rand.Read(b[8:]) // never fails since Go 1.24
	b[8] = b[8]&0x3f | 0x80

	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return ID(s[:])
}

// Valid reports whether the text has the form of an ID; it says nothing of
// whether such a row exists.
func (id ID) Valid() bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}
