use std::fmt;
use std::future::Future;
use std::pin::Pin;

use super::client::Client;
use crate::error::Result;
use crate::requests::Paged;

/// Goes through a list, page by page. It holds nothing at the server. After an error it is at its end.
pub struct Pages<T> {
    fetch: Box<dyn FnMut(Option<String>) -> Fetching<T> + Send + Sync>,
    page: std::vec::IntoIter<T>,
    next: Next,
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<(Vec<T>, String)>> + Send>>;

#[derive(Clone)]
enum Next {
    First,
    Behind(String),
    None,
}

impl<T: Send + 'static> Pages<T> {
    pub(super) fn new<R>(client: Client, request: R) -> Self
    where
        R: Paged<Item = T> + Send + Sync + 'static,
    {
        let fetch = move |cursor: Option<String>| -> Fetching<T> {
            let asked = match cursor {
                Some(cursor) => request.behind(cursor),
                None => request.clone(),
            };
            let client = client.clone();
            Box::pin(async move { client.carry_out(asked).await.map(R::split) })
        };
        Self { fetch: Box::new(fetch), page: Vec::new().into_iter(), next: Next::First }
    }
}

impl<T> Pages<T> {
    /// The next value; `None` at the end. Dropped before it is there, none is lost.
    pub async fn next(&mut self) -> Option<Result<T>> {
        loop {
            if let Some(value) = self.page.next() {
                return Some(Ok(value));
            }
            let cursor = match self.next.clone() {
                Next::First => None,
                Next::Behind(cursor) => Some(cursor),
                Next::None => return None,
            };
            let fetched = (self.fetch)(cursor).await;
            self.next = Next::None;
            match fetched {
                Ok((page, cursor)) => {
                    self.page = page.into_iter();
                    if !cursor.is_empty() {
                        self.next = Next::Behind(cursor);
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("in_page", &self.page.len()).finish_non_exhaustive()
    }
}
