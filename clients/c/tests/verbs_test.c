/* Every verb against the real server. */
#include <openssl/sha.h>
#include <stdlib.h>
#include <time.h>

#include "real.h"

walletd_wallet_ref opened(walletd_client *client, const char *owner, const char *currency) {
  walletd_wallet_ref wallet = {.owner_id = owner, .currency = currency};
  walletd_error *error = NULL;
  CHECK_OK(
      walletd_open_wallet(client, &(walletd_open_wallet_request){.wallet = wallet, .reason = "signup"}, NULL, NULL, &error));
  return wallet;
}

walletd_mutation_response *credited(walletd_client *client, walletd_wallet_ref wallet, int64_t amount) {
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  walletd_credit_request request = {.wallet = wallet, .amount = amount, .reason = "topup"};
  CHECK_OK(walletd_credit(client, &request, NULL, &response, &error));
  return need(response);
}

void credit(walletd_client *client, walletd_wallet_ref wallet, int64_t amount) {
  walletd_free(credited(client, wallet, amount));
}

/* Checks a refusal for a reason, and gives the error for a look at its figures. */
static walletd_error *refused(walletd_status status, walletd_error **error, walletd_reason reason) {
  walletd_error *kept = *error;
  *error = NULL;
  CHECK_INT(status, WALLETD_REJECTED);
  need(kept);
  CHECK_INT(kept->reason, reason);
  return kept;
}

