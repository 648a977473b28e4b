//! The client for tokio's tasks. Feature `tokio`.
//!
//! It has the same verbs, requests, results and errors as [`walletd::Client`](crate::Client). A call that is dropped
//! before its end is taken back: the server is told, and of a mutation that was sent the client remembers that its
//! outcome is unknown.

mod client;
mod connection;
mod pages;
mod stream;
mod watch;

pub use client::Client;
pub use pages::Pages;
pub use stream::Stream;
pub use watch::Watch;
