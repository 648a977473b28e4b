use std::fmt;

use super::convert::{entries, field, mutations, IntoWire, With};
use super::IntoCall;
use crate::engine::{random, Call};
use crate::error::Error;
use crate::proto::create_token_request::Credential;
use crate::values::{AdministrationResult, CreatedToken};

const SECRET_BYTES: usize = 32;

/// The secret of a token: 32 random bytes, of which the server is told a SHA-256 only.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenSecret([u8; SECRET_BYTES]);

impl TokenSecret {
    /// A new one.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    pub fn new() -> Self {
        let mut secret = [0; SECRET_BYTES];
        random(&mut secret);
        Self(secret)
    }

    /// The bytes, to be kept where nobody else reads them.
    pub fn as_bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// What a caller gives to say who it is.
    fn token(&self, token_id: i64) -> String {
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("wlt_{token_id}_{digits}")
    }
}

impl Default for TokenSecret {
    fn default() -> Self {
        Self::new()
    }
}

impl From<[u8; SECRET_BYTES]> for TokenSecret {
    /// One that was kept.
    fn from(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for TokenSecret {
    /// Doesn't show the secret, so that it appears in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(…)")
    }
}

/// How a principal is let in.
#[derive(Clone, Debug, Default)]
pub enum LetIn {
    #[default]
    No,
    Secret(TokenSecret),
    Certificate(String),
    UnixUser(u32),
}

impl IntoWire<Option<Credential>> for LetIn {
    fn into_wire(self) -> Result<Option<Credential>, String> {
        Ok(Some(match self {
            LetIn::No => return Err("is one of secret, certificate name and Unix user".into()),
            LetIn::Secret(secret) => Credential::SecretDigest(openssl::sha::sha256(&secret.0).to_vec()),
            LetIn::Certificate(name) => Credential::CertificateName(name),
            LetIn::UnixUser(user) => Credential::UnixUser(user),
        }))
    }
}

mutations! {
    /// The request below without the secret.
    Grant = CreateToken(CreateTokenRequest) -> AdministrationResult from AdministrationResponse {
        /// the actor of each row that it writes.
        principal: String as impl Into<String>,
        /// what may be done.
        scopes: Vec<String> as Vec<String>,
        ;
        /// How it is let in.
        credential: LetIn as LetIn = credential,
        /// Only wallets in one of them.
        currencies: Vec<String> as Vec<String> = currencies,
        /// Only wallets of owners whose ids begin so.
        owner_prefix: String as impl Into<String> = owner_prefix.into(),
        /// Of one mutation.
        max_amount: i64 as i64 = max_amount,
        /// When it ends.
        expires_at_micros: i64 as i64 = expires_at_micros,
    }
}

/// Lets a principal in by exactly one of a secret, a client's certificate and a Unix user. What isn't in its scopes is
/// denied.
#[derive(Clone, Debug)]
#[must_use = "nothing is done until a client is given it"]
pub struct CreateToken(Grant);

impl CreateToken {
    /// By a secret; keep it until the answer is in: the same call again takes the same secret. `principal` is at most 64
    /// bytes of `[A-Za-z0-9._:@-]`, the actor of each row that it writes; `scopes` are of read, debit, credit, hold, refund,
    /// transfer, freeze, limits, import and admin.
    pub fn secret<S: Into<String>>(
        secret: &TokenSecret,
        principal: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        reason: impl Into<String>,
    ) -> Self {
        Self::new(LetIn::Secret(secret.clone()), principal, scopes, reason)
    }

    /// By the common name, a DNS name or a URI of a client's certificate.
    pub fn certificate<S: Into<String>>(
        name: impl Into<String>,
        principal: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        reason: impl Into<String>,
    ) -> Self {
        Self::new(LetIn::Certificate(name.into()), principal, scopes, reason)
    }

    /// By the user at the other end of a Unix socket.
    pub fn unix_user<S: Into<String>>(
        user: u32,
        principal: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        reason: impl Into<String>,
    ) -> Self {
        Self::new(LetIn::UnixUser(user), principal, scopes, reason)
    }

    fn new<S: Into<String>>(
        credential: LetIn,
        principal: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        reason: impl Into<String>,
    ) -> Self {
        let scopes = scopes.into_iter().map(Into::into).collect();
        Self(Grant::new(principal, scopes, reason).credential(credential))
    }

