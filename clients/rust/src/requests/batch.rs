use std::sync::Arc;

use prost::Message;

use super::mutations::Mutation;
use super::IntoCall;
use crate::engine::{parse, Call, Settled};
use crate::error::{Error, OutcomeUnknown, Rejected};
use crate::keys::{counted_keys, new_key};
use crate::proto as pb;
use crate::values::{BatchResult, FromWire, ItemDone};

const ITEMS_MAX: usize = 8_190;
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Up to 8,190 mutations in one request and one commit, carried out in order; each sees those before it.
///
/// [Item by item](Self::item_by_item), each has a key and a result of its own, and one that fails doesn't hinder the
/// others. [Atomic](Self::atomic), all are done or none.
///
/// ```
/// use walletd::{Batch, Credit, Debit, WalletRef};
///
/// let wallet = WalletRef::of("user-17", "EUR");
/// let batch = Batch::item_by_item()
///     .item(Credit::new(&wallet, 500, "bonus"))
///     .item(Debit::new(&wallet, 120, "fee"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is done until a client is given it"]
pub struct Batch {
    items: Vec<Mutation>,
    atomic: bool,
    key: Option<String>,
    retry_of_unknown: bool,
    full_results: bool,
    dry_run: bool,
}

impl Batch {
    /// Items without a key get one that is counted up from the batch's, a UUID.
    pub fn item_by_item() -> Self {
        Self {
            items: Vec::new(),
            atomic: false,
            key: None,
            retry_of_unknown: false,
            full_results: false,
            dry_run: false,
        }
    }

    /// All or nothing, under the batch's key; items have no keys. When an item is refused the batch is Rejected with
    /// `BatchAborted`, which has the item's index and its cause.
    pub fn atomic() -> Self {
        Self { atomic: true, ..Self::item_by_item() }
    }

    /// One item more.
    pub fn item(mut self, item: impl Into<Mutation>) -> Self {
        self.items.push(item.into());
        self
    }

    /// More items.
    pub fn items<M: Into<Mutation>>(mut self, items: impl IntoIterator<Item = M>) -> Self {
        self.items.extend(items.into_iter().map(Into::into));
        self
    }

    /// The idempotency key, or that from which items get theirs; one is made when there is none. After an unknown
    /// outcome give the key of the error and the same items.
    pub fn key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// An attempt of the key that this client doesn't know of ended unknown.
    pub fn retry_of_unknown(self) -> Self {
        Self { retry_of_unknown: true, ..self }
    }

    /// Gives whole transactions, for at most 1,023 items.
    pub fn full_results(self) -> Self {
        Self { full_results: true, ..self }
    }

    /// Tries it, and writes nothing.
    pub fn dry_run(self) -> Self {
        Self { dry_run: true, ..self }
    }

    /// The keys of the items; of an atomic batch all the same.
    fn keys(&self, key: &str) -> Result<Vec<String>, String> {
        let count = self.items.len();
        if !(1..=ITEMS_MAX).contains(&count) {
            return Err(format!("{count} items; a batch has 1 to {ITEMS_MAX}"));
        }
        for (index, item) in self.items.iter().enumerate() {
            if item.with().dry_run {
                return Err(format!("item {index} is a dry run of its own; that of the batch is for all of it"));
            }
            if self.atomic && item.with().key.is_some() {
                return Err(format!("item {index} has a key; an atomic batch has one for all"));
            }
        }
        if self.atomic {
            return Ok(vec![key.to_owned(); count]);
        }
        let own: Option<Vec<String>> = self.items.iter().map(|item| item.with().key.clone()).collect();
        if let Some(keys) = own {
            return Ok(keys);
        }
        let counted = counted_keys(key, count)
            .ok_or_else(|| format!("the key that items get theirs from is a UUID in lower case, not {key:?}"))?;
        Ok(self.items.iter().zip(counted).map(|(item, counted)| item.with().key.clone().unwrap_or(counted)).collect())
    }

