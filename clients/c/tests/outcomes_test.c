/* What becomes of a call: each row of the contract, by scripts. */
#include <pthread.h>
#include <stdlib.h>

#include "fake.h"

/* Takes a request and closes without an answer. */
static void drops(peer *peer) {
  peer_hello(peer, NULL);
  peer_request(peer);
}

/* The keys that were sent. */
typedef struct keys {
  char text[8][64];
  int count;
} keys;

static wd_frame note(peer *peer) {
  walletd_debit_request *request;
  wd_frame frame = peer_debit(peer, &request);
  keys *sent = peer->context;
  snprintf(sent->text[sent->count++ % 8], 64, "%s", request->idempotency_key);
  walletd_free(request);
  return frame;
}

static void notes_and_drops(peer *peer) {
  peer_hello(peer, NULL);
  note(peer);
}

static void notes_and_resets(peer *peer) {
  peer_hello(peer, NULL);
  note(peer);
  peer_reset(peer);
}

static void notes_and_replays(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = {.type = WD_RESPONSE, .flags = WD_FLAG_REPLAYED, .request_id = note(peer).request_id};
  peer_send_struct(peer, frame, WD_MUTATION_RESPONSE, &(walletd_mutation_response){.balance = 900, .replayed = true});
  peer_ends(peer);
}

static void a_lost_answer_is_asked_for_again_with_the_same_key(void) {
  keys sent = {0};
  fake *fake = FAKE(&sent, notes_and_drops, notes_and_resets, notes_and_replays);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  walletd_debit_request request = {.wallet = test_wallet, .amount = 100, .reason = "test"};
  if (CHECK_OK(walletd_debit(client, &request, NULL, &response, &error))) {
    CHECK(response->replayed);
    CHECK_INT(response->balance, 900);
    CHECK_INT(sent.count, 3);
    for (int i = 0; i < 3; i++) CHECK_TEXT(sent.text[i], response->key);
  }
  walletd_free(response);
  walletd_client_free(client);
  fake_free(fake);
}

static void a_lost_answer_each_time(void) {
  fake *fake = FAKE(NULL, drops, drops, drops, drops, drops, drops, drops, drops);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_OUTCOME_UNKNOWN, &kept);
  if (kept) {
    CHECK_TEXT(kept->key, test_key);
    CHECK(kept->cause && kept->cause->status == WALLETD_DISCONNECTED);
    CHECK_TEXT(kept->cause->key, test_key);
  }
  walletd_error_free(kept);
  CHECK_INT(fake_connections(fake), 4);
  CHECK_FAILS(get_balance(client, 0, &error), WALLETD_DISCONNECTED);
  CHECK_INT(fake_connections(fake), 8);
  walletd_client_free(client);
  fake_free(fake);
}

typedef struct refusal {
  walletd_reason reason;
  int status;
} refusal;

static void refuses_all(peer *peer) {
  const refusal *given = peer->context;
  peer_hello(peer, NULL);
  for (;;) peer_fail(peer, peer_request(peer), given->reason, given->status);
}

static void not_executed_after_unknown_does_not_call_the_money_unmoved(void) {
  static refusal refusals[] = {{WALLETD_REASON_UNAVAILABLE, 14}, {WALLETD_REASON_RESOURCE_EXHAUSTED, 8},
      {WALLETD_REASON_DEADLINE_EXCEEDED, 4}, {WALLETD_REASON_CANCELLED, 1}, {WALLETD_REASON_VERSION_CONFLICT, 10},
      {WALLETD_REASON_INVALID_ARGUMENT, 3}, {WALLETD_REASON_UNAUTHENTICATED, 16}, {WALLETD_REASON_IDEMPOTENCY_MISMATCH, 6},
      {WALLETD_REASON_INTERNAL, 13}, {WALLETD_REASON_PERMISSION_DENIED, 7}};
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    fake *fake = FAKE(&refusals[i], drops, refuses_all);
    walletd_client *client = client_of(fake_address(fake), &eager);
    walletd_error *error = NULL;
    CHECK_FAILS(debit(client, NULL, &error), WALLETD_OUTCOME_UNKNOWN);
    CHECK_FAILS(debit(client, NULL, &error), WALLETD_OUTCOME_UNKNOWN); /* the client remembers it beyond the call */
    walletd_debit_request other = {.wallet = test_wallet, .amount = 100, .reason = "test", .idempotency_key = "another-key"};
    CHECK(walletd_debit(client, &other, NULL, NULL, NULL) != WALLETD_OUTCOME_UNKNOWN);
    walletd_client_free(client);
    fake_free(fake);
  }
}

/* ---------------------------------------------------------------- what resolves a key */

static void insufficient(peer *peer, wd_frame request, uint8_t flags) {
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  Wallet__V1__InsufficientFunds figures = WALLET__V1__INSUFFICIENT_FUNDS__INIT;
  char text[] = "too little";
  figures.requested = 100;
  figures.available = figures.balance = 40;
  figures.shortfall = 60;
  figures.version = 3;
  error.reason = WALLET__V1__ERROR_REASON__ERROR_REASON_INSUFFICIENT_FUNDS;
  error.message = (ProtobufCBinaryData){.len = strlen(text), .data = (uint8_t *)text};
  error.commit_seq = 12;
  error.detail_case = WALLET__V1__ERROR__DETAIL_INSUFFICIENT_FUNDS;
  error.insufficient_funds = &figures;
  peer_refuse(peer, (wd_frame){.request_id = request.request_id, .code = 9, .flags = flags}, &error);
}

