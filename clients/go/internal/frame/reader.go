package frame

import (
	"bufio"
	"io"
)

// readBufferBytes is what one read from the socket takes at most.
const readBufferBytes = 64 * 1024

// Reader makes frames of a stream of bytes that arrive in pieces of any size.
type Reader struct {
	r   *bufio.Reader
	max int
}

// NewReader returns a Reader of frames of at most max bytes each, headers included.
func NewReader(r io.Reader, max int) *Reader {
	return &Reader{bufio.NewReaderSize(r, readBufferBytes), max}
}

// SetMax changes the bound for the frames that follow.
func (r *Reader) SetMax(max int) { r.max = max }

// Buffered is the count of bytes that have arrived and weren't read as frames yet.
func (r *Reader) Buffered() int { return r.r.Buffered() }

// Next waits for a whole frame. Its payload is the caller's to keep. The error is io.EOF at an end between two frames,
// io.ErrUnexpectedEOF within one, an *Error for what is no frame, or that of the underlying reader.
func (r *Reader) Next() (Frame, error) {
	field, err := r.r.Peek(LengthBytes)
	if err != nil {
		if err == io.EOF && len(field) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return Frame{}, err
	}
	size, err := Length(field, r.max)
	if err != nil {
		return Frame{}, err
	}
	whole := make([]byte, size)
	if _, err := io.ReadFull(r.r, whole); err != nil {
		return Frame{}, err
	}
	return Decode(whole)
}
