use std::collections::BTreeMap;

use super::{answers, FromWire, TokenKind, Verb};

answers! {
    /// One immutable row of the journal that changes no wallet.
    AdministrationRow from AdministrationRow {
        /// Its place in the journal; 0 in a dry run.
        id: i64,
        /// What was done.
        verb: Verb,
        /// The currency's code, the counter-account's name, or the token's principal.
        subject: String,
        /// Of a currency.
        exponent: u32,
        /// That was created or revoked.
        token_id: i64,
        /// Who did it.
        actor: String,
        /// For whom, as the caller says.
        on_behalf_of: String,
        /// Why, as a short code.
        reason: String,
        /// The caller's.
        note: String,
        /// The caller's.
        reference: String,
        /// The caller's, or that which its client made.
        idempotency_key: String,
        /// Of what was asked for.
        request_digest: Vec<u8>,
        /// The caller's.
        correlation_id: String,
        /// The caller's address.
        source: String,
        /// As the caller calls itself.
        client_name: String,
        /// The caller's.
        metadata: BTreeMap<String, String>,
        /// Business time, as the caller says.
        occurred_at_micros: i64,
        /// When it was stored.
        created_at_micros: i64,
        /// What it sets.
        detail: Vec<u8>,
        /// SHA-256 over this row and the one before it in its lane.
        digest: Vec<u8>,
        /// The chain that it is part of.
        lane: u32,
        /// That of its digest.
        row_format: u32,
    }
    /// What was granted; of a secret there is nothing to show.
    Token from Token {
        /// The place of its row in the journal.
        token_id: i64,
        /// The actor of each row that it writes.
        principal: String,
        /// Of a grant to a certificate.
        certificate_name: String,
        /// Of a grant to a Unix user.
        unix_user: u32,
        /// How its principal is let in.
        kind: TokenKind,
        /// What it may do.
        scopes: Vec<String>,
        /// Only wallets in one of them; none: in all.
        currencies: Vec<String>,
        /// Only wallets of owners whose ids begin so; empty: of all.
        owner_prefix: String,
        /// Of one mutation; 0: no bound.
        max_amount: i64,
        /// 0: never.
        expires_at_micros: i64,
        /// When it was granted.
        created_at_micros: i64,
        /// 0: it wasn't.
        revoked_at_micros: i64,
    }
    /// What all wallets of each currency have, and what stands against them.
    TrialBalance from TrialBalanceResponse {
        /// By code.
        currencies: Vec<CurrencyBalance>,
        /// The place of the journal that this answer reflects.
        commit_seq: i64,
        /// All counter-accounts there are, by name.
        counter_accounts: Vec<String>,
    }
    /// The totals of a currency.
    CurrencyBalance from CurrencyBalance {
        /// The code.
        currency: String,
        /// Digits after the point.
        exponent: u32,
        /// Of all wallets' balances.
        wallets_total: i64,
        /// Those that were posted to, by name.
        counter_accounts: Vec<CounterAccountBalance>,
        /// The sum of all; anything but 0 is a fault.
        difference: i64,
        /// By `register_currency`, not by ISO 4217.
        registered: bool,
    }
    /// The total of a counter-account.
    CounterAccountBalance from CounterAccountBalance {
        /// Its name.
        name: String,
        /// What was posted to it.
        total: i64,
    }
}
