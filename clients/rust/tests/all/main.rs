//! Both clients against scripted servers, proxies that misbehave, and the real server: named by WALLETD, else the one that
//! was built in this repository.

mod support;

mod administration;
mod batches;
mod cancelling;
mod driver;
mod fields;
mod leaving;
mod outcomes;
mod peers;
mod samples;
mod secured;
mod sessions;
mod streams;
#[cfg(feature = "tokio")]
mod tasks;
mod trouble;
mod vectors;
mod verbs;
