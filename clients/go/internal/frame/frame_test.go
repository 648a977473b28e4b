package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"
)

type vectors struct {
	Limit   int
	Preface struct{ Good string }
	Vectors []struct {
		Name   string
		Hex    string
		Error  string
		Frames []struct {
			Type      Type
			Flags     uint8
			Code      uint16
			RequestID uint32 `json:"request_id"`
			Millis    uint32
			Payload   string
		}
	}
}

func load(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("../../../../proto/vectors/frames.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Vectors) < 20 {
		t.Fatalf("only %d vectors", len(v.Vectors))
	}
	return v
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestVectors(t *testing.T) {
	v := load(t)
	if good := unhex(t, v.Preface.Good); string(good) != Preface {
		t.Errorf("the preface is %x, not %x", Preface, good)
	}
	ways := map[string]func(io.Reader) io.Reader{
		"whole":        func(r io.Reader) io.Reader { return r },
		"byte by byte": iotest.OneByteReader,
	}
	for way, cut := range ways {
		for _, vector := range v.Vectors {
			t.Run(way+"/"+vector.Name, func(t *testing.T) {
				reader := NewReader(cut(bytes.NewReader(unhex(t, vector.Hex))), v.Limit)
				var encoded []byte
				for _, want := range vector.Frames {
					f, err := reader.Next()
					if err != nil {
						t.Fatal(err)
					}
					if f.Type != want.Type || f.Flags != want.Flags || f.Code != want.Code ||
						f.RequestID != want.RequestID || f.Millis != want.Millis ||
						hex.EncodeToString(f.Payload) != want.Payload {
						t.Errorf("%+v, not %+v", f, want)
					}
					encoded = Append(encoded, f)
				}
				_, err := reader.Next()
				var broken *Error
				switch {
				case vector.Error != "":
					if !errors.As(err, &broken) || broken.Rule != vector.Error {
						t.Errorf("the error is %v, not %s", err, vector.Error)
					}
				case hex.EncodeToString(encoded) == vector.Hex:
					if err != io.EOF {
						t.Errorf("at the end: %v", err)
					}
				case err != io.ErrUnexpectedEOF:
					t.Errorf("within a frame: %v", err)
				}
				if !bytes.HasPrefix(unhex(t, vector.Hex), encoded) {
					t.Errorf("encoded again it is %x", encoded)
				}
			})
		}
	}
}

func TestALengthIsCheckedBeforeTheBodyIsWaitedFor(t *testing.T) {
	field := make([]byte, LengthBytes)
	binary.BigEndian.PutUint32(field, 1<<32-1)
	body := iotest.ErrReader(errors.New("waited for the body"))
	_, err := NewReader(io.MultiReader(bytes.NewReader(field), body), 1<<20).Next()
	var broken *Error
	if !errors.As(err, &broken) || broken.Rule != "length_max" {
		t.Error(err)
	}
}

func TestTheBoundMayChange(t *testing.T) {
	data := Append(Append(nil, Frame{Type: HelloAck}), Frame{Type: Response, Payload: make([]byte, 100)})
	reader := NewReader(bytes.NewReader(data), HeaderBytes)
	if _, err := reader.Next(); err != nil {
		t.Fatal(err)
	}
	reader.SetMax(HeaderBytes + 100)
	if f, err := reader.Next(); err != nil || len(f.Payload) != 100 {
		t.Error(f, err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(Append(nil, Frame{Type: Ping, RequestID: 7, Payload: make([]byte, 8)}))
	f.Fuzz(func(t *testing.T, data []byte) {
		reader := NewReader(bytes.NewReader(data), 4096)
		var again []byte
		for {
			frame, err := reader.Next()
			if err != nil {
				break
			}
			again = Append(again, frame)
		}
		if !bytes.HasPrefix(data, again) {
			t.Errorf("%x is read as %x", data, again)
		}
	})
}
