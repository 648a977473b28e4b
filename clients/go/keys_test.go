package walletd

import (
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestNewKey(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	before := time.Now().UnixMilli()
	seen := make(map[string]bool)
	var ones, zeros [16]byte
	for i := 0; i < 2000; i++ {
		key := NewKey()
		if !form.MatchString(key) || seen[key] {
			t.Fatal(key)
		}
		seen[key] = true
		bytes, err := hex.DecodeString(strings.ReplaceAll(key, "-", ""))
		if err != nil {
			t.Fatal(err)
		}
		millis := int64(binary.BigEndian.Uint64(bytes) >> 16)
		if millis < before || millis > time.Now().UnixMilli() {
			t.Fatal(key)
		}
		for j, b := range bytes {
			ones[j] |= b
			zeros[j] |= ^b
		}
	}
	random := [16]byte{6: 0x0f, 7: 0xff, 8: 0x3f, 9: 0xff, 10: 0xff, 11: 0xff, 12: 0xff, 13: 0xff, 14: 0xff, 15: 0xff}
	for j := range random {
		if ones[j]&zeros[j]&random[j] != random[j] {
			t.Errorf("byte %d has bits that are always the same", j)
		}
	}
}

func TestCountedKeys(t *testing.T) {
	keys, err := countedKeys("01890a5d-ac96-774b-bfff-fffffffffffe", 3)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"01890a5d-ac96-774b-bfff-fffffffffffe", "01890a5d-ac96-774b-bfff-ffffffffffff",
		"01890a5d-ac96-774b-8000-000000000000"}
	for i := range want {
		if keys[i] != want[i] {
			t.Errorf("%s, not %s", keys[i], want[i])
		}
	}
	for _, bad := range []string{"", "my-key-01", "01890A5D-AC96-774B-BFFF-FFFFFFFFFFFE",
		"01890a5dac96774bbffffffffffffffe", "01890a5d-ac96-774b-bfff_fffffffffffe", "gg890a5d-ac96-774b-bfff-fffffffffffe"} {
		if _, err := countedKeys(bad, 1); err == nil {
			t.Errorf("%q is taken for a UUID", bad)
		}
	}
}

func TestUnresolvedKeysForgetTheOldest(t *testing.T) {
	keys := newUnresolvedKeys(3)
	for _, key := range []string{"a", "b", "c", "a", "d"} {
		keys.add(key)
	}
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if keys.has(key) != want {
			t.Errorf("%s: %v", key, !want)
		}
	}
	keys.remove("c")
	keys.remove("c")
	keys.add("e")
	if keys.has("c") || !keys.has("a") || keys.order.Len() != 3 || len(keys.keys) != 3 {
		t.Error("remove")
	}
}
