use std::time::Duration;

use serde_json::{json, Value};
use walletd::{
    AddCounterAccount, Batch, BatchResult, Capture, CloseWallet, CreateToken, Credit, Debit, ExplainBalance, Freeze,
    GetBalanceAt, Hold, ListRefusals, ListTokens, ListTransactions, ListWallets, Mutation, OpenWallet, Reason, Refund,
    RegisterCurrency, Release, Result as Called, RevokeToken, SetLimits, TokenSecret, TransactionFilter, Transfer,
    Unfreeze,
};

use crate::args::Args;
use crate::face::Face;
use crate::json::{error_of, invalid, ToJson};
use crate::Answer;

/// Carries out one call of a verb.
pub fn call(client: &Face, verb: &str, mut args: Args, retry_of_unknown: bool) -> Answer {
    if let Some(mutation) = mutation(verb, &mut args, retry_of_unknown).map_err(invalid)? {
        args.end().map_err(invalid)?;
        return mutate(client, mutation);
    }
    match read(client, verb, args, retry_of_unknown).map_err(invalid)? {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(error_of(&error)),
        None => Err(invalid(format!("no verb {verb:?}"))),
    }
}

/// Says of a request what every mutation may have.
macro_rules! with_common {
    ($args:ident, $retry:expr, $request:expr) => {{
        let mut request = $request;
        if let Some(key) = $args.text("idempotency_key")? {
            request = request.key(key);
        }
        if $retry {
            request = request.retry_of_unknown();
        }
        if let Some(reference) = $args.text("reference")? {
            request = request.reference(reference);
        }
        if let Some(note) = $args.text("note")? {
            request = request.note(note);
        }
        if let Some(on_behalf_of) = $args.text("on_behalf_of")? {
            request = request.on_behalf_of(on_behalf_of);
        }
        if let Some(correlation_id) = $args.text("correlation_id")? {
            request = request.correlation_id(correlation_id);
        }
        if let Some(micros) = $args.int("occurred_at_micros")? {
            request = request.occurred_at_micros(micros);
        }
        for (key, value) in $args.metadata()? {
            request = request.metadata(key, value);
        }
        if $args.flag("dry_run")? {
            request = request.dry_run();
        }
        request
    }};
}

fn reason(args: &mut Args) -> Result<String, String> {
    Ok(args.text("reason")?.unwrap_or_default())
}

