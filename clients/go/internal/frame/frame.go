// Package frame turns WRP/1 frames into bytes and back. No sockets, no protobuf; proto/WIRE.md is the specification.
package frame

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Preface is what a client writes before its first frame.
const Preface = "WRP/1\r\n\x00"

const (
	// LengthBytes is the size of the length field, which doesn't count itself.
	LengthBytes = 4
	// HeaderBytes is the size of a whole header, the length field included.
	HeaderBytes = 20
	lengthMin   = HeaderBytes - LengthBytes
	crcOffset   = 16
)

// Type says what a frame is.
type Type uint8

// The types of WRP/1.
const (
	Hello Type = iota + 1
	HelloAck
	Request
	Response
	Cancel
	Ping
	Pong
	GoAway
	ConnectionError
	Event
)

var typeNames = [...]string{"", "HELLO", "HELLO_ACK", "REQUEST", "RESPONSE", "CANCEL", "PING", "PONG", "GOAWAY",
	"CONNECTION_ERROR", "EVENT"}

func (t Type) String() string {
	if t >= Hello && t <= Event {
		return typeNames[t]
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// The flags of RESPONSE and, Last, of EVENT.
const (
	NotExecuted uint8 = 0x02
	Replayed    uint8 = 0x04
	Last        uint8 = 0x08
	lowFlags    uint8 = 0x0f // unknown bits of the low nibble are errors, those of the high one are ignored
)

// Frame is one frame without its length and its checksum.
type Frame struct {
	Type      Type
	Flags     uint8
	Code      uint16 // REQUEST: the number of the method; RESPONSE: the status; else 0
	RequestID uint32
	Millis    uint32 // REQUEST: the deadline; RESPONSE: when to try again; else 0
	Payload   []byte
}

// Error says that bytes are no frame; the connection they came from is of no more use.
type Error struct {
	// Rule names the check that failed: length_min, length_max, checksum, type or flags.
	Rule    string
	Message string
}

func (e *Error) Error() string { return e.Message }

// Append appends the bytes of f to b.
func Append(b []byte, f Frame) []byte {
	start := len(b)
	var header [HeaderBytes]byte
	binary.BigEndian.PutUint32(header[0:], uint32(lengthMin+len(f.Payload)))
	header[4] = byte(f.Type)
	header[5] = f.Flags
	binary.BigEndian.PutUint16(header[6:], f.Code)
	binary.BigEndian.PutUint32(header[8:], f.RequestID)
	binary.BigEndian.PutUint32(header[12:], f.Millis)
	b = append(b, header[:]...)
	b = append(b, f.Payload...)
	sum := checksum(b[start:])
	binary.BigEndian.PutUint32(b[start+crcOffset:], sum)
	return b
}

// checksum is that of a whole frame, the length field included.
func checksum(whole []byte) uint32 {
	sum := crc32.ChecksumIEEE(whole[LengthBytes:crcOffset])
	return crc32.Update(sum, crc32.IEEETable, whole[HeaderBytes:])
}

// Length reads the length field and checks it, before the rest of the frame is waited for or memory is taken for it.
// It returns the size of the whole frame. max bounds the latter.
func Length(field []byte, max int) (int, error) {
	length := uint64(binary.BigEndian.Uint32(field))
	if length < lengthMin {
		return 0, &Error{"length_min", fmt.Sprintf("a frame length of %d is below %d", length, lengthMin)}
	}
	if LengthBytes+length > uint64(max) {
		return 0, &Error{"length_max", fmt.Sprintf("a frame of %d bytes is over %d", LengthBytes+length, max)}
	}
	return int(LengthBytes + length), nil
}

// Decode reads a whole frame, of the size that Length told. The payload shares its memory.
func Decode(whole []byte) (Frame, error) {
	if checksum(whole) != binary.BigEndian.Uint32(whole[crcOffset:]) {
		return Frame{}, &Error{"checksum", "the checksum of a frame is wrong"}
	}
	f := Frame{
		Type:      Type(whole[4]),
		Flags:     whole[5],
		Code:      binary.BigEndian.Uint16(whole[6:]),
		RequestID: binary.BigEndian.Uint32(whole[8:]),
		Millis:    binary.BigEndian.Uint32(whole[12:]),
		Payload:   whole[HeaderBytes:],
	}
	if f.Type < Hello || f.Type > Event {
		return Frame{}, &Error{"type", fmt.Sprintf("frame type %d is unknown", uint8(f.Type))}
	}
	if f.Flags&lowFlags&^flagsOf(f.Type) != 0 {
		return Frame{}, &Error{"flags", fmt.Sprintf("flags 0x%02x do not belong on a %s", f.Flags, f.Type)}
	}
	return f, nil
}

func flagsOf(t Type) uint8 {
	switch t {
	case Response:
		return NotExecuted | Replayed
	case Event:
		return Last
	}
	return 0
}
