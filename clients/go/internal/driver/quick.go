package main

import (
	"encoding/hex"
	"errors"
	"strconv"

	"walletd.example/walletd"
	"walletd.example/walletd/internal/frame"
	"walletd.example/walletd/money"
)

const decodedFrameBytesMax = 16 << 20

// quick carries out what needs no server.
func (d *driver) quick(o *operation) object {
	switch o.Op {
	case "connect":
		return d.connect(o)
	case "cancel":
		return d.cancel(o)
	case "money_parse":
		amount, err := money.Parse(o.Text, int(o.Exponent))
		if err != nil {
			return object{"error": failure("invalid", err.Error())}
		}
		return object{"ok": object{"amount": strconv.FormatInt(amount, 10)}}
	case "money_format":
		if o.Exponent < 0 {
			return object{"error": failure("invalid", "a negative exponent")}
		}
		return object{"ok": object{"text": money.Format(int64(o.Amount), int(o.Exponent))}}
	case "new_key":
		keys := make([]string, o.Count)
		for i := range keys {
			keys[i] = walletd.NewKey()
		}
		return object{"ok": object{"keys": keys}}
	case "decode_frame":
		return decodeFrame(o)
	case "encode_frame":
		payload, err := hex.DecodeString(o.Payload)
		if err != nil {
			return object{"error": failure("invalid", err.Error())}
		}
		data := frame.Append(nil, frame.Frame{Type: frame.Type(o.Type), Flags: uint8(o.Flags), Code: uint16(o.Code),
			RequestID: uint32(o.RequestID), Millis: uint32(o.Millis), Payload: payload})
		return object{"ok": object{"hex": hex.EncodeToString(data)}}
	}
	return object{"error": failure("invalid", "no operation "+o.Op)}
}

func decodeFrame(o *operation) object {
	data, err := hex.DecodeString(o.Hex)
	if err != nil {
		return object{"error": failure("invalid", err.Error())}
	}
	f, err := frame.Frame{}, error(nil)
	if len(data) < frame.LengthBytes {
		err = errors.New("it ends within a frame")
	} else {
		var size int
		if size, err = frame.Length(data, decodedFrameBytesMax); err == nil && len(data) < size {
			err = errors.New("it ends within a frame")
		}
		if err == nil {
			f, err = frame.Decode(data[:size])
		}
	}
	if err != nil {
		wrong := failure("protocol", err.Error())
		var broken *frame.Error
		if errors.As(err, &broken) {
			wrong["rule"] = broken.Rule
		}
		return object{"error": wrong}
	}
	return object{"ok": object{"type": f.Type, "flags": f.Flags, "code": f.Code, "request_id": f.RequestID,
		"millis": f.Millis, "payload": hex.EncodeToString(f.Payload)}}
}
