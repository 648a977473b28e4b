use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use walletd::*;

/// One of the two clients, as the one for threads looks.
#[derive(Clone)]
pub enum Face {
    Threads(Client),
    Tasks(aio::Client, Arc<Runtime>),
}

macro_rules! verbs {
    ($($name:ident($($argument:ident: $type:ty)?) -> $output:ident;)*) => {
        impl Face {
            $(pub fn $name(&self $(, $argument: $type)?) -> Result<$output> {
                match self {
                    Face::Threads(client) => client.$name($($argument)?),
                    Face::Tasks(client, runtime) => runtime.block_on(client.$name($($argument)?)),
                }
            })*
        }
    };
}

verbs! {
    ping() -> Pong;
    get_server_info() -> ServerInfo;
    get_schema() -> Schema;
    open_wallet(request: OpenWallet) -> MutationResult;
    debit(request: Debit) -> MutationResult;
    credit(request: Credit) -> MutationResult;
    transfer(request: Transfer) -> TransferResult;
    hold(request: Hold) -> MutationResult;
    capture(request: Capture) -> MutationResult;
    release(request: Release) -> MutationResult;
    refund(request: Refund) -> MutationResult;
    freeze(request: Freeze) -> MutationResult;
    unfreeze(request: Unfreeze) -> MutationResult;
    set_limits(request: SetLimits) -> MutationResult;
    close_wallet(request: CloseWallet) -> MutationResult;
    batch(request: Batch) -> BatchResult;
    get_wallet(wallet: WalletRef) -> FoundWallet;
    get_balance(wallet: WalletRef) -> Balance;
    get_balance_at(request: GetBalanceAt) -> BalanceAt;
    explain_balance(request: ExplainBalance) -> BalanceExplanation;
    trial_balance_of(currency: String) -> TrialBalance;
    list_wallets(request: ListWallets) -> WalletPage;
    list_transactions(request: ListTransactions) -> TransactionPage;
    list_refusals(request: ListRefusals) -> RefusalPage;
    register_currency(request: RegisterCurrency) -> AdministrationResult;
    add_counter_account(request: AddCounterAccount) -> AdministrationResult;
    create_token(request: CreateToken) -> CreatedToken;
    revoke_token(request: RevokeToken) -> AdministrationResult;
    list_tokens(request: ListTokens) -> TokenPage;
}

macro_rules! streams {
    ($($name:ident($request:ident) -> $event:ident;)*) => {
        impl Face {
            $(pub fn $name(&self, request: $request) -> Box<dyn Iterator<Item = Result<$event>>> {
                match self {
                    Face::Threads(client) => Box::new(client.$name(request)),
                    Face::Tasks(client, runtime) => {
                        let (mut events, runtime) = (client.$name(request), Arc::clone(runtime));
                        Box::new(std::iter::from_fn(move || runtime.block_on(events.next())))
                    }
                }
            })*
        }
    };
}

streams! {
    watch_transactions(WatchTransactions) -> WatchEvent;
    verify(Verify) -> VerifyEvent;
    backup(Backup) -> BackupEvent;
}

impl Face {
    /// The client for tasks where there is a runtime for it.
    pub fn new(options: Options, runtime: Option<&Arc<Runtime>>) -> Result<Self> {
        Ok(match runtime {
            None => Face::Threads(Client::new(options)?),
            Some(runtime) => Face::Tasks(aio::Client::new(options)?, Arc::clone(runtime)),
        })
    }

    pub fn with_timeout(&self, timeout: Duration) -> Self {
        match self {
            Face::Threads(client) => Face::Threads(client.with_timeout(timeout)),
            Face::Tasks(client, runtime) => Face::Tasks(client.with_timeout(timeout), Arc::clone(runtime)),
        }
    }

    pub fn with_cancel(&self, cancel: &Cancel) -> Self {
        match self {
            Face::Threads(client) => Face::Threads(client.with_cancel(cancel)),
            Face::Tasks(client, runtime) => Face::Tasks(client.with_cancel(cancel), Arc::clone(runtime)),
        }
    }

    pub fn close(&self) {
        match self {
            Face::Threads(client) => client.close(),
            Face::Tasks(client, runtime) => runtime.block_on(client.close()),
        }
    }
}
