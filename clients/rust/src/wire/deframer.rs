use super::frame::{decode, Frame, FrameError};

/// What is read at once of a frame whose end hasn't come waits here; past this it is moved to the front.
const CONSUMED_BYTES_MAX: usize = 64 * 1024;

/// Cuts a stream of bytes into frames.
#[derive(Debug)]
pub struct Deframer {
    /// The longest frame that is allowed, header included. It may change between two frames.
    pub frame_bytes_max: usize,
    buffer: Vec<u8>,
    consumed: usize,
}

impl Deframer {
    /// Takes frames of at most so many bytes, header included.
    pub fn new(frame_bytes_max: usize) -> Self {
        Self { frame_bytes_max, buffer: Vec::new(), consumed: 0 }
    }

    /// Takes bytes as they come. Take the frames out by [`next`](Self::next) before feeding more: then never more is
    /// kept than one frame and what was fed last.
    pub fn feed(&mut self, data: &[u8]) {
        if self.consumed == self.buffer.len() {
            self.buffer.clear();
            self.consumed = 0;
        } else if self.consumed > CONSUMED_BYTES_MAX {
            self.buffer.drain(..self.consumed);
            self.consumed = 0;
        }
        self.buffer.extend_from_slice(data);
    }

    /// The next frame; `None`: more bytes are needed. After an error there is the same error again.
    #[allow(clippy::should_implement_trait)] // that there is none now isn't the end
    pub fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        let found = decode(&self.buffer[self.consumed..], self.frame_bytes_max)?;
        Ok(found.map(|(frame, size)| {
            self.consumed += size;
            frame
        }))
    }

    /// Bytes that wait for the rest of their frame.
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.consumed
    }
}
