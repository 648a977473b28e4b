/* What may go wrong on the way to the real server. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "real.h"

enum { START = 1000000, WORKERS = 6 };

typedef struct work {
  walletd_client *client;
  walletd_wallet_ref wallet;
  atomic_int stop;
  atomic_llong done;
} work;

/* Debits 1 again and again, each with a key of its own, until it is certain. */
static void *debit_until_told(void *argument) {
  work *work = argument;
  while (!atomic_load(&work->stop)) {
    char key[WALLETD_KEY_SIZE];
    walletd_new_key(key);
    walletd_debit_request request = {.wallet = work->wallet, .amount = 1, .reason = "test", .idempotency_key = key};
    int64_t started = now_millis();
    for (;;) {
      walletd_error *error = NULL;
      walletd_status status = walletd_debit(work->client, &request, NULL, NULL, &error);
      bool hopeless = status == WALLETD_REJECTED || now_millis() - started > 3 * PATIENCE_MILLIS;
      if (hopeless) failed(__FILE__, __LINE__, error ? error->message : "it never gets through");
      walletd_error_free(error);
      if (status == WALLETD_OK) atomic_fetch_add(&work->done, 1);
      if (status == WALLETD_OK || hopeless) break;
      sleep_millis(10);
    }
  }
  return NULL;
}

/* Waits until the workers get on. */
static void get_on(work *work) {
  long long before = atomic_load(&work->done);
  int64_t end = now_millis() + 3 * PATIENCE_MILLIS;
  while (atomic_load(&work->done) < before + 30 && now_millis() < end) sleep_millis(5);
  CHECK(atomic_load(&work->done) >= before + 30);
}

/* Has workers debit while something happens, and then compares the balance: each debit took place once. */
static void work_through(
    const char *address, unsigned connections, void (*happens)(work *work, void *context), void *context) {
  work work = {.client = client_of(address, &(walletd_settings){.connections = connections})};
  walletd_error *error = NULL;
  work.wallet = opened(work.client, "user-17", "USD");
  credit(work.client, work.wallet, START);
  pthread_t threads[WORKERS];
  for (int i = 0; i < WORKERS; i++) pthread_create(&threads[i], NULL, debit_until_told, &work);
  happens(&work, context);
  atomic_store(&work.stop, 1);
  for (int i = 0; i < WORKERS; i++) pthread_join(threads[i], NULL);
  walletd_get_balance_response *balance = NULL;
  if (CHECK_OK(walletd_get_balance(work.client, &(walletd_get_balance_request){.wallet = work.wallet},
          &(walletd_options){.timeout_millis = PATIENCE_MILLIS}, &balance, &error))) {
    long long done = atomic_load(&work.done);
    CHECK(done > 0);
    CHECK_INT(balance->balance, START - done);
    CHECK_INT(balance->version, 2 + done);
  }
  walletd_free(balance);
  walletd_client_free(work.client);
}

static void kill_it(work *work, void *context) {
  for (int i = 0; i < 3; i++) {
    get_on(work);
    server_kill(context);
    server_start(context);
  }
  get_on(work);
}

static void killed_and_restarted_in_the_middle(void) {
  server *server = server_new(NULL);
  work_through(server->address, 1, kill_it, server);
  server_free(server);
}

static void terminate_it(work *work, void *context) {
  get_on(work);
  server_terminate(context); /* GOAWAY */
  server_start(context);
  get_on(work);
}

static void terminated_in_the_middle(void) {
  server *server = server_new(NULL);
  work_through(server->address, 2, terminate_it, server);
  server_free(server);
}

static void cut_it(work *work, void *context) {
  for (int i = 0; proxy_connections(context) < 8; i++) {
    sleep_millis(i * 7 % 20);
    proxy_cut(context);
    if (i % 5 == 4) get_on(work);
  }
  get_on(work);
}

