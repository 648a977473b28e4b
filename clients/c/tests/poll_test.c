/* Calls from a poll loop. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fake.h"

typedef struct outcome {
  int calls;
  walletd_status status;
  int64_t balance;
  uint64_t id;
  char key[64];
} outcome;

static void turn(walletd_client *client) {
  int timeout = walletd_timeout_ms(client);
  struct pollfd polled = {.fd = walletd_fd(client), .events = walletd_events(client)};
  if (timeout < 0 || timeout > 1000) timeout = 1000;
  poll(&polled, 1, timeout);
  walletd_process(client, polled.revents);
}

static void turn_until(walletd_client *client, const int *counter, int wanted) {
  for (int64_t end = now_millis() + PATIENCE_MILLIS; *counter < wanted && now_millis() < end;) turn(client);
  CHECK_INT(*counter, wanted);
}

static void debited(void *context, walletd_call *call) {
  outcome *outcome = context;
  walletd_mutation_response *response = NULL;
  walletd_error *error = NULL;
  outcome->id = walletd_call_id(call);
  CHECK_INT(walletd_credit_finish(call, NULL, NULL), WALLETD_INVALID); /* it is of another verb */
  outcome->status = walletd_debit_finish(call, &response, &error);
  if (response) outcome->balance = response->balance;
  snprintf(outcome->key, sizeof outcome->key, "%s", response ? response->key : error && error->key ? error->key : "");
  walletd_free(response);
  walletd_error_free(error);
  outcome->calls++;
}

static uint64_t start_debit(walletd_client *client, int64_t amount, uint32_t timeout_millis, outcome *outcome) {
  walletd_debit_request request = {.wallet = test_wallet, .amount = amount, .reason = "test", .idempotency_key = test_key};
  return walletd_debit_start(client, &request, &(walletd_options){.timeout_millis = timeout_millis}, debited, outcome, NULL);
}

static void echoes(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) {
    walletd_debit_request *request;
    wd_frame frame = peer_debit(peer, &request);
    int64_t amount = request->amount;
    walletd_free(request);
    peer_ok_balance(peer, frame, amount);
  }
}

static void many_calls_without_a_thread(void) {
  enum { CALLS = 200 };
  fake *fake = FAKE(NULL, echoes);
  walletd_client *client = client_of(fake_address(fake), NULL);
  int fd = walletd_fd(client);
  static outcome outcomes[CALLS];
  memset(outcomes, 0, sizeof outcomes);
  for (int i = 0; i < CALLS; i++) CHECK(start_debit(client, i + 1, PATIENCE_MILLIS, &outcomes[i]) == (uint64_t)i + 1);
  for (int i = 0; i < CALLS; i++) {
    turn_until(client, &outcomes[i].calls, 1);
    CHECK_INT(outcomes[i].status, WALLETD_OK);
    CHECK_INT(outcomes[i].balance, i + 1);
    CHECK_INT(outcomes[i].id, i + 1);
    CHECK_TEXT(outcomes[i].key, test_key);
  }
  CHECK_INT(fd, walletd_fd(client));
  CHECK_INT(walletd_timeout_ms(client), -1); /* nothing is due */
  walletd_client_free(client);
  fake_free(fake);
}

static void takes_and_waits(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 1);
  wd_frame frame = peer_request(peer);
  wd_frame cancel = peer_read(peer);
  CHECK_INT(cancel.type, WD_CANCEL);
  CHECK_INT(cancel.request_id, frame.request_id);
  peer_fail(peer, peer_request(peer), WALLETD_REASON_UNAVAILABLE, 14);
  peer_ends(peer);
}

static void cancelling(void) {
  fake *fake = FAKE(NULL, takes_and_waits);
  walletd_client *client = client_of(fake_address(fake), &once);
  outcome first = {0}, second = {0}, never = {0};
  uint64_t id = start_debit(client, 1, PATIENCE_MILLIS, &never);
  CHECK(walletd_cancel(client, id)); /* before it was sent */
  CHECK(!walletd_cancel(client, id));
  turn_until(client, &never.calls, 1);
  CHECK_INT(never.status, WALLETD_CANCELLED);
  CHECK_TEXT(never.key, test_key);
  walletd_error *error = NULL;
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error)); /* the connection is open, and what is started leaves at once */
  id = start_debit(client, 1, PATIENCE_MILLIS, &first);
  CHECK_INT(first.calls, 0);
  CHECK(walletd_cancel(client, id));
  CHECK(!walletd_cancel(client, 999));
  turn_until(client, &first.calls, 1);
  CHECK_INT(first.status, WALLETD_OUTCOME_UNKNOWN);
  start_debit(client, 1, PATIENCE_MILLIS, &second); /* it is remembered */
  turn_until(client, &second.calls, 1);
  CHECK_INT(second.status, WALLETD_OUTCOME_UNKNOWN);
  walletd_client_free(client);
  fake_free(fake);
}

