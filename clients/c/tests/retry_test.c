/* When a call is tried again, and how it is given up. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "client.h"
#include "fake.h"

static void counts_and_refuses(peer *peer) {
  atomic_int *requests = peer->context;
  peer_hello(peer, NULL);
  for (;;) {
    wd_frame frame = peer_request(peer);
    atomic_fetch_add(requests, 1);
    peer_fail(peer, frame, WALLETD_REASON_UNAVAILABLE, 14);
  }
}

static void unavailable_is_tried_again_up_to_attempts_max(void) {
  atomic_int requests = 0;
  fake *fake = FAKE(&requests, counts_and_refuses);
  walletd_settings patient = {.retry = {.backoff_millis = 1, .backoff_max_millis = 2}};
  walletd_client *client = client_of(fake_address(fake), &patient);
  walletd_error *error = NULL;
  /* Of the budget of ten and a tenth five are spent; the next call has five, the one behind it none. */
  static const int total[] = {6, 12, 13};
  for (int i = 0; i < 3; i++) {
    CHECK_FAILS(debit(client, NULL, &error), WALLETD_NOT_EXECUTED);
    CHECK_INT(atomic_load(&requests), total[i]);
  }
  walletd_client_free(client);
  fake_free(fake);
}

enum { ASKED_MILLIS = 300 };

static void asks_to_wait(peer *peer) {
  int64_t *times = peer->context;
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  error.reason = WALLET__V1__ERROR_REASON__ERROR_REASON_RESOURCE_EXHAUSTED;
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer);
  times[0] = now_millis();
  peer_refuse(peer,
      (wd_frame){.request_id = frame.request_id, .code = 8, .flags = WD_FLAG_NOT_EXECUTED, .millis = ASKED_MILLIS}, &error);
  frame = peer_request(peer);
  times[1] = now_millis();
  peer_ok_balance(peer, frame, 1);
  peer_ends(peer);
}

static void retry_after_is_honoured(void) {
  int64_t times[2] = {0};
  fake *fake = FAKE(times, asks_to_wait);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL;
  CHECK_OK(debit(client, NULL, &error));
  CHECK(times[1] - times[0] >= ASKED_MILLIS - 2);
  walletd_client_free(client);
  fake_free(fake);
}

static void asks_for_a_long_wait(peer *peer) {
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  Wallet__V1__RetryAfter after = WALLET__V1__RETRY_AFTER__INIT;
  after.retry_after_millis = 3600000;
  error.reason = WALLET__V1__ERROR_REASON__ERROR_REASON_UNAVAILABLE;
  error.detail_case = WALLET__V1__ERROR__DETAIL_RETRY_AFTER;
  error.retry_after = &after;
  peer_hello(peer, NULL);
  peer_refuse(
      peer, (wd_frame){.request_id = peer_request(peer).request_id, .code = 14, .flags = WD_FLAG_NOT_EXECUTED}, &error);
  peer_ends(peer);
}

static void a_retry_after_beyond_the_deadline_is_not_waited_for(void) {
  fake *fake = FAKE(NULL, asks_for_a_long_wait);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL, *kept = NULL;
  int64_t started = now_millis();
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_NOT_EXECUTED, &kept);
  CHECK(now_millis() - started < PATIENCE_MILLIS);
  if (kept) CHECK_INT(kept->retry_after_millis, 3600000);
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);
}

/* A client whose connection is open, so that short deadlines are those of a request alone. */
static walletd_client *connected_to(fake *fake) {
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL;
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  return client;
}

static void is_silent(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 1);
  for (int i = 0; i < 2; i++) {
    wd_frame frame = peer_request(peer);
    CHECK(frame.millis <= 270); /* nine tenths of the deadline */
    wd_frame cancel = peer_read(peer);
    CHECK_INT(cancel.type, WD_CANCEL);
    CHECK_INT(cancel.request_id, frame.request_id);
    static const uint8_t sign_of_life[8];
    peer_send(peer, (wd_frame){.type = WD_PONG, .payload = sign_of_life, .length = 8});
  }
  peer_ends(peer);
}

