use std::fmt;
use std::sync::Arc;

use prost::Message;

use crate::values::FromWire;

/// One call of a verb, before it meets a connection.
pub(crate) struct Call<T> {
    /// The number of the verb.
    pub(crate) method: u16,
    pub(crate) payload: Arc<Vec<u8>>,
    /// The idempotency key; none of a read.
    pub(crate) key: Option<String>,
    /// An attempt may have an effect. A dry run has a key and changes nothing.
    pub(crate) mutates: bool,
    /// The caller knows that an earlier attempt of the key ended unknown.
    pub(crate) retry_of_unknown: bool,
    /// The keys of the items of a batch that has none for all; `key` is then the one they were made from.
    pub(crate) item_keys: Vec<String>,
    pub(crate) read: Read<T>,
}

/// Reads the body of an OK. It is told which keys have an unknown attempt. The error says what is wrong with the body.
pub(crate) type Read<T> = Box<dyn FnOnce(&[u8], &dyn Fn(&str) -> bool) -> Result<(T, Settled), String> + Send + Sync>;

/// What an OK settles.
#[derive(Debug)]
pub(crate) enum Settled {
    /// The call's key.
    All,
    /// These keys and no others.
    Only(Vec<String>),
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("method", &self.method).field("key", &self.key).finish_non_exhaustive()
    }
}

impl<T> Call<T> {
    /// A read, whose answer is made of a message.
    pub(crate) fn read<M>(method: u16, request: &impl Message) -> Self
    where
        M: Message + Default,
        T: FromWire<M>,
    {
        Self::plain(method, request, |message: M| T::from_wire(message))
    }

    /// A call without a key.
    pub(crate) fn plain<M>(
        method: u16,
        request: &impl Message,
        result: impl FnOnce(M) -> T + Send + Sync + 'static,
    ) -> Self
    where
        M: Message + Default,
    {
        Self {
            method,
            payload: Arc::new(request.encode_to_vec()),
            key: None,
            mutates: false,
            retry_of_unknown: false,
            item_keys: Vec::new(),
            read: Box::new(|body, _| Ok((result(parse(body)?), Settled::All))),
        }
    }
}

pub(crate) fn parse<M: Message + Default>(body: &[u8]) -> Result<M, String> {
    M::decode(body).map_err(|error| format!("the answer does not parse: {error}"))
}