static void a_proxy_that_cuts_connections(void) {
  server *server = server_new(NULL);
  proxy *proxy = proxy_new(server->address);
  work_through(proxy_address(proxy), 1, cut_it, proxy);
  proxy_free(proxy);
  server_free(server);
}

static void slice_it(work *work, void *context) {
  (void)context;
  get_on(work);
}

static void a_proxy_that_slices_to_single_bytes(void) {
  server *server = server_new(NULL);
  proxy *proxy = proxy_new(server->address);
  proxy_slice(proxy, 1);
  work_through(proxy_address(proxy), 1, slice_it, proxy);
  CHECK_INT(proxy_connections(proxy), 1);
  proxy_free(proxy);
  server_free(server);
}

static void a_blackhole(void) {
  server *server = server_new(NULL);
  proxy *proxy = proxy_new(server->address);
  walletd_client *client = client_of(proxy_address(proxy), NULL);
  walletd_error *error = NULL;
  walletd_wallet_ref wallet = opened(client, "user-17", "USD");
  credit(client, wallet, 1000);
  proxy_blackhole(proxy, true);
  int64_t started = now_millis();
  walletd_debit_request request = {.wallet = wallet, .amount = 1, .reason = "test", .idempotency_key = test_key};
  CHECK_FAILS(
      walletd_debit(client, &request, &(walletd_options){.timeout_millis = 300}, NULL, &error), WALLETD_OUTCOME_UNKNOWN);
  /* At first on the same connection, then on new ones, which aren't answered either. */
  for (int i = 0; i < 3; i++) CHECK_FAILS(get_balance(client, 200, &error), WALLETD_DEADLINE_EXCEEDED);
  CHECK(now_millis() - started < PATIENCE_MILLIS);
  proxy_blackhole(proxy, false);
  walletd_mutation_response *response = NULL;
  if (CHECK_OK(walletd_debit(client, &request, NULL, &response, &error))) CHECK_INT(response->balance, 999);
  walletd_free(response);
  walletd_client_free(client);
  proxy_free(proxy);
  server_free(server);
}

/* ---------------------------------------------------------------- a watch over all of that */

enum { ROWS = 90 };

typedef struct writer {
  server *server;
  proxy *proxy;
  walletd_client *client;
  walletd_wallet_ref wallet;
} writer;

static void *write_rows(void *argument) {
  writer *writer = argument;
  for (int i = 0; i < ROWS; i++) {
    if (i % 40 == 39) {
      server_kill(writer->server);
      server_start(writer->server);
    } else if (i % 10 == 9) {
      proxy_cut(writer->proxy);
    }
    char key[32];
    snprintf(key, sizeof key, "credit-%04d", i);
    walletd_credit_request request = {.wallet = writer->wallet, .amount = 1, .reason = "test", .idempotency_key = key};
    walletd_status status;
    do status = walletd_credit(writer->client, &request, NULL, NULL, NULL);
    while (status != WALLETD_OK && status != WALLETD_REJECTED);
    CHECK_INT(status, WALLETD_OK);
  }
  return NULL;
}

static void a_watch_sees_each_transaction_once_over_restarts_and_cuts(void) {
  server *server = server_new(NULL);
  proxy *proxy = proxy_new(server->address);
  writer writer = {.server = server, .proxy = proxy, .client = client_of(server->address, NULL)};
  walletd_client *watcher = client_of(proxy_address(proxy), NULL);
  writer.wallet = opened(writer.client, "user-17", "USD");
  pthread_t thread;
  pthread_create(&thread, NULL, write_rows, &writer);
  walletd_watch_transactions_request from_start = {.start = WALLETD_WATCH_TRANSACTIONS_REQUEST_START_AFTER_SEQ};
  walletd_stream *watch = NULL;
  walletd_error *error = NULL;
  walletd_watch_event *event = NULL;
  CHECK_OK(walletd_watch_transactions(watcher, &from_start, NULL, &watch, &error));
  int64_t seen = 0;
  while (seen <= ROWS) {
    walletd_next next = walletd_watch_transactions_next(watch, 2 * PATIENCE_MILLIS, &event, &error);
    if (next != WALLETD_NEXT_EVENT) {
      failed(__FILE__, __LINE__, error ? error->message : "nothing comes any more");
      break;
    }
    if (event->transaction) CHECK_INT(event->transaction->wallet_version, ++seen);
    walletd_free(event);
  }
  walletd_error_free(error);
  CHECK_INT(seen, ROWS + 1);
  pthread_join(thread, NULL);
  walletd_stream_close(watch);
  walletd_client_free(watcher);
  walletd_client_free(writer.client);
  proxy_free(proxy);
  server_free(server);
}

