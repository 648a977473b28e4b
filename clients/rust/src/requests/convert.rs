//! From the values of the public face to the messages of the wire.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::proto as pb;
use crate::values::{FreezeScope, WalletLimits, WalletRef, WindowLimit};

/// Makes what a message has in one of its fields. The error is the rule that the value breaks.
pub(super) trait IntoWire<T> {
    fn into_wire(self) -> Result<T, String>;
}

macro_rules! same {
    ($($type:ty),*) => {
        $(impl IntoWire<$type> for $type {
            fn into_wire(self) -> Result<$type, String> {
                Ok(self)
            }
        })*
    };
}

same!(bool, u32, i64, String, Vec<String>);

/// An amount from 1, or all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part(pub(super) Option<i64>);

impl IntoWire<i64> for Part {
    fn into_wire(self) -> Result<i64, String> {
        match self.0 {
            None => Ok(0),
            Some(amount) if amount >= 1 => Ok(amount),
            Some(amount) => Err(format!("is from 1, not {amount}; left out it is all there is")),
        }
    }
}

impl IntoWire<i64> for Duration {
    /// Whole milliseconds.
    fn into_wire(self) -> Result<i64, String> {
        let millis = i64::try_from(self.as_millis()).map_err(|_| "is too long".to_string())?;
        match self.subsec_nanos() % 1_000_000 {
            0 if millis > 0 => Ok(millis),
            _ => Err(format!("is whole milliseconds, at least one, not {self:?}")),
        }
    }
}

impl IntoWire<Option<pb::WalletRef>> for WalletRef {
    fn into_wire(self) -> Result<Option<pb::WalletRef>, String> {
        let WalletRef { id, owner_id, currency, name } = self;
        Ok(Some(pb::WalletRef { id, owner_id, currency, name }))
    }
}

impl IntoWire<i32> for FreezeScope {
    fn into_wire(self) -> Result<i32, String> {
        Ok(self.number())
    }
}

impl IntoWire<Option<pb::WalletLimits>> for WalletLimits {
    fn into_wire(self) -> Result<Option<pb::WalletLimits>, String> {
        let WalletLimits { overdraft_limit, max_balance, max_amount, day, week, month } = self;
        let window = |WindowLimit { amount, count }| Some(pb::WindowLimit { amount, count });
        Ok(Some(pb::WalletLimits {
            overdraft_limit,
            max_balance,
            max_amount,
            day: window(day),
            week: window(week),
            month: window(month),
        }))
    }
}

/// What every mutation takes beside its own fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct With {
    pub(super) key: Option<String>,
    pub(super) retry_of_unknown: bool,
    pub(super) reference: String,
    pub(super) note: String,
    pub(super) on_behalf_of: String,
    pub(super) correlation_id: String,
    pub(super) occurred_at_micros: i64,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) dry_run: bool,
}

pub(super) fn entries(metadata: BTreeMap<String, String>) -> Vec<pb::MetadataEntry> {
    metadata.into_iter().map(|(key, value)| pb::MetadataEntry { key, value }).collect()
}

