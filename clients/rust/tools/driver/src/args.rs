use serde_json::{Map, Value};
use walletd::{FreezeScope, TransactionKind, WalletLimits, WalletRef, WindowLimit};

/// The members of an object, each of which is to be taken.
#[derive(Default)]
pub struct Args(Map<String, Value>);

impl Args {
    pub fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// The member, if it is there; null means that it isn't.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Whether nothing else is there.
    pub fn end(self) -> Result<(), String> {
        match self.0.iter().find(|(_, value)| !value.is_null()) {
            Some((name, _)) => Err(format!("no argument {name}")),
            None => Ok(()),
        }
    }

    pub fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Empty text means that it isn't there.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(other) => Err(format!("{name}: {other} is not text")),
        }
    }

    pub fn flag(&mut self, name: &str) -> Result<bool, String> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(format!("{name}: {other} is not true or false")),
        }
    }

    /// A 64-bit integer, as a string or as a number.
    pub fn int(&mut self, name: &str) -> Result<Option<i64>, String> {
        self.take(name)
            .map(|value| integer(&value).ok_or_else(|| format!("{name}: {value} is no 64-bit integer")))
            .transpose()
    }

    pub fn small(&mut self, name: &str) -> Result<u32, String> {
        let value = self.int(name)?.unwrap_or(0);
        u32::try_from(value).map_err(|_| format!("{name}: {value} is out of range"))
    }

    pub fn hex(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        self.text(name)?.map(|text| unhex(&text).ok_or_else(|| format!("{name}: not hexadecimal"))).transpose()
    }

    pub fn object(&mut self, name: &str) -> Result<Option<Args>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Args(members))),
            Some(other) => Err(format!("{name}: {other} is not an object")),
        }
    }

    pub fn list(&mut self, name: &str) -> Result<Vec<Value>, String> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => Ok(values),
            Some(other) => Err(format!("{name}: {other} is not a list")),
        }
    }

    pub fn texts(&mut self, name: &str) -> Result<Vec<String>, String> {
        let values = self.list(name)?.into_iter();
        values
            .map(|value| value.as_str().map(String::from).ok_or_else(|| format!("{name}: {value} is not text")))
            .collect()
    }

    pub fn ints(&mut self, name: &str) -> Result<Vec<i64>, String> {
        let values = self.list(name)?.into_iter();
        values.map(|value| integer(&value).ok_or_else(|| format!("{name}: {value} is no 64-bit integer"))).collect()
    }

    /// Pairs of key and value, as a list of objects or as one object.
    pub fn metadata(&mut self) -> Result<Vec<(String, String)>, String> {
        let pairs = match self.take("metadata") {
            None => Vec::new(),
            Some(Value::Object(members)) => members.into_iter().collect(),
            Some(Value::Array(list)) => {
                list.into_iter().map(|pair| (text_of(&pair["key"]), pair["value"].clone())).collect()
            }
            Some(other) => return Err(format!("metadata: {other} is not pairs")),
        };
        Ok(pairs.into_iter().map(|(key, value)| (key, text_of(&value))).collect())
    }

    pub fn wallet(&mut self, name: &str) -> Result<WalletRef, String> {
        Ok(self.optional_wallet(name)?.unwrap_or_default())
    }

    pub fn optional_wallet(&mut self, name: &str) -> Result<Option<WalletRef>, String> {
        let mut given = match self.object(name)? {
            Some(given) => given,
            None => return Ok(None),
        };
        let mut wallet = WalletRef::id(given.int("id")?.unwrap_or(0));
        wallet.owner_id = given.text("owner_id")?.unwrap_or_default();
        wallet.currency = given.text("currency")?.unwrap_or_default();
        wallet.name = given.text("name")?.unwrap_or_default();
        given.end()?;
        Ok(Some(wallet))
    }

    pub fn limits(&mut self) -> Result<WalletLimits, String> {
        let mut given = self.object("limits")?.unwrap_or_default();
        let limits = WalletLimits {
            overdraft_limit: given.int("overdraft_limit")?.unwrap_or(0),
            max_balance: given.int("max_balance")?.unwrap_or(0),
            max_amount: given.int("max_amount")?.unwrap_or(0),
            day: given.window("day")?,
            week: given.window("week")?,
            month: given.window("month")?,
        };
        given.end()?;
        Ok(limits)
    }

    fn window(&mut self, name: &str) -> Result<WindowLimit, String> {
        let mut given = self.object(name)?.unwrap_or_default();
        let window = WindowLimit { amount: given.int("amount")?.unwrap_or(0), count: given.int("count")?.unwrap_or(0) };
        given.end()?;
        Ok(window)
    }

    pub fn scope(&mut self) -> Result<FreezeScope, String> {
        match self.text("scope")? {
            None => Ok(FreezeScope::Unknown(0)),
            Some(name) => FreezeScope::from_name(&name).ok_or_else(|| format!("scope: no such value {name}")),
        }
    }

    pub fn kinds(&mut self) -> Result<Vec<TransactionKind>, String> {
        let names = self.texts("kinds")?.into_iter();
        names
            .map(|name| TransactionKind::from_name(&name).ok_or_else(|| format!("kinds: no such value {name}")))
            .collect()
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), String::from)
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() % 2 != 0 || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
