use super::convert::{entries, field, mutations, With};
use crate::values::AdministrationResult;

mutations! {
    /// Makes a currency of your own known, such as ESIM-MB. Its exponent never changes. Rejected with `CurrencyExists` if the
    /// code is known, be it of ISO 4217 or registered before.
    RegisterCurrency = RegisterCurrency(RegisterCurrencyRequest) -> AdministrationResult from AdministrationResponse {
        /// at most 16 bytes of `[A-Z0-9-]`.
        code: String as impl Into<String>,
        /// digits after the point, from 0 to 18.
        exponent: u32 as u32,
        ;
    }

    /// Adds an account that may stand against wallets in double entry. Rejected with `CounterAccountExists` if there is one of
    /// that name.
    AddCounterAccount = AddCounterAccount(AddCounterAccountRequest) -> AdministrationResult from AdministrationResponse {
        /// at most 32 bytes of `[a-z0-9._-]`.
        name: String as impl Into<String>,
        ;
    }

    /// Puts a token's callers out, at once and for good: their open connections are closed.
    RevokeToken = RevokeToken(RevokeTokenRequest) -> AdministrationResult from AdministrationResponse {
        /// that of its creation's row.
        token_id: i64 as i64,
        ;
    }
}