    fn prepare(self, key: &str) -> Result<Call<BatchResult>, String> {
        let keys = self.keys(key)?;
        let Batch { items, atomic, retry_of_unknown, full_results, dry_run, .. } = self;
        let retried: Vec<bool> = items.iter().map(|item| item.with().retry_of_unknown).collect();
        let mut wire = Vec::with_capacity(items.len());
        for (index, (item, item_key)) in items.into_iter().zip(&keys).enumerate() {
            let item_key = if atomic { String::new() } else { item_key.clone() };
            wire.push(item.into_item(item_key).map_err(|problem| format!("item {index}: {problem}"))?);
        }
        let idempotency_key = if atomic { key.to_owned() } else { String::new() };
        let message = pb::BatchRequest { idempotency_key, dry_run, atomic, items: wire, full_results };
        let bytes = message.encoded_len();
        if bytes > BYTES_MAX {
            return Err(format!("{bytes} bytes; a batch has at most {BYTES_MAX}"));
        }
        let judge = Judge { key: key.to_owned(), keys: keys.clone(), retried, atomic, dry_run };
        Ok(Call {
            method: pb::Method::Batch as i32 as u16,
            payload: Arc::new(message.encode_to_vec()),
            key: Some(key.to_owned()),
            mutates: !dry_run,
            retry_of_unknown,
            item_keys: if atomic { Vec::new() } else { keys },
            read: Box::new(move |body, is_unknown| judge.read(body, is_unknown)),
        })
    }
}

impl IntoCall for Batch {
    type Output = BatchResult;

    fn into_call(mut self) -> Result<Call<BatchResult>, Error> {
        let key = self.key.take().unwrap_or_else(new_key);
        self.prepare(&key).map_err(|problem| Error::invalid(problem).with_key(Some(&key)))
    }
}

/// What an answer says of each item.
struct Judge {
    key: String,
    keys: Vec<String>,
    retried: Vec<bool>,
    atomic: bool,
    dry_run: bool,
}

impl Judge {
    fn read(self, body: &[u8], is_unknown: &dyn Fn(&str) -> bool) -> Result<(BatchResult, Settled), String> {
        let response: pb::BatchResponse = parse(body)?;
        if response.results.len() != self.keys.len() {
            return Err(format!("{} results to a batch of {}", response.results.len(), self.keys.len()));
        }
        let mut settled = Vec::with_capacity(self.keys.len() + 1);
        // The first item has the batch's own key, unless it brings another.
        let mut is_key_open = false;
        let mut results = Vec::with_capacity(self.keys.len());
        for ((result, key), retried) in response.results.into_iter().zip(self.keys).zip(self.retried) {
            let unknown = !self.dry_run && !self.atomic && (retried || is_unknown(&key));
            let result = item(result, &key, unknown);
            if !matches!(result, Err(Error::OutcomeUnknown(_))) {
                settled.push(key);
            } else if key == self.key {
                is_key_open = true;
            }
            results.push(result);
        }
        if !is_key_open {
            settled.push(self.key.clone());
        }
        if self.dry_run {
            settled.clear(); // it settles nothing
        }
        let pb::BatchResponse { replayed, commit_seq, dry_run, .. } = response;
        Ok((BatchResult { key: self.key, results, replayed, commit_seq, dry_run }, Settled::Only(settled)))
    }
}

fn item(mut result: pb::BatchResult, key: &str, unknown: bool) -> Result<ItemDone, Error> {
    let refused = match result.error.take() {
        None => return Ok(ItemDone::new(result, key.to_owned())),
        Some(error) => Rejected { key: Some(key.to_owned()), ..Rejected::from_wire(error) },
    };
    if unknown && !refused.is_remembered() {
        let last_attempt = refused.into();
        return Err(Error::OutcomeUnknown(Box::new(OutcomeUnknown { key: key.to_owned(), last_attempt })));
    }
    Err(refused.into())
}
