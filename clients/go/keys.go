package walletd

import (
	"container/list"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"
	"time"
)

// unresolvedKeysMax is how many keys with an unknown outcome a client remembers.
const unresolvedKeysMax = 10_000

// NewKey makes an idempotency key: a UUIDv7 (RFC 9562), random in its last 74 bits. Its leading time keeps the server's
// index of keys compact.
func NewKey() string {
	var key [16]byte
	if _, err := rand.Read(key[6:]); err != nil {
		panic("walletd: no random bytes: " + err.Error()) // a key that isn't random could move money wrongly
	}
	millis := uint64(time.Now().UnixMilli())
	binary.BigEndian.PutUint16(key[0:], uint16(millis>>32))
	binary.BigEndian.PutUint32(key[2:], uint32(millis))
	key[6] = key[6]&0x0f | 0x70 // version 7
	key[8] = key[8]&0x3f | 0x80 // the variant of RFC 9562
	return uuidText(key)
}

func uuidText(key [16]byte) string {
	var text [36]byte
	hex.Encode(text[0:8], key[0:4])
	hex.Encode(text[9:13], key[4:6])
	hex.Encode(text[14:18], key[6:8])
	hex.Encode(text[19:23], key[8:10])
	hex.Encode(text[24:], key[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// countedKeys are those of a batch's items: first, a UUID, and those that follow when its low 62 bits are counted up.
// The bits of version and variant stay.
func countedKeys(first string, count int) ([]string, error) {
	var key [16]byte
	if len(first) == 36 {
		packed := first[0:8] + first[9:13] + first[14:18] + first[19:23] + first[24:]
		if bytes, err := hex.DecodeString(packed); err == nil {
			copy(key[:], bytes)
		}
	}
	if uuidText(key) != first || key == [16]byte{} {
		return nil, fmt.Errorf("the key that items get theirs from is a UUID in lower case, not %q", first)
	}
	const counted = 1<<62 - 1
	low := binary.BigEndian.Uint64(key[8:])
	keys := make([]string, count)
	for i := range keys {
		binary.BigEndian.PutUint64(key[8:], low&^counted|(low+uint64(i))&counted)
		keys[i] = uuidText(key)
	}
	return keys, nil
}

// unresolvedKeys are those of which an attempt ended unknown and that nothing has resolved since. A client has one for
// all its calls: when a caller repeats a key, a NOT_EXECUTED answer to that later call says nothing about the earlier
// attempt. The oldest key goes when it is full.
type unresolvedKeys struct {
	mu    sync.Mutex
	max   int
	order list.List
	keys  map[string]*list.Element
}

func newUnresolvedKeys(max int) *unresolvedKeys {
	return &unresolvedKeys{max: max, keys: make(map[string]*list.Element)}
}

func (u *unresolvedKeys) add(key string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if known, ok := u.keys[key]; ok {
		u.order.MoveToBack(known)
		return
	}
	u.keys[key] = u.order.PushBack(key)
	if len(u.keys) > u.max {
		oldest := u.order.Front()
		delete(u.keys, u.order.Remove(oldest).(string))
	}
}

func (u *unresolvedKeys) remove(key string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if known, ok := u.keys[key]; ok {
		u.order.Remove(known)
		delete(u.keys, key)
	}
}

func (u *unresolvedKeys) has(key string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, ok := u.keys[key]
	return ok
}
