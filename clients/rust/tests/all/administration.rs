//! Currencies, counter-accounts and tokens of the real server.

use std::process::Command;

use walletd::*;

use crate::support::*;
use crate::verbs::{credit, opened};

#[test]
fn currencies_and_counter_accounts() {
    let server = Server::new();
    let client = connect(&server.address);
    let registered = client.register_currency(RegisterCurrency::new("ESIM-MB", 0, "new.product")).unwrap();
    assert_eq!((registered.row.subject.as_str(), registered.row.verb), ("ESIM-MB", Verb::RegisterCurrency));
    assert_eq!(registered.key, registered.row.idempotency_key);
    rejected(client.register_currency(RegisterCurrency::new("EUR", 2, "test")), Reason::CurrencyExists);
    client.add_counter_account(AddCounterAccount::new("vouchers", "new.channel")).unwrap();
    let twice = client.add_counter_account(AddCounterAccount::new("vouchers", "new.channel"));
    let twice = rejected(twice, Reason::CounterAccountExists);
    assert!(
        matches!(twice.detail, Some(Detail::CounterAccount { counter_account, .. }) if counter_account == "vouchers")
    );
    let wallet = opened(&client, "user-17", "ESIM-MB");
    client.credit(Credit::new(&wallet, 1024, "bundle").counter_account("vouchers")).unwrap();
    let totals = client.trial_balance_of("ESIM-MB").unwrap();
    let only = &totals.currencies[0];
    assert!(only.registered && only.difference == 0 && only.wallets_total == 1024 && totals.currencies.len() == 1);
    assert_eq!((only.counter_accounts[0].name.as_str(), only.counter_accounts[0].total), ("vouchers", -1024));
    assert_eq!(totals.counter_accounts.len(), 6);
    assert_eq!(client.trial_balance().unwrap().currencies.len(), 1);
    rejected(client.trial_balance_of("NOPE"), Reason::CurrencyUnknown);
}

/// A server that asks who is calling, and its administrator.
fn asking_server() -> (Server, Client) {
    let mut server = Server::new();
    server.terminate();
    let program = std::env::var_os("WALLETD").unwrap_or_else(|| repository(".build/debug/walletd").into());
    let made = Command::new(program)
        .args(["token", "create", "--data"])
        .arg(server.folder())
        .args(["--principal", "root", "--scopes", "admin,read,credit"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    server.restart_with(&["--auth", "required"]);
    let token = String::from_utf8(made.stdout).unwrap();
    let admin = Client::new(Options::new(&server.address).token(token.trim())).unwrap();
    (server, admin)
}

#[test]
fn tokens() {
    let (server, admin) = asking_server();
    let secret = TokenSecret::new();
    let ends = admin.ping().unwrap().server_time_micros + 3_600_000_000;
    let create = CreateToken::secret(&secret, "till-7", ["read", "credit"], "new.till")
        .currencies(["EUR"])
        .owner_prefix("user-")
        .max_amount(500)
        .expires_at_micros(ends)
        .key("token-till-7");
    let created = admin.create_token(create.clone()).unwrap();
    let again = admin.create_token(create).unwrap();
    assert!(again.administration.replayed && again.token == created.token);
    let row = &created.administration.row;
    assert_eq!((row.verb, row.subject.as_str(), row.token_id), (Verb::CreateToken, "till-7", row.id));
    let token = created.token.clone().unwrap();
    assert!(!format!("{created:?}").contains(&token));
    let last = admin.all_tokens(ListTokens::new().page_size(1)).last().unwrap().unwrap();
    assert_eq!((last.token_id, last.principal.as_str(), last.kind), (row.id, "till-7", TokenKind::Secret));
    assert_eq!(
        (last.scopes.len(), last.owner_prefix.as_str(), last.max_amount, last.expires_at_micros),
        (2, "user-", 500, ends)
    );

    let till = Client::new(Options::new(&server.address).retry(eager()).token(&token)).unwrap();
    let wallet = opened(&till, "user-17", "EUR");
    assert_eq!(credit(&till, &wallet, 500).transaction.actor, "till-7");
    let denied: [(&str, Option<Error>); 3] = [
        ("scope", till.debit(Debit::new(&wallet, 1, "test")).err()),
        ("max_amount", till.credit(Credit::new(&wallet, 501, "test")).err()),
        ("wallet", till.get_balance(WalletRef::of("other-1", "EUR")).err()),
    ];
    for (what, error) in denied {
        let error = error.unwrap();
        assert_eq!(error.reason(), Some(Reason::PermissionDenied), "{what}");
        assert!(matches!(error.detail(), Some(Detail::Scope { rule, .. }) if rule == what), "{what}: {error:?}");
    }
    admin.revoke_token(RevokeToken::new(row.id, "till.gone")).unwrap();
    let error = till.get_balance(&wallet).unwrap_err();
    assert_eq!(
        (error.not_executed_kind(), error.reason()),
        (Some(NotExecutedKind::Unauthenticated), Some(Reason::Unauthenticated))
    );
    assert!(matches!(error.detail(), Some(Detail::Scope { rule, .. }) if rule == "revoked"), "{error:?}");
    assert!(!format!("{error:?} {error}").contains(&token));
}

#[test]
fn a_wrong_token_is_told_at_once() {
    let (server, _) = asking_server();
    let wrong = format!("wlt_1_{}", "0".repeat(64));
    for (what, options) in
        [("missing", Options::new(&server.address)), ("wrong", Options::new(&server.address).token(&wrong))]
    {
        let error = debit(&Client::new(options.retry(eager())).unwrap()).unwrap_err();
        assert_eq!(
            (error.not_executed_kind(), error.key()),
            (Some(NotExecutedKind::Unauthenticated), Some(KEY)),
            "{what}"
        );
        assert!(matches!(error.detail(), Some(Detail::Scope { rule, .. }) if rule == what), "{what}: {error:?}");
        assert!(!format!("{error:?} {error}").contains(&wrong));
    }
}