static void answers_ok(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_balance(peer, peer_request(peer), 5);
  peer_ends(peer);
}

static void refuses(peer *peer) {
  peer_hello(peer, NULL);
  insufficient(peer, peer_request(peer), WD_FLAG_NOT_EXECUTED);
  peer_ends(peer);
}

static void refuses_again(peer *peer) {
  peer_hello(peer, NULL);
  insufficient(peer, peer_request(peer), WD_FLAG_NOT_EXECUTED | WD_FLAG_REPLAYED);
  peer_ends(peer);
}

static void refuses_unsurely(peer *peer) {
  peer_hello(peer, NULL);
  insufficient(peer, peer_request(peer), 0);
  peer_ends(peer);
}

static void aborts_without_a_cause(peer *peer) {
  peer_hello(peer, NULL);
  peer_fail(peer, peer_request(peer), WALLETD_REASON_BATCH_ABORTED, 10);
  peer_ends(peer);
}

static void then_unavailable(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) peer_fail(peer, peer_request(peer), WALLETD_REASON_UNAVAILABLE, 14);
}

static void what_resolves_an_unknown_key(void) {
  static const struct {
    script *script;
    walletd_status status;
  } cases[] = {{answers_ok, WALLETD_OK}, {refuses, WALLETD_REJECTED}, {refuses_again, WALLETD_REJECTED},
      {refuses_unsurely, WALLETD_OUTCOME_UNKNOWN}, {aborts_without_a_cause, WALLETD_OUTCOME_UNKNOWN}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fake *fake = FAKE(NULL, drops, cases[i].script);
    walletd_client *client = client_of(fake_address(fake), &eager);
    walletd_error *error = NULL;
    CHECK_FAILS(debit(client, NULL, &error), cases[i].status);
    walletd_client_free(client);
    fake_free(fake);
  }
}

static void rejected(void) {
  fake *fake = FAKE(NULL, refuses_again);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_REJECTED, &kept);
  if (kept) {
    CHECK_INT(kept->reason, WALLETD_REASON_INSUFFICIENT_FUNDS);
    CHECK_INT(kept->detail.type, WALLETD_DETAIL_TYPE_INSUFFICIENT_FUNDS);
    CHECK_INT(kept->detail.insufficient_funds.shortfall, 60);
    CHECK_INT(kept->grpc_status, 9);
    CHECK_INT(kept->commit_seq, 12);
    CHECK(kept->replayed && !kept->cause);
    CHECK_TEXT(kept->message, "too little");
    CHECK_TEXT(kept->key, test_key);
  }
  walletd_error_free(kept);
  CHECK_INT(fake_connections(fake), 1); /* it is not tried again */
  walletd_client_free(client);
  fake_free(fake);
}

static void internal_without_a_promise(peer *peer) {
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  Wallet__V1__Internal internal = WALLET__V1__INTERNAL__INIT;
  char id[] = "log-7";
  internal.id = (ProtobufCBinaryData){.len = 5, .data = (uint8_t *)id};
  error.reason = WALLET__V1__ERROR_REASON__ERROR_REASON_INTERNAL;
  error.detail_case = WALLET__V1__ERROR__DETAIL_INTERNAL;
  error.internal = &internal;
  peer_hello(peer, NULL);
  for (int i = 0; i < 2; i++) peer_refuse(peer, (wd_frame){.request_id = peer_request(peer).request_id, .code = 13}, &error);
  peer_ends(peer); /* INTERNAL is not tried again */
}

static void an_answer_that_is_not_sure_leaves_the_outcome_unknown(void) {
  fake *fake = FAKE(NULL, internal_without_a_promise);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_FAILS(debit(client, NULL, &error), WALLETD_OUTCOME_UNKNOWN);
  CHECK_KEPT(get_balance(client, 0, &error), WALLETD_NOT_EXECUTED, &kept);
  if (kept) {
    CHECK_INT(kept->reason, WALLETD_REASON_INTERNAL);
    CHECK_TEXT(kept->detail.internal.id, "log-7");
    CHECK(kept->key == NULL);
  }
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);
}

static void retry_of_unknown(void) {
  fake *fake = FAKE(NULL, then_unavailable);
  walletd_client *client = client_of(fake_address(fake), &once);
  walletd_error *error = NULL, *kept = NULL;
  walletd_options again = {.retry_of_unknown = true};
  walletd_debit_request request = {.wallet = test_wallet, .amount = 100, .reason = "test", .idempotency_key = test_key};
  CHECK_FAILS(walletd_debit(client, &request, &again, NULL, &error), WALLETD_OUTCOME_UNKNOWN);
  request.idempotency_key = "another-key";
  CHECK_FAILS(walletd_debit(client, &request, NULL, NULL, &error), WALLETD_NOT_EXECUTED);
  request.dry_run = true; /* nothing can be unknown about a dry run */
  CHECK_KEPT(walletd_debit(client, &request, &again, NULL, &error), WALLETD_NOT_EXECUTED, &kept);
  if (kept) {
    CHECK_TEXT(kept->key, "another-key");
    CHECK_INT(kept->reason, WALLETD_REASON_UNAVAILABLE);
  }
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);
}

LIST(outcome_tests, T(a_lost_answer_is_asked_for_again_with_the_same_key), T(a_lost_answer_each_time),
    T(not_executed_after_unknown_does_not_call_the_money_unmoved), T(what_resolves_an_unknown_key), T(rejected),
    T(an_answer_that_is_not_sure_leaves_the_outcome_unknown), T(retry_of_unknown));
