//! Every verb of wallets against the real server.

use std::time::Duration;

use walletd::*;

use crate::support::*;

pub fn opened(client: &Client, owner: &str, currency: &str) -> WalletRef {
    let wallet = WalletRef::of(owner, currency);
    client.open_wallet(OpenWallet::new(&wallet, "signup")).unwrap();
    wallet
}

pub fn credit(client: &Client, wallet: &WalletRef, amount: i64) -> MutationResult {
    client.credit(Credit::new(wallet, amount, "topup")).unwrap()
}

#[test]
fn the_server_tells_of_itself() {
    let server = Server::new();
    let client = connect(&server.address);
    assert!(client.ping().unwrap().server_time_micros > 1_600_000_000_000_000);
    let info = client.get_server_info().unwrap();
    assert!(info.mutations_available && !info.ledger_id.is_empty() && info.limits.requests_in_flight_max > 0);
    assert_eq!(info.limits.default_deadline_millis, 10_000);
    let schema = client.get_schema().unwrap();
    assert_eq!(openssl::sha::sha256(&schema.file_descriptor_set).to_vec(), schema.digest);
    assert_eq!(schema.digest, info.schema_digest);
    let mine = Client::new(Options::new(&server.address).ledger_id(&info.ledger_id)).unwrap();
    mine.ping().unwrap();
    let other = Client::new(Options::new(&server.address).ledger_id("00000000-0000-0000-0000-000000000000")).unwrap();
    assert!(other.ping().is_err(), "another ledger is served");
}

#[test]
fn money_moves() {
    let server = Server::new();
    let client = connect(&server.address);
    let wallet = opened(&client, "user-17", "EUR");
    let first = credit(&client, &wallet, 2000);
    assert_eq!((first.balance, first.version, first.transaction.kind), (2000, 2, TransactionKind::Credit));
    assert_eq!((first.commit_seq, first.transaction.counter_account.as_str()), (first.transaction.id, "funding"));
    assert_eq!(first.key, first.transaction.idempotency_key);
    let amount = money::parse("12.30", 2).unwrap();
    let purchase = || {
        Debit::new(&wallet, amount, "esim.purchase").reference("order-7").metadata("plan", "5GB").occurred_at_micros(5)
    };
    let paid = client.debit(purchase()).unwrap();
    assert_eq!(money::format(paid.available, paid.exponent), "7.70");
    assert_eq!((paid.transaction.amount, paid.transaction.occurred_at_micros), (-1230, 5));
    assert_eq!(paid.transaction.metadata["plan"], "5GB");
    let again = client.debit(purchase().key(&paid.key)).unwrap();
    assert!(again.replayed && again.transaction.id == paid.transaction.id);
    let other = rejected(client.debit(Debit::new(&wallet, 1, "test").key(&paid.key)), Reason::IdempotencyMismatch);
    assert!(matches!(other.detail, Some(Detail::IdempotencyMismatch { field, .. }) if field == "amount"));
    let short = rejected(client.debit(Debit::new(&wallet, 5000, "test")), Reason::InsufficientFunds);
    assert!(matches!(short.detail, Some(Detail::InsufficientFunds { shortfall: 4230, requested: 5000, .. })));
    let stale = client.debit(Debit::new(&wallet, 1, "test").expected_version(9));
    let stale = rejected(stale, Reason::VersionConflict);
    assert!(matches!(stale.detail, Some(Detail::VersionConflict { expected: 9, actual: 3, balance: 770, .. })));
    let tried = client.debit(Debit::new(&wallet, 70, "fee").dry_run()).unwrap();
    assert!(tried.dry_run && tried.available == 700 && tried.transaction.id == 0);
    let friend = opened(&client, "user-18", "EUR");
    let moved = client.transfer(Transfer::new(&wallet, &friend, 100, "gift")).unwrap();
    assert_eq!((moved.source.available, moved.destination.balance), (670, 100));
    assert_eq!((&moved.source.key, moved.commit_seq), (&moved.key, moved.destination.id));
    rejected(client.transfer(Transfer::new(&wallet, &wallet, 1, "gift")), Reason::SameWallet);
    let refunded = client.refund(Refund::new(paid.transaction.id, "complaint").amount(230)).unwrap();
    assert_eq!((refunded.balance, refunded.transaction.related_transaction_id), (900, paid.transaction.id));
    assert_eq!(client.refund(Refund::new(paid.transaction.id, "complaint")).unwrap().balance, 1900);
    let over = client.refund(Refund::new(paid.transaction.id, "complaint").amount(1));
    let over = rejected(over, Reason::RefundExceedsOriginal);
    assert!(matches!(over.detail, Some(Detail::RefundExceeds { original: 1230, refunded: 1230, remaining: 0, .. })));
    let zero = rejected(client.debit(Debit::new(&wallet, 0, "test")), Reason::InvalidArgument);
    assert!(matches!(zero.detail, Some(Detail::InvalidArgument { field, .. }) if field == "amount"));
}