/// A mutation: what `new` takes, and what else may be said.
macro_rules! mutations {
    ($($(#[$doc:meta])* $name:ident = $method:ident($message:ident) -> $output:ident from $response:ident {
        $($(#[$adoc:meta])* $argument:ident: $atype:ty as $given:ty,)*
        ;
        $($(#[$odoc:meta])* $option:ident: $otype:ty as $ogiven:ty = $wrap:expr,)*
    })*) => {
        $(
            $(#[$doc])*
            ///
            /// `reason` is a short code of `[a-z0-9._-]`, at most 64 bytes, and required.
            #[derive(Clone, Debug)]
            #[must_use = "nothing is done until a client is given it"]
            pub struct $name {
                $($argument: $atype,)*
                reason: String,
                $($option: $otype,)*
                pub(super) with: With,
            }

            impl $name {
                /// With what it can't be without.
                ///
                $(#[doc = concat!("- `", stringify!($argument), "`:")] $(#[$adoc])*)*
                pub fn new($($argument: $given,)* reason: impl Into<String>) -> Self {
                    Self {
                        $($argument: $argument.into(),)*
                        reason: reason.into(),
                        $($option: Default::default(),)*
                        with: With::default(),
                    }
                }

                $(
                    $(#[$odoc])*
                    pub fn $option(mut self, $option: $ogiven) -> Self {
                        self.$option = $wrap;
                        self
                    }
                )*

                /// The idempotency key, 8 to 64 printable ASCII characters; a UUIDv7 is made when there is none. Give
                /// your own when your process may die between asking and hearing, and keep it with your order.
                pub fn key(mut self, key: impl Into<String>) -> Self {
                    self.with.key = Some(key.into());
                    self
                }

                /// An attempt of the key that this client doesn't know of, of another process perhaps, ended unknown:
                /// then only OK, a replay or a remembered refusal will do, everything else is an unknown outcome.
                pub fn retry_of_unknown(mut self) -> Self {
                    self.with.retry_of_unknown = true;
                    self
                }

                /// At most 128 bytes.
                pub fn reference(mut self, reference: impl Into<String>) -> Self {
                    self.with.reference = reference.into();
                    self
                }

                /// At most 256 bytes.
                pub fn note(mut self, note: impl Into<String>) -> Self {
                    self.with.note = note.into();
                    self
                }

                /// At most 64 bytes of `[A-Za-z0-9._:@-]`.
                pub fn on_behalf_of(mut self, on_behalf_of: impl Into<String>) -> Self {
                    self.with.on_behalf_of = on_behalf_of.into();
                    self
                }

                /// At most 64 bytes of `[A-Za-z0-9._:@-]`; it may be a W3C `traceparent`, and is passed on as it is.
                pub fn correlation_id(mut self, correlation_id: impl Into<String>) -> Self {
                    self.with.correlation_id = correlation_id.into();
                    self
                }

                /// The business time, in microseconds since 1970 (UTC); it is stored and never used by a rule.
                pub fn occurred_at_micros(mut self, occurred_at_micros: i64) -> Self {
                    self.with.occurred_at_micros = occurred_at_micros;
                    self
                }

                /// One pair more of the metadata; at most 16 pairs and 1 KiB.
                pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
                    self.with.metadata.insert(key.into(), value.into());
                    self
                }

                /// Checks everything and gives the figures that would follow, but writes nothing: no row, no refusal, and
                /// the key stays new. A key that is known already is answered as ever. Not for items of a batch, which
                /// has its own.
                pub fn dry_run(mut self) -> Self {
                    self.with.dry_run = true;
                    self
                }

                pub(super) fn into_message(self, key: String) -> Result<crate::proto::$message, String> {
                    let With {
                        reference, note, on_behalf_of, correlation_id, occurred_at_micros, metadata, dry_run, ..
                    } = self.with;
                    $(let $argument = field(stringify!($argument), self.$argument)?;)*
                    $(let $option = field(stringify!($option), self.$option)?;)*
                    Ok(crate::proto::$message {
                        $($argument,)*
                        $($option,)*
                        idempotency_key: key,
                        reason: self.reason,
                        reference,
                        note,
                        on_behalf_of,
                        correlation_id,
                        occurred_at_micros,
                        metadata: entries(metadata),
                        dry_run,
                    })
                }
            }

            impl crate::requests::IntoCall for $name {
                type Output = $output;

                fn into_call(mut self) -> Result<crate::engine::Call<$output>, crate::Error> {
                    let key = self.with.key.take().unwrap_or_else(crate::new_key);
                    let (mutates, retry_of_unknown) = (!self.with.dry_run, self.with.retry_of_unknown);
                    let message = self
                        .into_message(key.clone())
                        .map_err(|problem| crate::Error::invalid(problem).with_key(Some(&key)))?;
                    let own = key.clone();
                    let call = crate::engine::Call::plain(
                        crate::proto::Method::$method as i32 as u16,
                        &message,
                        move |response: crate::proto::$response| $output::new(response, own),
                    );
                    Ok(crate::engine::Call { key: Some(key), mutates, retry_of_unknown, ..call })
                }
            }
        )*
    };
}

pub(super) use mutations;

pub(super) fn field<T>(name: &str, value: impl IntoWire<T>) -> Result<T, String> {
    value.into_wire().map_err(|rule| format!("{} {rule}", name.trim_start_matches("r#")))
}