/// A mutation that may stand in a batch; none for another verb.
fn mutation(verb: &str, args: &mut Args, retry: bool) -> Result<Option<Mutation>, String> {
    let version = |args: &mut Args| Ok::<_, String>(args.int("expected_version")?.unwrap_or(0));
    let counter = |args: &mut Args| Ok::<_, String>(args.text("counter_account")?.unwrap_or_default());
    Ok(Some(match verb {
        "OpenWallet" => {
            let request = OpenWallet::new(args.wallet("wallet")?, reason(args)?);
            with_common!(args, retry, request).into()
        }
        "Debit" => {
            let request = Debit::new(args.wallet("wallet")?, args.int("amount")?.unwrap_or(0), reason(args)?)
                .expected_version(version(args)?)
                .counter_account(counter(args)?);
            with_common!(args, retry, request).into()
        }
        "Credit" => {
            let request = Credit::new(args.wallet("wallet")?, args.int("amount")?.unwrap_or(0), reason(args)?)
                .expected_version(version(args)?)
                .counter_account(counter(args)?);
            with_common!(args, retry, request).into()
        }
        "Transfer" => {
            let (from, to) = (args.wallet("wallet")?, args.wallet("to")?);
            let request = Transfer::new(from, to, args.int("amount")?.unwrap_or(0), reason(args)?)
                .expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        "Hold" => {
            let millis =
                u64::try_from(args.int("timeout_millis")?.unwrap_or(0)).map_err(|_| "timeout_millis: below 0")?;
            let (wallet, amount) = (args.wallet("wallet")?, args.int("amount")?.unwrap_or(0));
            let request = Hold::new(wallet, amount, Duration::from_millis(millis), reason(args)?)
                .expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        "Capture" => {
            let mut request = Capture::new(args.int("hold_id")?.unwrap_or(0), reason(args)?)
                .r#final(args.flag("final")?)
                .currency(args.text("currency")?.unwrap_or_default())
                .expected_version(version(args)?)
                .counter_account(counter(args)?);
            if let Some(amount) = args.int("amount")?.filter(|&amount| amount != 0) {
                request = request.amount(amount);
            }
            with_common!(args, retry, request).into()
        }
        "Release" => {
            let request =
                Release::new(args.int("hold_id")?.unwrap_or(0), reason(args)?).expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        "Refund" => {
            let mut request = Refund::new(args.int("transaction_id")?.unwrap_or(0), reason(args)?)
                .currency(args.text("currency")?.unwrap_or_default())
                .expected_version(version(args)?)
                .counter_account(counter(args)?);
            if let Some(amount) = args.int("amount")?.filter(|&amount| amount != 0) {
                request = request.amount(amount);
            }
            with_common!(args, retry, request).into()
        }
        "Freeze" => {
            let request = Freeze::new(args.wallet("wallet")?, args.scope()?, reason(args)?)
                .until_micros(args.int("until_micros")?.unwrap_or(0))
                .expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        "Unfreeze" => {
            let request =
                Unfreeze::new(args.wallet("wallet")?, args.scope()?, reason(args)?).expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        "SetLimits" => {
            let request =
                SetLimits::new(args.wallet("wallet")?, args.limits()?, reason(args)?).expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        "CloseWallet" => {
            let request = CloseWallet::new(args.wallet("wallet")?, reason(args)?).expected_version(version(args)?);
            with_common!(args, retry, request).into()
        }
        _ => return Ok(None),
    }))
}

fn mutate(client: &Face, mutation: Mutation) -> Answer {
    let result = match mutation {
        Mutation::OpenWallet(request) => client.open_wallet(request),
        Mutation::Debit(request) => client.debit(request),
        Mutation::Credit(request) => client.credit(request),
        Mutation::Transfer(request) => return transfer(client, request),
        Mutation::Hold(request) => client.hold(request),
        Mutation::Capture(request) => client.capture(request),
        Mutation::Release(request) => client.release(request),
        Mutation::Refund(request) => client.refund(request),
        Mutation::Freeze(request) => client.freeze(request),
        Mutation::Unfreeze(request) => client.unfreeze(request),
        Mutation::SetLimits(request) => client.set_limits(request),
        Mutation::CloseWallet(request) => client.close_wallet(request),
        other => return Err(invalid(format!("no verb for {other:?}"))),
    };
    result.map(|done| done.json()).map_err(|error| error_of(&error))
}

/// With the figures of the source beside those of a transfer, as every mutation has them.
fn transfer(client: &Face, request: Transfer) -> Answer {
    let done = client.transfer(request).map_err(|error| error_of(&error))?;
    let mut value = done.source.json();
    if let (Value::Object(members), Value::Object(own)) = (&mut value, done.json()) {
        members.extend(own);
    }
    Ok(value)
}

/// What a call gave; none for a verb that isn't known.
type Found = Option<Called<Value>>;

fn found<T: ToJson>(result: Called<T>) -> Result<Found, String> {
    Ok(Some(result.map(|value| value.json())))
}

fn read(client: &Face, verb: &str, mut args: Args, retry: bool) -> Result<Found, String> {
    match verb {
        "Ping" => args.end().and_then(|()| found(client.ping())),
        "GetServerInfo" => args.end().and_then(|()| found(client.get_server_info())),
        "GetSchema" => args.end().and_then(|()| found(client.get_schema())),
        "GetWallet" => {
            let wallet = args.wallet("wallet")?;
            args.end()?;
            Ok(Some(client.get_wallet(wallet).map(|found| {
                // Which may be looked for here or, as in the response, in `wallet`.
                let mut value = found.wallet.json();
                value["wallet"] = found.wallet.json();
                value["commit_seq"] = found.commit_seq.json();
                value
            })))
        }
        "GetBalance" => {
            let wallet = args.wallet("wallet")?;
            args.end().and_then(|()| found(client.get_balance(wallet)))
        }
        "GetBalanceAt" => {
            let wallet = args.wallet("wallet")?;
            let request = match (args.int("time_micros")?, args.int("version")?) {
                (Some(time), None) => GetBalanceAt::time_micros(wallet, time),
                (None, Some(version)) => GetBalanceAt::version(wallet, version),
                _ => return Err("either time_micros or version".into()),
            };
            args.end().and_then(|()| found(client.get_balance_at(request)))
        }
        "ExplainBalance" => {
            let request = ExplainBalance::new(args.wallet("wallet")?)
                .from_micros(args.int("from_micros")?.unwrap_or(0))
                .last_changes(args.small("last_changes")?);
            args.end().and_then(|()| found(client.explain_balance(request)))
        }
        "TrialBalance" => {
            let currency = args.text("currency")?.unwrap_or_default();
            args.end().and_then(|()| found(client.trial_balance_of(currency)))
        }
        "ListWallets" | "ListTransactions" | "ListRefusals" | "ListTokens" => list(client, verb, args),
        "Batch" => batch(client, args, retry),
        "RegisterCurrency" => {
            let (code, exponent) = (args.text("code")?.unwrap_or_default(), args.small("exponent")?);
            let request = RegisterCurrency::new(code, exponent, reason(&mut args)?);
            let request = with_common!(args, retry, request);
            args.end().and_then(|()| found(client.register_currency(request)))
        }
        "AddCounterAccount" => {
            let request = AddCounterAccount::new(args.text("name")?.unwrap_or_default(), reason(&mut args)?);
            let request = with_common!(args, retry, request);
            args.end().and_then(|()| found(client.add_counter_account(request)))
        }
        "CreateToken" => create_token(client, args, retry),
        "RevokeToken" => {
            let request = RevokeToken::new(args.int("token_id")?.unwrap_or(0), reason(&mut args)?);
            let request = with_common!(args, retry, request);
            args.end().and_then(|()| found(client.revoke_token(request)))
        }
        _ => Ok(None),
    }
}

fn list(client: &Face, verb: &str, mut args: Args) -> Result<Found, String> {
    let (page_size, cursor) = (args.small("page_size")?, args.text("cursor")?.unwrap_or_default());
    match verb {
        "ListWallets" => {
            let request = ListWallets::new(args.text("owner_id")?.unwrap_or_default());
            args.end()?;
            found(client.list_wallets(request.page_size(page_size).cursor(cursor)))
        }
        "ListTransactions" => {
            let mut request = ListTransactions::new(args.wallet("wallet")?)
                .page_size(page_size)
                .cursor(cursor)
                .filter(filter(&mut args)?);
            if args.flag("oldest_first")? {
                request = request.oldest_first();
            }
            args.end().and_then(|()| found(client.list_transactions(request)))
        }
        "ListRefusals" => {
            let names = args.texts("reasons")?.into_iter();
            let reasons: Result<Vec<_>, String> = names
                .map(|name| Reason::from_name(&name).ok_or_else(|| format!("reasons: no such value {name}")))
                .collect();
            let mut request = ListRefusals::new()
                .page_size(page_size)
                .cursor(cursor)
                .reasons(reasons?)
                .from_micros(args.int("from_micros")?.unwrap_or(0))
                .before_micros(args.int("before_micros")?.unwrap_or(0))
                .actor(args.text("actor")?.unwrap_or_default())
                .owner_id(args.text("owner_id")?.unwrap_or_default());
            if let Some(wallet) = args.optional_wallet("wallet")? {
                request = request.wallet(wallet);
            }
            if args.flag("oldest_first")? {
                request = request.oldest_first();
            }
            args.end().and_then(|()| found(client.list_refusals(request)))
        }
        _ => {
            let mut request = ListTokens::new()
                .page_size(page_size)
                .cursor(cursor)
                .principal(args.text("principal")?.unwrap_or_default());
            if args.flag("with_revoked")? {
                request = request.with_revoked();
            }
            args.end().and_then(|()| found(client.list_tokens(request)))
        }
    }
}

fn filter(args: &mut Args) -> Result<TransactionFilter, String> {
    let mut given = args.object("filter")?.unwrap_or_default();
    let filter = TransactionFilter {
        from_micros: given.int("from_micros")?.unwrap_or(0),
        before_micros: given.int("before_micros")?.unwrap_or(0),
        kinds: given.kinds()?,
        reason: given.text("reason")?.unwrap_or_default(),
        actor: given.text("actor")?.unwrap_or_default(),
        reference: given.text("reference")?.unwrap_or_default(),
        min_amount: given.int("min_amount")?.unwrap_or(0),
        max_amount: given.int("max_amount")?.unwrap_or(0),
    };
    given.end().map(|()| filter)
}

fn batch(client: &Face, mut args: Args, retry: bool) -> Result<Found, String> {
    let mut batch = match args.flag("atomic")? {
        true => Batch::atomic(),
        false => Batch::item_by_item(),
    };
    if let Some(key) = args.text("idempotency_key")? {
        batch = batch.key(key);
    }
    if retry {
        batch = batch.retry_of_unknown();
    }
    if args.flag("full_results")? {
        batch = batch.full_results();
    }
    if args.flag("dry_run")? {
        batch = batch.dry_run();
    }
    for (index, item) in args.list("items")?.into_iter().enumerate() {
        let mut item = match item {
            Value::Object(members) => Args::new(members),
            other => return Err(format!("item {index}: {other} is not an object")),
        };
        let name = item.names().first().cloned().unwrap_or_default();
        let mut own = item.object(&name)?.unwrap_or_default();
        item.end()?;
        let mutation = mutation(&camel(&name), &mut own, false)?;
        own.end()?;
        batch = batch.item(mutation.ok_or_else(|| format!("item {index} is not a mutation"))?);
    }
    args.end()?;
    Ok(Some(client.batch(batch).map(|done| batch_result(&done))))
}

fn batch_result(done: &BatchResult) -> Value {
    let results: Vec<Value> = done
        .results
        .iter()
        .map(|item| match item {
            Ok(done) => {
                let mut value = done.json();
                value["wallet_version"] = done.version.json(); // its name in the response
                json!({ "ok": value })
            }
            Err(error) => json!({ "error": error_of(error) }),
        })
        .collect();
    json!({
        "key": done.key, "results": results, "replayed": done.replayed, "commit_seq": done.commit_seq.json(),
        "dry_run": done.dry_run,
    })
}

/// Makes a secret where neither a secret, a certificate nor a user is given. The result has the token.
fn create_token(client: &Face, mut args: Args, retry: bool) -> Result<Found, String> {
    let (principal, scopes) = (args.text("principal")?.unwrap_or_default(), args.texts("scopes")?);
    let reason = reason(&mut args)?;
    let user = args.int("unix_user")?;
    let request = match (args.hex("secret")?, args.text("certificate_name")?, user) {
        (Some(secret), None, None) => {
            let bytes = <[u8; 32]>::try_from(secret).map_err(|_| "a secret has 32 bytes")?;
            CreateToken::secret(&TokenSecret::from(bytes), principal, scopes, reason)
        }
        (None, Some(name), None) => CreateToken::certificate(name, principal, scopes, reason),
        (None, None, Some(user)) => {
            let user = u32::try_from(user).map_err(|_| "unix_user: out of range")?;
            CreateToken::unix_user(user, principal, scopes, reason)
        }
        (None, None, None) => CreateToken::secret(&TokenSecret::new(), principal, scopes, reason),
        _ => return Err("one of secret, certificate_name and unix_user".into()),
    };
    let request = request
        .currencies(args.texts("currencies")?)
        .owner_prefix(args.text("owner_prefix")?.unwrap_or_default())
        .max_amount(args.int("max_amount")?.unwrap_or(0))
        .expires_at_micros(args.int("expires_at_micros")?.unwrap_or(0));
    let request = with_common!(args, retry, request);
    args.end()?;
    Ok(Some(client.create_token(request).map(|created| {
        let mut value = created.administration.json();
        value["token"] = created.token.unwrap_or_default().into();
        value
    })))
}

/// "open_wallet" as "OpenWallet".
fn camel(name: &str) -> String {
    name.split('_')
        .map(|part| {
            part.chars().enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect::<String>()
        })
        .collect()
}