#[test]
fn holds() {
    let server = Server::new();
    let client = connect(&server.address);
    let wallet = opened(&client, "user-17", "EUR");
    credit(&client, &wallet, 1000);
    let hold = |lasts| client.hold(Hold::new(&wallet, 500, lasts, "esim.reserve")).unwrap().transaction.id;
    let hour = Duration::from_secs(3600);
    let id = hold(hour);
    let captured = client.capture(Capture::new(id, "esim.activate").amount(300).currency("EUR")).unwrap();
    assert_eq!((captured.balance, captured.held, captured.transaction.hold_id), (700, 200, id));
    let more = rejected(client.capture(Capture::new(id, "esim.activate").amount(201)), Reason::HoldAmountExceeded);
    assert!(matches!(more.detail, Some(Detail::Hold { remaining: 200, .. })));
    assert_eq!(client.release(Release::new(id, "esim.unavailable")).unwrap().held, 0);
    let ended = rejected(client.capture(Capture::new(id, "esim.activate")), Reason::HoldReleased);
    assert!(matches!(ended.detail, Some(Detail::Hold { at_micros, .. }) if at_micros > 0));
    let last = client.capture(Capture::new(hold(hour), "esim.activate").amount(100).r#final(true)).unwrap();
    assert_eq!((last.balance, last.held), (600, 0));
    let all = client.capture(Capture::new(hold(hour), "esim.activate")).unwrap();
    assert_eq!((all.balance, all.held), (100, 0));
    credit(&client, &wallet, 1000);
    let short = hold(Duration::from_millis(1));
    wait_until("the hold's end", || client.get_balance(&wallet).unwrap().available == 1100);
    rejected(client.capture(Capture::new(short, "esim.activate")), Reason::HoldExpired);
}

#[test]
fn stopping_limiting_and_closing() {
    let server = Server::new();
    let client = connect(&server.address);
    let wallet = opened(&client, "user-17", "EUR");
    credit(&client, &wallet, 1000);
    let until = client.ping().unwrap().server_time_micros + 3_600_000_000;
    client.freeze(Freeze::new(&wallet, FreezeScope::Debit, "fraud.check").until_micros(until)).unwrap();
    let frozen = rejected(client.debit(Debit::new(&wallet, 1, "test")), Reason::WalletFrozen);
    match frozen.detail {
        Some(Detail::WalletFrozen { scope, reason, until_micros, .. }) => {
            assert_eq!((scope, reason.as_str(), until_micros), (FreezeScope::Debit, "fraud.check", until));
        }
        other => panic!("{other:?}"),
    }
    client.unfreeze(Unfreeze::new(&wallet, FreezeScope::All, "fraud.cleared")).unwrap();
    let day = WindowLimit { amount: 950, count: 20 };
    let limits = WalletLimits { overdraft_limit: 50, max_balance: 5000, max_amount: 900, day, ..Default::default() };
    client.set_limits(SetLimits::new(&wallet, limits, "kyc.basic")).unwrap();
    let large = rejected(client.debit(Debit::new(&wallet, 901, "test")), Reason::LimitExceeded);
    assert!(matches!(large.detail, Some(Detail::LimitExceeded { kind: LimitKind::TransactionAmount, .. })));
    client.debit(Debit::new(&wallet, 900, "test")).unwrap();
    let late = rejected(client.debit(Debit::new(&wallet, 51, "test")), Reason::LimitExceeded);
    assert!(
        matches!(late.detail, Some(Detail::LimitExceeded { remaining: 50, window_end_micros, .. }) if window_end_micros > 0)
    );
    rejected(client.credit(Credit::new(&wallet, 5000, "test")), Reason::MaxBalanceExceeded);
    let explained = client.explain_balance(ExplainBalance::new(&wallet).last_changes(2)).unwrap();
    assert!(
        explained.equal && explained.limits == limits && !explained.sums.is_empty() && !explained.limit_uses.is_empty()
    );
    assert_eq!((explained.last_changes.len(), explained.wallet.balance), (2, 100));
    let full = rejected(client.close_wallet(CloseWallet::new(&wallet, "account.closed")), Reason::WalletNotEmpty);
    assert!(matches!(full.detail, Some(Detail::WalletNotEmpty { balance: 100, open_holds: 0, .. })));
    client.set_limits(SetLimits::new(&wallet, WalletLimits::default(), "kyc.lifted")).unwrap();
    client.debit(Debit::new(&wallet, 100, "payout")).unwrap();
    client.close_wallet(CloseWallet::new(&wallet, "account.closed")).unwrap();
    let found = client.get_wallet(&wallet).unwrap().wallet;
    assert_eq!((found.status, found.owner_id.as_str(), found.name.as_str()), (WalletStatus::Closed, "user-17", "main"));
    rejected(client.credit(Credit::new(&found, 1, "test")), Reason::WalletClosed);
    let nobody = rejected(client.get_wallet(WalletRef::of("nobody", "EUR")), Reason::WalletNotFound);
    assert!(matches!(nobody.detail, Some(Detail::Wallet { owner_id, .. }) if owner_id == "nobody"));
    rejected(client.open_wallet(OpenWallet::new(WalletRef::of("user-17", "NOPE"), "signup")), Reason::CurrencyUnknown);
    let second =
        client.open_wallet(OpenWallet::new(WalletRef::of("user-17", "EUR").named("savings"), "signup")).unwrap();
    let by_id = WalletRef::id(second.transaction.wallet_id).in_currency("EUR");
    assert_eq!(client.get_wallet(by_id).unwrap().wallet.name, "savings");
}

#[test]
fn lists_and_the_past() {
    let server = Server::new();
    let client = connect(&server.address);
    let wallet = opened(&client, "user-17", "EUR");
    opened(&client, "user-17", "USD");
    opened(&client, "user-17", "JPY");
    let rows: Vec<_> = (1..=25).map(|amount| credit(&client, &wallet, amount).transaction).collect();
    let wallets: Result<Vec<_>> = client.all_wallets(ListWallets::new("user-17").page_size(2)).collect();
    let currencies: Vec<_> = wallets.unwrap().into_iter().map(|wallet| wallet.currency).collect();
    assert_eq!(currencies, ["EUR", "USD", "JPY"]);
    let all = client.all_transactions(ListTransactions::new(&wallet).page_size(7).oldest_first());
    let versions: Vec<_> = all.map(|row| row.unwrap().wallet_version).collect();
    assert_eq!(versions, (1..=26).collect::<Vec<_>>());
    let filter = TransactionFilter {
        kinds: vec![TransactionKind::Credit],
        min_amount: 5,
        max_amount: 9,
        reason: "topup".into(),
        from_micros: rows[0].created_at_micros,
        before_micros: rows[24].created_at_micros + 1,
        ..Default::default()
    };
    let page = client.list_transactions(ListTransactions::new(&wallet).filter(filter)).unwrap();
    let amounts: Vec<_> = page.transactions.iter().map(|row| row.amount).collect();
    assert_eq!((amounts, page.currency.as_str(), page.exponent), (vec![9, 8, 7, 6, 5], "EUR", 2));
    let middle = &rows[9];
    let at = client.get_balance_at(GetBalanceAt::time_micros(&wallet, middle.created_at_micros)).unwrap();
    assert!(at.balance >= 55 && at.version >= 11);
    let then = client.get_balance_at(GetBalanceAt::version(&wallet, 11)).unwrap();
    assert_eq!((then.balance, then.transaction_id, then.created_at_micros), (55, middle.id, middle.created_at_micros));
    rejected(client.get_balance_at(GetBalanceAt::version(&wallet, 99)), Reason::InvalidArgument);
    let mut lost = client.all_transactions(ListTransactions::new(WalletRef::of("nobody", "EUR")));
    rejected(lost.next().unwrap(), Reason::WalletNotFound);
    assert!(lost.next().is_none());
    let keys: Vec<_> = (0..3)
        .map(|_| {
            rejected(client.debit(Debit::new(&wallet, 1_000_000, "test").note("n")), Reason::InsufficientFunds)
                .key
                .unwrap()
        })
        .collect();
    let asked = ListRefusals::new().wallet(&wallet).page_size(2).oldest_first().reasons([Reason::InsufficientFunds]);
    let refusals: Result<Vec<_>> = client.all_refusals(asked).collect();
    let refusals = refusals.unwrap();
    assert_eq!(refusals.iter().map(|one| one.idempotency_key.clone()).collect::<Vec<_>>(), keys);
    for one in refusals {
        assert_eq!((one.verb, one.error.reason, one.note.as_str()), (Verb::Debit, Reason::InsufficientFunds, "n"));
        assert!(matches!(one.error.detail, Some(Detail::InsufficientFunds { requested: 1_000_000, .. })));
        assert_eq!(one.wallet.unwrap().owner_id, "user-17");
    }
}

#[test]
fn batches() {
    let server = Server::new();
    let client = connect(&server.address);
    let (wallet, friend) = (opened(&client, "user-17", "EUR"), opened(&client, "user-18", "EUR"));
    let third = WalletRef::of("user-19", "EUR");
    let limits = WalletLimits { max_amount: 5, ..Default::default() };
    let batch = Batch::item_by_item()
        .full_results()
        .item(OpenWallet::new(&third, "signup"))
        .item(Credit::new(&wallet, 100, "test"))
        .item(Debit::new(&wallet, 1000, "test"))
        .item(Transfer::new(&wallet, &friend, 30, "test"))
        .item(Hold::new(&wallet, 10, Duration::from_secs(60), "test"))
        .item(Freeze::new(&friend, FreezeScope::All, "test"))
        .item(Unfreeze::new(&friend, FreezeScope::All, "test"))
        .item(SetLimits::new(&friend, limits, "test"))
        .item(CloseWallet::new(&third, "test"));
    let mut results = client.batch(batch).unwrap().results;
    rejected(results.remove(2), Reason::InsufficientFunds);
    let done: Vec<_> = results.into_iter().map(|item| item.unwrap()).collect();
    for item in &done {
        assert_eq!(item.transaction.as_ref().unwrap().idempotency_key, item.key);
    }
    let hold = done[3].transaction_id;
    let batch = Batch::atomic().item(Capture::new(hold, "test").amount(4)).item(Release::new(hold, "test"));
    let again = client.batch(batch).unwrap();
    let items: Vec<_> = again.results.iter().map(|item| item.as_ref().unwrap()).collect();
    assert_eq!((items[1].balance, items[1].held, &items[0].key), (66, 0, &again.key));
    let refund = || Refund::new(items[0].transaction_id, "test");
    let aborted = client.batch(Batch::atomic().item(refund()).item(Debit::new(&wallet, 1000, "test")));
    let aborted = rejected(aborted, Reason::BatchAborted);
    assert_eq!((aborted.index, aborted.cause.unwrap().reason), (Some(1), Reason::InsufficientFunds));
    let tried = client.batch(Batch::item_by_item().item(refund()).dry_run()).unwrap();
    assert!(tried.dry_run && tried.results[0].as_ref().unwrap().balance == 70);
    let many = Batch::item_by_item().items((0..8190).map(|_| Credit::new(&wallet, 1, "test")));
    let large = client.with_timeout(Duration::from_secs(60)).batch(many).unwrap();
    assert_eq!(large.results[8189].as_ref().unwrap().balance, 66 + 8190);
}

#[test]
fn watching_and_verifying() {
    let server = Server::new();
    let client = connect(&server.address);
    let wallet = opened(&client, "w-1", "USD");
    opened(&client, "w-2", "JPY");
    let first = credit(&client, &wallet, 2000);
    let paid = client.debit(Debit::new(&wallet, 450, "esim.purchase")).unwrap();
    let take = |count: usize, request: WatchTransactions| -> Vec<WatchEvent> {
        let events = client.watch_transactions(request).map(|event| event.unwrap());
        events.filter(|event| event.transaction.is_some()).take(count).collect()
    };
    let id = |event: &WatchEvent| event.transaction.as_ref().unwrap().id;
    let events = take(4, WatchTransactions::from_beginning());
    assert_eq!(
        (events[1].currency.as_str(), events[3].balance_before, id(&events[3])),
        ("JPY", 2000, paid.transaction.id)
    );
    assert_eq!(id(&take(1, WatchTransactions::resume(&events[2].resume_token))[0]), paid.transaction.id);
    assert_eq!(id(&take(1, WatchTransactions::after(first.transaction.id))[0]), paid.transaction.id);
    let only =
        WatchTransactions::from_beginning().wallet_ids([first.transaction.wallet_id]).kinds([TransactionKind::Credit]);
    assert_eq!(id(&take(1, only)[0]), first.transaction.id);
    let beyond = client.watch_transactions(WatchTransactions::after(1_000_000_000_000)).next().unwrap();
    rejected(beyond, Reason::ResumeInvalid);

    let head = client.get_server_info().unwrap().head;
    let patient = client.with_timeout(Duration::from_secs(60));
    let events: Result<Vec<_>> = patient.verify(Verify::new().expected_head(head.clone())).collect();
    match events.unwrap().pop() {
        Some(VerifyEvent::Report(report)) => {
            assert!(report.findings == 0 && report.integrity_checked && report.head == head, "{report:?}");
        }
        other => panic!("{other:?}"),
    }
    let wrong = Verify::new().expected_head(JournalHead::new(head.seq, [0; 32])).skip_integrity_check();
    let findings: Vec<_> = patient.verify(wrong).map(|event| event.unwrap()).collect();
    let is_head = |event: &VerifyEvent| matches!(event, VerifyEvent::Finding(finding) if finding.what == "head");
    assert!(findings.iter().any(is_head), "{findings:?}");
}

#[test]
fn backups() {
    let folder = Folder::new("backups");
    let backups = folder.join("b");
    std::fs::create_dir_all(&backups).unwrap();
    let server = Server::with(&["--backup-dir", backups.to_str().unwrap()]);
    let client = connect(&server.address).with_timeout(Duration::from_secs(60));
    let make = |request: Backup| -> Result<BackupReport> {
        let mut last = None;
        for event in client.backup(request) {
            last = Some(event?);
        }
        match last {
            Some(BackupEvent::Report(report)) => Ok(report),
            other => panic!("{other:?}"),
        }
    };
    let wallet = opened(&client, "user-17", "EUR");
    rejected(make(Backup::incremental()), Reason::InvalidArgument); // to nothing
    let whole = make(Backup::new()).unwrap();
    let written = std::fs::read(backups.join(&whole.file)).unwrap();
    assert_eq!(
        (written.len() as i64, openssl::sha::sha256(&written).to_vec(), whole.rows),
        (whole.bytes, whole.sha256, 1)
    );
    let last = credit(&client, &wallet, 5);
    let increment = make(Backup::incremental()).unwrap();
    assert!(increment.incremental && !increment.old);
    assert_eq!((increment.base_seq, increment.head.seq), (whole.head.seq, last.commit_seq));
    let again = make(Backup::incremental()).unwrap();
    assert!(again.old && again.file == increment.file);
    let without = Server::new();
    let end = connect(&without.address).backup(Backup::new()).next().unwrap();
    rejected(end, Reason::Unimplemented);
}