static void deadlines_pass_in_the_loop(void) {
  walletd_client *client = client_of(refused_address(), &(walletd_settings){.retry = {.backoff_millis = 30}});
  outcome outcome = {0};
  int64_t started = now_millis();
  start_debit(client, 1, 200, &outcome);
  turn_until(client, &outcome.calls, 1);
  CHECK(outcome.status == WALLETD_DISCONNECTED || outcome.status == WALLETD_DEADLINE_EXCEEDED);
  CHECK(now_millis() - started < PATIENCE_MILLIS);
  walletd_client_free(client);
}

/* ---------------------------------------------------------------- within a callback */

typedef struct chain {
  walletd_client *client;
  int left, ended;
} chain;

static void next_of_chain(void *context, walletd_call *call) {
  chain *chain = context;
  walletd_error *error = NULL;
  CHECK_INT(walletd_debit_finish(call, NULL, &error), WALLETD_OK);
  walletd_error_free(error);
  CHECK_INT(ping(chain->client, 1000, NULL, &error), WALLETD_INVALID); /* a call that waits can't be made here */
  walletd_error_free(error);
  if (--chain->left == 0) {
    chain->ended = 1;
    return;
  }
  walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test"};
  CHECK(walletd_debit_start(chain->client, &request, NULL, next_of_chain, chain, NULL) != 0);
}

static void calls_are_started_within_callbacks(void) {
  fake *fake = FAKE(NULL, echoes);
  walletd_client *client = client_of(fake_address(fake), NULL);
  chain chain = {.client = client, .left = 20};
  walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test"};
  CHECK(walletd_debit_start(client, &request, NULL, next_of_chain, &chain, NULL) != 0);
  turn_until(client, &chain.ended, 1);
  walletd_client_free(client);
  fake_free(fake);
}

static void what_cannot_be_started_is_told_at_once(void) {
  walletd_client *client = client_of(refused_address(), NULL);
  outcome outcome = {0};
  walletd_error *error = NULL;
  walletd_capture_request request = {.hold_id = 1, .reason = "test"};
  CHECK_INT(walletd_capture_start(client, &request, NULL, debited, &outcome, &error), 0);
  CHECK(error && error->status == WALLETD_INVALID);
  walletd_error_free(error);
  CHECK_INT(walletd_ping_start(client, NULL, NULL, NULL, NULL, &error), 0); /* nobody would be told */
  CHECK(error && error->status == WALLETD_INVALID);
  walletd_error_free(error);
  start_debit(client, 1, PATIENCE_MILLIS, &outcome);
  walletd_client_close(client); /* calls back */
  CHECK_INT(outcome.calls, 1);
  CHECK_INT(outcome.status, WALLETD_CLOSED);
  walletd_debit_request debit = {.wallet = test_wallet, .amount = 1, .reason = "test", .idempotency_key = test_key};
  CHECK_INT(walletd_debit_start(client, &debit, NULL, debited, &outcome, &error), 0);
  CHECK(error && error->status == WALLETD_CLOSED);
  if (error) CHECK_TEXT(error->key, test_key);
  walletd_error_free(error);
  CHECK_INT(outcome.calls, 1);
  walletd_client_free(client);
}

/* ---------------------------------------------------------------- beside threads */

typedef struct loop {
  walletd_client *client;
  atomic_int stop;
} loop;

static void *run_loop(void *argument) {
  loop *loop = argument;
  while (!atomic_load(&loop->stop)) turn(loop->client);
  return NULL;
}

typedef struct many {
  atomic_int ended;
} many;

static void ended(void *context, walletd_call *call) {
  CHECK_INT(walletd_debit_finish(call, NULL, NULL), WALLETD_OK);
  atomic_fetch_add(&((many *)context)->ended, 1);
}

static void a_loop_and_waiting_threads_share_a_client(void) {
  enum { CALLS = 100 };
  fake *fake = FAKE(NULL, echoes);
  loop loop = {.client = client_of(fake_address(fake), NULL)};
  many many = {0};
  pthread_t thread;
  pthread_create(&thread, NULL, run_loop, &loop);
  for (int i = 0; i < CALLS; i++) {
    walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test"};
    walletd_options options = {.timeout_millis = PATIENCE_MILLIS};
    CHECK(walletd_debit_start(loop.client, &request, &options, ended, &many, NULL) != 0);
    CHECK_INT(walletd_debit(loop.client, &request, &options, NULL, NULL), WALLETD_OK);
  }
  for (int64_t end = now_millis() + PATIENCE_MILLIS; atomic_load(&many.ended) < CALLS && now_millis() < end;)
    sleep_millis(1);
  CHECK_INT(atomic_load(&many.ended), CALLS);
  atomic_store(&loop.stop, 1);
  pthread_join(thread, NULL);
  walletd_client_free(loop.client);
  fake_free(fake);
}

LIST(poll_tests, T(many_calls_without_a_thread), T(cancelling), T(deadlines_pass_in_the_loop),
    T(calls_are_started_within_callbacks), T(what_cannot_be_started_is_told_at_once),
    T(a_loop_and_waiting_threads_share_a_client));