/* ---------------------------------------------------------------- many threads */

enum { THREADS = 24, EACH = 20 };

typedef struct crowd {
  walletd_client *client;
  walletd_wallet_ref wallet;
  atomic_int next;
} crowd;

static void *one_of_many(void *argument) {
  crowd *crowd = argument;
  int number = atomic_fetch_add(&crowd->next, 1);
  for (int i = 0; i < EACH; i++) {
    walletd_error *error = NULL;
    if (number % 8 == 0) { /* some give up at once, which must not disturb the others */
      walletd_status status = walletd_get_balance(crowd->client, &(walletd_get_balance_request){.wallet = crowd->wallet},
          &(walletd_options){.timeout_millis = 1 + (uint32_t)i % 3}, NULL, &error);
      CHECK(status == WALLETD_OK || status == WALLETD_DEADLINE_EXCEEDED || status == WALLETD_DISCONNECTED);
      walletd_error_free(error);
      continue;
    }
    walletd_debit_request request = {.wallet = crowd->wallet, .amount = 1, .reason = "test"};
    CHECK_OK(walletd_debit(crowd->client, &request, &(walletd_options){.timeout_millis = PATIENCE_MILLIS}, NULL, &error));
  }
  return NULL;
}

static void many_threads(void) {
  server *server = server_new("--max-in-flight 16");
  crowd crowd = {.client = client_of(server->address, &(walletd_settings){.connections = 2})};
  walletd_error *error = NULL;
  crowd.wallet = opened(crowd.client, "user-17", "USD");
  credit(crowd.client, crowd.wallet, START);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, one_of_many, &crowd);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  walletd_get_balance_response *balance = NULL;
  if (CHECK_OK(
          walletd_get_balance(crowd.client, &(walletd_get_balance_request){.wallet = crowd.wallet}, NULL, &balance, &error)))
    CHECK_INT(balance->balance, START - THREADS / 8 * 7 * EACH);
  walletd_free(balance);
  walletd_client_free(crowd.client);
  server_free(server);
}

static void a_unix_socket(void) {
  char options[300], address[200];
  snprintf(address, sizeof address, "unix:%s/socket", scratch());
  snprintf(options, sizeof options, "--listen %s", address);
  server *server = server_new(options);
  walletd_client *client = client_of(address, NULL);
  walletd_error *error = NULL;
  CHECK_OK(ping(client, 0, NULL, &error));
  walletd_client_free(client);
  walletd_client *nowhere = client_of("unix:/nowhere/socket", &once);
  CHECK_FAILS(ping(nowhere, 0, NULL, &error), WALLETD_DISCONNECTED);
  walletd_client_free(nowhere);
  server_free(server);
}

LIST(server_tests, HEAVY(killed_and_restarted_in_the_middle), HEAVY(terminated_in_the_middle),
    HEAVY(a_proxy_that_cuts_connections), HEAVY(a_proxy_that_slices_to_single_bytes), HEAVY(a_blackhole),
    HEAVY(a_watch_sees_each_transaction_once_over_restarts_and_cuts), HEAVY(many_threads), HEAVY(a_unix_socket));
