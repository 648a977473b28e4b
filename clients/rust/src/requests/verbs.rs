/// The verbs that have one answer, once for both clients: `define!` makes a method of each.
macro_rules! for_each_verb {
    ($define:ident) => {
        $define! {
            /// Asks for a sign of life of the whole server, its store included.
            ping() -> Pong { Ping }
            /// Who the server is, how far its journal is, and whether it takes mutations.
            get_server_info() -> ServerInfo { GetServerInfo }
            /// The messages that the server speaks.
            get_schema() -> Schema { GetSchema }

            /// Opens a wallet with a balance of 0. Rejected with `WalletExists` if there is one.
            open_wallet(request: OpenWallet) -> MutationResult { request }
            /// Takes an amount out of a wallet. Rejected with `InsufficientFunds` if it lacks it.
            debit(request: Debit) -> MutationResult { request }
            /// Puts an amount into a wallet.
            credit(request: Credit) -> MutationResult { request }
            /// Moves an amount from one wallet to another of the same currency, at once or not at all.
            transfer(request: Transfer) -> TransferResult { request }
            /// Reserves an amount; the transaction's id is the hold's.
            hold(request: Hold) -> MutationResult { request }
            /// Takes an amount of a hold, or all that is left of it.
            capture(request: Capture) -> MutationResult { request }
            /// Gives back what is left of a hold.
            release(request: Release) -> MutationResult { request }
            /// Gives back a debit or a capture, or a part of it.
            refund(request: Refund) -> MutationResult { request }
            /// Stops a wallet for debits, credits or both.
            freeze(request: Freeze) -> MutationResult { request }
            /// Lifts a wallet's freeze, or one side of it.
            unfreeze(request: Unfreeze) -> MutationResult { request }
            /// Sets a wallet's limits, all of them: those left out are lifted.
            set_limits(request: SetLimits) -> MutationResult { request }
            /// Ends a wallet; its name is never used again.
            close_wallet(request: CloseWallet) -> MutationResult { request }
            /// Carries out several mutations in one commit. Of an atomic batch an item that is refused is the call's error,
            /// `BatchAborted`; otherwise what became of each item is in the result.
            batch(request: Batch) -> BatchResult { request }

            /// A wallet with all its columns.
            get_wallet(wallet: impl Into<WalletRef>) -> FoundWallet { GetWallet(wallet.into()) }
            /// The figures of a wallet.
            get_balance(wallet: impl Into<WalletRef>) -> Balance { GetBalance(wallet.into()) }
            /// The figures of a wallet as they were.
            get_balance_at(request: GetBalanceAt) -> BalanceAt { request }
            /// Why a wallet's balance is what it is.
            explain_balance(request: ExplainBalance) -> BalanceExplanation { request }
            /// What all wallets of each currency have, and what stands against them; both sum to zero.
            trial_balance() -> TrialBalance { TrialBalanceOf(String::new()) }
            /// The same of one currency. Rejected with `CurrencyUnknown` if there is no such one.
            trial_balance_of(currency: impl Into<String>) -> TrialBalance { TrialBalanceOf(currency.into()) }
            /// One page of an owner's wallets; `all_wallets` goes through all pages.
            list_wallets(request: ListWallets) -> WalletPage { request }
            /// One page of a wallet's transactions; `all_transactions` goes through all pages.
            list_transactions(request: ListTransactions) -> TransactionPage { request }
            /// One page of refusals; `all_refusals` goes through all pages.
            list_refusals(request: ListRefusals) -> RefusalPage { request }

            /// Makes a currency of your own known. Rejected with `CurrencyExists` if the code is known.
            register_currency(request: RegisterCurrency) -> AdministrationResult { request }
            /// Adds an account that may stand against wallets. Rejected with `CounterAccountExists` if there is one.
            add_counter_account(request: AddCounterAccount) -> AdministrationResult { request }
            /// Lets a principal in.
            create_token(request: CreateToken) -> CreatedToken { request }
            /// Puts a token's callers out, at once and for good.
            revoke_token(request: RevokeToken) -> AdministrationResult { request }
            /// One page of what was granted; `all_tokens` goes through all pages.
            list_tokens(request: ListTokens) -> TokenPage { request }
        }
    };
}

pub(crate) use for_each_verb;