#define REFUSED(call, why, member, wanted)                                  \
  do {                                                                      \
    walletd_error *refusal = refused((call), &error, WALLETD_REASON_##why); \
    CHECK_INT(refusal->detail.member, wanted);                              \
    walletd_error_free(refusal);                                            \
  } while (0)

static void about_the_server(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_ping_response *pong = NULL;
  if (CHECK_OK(walletd_ping(client, NULL, NULL, &pong, &error)))
    CHECK(llabs(pong->server_time_micros / 1000000 - (long long)time(NULL)) < 3600);
  walletd_free(pong);
  walletd_get_server_info_response *info = NULL;
  CHECK_OK(walletd_get_server_info(client, NULL, NULL, &info, &error));
  need(info);
  CHECK(info->mutations_available && *info->ledger_id && info->limits.requests_in_flight_max > 0);
  CHECK_INT(info->limits.default_deadline_millis, 10000);
  CHECK_INT(info->head.digest.length, 32);
  walletd_get_schema_response *schema = NULL;
  if (CHECK_OK(walletd_get_schema(client, NULL, NULL, &schema, &error))) {
    uint8_t digest[32];
    SHA256(schema->file_descriptor_set.data, schema->file_descriptor_set.length, digest);
    CHECK(schema->digest.length == 32 && memcmp(digest, schema->digest.data, 32) == 0);
  }
  walletd_free(schema);
  walletd_client *mine = client_of(server->address, &(walletd_settings){.ledger_id = info->ledger_id});
  CHECK_OK(ping(mine, 0, NULL, &error));
  walletd_client_free(mine);
  walletd_client *other =
      client_of(server->address, &(walletd_settings){.ledger_id = "00000000-0000-0000-0000-000000000000"});
  CHECK(ping(other, 0, NULL, &error) != WALLETD_OK);
  walletd_error_free(error);
  walletd_client_free(other);
  walletd_free(info);
  walletd_client_free(client);
  server_free(server);
}

static void money_moves(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_wallet_ref wallet = opened(client, "user-17", "EUR");
  walletd_mutation_response *first = credited(client, wallet, 2000), *paid = NULL, *again = NULL;
  CHECK(first->balance == 2000 && first->version == 2 && first->commit_seq == first->transaction.id);
  CHECK_INT(first->transaction.kind, WALLETD_TRANSACTION_KIND_CREDIT);
  CHECK_TEXT(first->transaction.counter_account, "funding");
  CHECK_INT(strlen(first->key), 36);
  walletd_free(first);

  walletd_metadata_entry plan = {"plan", "5GB"};
  walletd_debit_request request = {.wallet = wallet,
      .amount = 1230,
      .reason = "esim.purchase",
      .reference = "order-7",
      .metadata = &plan,
      .metadata_count = 1,
      .occurred_at_micros = 5};
  CHECK_OK(walletd_debit(client, &request, NULL, &paid, &error));
  need(paid);
  CHECK(paid->available == 770 && paid->exponent == 2 && paid->transaction.amount == -1230);
  CHECK(paid->transaction.metadata_count == 1 && paid->transaction.occurred_at_micros == 5);
  CHECK_TEXT(paid->transaction.metadata[0].value, "5GB");
  CHECK_INT(paid->transaction.digest.length, 32);
  request.idempotency_key = paid->key;
  CHECK_OK(walletd_debit(client, &request, NULL, &again, &error));
  CHECK(again && again->replayed && again->transaction.id == paid->transaction.id);
  walletd_free(again);
  request.amount = 1;
  walletd_error *mismatch =
      refused(walletd_debit(client, &request, NULL, NULL, &error), &error, WALLETD_REASON_IDEMPOTENCY_MISMATCH);
  CHECK_TEXT(mismatch->detail.idempotency_mismatch.field, "amount");
  walletd_error_free(mismatch);
  request.idempotency_key = NULL;
  request.amount = 5000;
  REFUSED(walletd_debit(client, &request, NULL, NULL, &error), INSUFFICIENT_FUNDS, insufficient_funds.shortfall, 4230);
  request.amount = 1;
  request.expected_version = 9;
  REFUSED(walletd_debit(client, &request, NULL, NULL, &error), VERSION_CONFLICT, version_conflict.actual, 3);
  request.expected_version = 0;
  request.amount = 70;
  request.dry_run = true;
  CHECK_OK(walletd_debit(client, &request, NULL, &again, &error));
  CHECK(again && again->dry_run && again->available == 700 && again->transaction.id == 0);
  walletd_free(again);

  walletd_wallet_ref friend = opened(client, "user-18", "EUR");
  walletd_transfer_request gift = {.wallet = wallet, .to = friend, .amount = 100, .reason = "gift"};
  walletd_transfer_response *moved = NULL;
  if (CHECK_OK(walletd_transfer(client, &gift, NULL, &moved, &error))) {
    CHECK(moved->source.available == 670 && moved->destination.balance == 100);
    CHECK(moved->commit_seq == moved->destination.id && moved->source.commit_seq == moved->commit_seq);
    CHECK_TEXT(moved->source.key, moved->key);
  }
  walletd_free(moved);
  gift.to = wallet;
  walletd_error *same = refused(walletd_transfer(client, &gift, NULL, NULL, &error), &error, WALLETD_REASON_SAME_WALLET);
  CHECK_TEXT(same->detail.wallet.owner_id, "user-17");
  walletd_error_free(same);

  walletd_refund_request refund = {.transaction_id = paid->transaction.id, .amount = 230, .reason = "complaint"};
  CHECK_OK(walletd_refund(client, &refund, NULL, &again, &error));
  CHECK(again && again->balance == 900 && again->transaction.related_transaction_id == paid->transaction.id);
  walletd_free(again);
  refund.amount = 0;
  refund.all = true;
  CHECK_OK(walletd_refund(client, &refund, NULL, &again, &error));
  CHECK(again && again->balance == 1900);
  walletd_free(again);
  refund.amount = 1;
  refund.all = false;
  REFUSED(walletd_refund(client, &refund, NULL, NULL, &error), REFUND_EXCEEDS_ORIGINAL, refund_exceeds.refunded, 1230);
  walletd_free(paid);
  walletd_client_free(client);
  server_free(server);
}

static int64_t held(walletd_client *client, walletd_wallet_ref wallet, int64_t millis) {
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  walletd_hold_request request = {.wallet = wallet, .amount = 500, .timeout_millis = millis, .reason = "esim.reserve"};
  CHECK_OK(walletd_hold(client, &request, NULL, &response, &error));
  int64_t id = response ? response->transaction.id : 0;
  walletd_free(response);
  return id;
}

static int64_t available(walletd_client *client, walletd_wallet_ref wallet) {
  walletd_error *error = NULL;
  walletd_get_balance_response *response = NULL;
  CHECK_OK(walletd_get_balance(client, &(walletd_get_balance_request){.wallet = wallet}, NULL, &response, &error));
  int64_t amount = response ? response->available : -1;
  walletd_free(response);
  return amount;
}

static void holds(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  walletd_wallet_ref wallet = opened(client, "user-17", "EUR");
  credit(client, wallet, 1000);
  int64_t id = held(client, wallet, 3600000);
  walletd_capture_request capture = {.hold_id = id, .amount = 300, .currency = "EUR", .reason = "esim.activate"};
  CHECK_OK(walletd_capture(client, &capture, NULL, &response, &error));
  CHECK(response && response->balance == 700 && response->held == 200 && response->transaction.hold_id == id);
  walletd_free(response);
  capture.currency = NULL;
  REFUSED(walletd_capture(client, &capture, NULL, NULL, &error), HOLD_AMOUNT_EXCEEDED, hold.remaining, 200);
  walletd_release_request release = {.hold_id = id, .reason = "esim.activate"};
  CHECK_OK(walletd_release(client, &release, NULL, &response, &error));
  CHECK(response && response->held == 0 && response->available == 700);
  walletd_free(response);
  walletd_error *gone = refused(walletd_release(client, &release, NULL, NULL, &error), &error, WALLETD_REASON_HOLD_RELEASED);
  CHECK(gone->detail.hold.at_micros > 0);
  walletd_error_free(gone);
  capture = (walletd_capture_request){.hold_id = held(client, wallet, 3600000), .all = true, .reason = "esim.activate"};
  CHECK_OK(walletd_capture(client, &capture, NULL, &response, &error));
  CHECK(response && response->balance == 200 && response->held == 0);
  walletd_free(response);
  credit(client, wallet, 1000);
  capture.hold_id = held(client, wallet, 1);
  for (int64_t end = now_millis() + PATIENCE_MILLIS; available(client, wallet) != 1200 && now_millis() < end;)
    sleep_millis(5);
  REFUSED(walletd_capture(client, &capture, NULL, NULL, &error), HOLD_EXPIRED, hold.hold_id, capture.hold_id);
  walletd_client_free(client);
  server_free(server);
}

static void stopping_and_closing(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_wallet_ref wallet = opened(client, "user-17", "EUR");
  credit(client, wallet, 1000);
  int64_t until = ((int64_t)time(NULL) + 3600) * 1000000;
  walletd_freeze_request freeze = {
      .wallet = wallet, .scope = WALLETD_FREEZE_SCOPE_DEBIT, .until_micros = until, .reason = "fraud.check"};
  CHECK_OK(walletd_freeze(client, &freeze, NULL, NULL, &error));
  walletd_debit_request request = {.wallet = wallet, .amount = 1, .reason = "test"};
  walletd_error *frozen = refused(walletd_debit(client, &request, NULL, NULL, &error), &error, WALLETD_REASON_WALLET_FROZEN);
  CHECK_INT(frozen->detail.wallet_frozen.scope, WALLETD_FREEZE_SCOPE_DEBIT);
  CHECK_INT(frozen->detail.wallet_frozen.until_micros, until);
  CHECK_TEXT(frozen->detail.wallet_frozen.reason, "fraud.check");
  walletd_error_free(frozen);
  walletd_unfreeze_request unfreeze = {.wallet = wallet, .scope = WALLETD_FREEZE_SCOPE_ALL, .reason = "fraud.cleared"};
  CHECK_OK(walletd_unfreeze(client, &unfreeze, NULL, NULL, &error));

  walletd_set_limits_request limits = {.wallet = wallet,
      .reason = "kyc.basic",
      .limits = {.overdraft_limit = 50, .max_balance = 5000, .max_amount = 900, .day = {.amount = 950, .count = 20}}};
  CHECK_OK(walletd_set_limits(client, &limits, NULL, NULL, &error));
  request.amount = 901;
  REFUSED(walletd_debit(client, &request, NULL, NULL, &error), LIMIT_EXCEEDED, limit_exceeded.kind,
      WALLETD_LIMIT_KIND_TRANSACTION_AMOUNT);
  request.amount = 900;
  CHECK_OK(walletd_debit(client, &request, NULL, NULL, &error));
  request.amount = 51;
  REFUSED(walletd_debit(client, &request, NULL, NULL, &error), LIMIT_EXCEEDED, limit_exceeded.remaining, 50);
  walletd_credit_request much = {.wallet = wallet, .amount = 5000, .reason = "test"};
  REFUSED(walletd_credit(client, &much, NULL, NULL, &error), MAX_BALANCE_EXCEEDED, max_balance_exceeded.limit, 5000);
  walletd_explain_balance_response *explained = NULL;
  if (CHECK_OK(walletd_explain_balance(
          client, &(walletd_explain_balance_request){.wallet = wallet, .last_changes = 2}, NULL, &explained, &error))) {
    CHECK(explained->equal && explained->last_changes_count == 2 && explained->sums_count > 0);
    CHECK(explained->wallet.balance == 100 && explained->wallet.status == WALLETD_WALLET_STATUS_OPEN);
    CHECK(explained->limits.day.count == 20 && explained->limit_uses_count > 0);
    CHECK_TEXT(explained->difference, "");
  }
  walletd_free(explained);
  walletd_close_wallet_request close = {.wallet = wallet, .reason = "account.closed"};
  REFUSED(walletd_close_wallet(client, &close, NULL, NULL, &error), WALLET_NOT_EMPTY, wallet_not_empty.balance, 100);
  limits.limits = (walletd_wallet_limits){0}; /* lifts them all */
  CHECK_OK(walletd_set_limits(client, &limits, NULL, NULL, &error));
  request.amount = 100;
  CHECK_OK(walletd_debit(client, &request, NULL, NULL, &error));
  CHECK_OK(walletd_close_wallet(client, &close, NULL, NULL, &error));
  walletd_get_wallet_response *found = NULL;
  int64_t id = 0;
  if (CHECK_OK(walletd_get_wallet(client, &(walletd_get_wallet_request){.wallet = wallet}, NULL, &found, &error))) {
    CHECK_INT(found->wallet.status, WALLETD_WALLET_STATUS_CLOSED);
    CHECK_TEXT(found->wallet.owner_id, "user-17");
    CHECK(found->wallet.created_at_micros > 0);
    id = found->wallet.id;
  }
  walletd_free(found);
  walletd_credit_request late = {.wallet = {.id = id}, .amount = 1, .reason = "test"};
  REFUSED(walletd_credit(client, &late, NULL, NULL, &error), WALLET_CLOSED, wallet.wallet_id, id);
  walletd_get_wallet_request nobody = {.wallet = {.owner_id = "nobody", .currency = "EUR"}};
  walletd_error *missing =
      refused(walletd_get_wallet(client, &nobody, NULL, NULL, &error), &error, WALLETD_REASON_WALLET_NOT_FOUND);
  CHECK_TEXT(missing->detail.wallet.owner_id, "nobody");
  walletd_error_free(missing);
  walletd_open_wallet_request odd = {.wallet = {.owner_id = "user-17", .currency = "NOPE"}, .reason = "signup"};
  walletd_error *unknown =
      refused(walletd_open_wallet(client, &odd, NULL, NULL, &error), &error, WALLETD_REASON_CURRENCY_UNKNOWN);
  CHECK_TEXT(unknown->detail.currency.request_currency, "NOPE");
  walletd_error_free(unknown);
  walletd_client_free(client);
  server_free(server);
}

static void administration(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_administration_response *done = NULL;
  walletd_register_currency_request megabytes = {.code = "ESIM-MB", .reason = "new.product"};
  if (CHECK_OK(walletd_register_currency(client, &megabytes, NULL, &done, &error))) {
    CHECK_TEXT(done->row.subject, "ESIM-MB");
    CHECK_INT(done->row.verb, WALLETD_METHOD_REGISTER_CURRENCY);
    CHECK_INT(strlen(done->key), 36);
  }
  walletd_free(done);
  walletd_register_currency_request euro = {.code = "EUR", .exponent = 2, .reason = "test"};
  walletd_error_free(
      refused(walletd_register_currency(client, &euro, NULL, NULL, &error), &error, WALLETD_REASON_CURRENCY_EXISTS));
  walletd_add_counter_account_request vouchers = {.name = "vouchers", .reason = "new.channel"};
  CHECK_OK(walletd_add_counter_account(client, &vouchers, NULL, NULL, &error));
  walletd_error *there = refused(
      walletd_add_counter_account(client, &vouchers, NULL, NULL, &error), &error, WALLETD_REASON_COUNTER_ACCOUNT_EXISTS);
  CHECK_TEXT(there->detail.counter_account.counter_account, "vouchers");
  walletd_error_free(there);
  walletd_wallet_ref wallet = opened(client, "user-17", "ESIM-MB");
  walletd_credit_request bundle = {.wallet = wallet, .amount = 1024, .reason = "bundle", .counter_account = "vouchers"};
  CHECK_OK(walletd_credit(client, &bundle, NULL, NULL, &error));
  walletd_trial_balance_response *totals = NULL;
  if (CHECK_OK(
          walletd_trial_balance(client, &(walletd_trial_balance_request){.currency = "ESIM-MB"}, NULL, &totals, &error))) {
    CHECK_INT(totals->currencies_count, 1);
    CHECK(totals->currencies[0].wallets_total == 1024 && totals->currencies[0].difference == 0);
    CHECK(totals->currencies[0].registered && totals->currencies[0].counter_accounts[0].total == -1024);
    CHECK_INT(totals->counter_accounts_count, 6);
    CHECK_TEXT(totals->counter_accounts[5], "vouchers");
  }
  walletd_free(totals);
  walletd_client_free(client);
  server_free(server);
}

/* ---------------------------------------------------------------- lists */

typedef struct seen {
  char text[64];
  int64_t count, stop_at;
} seen;

static bool see_wallet(void *context, const walletd_wallet *wallet) {
  seen *seen = context;
  strncat(seen->text, wallet->currency, sizeof seen->text - strlen(seen->text) - 1);
  return ++seen->count != seen->stop_at;
}

static bool see_transaction(void *context, const walletd_transaction *row) {
  seen *seen = context;
  CHECK_INT(row->wallet_version, ++seen->count);
  return seen->count != seen->stop_at;
}

static bool see_refusal(void *context, const walletd_refusal *refusal) {
  seen *seen = context;
  seen->count++;
  CHECK_INT(refusal->verb, WALLETD_METHOD_DEBIT);
  CHECK_INT(refusal->error->reason, WALLETD_REASON_INSUFFICIENT_FUNDS);
  CHECK_INT(refusal->error->detail.insufficient_funds.requested, 1000000);
  CHECK_TEXT(refusal->wallet.owner_id, "user-17");
  CHECK_TEXT(refusal->note, "n");
  return true;
}

static void lists_and_the_past(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_wallet_ref wallet = opened(client, "user-17", "EUR");
  opened(client, "user-17", "USD");
  opened(client, "user-17", "JPY");
  int64_t middle_id = 0, middle_at = 0;
  for (int64_t i = 1; i <= 25; i++) {
    walletd_mutation_response *response = credited(client, wallet, i);
    if (i == 10) middle_id = response->transaction.id, middle_at = response->transaction.created_at_micros;
    walletd_free(response);
  }
  seen wallets = {.count = 0}, some = {.stop_at = 2}, rows = wallets, refusals = wallets, none = wallets;
  walletd_list_wallets_request of_owner = {.owner_id = "user-17", .page_size = 2};
  CHECK_OK(walletd_all_wallets(client, &of_owner, NULL, see_wallet, &wallets, &error));
  CHECK_TEXT(wallets.text, "EURUSDJPY");
  CHECK_OK(walletd_all_wallets(client, &of_owner, NULL, see_wallet, &some, &error));
  CHECK_TEXT(some.text, "EURUSD");
  walletd_list_transactions_request oldest = {.wallet = wallet, .page_size = 7, .oldest_first = true};
  CHECK_OK(walletd_all_transactions(client, &oldest, NULL, see_transaction, &rows, &error));
  CHECK_INT(rows.count, 26);
  walletd_transaction_kind kind = WALLETD_TRANSACTION_KIND_CREDIT;
  walletd_list_transactions_request filtered = {.wallet = wallet,
      .filter = {.kinds = &kind,
          .kinds_count = 1,
          .min_amount = 5,
          .max_amount = 9,
          .reason = "topup",
          .from_micros = middle_at - 3600000000,
          .before_micros = middle_at + 3600000000}};
  walletd_list_transactions_response *page = NULL;
  if (CHECK_OK(walletd_list_transactions(client, &filtered, NULL, &page, &error))) {
    CHECK_INT(page->transactions_count, 5);
    CHECK_INT(page->transactions[0].amount, 9);
    CHECK_TEXT(page->currency, "EUR");
    CHECK_TEXT(page->next_cursor, "");
  }
  walletd_free(page);
  walletd_get_balance_at_response *then = NULL;
  walletd_get_balance_at_request at_version = {
      .wallet = wallet, .at = WALLETD_GET_BALANCE_AT_REQUEST_AT_VERSION, .version = 11};
  if (CHECK_OK(walletd_get_balance_at(client, &at_version, NULL, &then, &error)))
    CHECK(then->balance == 55 && then->transaction_id == middle_id && then->created_at_micros == middle_at);
  walletd_free(then);
  walletd_get_balance_at_request at_time = {
      .wallet = wallet, .at = WALLETD_GET_BALANCE_AT_REQUEST_AT_TIME_MICROS, .time_micros = middle_at};
  if (CHECK_OK(walletd_get_balance_at(client, &at_time, NULL, &then, &error)))
    CHECK(then->balance >= 55 && then->version >= 11);
  walletd_free(then);
  at_version.version = 99;
  walletd_error *bad =
      refused(walletd_get_balance_at(client, &at_version, NULL, NULL, &error), &error, WALLETD_REASON_INVALID_ARGUMENT);
  CHECK_TEXT(bad->detail.invalid_argument.field, "version");
  walletd_error_free(bad);
  walletd_list_transactions_request nobody = {.wallet = {.owner_id = "nobody", .currency = "EUR"}};
  walletd_error_free(refused(walletd_all_transactions(client, &nobody, NULL, see_transaction, &none, &error), &error,
      WALLETD_REASON_WALLET_NOT_FOUND));
  CHECK_INT(none.count, 0);
  for (int i = 0; i < 3; i++) {
    walletd_debit_request much = {.wallet = wallet, .amount = 1000000, .reason = "test", .note = "n"};
    REFUSED(walletd_debit(client, &much, NULL, NULL, &error), INSUFFICIENT_FUNDS, insufficient_funds.balance, 325);
  }
  walletd_reason reason = WALLETD_REASON_INSUFFICIENT_FUNDS;
  walletd_list_refusals_request of_wallet = {.wallet = wallet, .page_size = 2, .reasons = &reason, .reasons_count = 1};
  CHECK_OK(walletd_all_refusals(client, &of_wallet, NULL, see_refusal, &refusals, &error));
  CHECK_INT(refusals.count, 3);
  walletd_client_free(client);
  server_free(server);
}

static void verify_and_backup(void) {
  char options[200];
  snprintf(options, sizeof options, "--backup-dir %s", scratch_path("backups"));
  if (!run(NULL, 0, "mkdir -p %s", scratch_path("backups"))) need(NULL);
  server *server = server_new(options);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  credit(client, opened(client, "user-17", "EUR"), 100);
  walletd_stream *stream = NULL;
  walletd_verify_event *verified = NULL;
  CHECK_OK(walletd_verify(client, &(walletd_verify_request){.skip_integrity_check = true}, NULL, &stream, &error));
  int64_t findings = -1;
  walletd_next next;
  while ((next = walletd_verify_next(stream, PATIENCE_MILLIS, &verified, &error)) == WALLETD_NEXT_EVENT) {
    if (verified->event == WALLETD_VERIFY_EVENT_EVENT_REPORT) findings = verified->report.findings;
    walletd_free(verified);
  }
  CHECK_INT(next, WALLETD_NEXT_END);
  CHECK_INT(findings, 0);
  walletd_stream_close(stream);
  walletd_backup_event *backed_up = NULL;
  CHECK_OK(walletd_backup(client, NULL, NULL, &stream, &error));
  bool reported = false;
  while ((next = walletd_backup_next(stream, PATIENCE_MILLIS, &backed_up, &error)) == WALLETD_NEXT_EVENT) {
    if (backed_up->event == WALLETD_BACKUP_EVENT_EVENT_REPORT)
      reported = *backed_up->report.file && backed_up->report.rows > 0 && backed_up->report.sha256.length == 32;
    walletd_free(backed_up);
  }
  CHECK_INT(next, WALLETD_NEXT_END);
  if (error) fprintf(stderr, "%s\n", error->message);
  walletd_error_free(error);
  CHECK(reported);
  walletd_stream_close(stream);
  walletd_client_free(client);
  server_free(server);
}

LIST(verb_tests, HEAVY(about_the_server), HEAVY(money_moves), HEAVY(holds), HEAVY(stopping_and_closing),
    HEAVY(administration), HEAVY(lists_and_the_past), HEAVY(verify_and_backup));