    /// Only wallets in one of these currencies; without it in all.
    pub fn currencies<S: Into<String>>(self, currencies: impl IntoIterator<Item = S>) -> Self {
        Self(self.0.currencies(currencies.into_iter().map(Into::into).collect()))
    }

    /// Only wallets of owners whose ids begin so; without it of all.
    pub fn owner_prefix(self, owner_prefix: impl Into<String>) -> Self {
        Self(self.0.owner_prefix(owner_prefix))
    }

    /// Of one mutation, minor units; without it there is no bound.
    pub fn max_amount(self, max_amount: i64) -> Self {
        Self(self.0.max_amount(max_amount))
    }

    /// When it ends, in microseconds since 1970 (UTC); without it never.
    pub fn expires_at_micros(self, expires_at_micros: i64) -> Self {
        Self(self.0.expires_at_micros(expires_at_micros))
    }

    /// As of [every mutation](crate::Debit::key).
    pub fn key(self, key: impl Into<String>) -> Self {
        Self(self.0.key(key))
    }

    /// As of [every mutation](crate::Debit::retry_of_unknown).
    pub fn retry_of_unknown(self) -> Self {
        Self(self.0.retry_of_unknown())
    }

    /// As of [every mutation](crate::Debit::reference).
    pub fn reference(self, reference: impl Into<String>) -> Self {
        Self(self.0.reference(reference))
    }

    /// As of [every mutation](crate::Debit::note).
    pub fn note(self, note: impl Into<String>) -> Self {
        Self(self.0.note(note))
    }

    /// As of [every mutation](crate::Debit::on_behalf_of).
    pub fn on_behalf_of(self, on_behalf_of: impl Into<String>) -> Self {
        Self(self.0.on_behalf_of(on_behalf_of))
    }

    /// As of [every mutation](crate::Debit::correlation_id).
    pub fn correlation_id(self, correlation_id: impl Into<String>) -> Self {
        Self(self.0.correlation_id(correlation_id))
    }

    /// As of [every mutation](crate::Debit::occurred_at_micros).
    pub fn occurred_at_micros(self, occurred_at_micros: i64) -> Self {
        Self(self.0.occurred_at_micros(occurred_at_micros))
    }

    /// As of [every mutation](crate::Debit::metadata).
    pub fn metadata(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.metadata(key, value))
    }

    /// As of [every mutation](crate::Debit::dry_run).
    pub fn dry_run(self) -> Self {
        Self(self.0.dry_run())
    }
}

impl IntoCall for CreateToken {
    type Output = CreatedToken;

    fn into_call(self) -> Result<Call<CreatedToken>, Error> {
        let secret = match &self.0.credential {
            LetIn::Secret(secret) => Some(secret.clone()),
            _ => None,
        };
        let Call { method, payload, key, mutates, retry_of_unknown, item_keys, read } = self.0.into_call()?;
        Ok(Call {
            method,
            payload,
            key,
            mutates,
            retry_of_unknown,
            item_keys,
            read: Box::new(move |body, is_unknown| {
                let (administration, settled) = read(body, is_unknown)?;
                let token = match secret {
                    Some(secret) if !administration.dry_run => Some(secret.token(administration.row.token_id)),
                    _ => None,
                };
                Ok((CreatedToken { administration, token }, settled))
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_by_the_token_alone() {
        let secret = TokenSecret::from([0xab; SECRET_BYTES]);
        let asks = CreateToken::secret(&secret, "till", ["debit"], "test");
        assert_eq!(secret.token(7), format!("wlt_7_{}", "ab".repeat(32)));
        for shown in [format!("{secret:?}"), format!("{asks:?}")] {
            assert!(!shown.contains("ab, ab") && !shown.contains("abab") && !shown.contains("171"), "{shown}");
        }
        assert_ne!(TokenSecret::new(), TokenSecret::new());
    }

    #[test]
    fn the_server_is_told_a_digest() {
        let secret = TokenSecret::from([0; SECRET_BYTES]);
        let asked = CreateToken::secret(&secret, "till", ["debit"], "test").0.into_message("key".into()).unwrap();
        let digest = match asked.credential {
            Some(Credential::SecretDigest(digest)) => digest,
            other => panic!("{other:?}"),
        };
        assert_eq!(digest[..4], [0x66, 0x68, 0x7a, 0xad]);
        assert_eq!(crate::proto::Method::CreateToken as i32, 514);
    }
}
