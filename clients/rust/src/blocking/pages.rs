use std::fmt;

use super::client::Client;
use crate::error::Result;
use crate::requests::Paged;

/// Goes through a list, page by page. It holds nothing at the server. After an error it is at its end.
pub struct Pages<T> {
    fetch: Box<Fetch<T>>,
    page: std::vec::IntoIter<T>,
    next: Next,
}

type Fetch<T> = dyn FnMut(Option<String>) -> Result<(Vec<T>, String)> + Send;

enum Next {
    First,
    Behind(String),
    None,
}

impl<T> Pages<T> {
    pub(super) fn new<R>(client: Client, request: R) -> Self
    where
        R: Paged<Item = T> + Send + 'static,
    {
        let fetch = move |cursor: Option<String>| {
            let asked = match cursor {
                Some(cursor) => request.behind(cursor),
                None => request.clone(),
            };
            client.carry_out(asked).map(R::split)
        };
        Self { fetch: Box::new(fetch), page: Vec::new().into_iter(), next: Next::First }
    }
}

impl<T> Iterator for Pages<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        loop {
            if let Some(value) = self.page.next() {
                return Some(Ok(value));
            }
            let cursor = match std::mem::replace(&mut self.next, Next::None) {
                Next::First => None,
                Next::Behind(cursor) => Some(cursor),
                Next::None => return None,
            };
            match (self.fetch)(cursor) {
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