static void a_silent_server(void) {
  fake *fake = FAKE(NULL, is_silent);
  walletd_client *client = connected_to(fake);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_KEPT(get_balance(client, 300, &error), WALLETD_DEADLINE_EXCEEDED, &kept);
  if (kept) CHECK(kept->key == NULL);
  walletd_error_free(kept);
  walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test", .idempotency_key = test_key};
  CHECK_KEPT(walletd_debit(client, &request, &(walletd_options){.timeout_millis = 300}, NULL, &error),
      WALLETD_OUTCOME_UNKNOWN, &kept);
  if (kept) CHECK_INT(kept->cause->status, WALLETD_DEADLINE_EXCEEDED);
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);
}

static void answers_late(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 1);
  wd_frame first = peer_request(peer);
  CHECK_INT(peer_read(peer).type, WD_CANCEL);
  wd_frame second = peer_request(peer);
  CHECK(second.request_id != first.request_id); /* the server still counts it */
  peer_ok_balance(peer, first, 1);
  peer_ok_balance(peer, (wd_frame){.request_id = 4000000000}, 7); /* a call that never was */
  peer_ok_balance(peer, second, 2);
  peer_ends(peer);
}

static void a_late_reply_is_dropped(void) {
  fake *fake = FAKE(NULL, answers_late);
  walletd_client *client = connected_to(fake);
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  CHECK_FAILS(get_balance(client, 200, &error), WALLETD_DEADLINE_EXCEEDED);
  if (CHECK_OK(debit(client, &response, &error))) CHECK_INT(response->balance, 2);
  CHECK_INT(fake_connections(fake), 1);
  walletd_free(response);
  walletd_client_free(client);
  fake_free(fake);
}

static void hears_nothing(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 1);
  peer_ends(peer);
}

static void answers_pings(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) peer_ok_ping(peer, peer_request(peer), 1);
}

static void a_dead_connection_is_left(void) {
  fake *fake = FAKE(NULL, hears_nothing, answers_pings);
  walletd_client *client = connected_to(fake);
  walletd_error *error = NULL;
  for (int i = 0; i < 2; i++) CHECK_FAILS(ping(client, 300, NULL, &error), WALLETD_DEADLINE_EXCEEDED);
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  CHECK_INT(fake_connections(fake), 2);
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- a peer that reads nothing */

static void reads_nothing(peer *peer) {
  sem_t *release = peer->context;
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 1);
  sem_wait(release);
}

typedef struct tally {
  atomic_int unknown, sure, other, left;
} tally;

static void count_end(void *context, walletd_call *call) {
  tally *ends = context;
  walletd_status status = walletd_debit_finish(call, NULL, NULL);
  atomic_fetch_add(status == WALLETD_OUTCOME_UNKNOWN ? &ends->unknown
                   : walletd_not_executed(status)    ? &ends->sure
                                                     : &ends->other,
      1);
  atomic_fetch_sub(&ends->left, 1);
}

static void a_peer_that_reads_nothing(void) {
  enum { CALLS = 300, NOTE = 60000 };
  sem_t release;
  sem_init(&release, 0, 0);
  fake *fake = FAKE(&release, reads_nothing);
  walletd_client *client = connected_to(fake);
  char *note = need(malloc(NOTE + 1));
  memset(note, 'n', NOTE);
  note[NOTE] = '\0';
  tally ends = {0};
  walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test", .note = note};
  for (int i = 0; i < CALLS; i++) { /* more than the buffers take */
    atomic_fetch_add(&ends.left, 1);
    CHECK(walletd_debit_start(client, &request, &(walletd_options){.timeout_millis = 1000}, count_end, &ends, NULL) != 0);
  }
  walletd_error *error = NULL;
  for (int64_t end = now_millis() + PATIENCE_MILLIS; atomic_load(&ends.left) > 0 && now_millis() < end;) {
    get_balance(client, 100, &error); /* waiting calls process those that don't */
    walletd_error_free(error);
  }
  CHECK_INT(ends.left, 0);
  CHECK(ends.unknown > 0);
  CHECK(ends.sure > 0); /* it never left, so it is certain not to have happened */
  CHECK_INT(ends.other, 0);
  walletd_client_free(client);
  sem_post(&release);
  fake_free(fake);
  sem_destroy(&release);
  free(note);
}

LIST(retry_tests, T(unavailable_is_tried_again_up_to_attempts_max), T(retry_after_is_honoured),
    T(a_retry_after_beyond_the_deadline_is_not_waited_for), T(a_silent_server), T(a_late_reply_is_dropped),
    T(a_dead_connection_is_left), T(a_peer_that_reads_nothing));
