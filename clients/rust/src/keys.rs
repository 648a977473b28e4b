//! Idempotency keys, and the memory of those whose outcome is unknown.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::engine::{lock, random};

/// How many keys with an unknown outcome a client remembers.
pub(crate) const UNRESOLVED_KEYS_MAX: usize = 10_000;

const COUNTED: u64 = (1 << 62) - 1;

/// A fresh idempotency key: a UUIDv7 (RFC 9562), random in its last 74 bits. Its leading time keeps the server's index
/// of keys compact.
///
/// # Panics
///
/// When the system has no random bytes: a key that isn't random could move money wrongly.
pub fn new_key() -> String {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    let mut key = [0; 16];
    key[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    random(&mut key[6..]);
    key[6] = key[6] & 0x0f | 0x70; // version 7
    key[8] = key[8] & 0x3f | 0x80; // the variant of RFC 9562
    uuid_text(key)
}

/// The keys of a batch's items: `first`, a UUID in lower case, and those that follow when its low 62 bits are counted
/// up. The bits of version and variant stay. `None`: it is no such UUID.
pub(crate) fn counted_keys(first: &str, count: usize) -> Option<Vec<String>> {
    let key = uuid(first)?;
    let mut low = [0; 8];
    low.copy_from_slice(&key[8..]);
    let low = u64::from_be_bytes(low);
    let counted = (0..count as u64).map(|index| {
        let mut one = key;
        let next = low & !COUNTED | low.wrapping_add(index) & COUNTED;
        one[8..].copy_from_slice(&next.to_be_bytes());
        uuid_text(one)
    });
    Some(counted.collect())
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let mut key = [0; 16];
    let digits: String = text.chars().filter(|&c| c != '-').collect();
    if digits.len() != 32 || !digits.is_ascii() {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok()?;
    }
    (uuid_text(key) == text).then_some(key)
}

fn uuid_text(key: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in key.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}"); // a String takes everything
    }
    text
}

/// Keys of which an attempt ended unknown and that nothing has resolved since.
///
/// A client has one for all its calls: when a caller repeats a key, a NOT_EXECUTED answer to that later call says
/// nothing about the earlier attempt. The oldest key goes when it is full.
#[derive(Debug)]
pub(crate) struct UnresolvedKeys {
    max: usize,
    /// How many there are: mostly none, and then nobody waits for the lock.
    count: AtomicUsize,
    keys: Mutex<Keys>,
}

#[derive(Debug, Default)]
struct Keys {
    /// By key the number of its entry in `order` that counts.
    numbers: HashMap<String, u64>,
    order: VecDeque<(u64, String)>,
    next: u64,
}

impl UnresolvedKeys {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, count: AtomicUsize::new(0), keys: Mutex::default() }
    }

    pub(crate) fn add(&self, key: &str) {
        let mut keys = lock(&self.keys);
        let number = keys.next;
        keys.next += 1;
        keys.numbers.insert(key.to_owned(), number);
        keys.order.push_back((number, key.to_owned()));
        if keys.numbers.len() > self.max {
            keys.forget_oldest();
        }
        if keys.order.len() > 2 * self.max {
            keys.drop_stale();
        }
        self.count.store(keys.numbers.len(), Ordering::SeqCst);
    }

    pub(crate) fn remove(&self, key: &str) {
        if self.count.load(Ordering::SeqCst) == 0 {
            return;
        }
        let mut keys = lock(&self.keys);
        keys.numbers.remove(key);
        self.count.store(keys.numbers.len(), Ordering::SeqCst);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.count.load(Ordering::SeqCst) > 0 && lock(&self.keys).numbers.contains_key(key)
    }
}

impl Keys {
    fn forget_oldest(&mut self) {
        while let Some((number, key)) = self.order.pop_front() {
            if self.numbers.get(&key) == Some(&number) {
                self.numbers.remove(&key);
                return;
            }
        }
    }

    fn drop_stale(&mut self) {
        let numbers = &self.numbers;
        self.order.retain(|(number, key)| numbers.get(key) == Some(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_key_is_a_uuid_of_version_7_with_the_time_in_front() {
        let millis = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
        let before = millis();
        let key = new_key();
        let after = millis();
        let bytes = uuid(&key).expect("a UUID in lower case");
        assert_eq!(bytes[6] >> 4, 7);
        assert_eq!(bytes[8] >> 6, 0b10);
        let mut time = [0; 8];
        time[2..].copy_from_slice(&bytes[..6]);
        assert!((before..=after).contains(&u64::from_be_bytes(time)), "{key}");
    }

    #[test]
    fn keys_differ_in_all_their_random_bits() {
        let keys: Vec<_> = (0..2000).map(|_| uuid(&new_key()).unwrap()).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
        let (mut ones, mut zeros) = (0u128, 0u128);
        for key in &keys {
            ones |= u128::from_be_bytes(*key);
            zeros |= !u128::from_be_bytes(*key);
        }
        let random = !(0xf << 76) & !(0x3 << 62) & ((1u128 << 80) - 1);
        assert_eq!(random.count_ones(), 74);
        assert_eq!(ones & random, random, "a bit is never 1");
        assert_eq!(zeros & random, random, "a bit is never 0");
    }

    #[test]
    fn items_have_keys_that_are_counted_up() {
        let keys = counted_keys("0190a2b4-0000-7000-bfff-fffffffffffe", 4).unwrap();
        assert_eq!(keys[0], "0190a2b4-0000-7000-bfff-fffffffffffe");
        assert_eq!(keys[1], "0190a2b4-0000-7000-bfff-ffffffffffff");
        assert_eq!(keys[2], "0190a2b4-0000-7000-8000-000000000000", "the variant stays");
        assert_eq!(keys[3], "0190a2b4-0000-7000-8000-000000000001");
        for no_uuid in ["", "my-key", "0190A2B4-0000-7000-8000-000000000000", "0190a2b400007000-8000-000000000000-"] {
            assert_eq!(counted_keys(no_uuid, 1), None, "{no_uuid}");
        }
    }

    #[test]
    fn the_oldest_unresolved_key_is_forgotten() {
        let keys = UnresolvedKeys::new(3);
        assert!(!keys.has("a"));
        for key in ["a", "b", "c", "a", "d"] {
            keys.add(key); // the second "a" makes "b" the oldest
        }
        let known: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|key| keys.has(key)).collect();
        assert_eq!(known, ["a", "c", "d"]);
        keys.remove("c");
        keys.remove("nobody");
        assert!(!keys.has("c") && keys.has("d"));
        for _ in 0..1000 {
            keys.add("a");
        }
        assert!(keys.has("a") && keys.has("d"));
        assert!(lock(&keys.keys).order.len() <= 2 * 3, "one key again and again takes no memory");
    }
}
