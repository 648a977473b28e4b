//! The client for threads.

mod client;
mod connection;
mod pages;
mod socket;
mod stream;
mod watch;

pub use client::Client;
pub use pages::Pages;
pub use stream::Stream;
pub use watch::Watch;
