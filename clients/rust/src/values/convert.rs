//! From the messages of the wire to the values of the public face.

use std::collections::BTreeMap;

use crate::proto as pb;

/// Made of what a message has in one of its fields.
pub(crate) trait FromWire<T> {
    fn from_wire(value: T) -> Self;
}

macro_rules! same {
    ($($type:ty),*) => {
        $(impl FromWire<$type> for $type {
            fn from_wire(value: $type) -> Self {
                value
            }
        })*
    };
}

same!(bool, u8, u32, i64, String);

impl<A, B: FromWire<A>> FromWire<Vec<A>> for Vec<B> {
    fn from_wire(values: Vec<A>) -> Self {
        values.into_iter().map(B::from_wire).collect()
    }
}

impl<A, B: FromWire<A>> FromWire<Option<A>> for Option<B> {
    fn from_wire(value: Option<A>) -> Self {
        value.map(B::from_wire)
    }
}

impl FromWire<Vec<pb::MetadataEntry>> for BTreeMap<String, String> {
    fn from_wire(entries: Vec<pb::MetadataEntry>) -> Self {
        entries.into_iter().map(|entry| (entry.key, entry.value)).collect()
    }
}

/// A struct of the public face with the fields of a message. Each field of the message has to be named, or it doesn't
/// compile: none is lost when the schema grows.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident from $message:ident {
        $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct $name {
                $($(#[$fdoc])* pub $field: $type,)*
            }

            impl FromWire<crate::proto::$message> for $name {
                fn from_wire(message: crate::proto::$message) -> Self {
                    let crate::proto::$message { $($field,)* } = message;
                    Self { $($field: FromWire::from_wire($field),)* }
                }
            }

            impl FromWire<Option<crate::proto::$message>> for $name {
                fn from_wire(message: Option<crate::proto::$message>) -> Self {
                    Self::from_wire(message.unwrap_or_default())
                }
            }
        )*
    };
}

pub(crate) use answers;
