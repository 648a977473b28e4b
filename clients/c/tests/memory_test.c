/* Allocations that fail, one after the other: whatever is missing, each call ends with an error, and nothing leaks. */
#include <stdlib.h>

#include "fake.h"

#ifdef FAILING_ALLOCATIONS

/* Of this thread: the how manieth allocation from now on fails; 0: it has; -1: none does. */
static _Thread_local long left = -1;
static _Thread_local bool and_all_behind_it;

static bool fails(void) {
  if (left < 0) return false;
  if (left == 0) return and_all_behind_it;
  return --left == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

void *__wrap_malloc(size_t size) {
  return fails() ? NULL : __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size) {
  return fails() ? NULL : __real_calloc(count, size);
}
void *__wrap_realloc(void *memory, size_t size) {
  return fails() ? NULL : __real_realloc(memory, size);
}
char *__wrap_strdup(const char *text) {
  return fails() ? NULL : __real_strdup(text);
}
char *__wrap_strndup(const char *text, size_t length) {
  return fails() ? NULL : __real_strndup(text, length);
}

static void serves(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) {
    wd_frame frame = peer_read(peer);
    if (frame.type == WD_CANCEL) {
      continue;
    } else if (frame.code == WALLETD_METHOD_CREDIT) {
      peer_fail(peer, frame, WALLETD_REASON_INSUFFICIENT_FUNDS, 9);
    } else if (frame.code == WALLETD_METHOD_WATCH_TRANSACTIONS) {
      walletd_watch_event event = {.resume_token = "t1", .currency = "USD"};
      peer_send_struct(peer, (wd_frame){.type = WD_EVENT, .request_id = frame.request_id}, WD_WATCH_EVENT, &event);
    } else if (frame.code == WALLETD_METHOD_BATCH) {
      peer_send(peer, (wd_frame){.type = WD_RESPONSE,
                          .request_id = frame.request_id,
                          .payload = (const uint8_t *)"\x0a\x02\x18\x05\x0a\x02\x18\x06",
                          .length = 8});
    } else {
      peer_ok_balance(peer, frame, 5);
    }
  }
}

static bool is_expected(walletd_status status) {
  return status == WALLETD_OK || status == WALLETD_NO_MEMORY || status == WALLETD_OUTCOME_UNKNOWN ||
         status == WALLETD_DISCONNECTED || status == WALLETD_REJECTED;
}

static void check_outcome(walletd_status status, walletd_error **given) {
  walletd_error *error = *given;
  *given = NULL;
  if (!is_expected(status)) {
    failed(__FILE__, __LINE__, walletd_status_name(status));
    if (error) fprintf(stderr, "%s\n", error->message);
  }
  CHECK((status == WALLETD_OK) == (error == NULL));
  if (error) CHECK(error->message != NULL);
  walletd_error_free(error);
}

static void count_end(void *context, walletd_call *call) {
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  walletd_status status = walletd_debit_finish(call, &response, &error);
  check_outcome(status, &error);
  walletd_free(response);
  ++*(int *)context;
}

static void use(walletd_client *client) {
  walletd_error *error = NULL;
  walletd_metadata_entry metadata = {"a", "b"};
  walletd_debit_request debit = {
      .wallet = test_wallet, .amount = 1, .reason = "test", .metadata = &metadata, .metadata_count = 1};
  walletd_mutation_response *response = NULL;
  check_outcome(walletd_debit(client, &debit, NULL, &response, &error), &error);
  walletd_free(response);
  walletd_credit_request credit = {.wallet = test_wallet, .amount = 1, .reason = "test"};
  check_outcome(walletd_credit(client, &credit, NULL, NULL, &error), &error);
  walletd_batch_item items[] = {{.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = debit},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = debit}};
  check_outcome(
      walletd_batch(client, &(walletd_batch_request){.items = items, .items_count = 2}, NULL, NULL, &error), &error);
  int ended = 0;
  uint64_t id = walletd_debit_start(client, &debit, NULL, count_end, &ended, &error);
  if (id == 0) check_outcome(WALLETD_NO_MEMORY, &error);
  for (int64_t end = now_millis() + PATIENCE_MILLIS; id && !ended && now_millis() < end;) walletd_process(client, 0);
  CHECK_INT(ended, id != 0);
  walletd_stream *watch = NULL;
  walletd_status status = walletd_watch_transactions(client, NULL, NULL, &watch, &error);
  check_outcome(status, &error);
  walletd_watch_event *event = NULL;
  if (!watch) return;
  error = NULL;
  walletd_next next = walletd_watch_transactions_next(watch, PATIENCE_MILLIS, &event, &error);
  if (next == WALLETD_NEXT_ERROR) check_outcome(error->status, &error);
  CHECK(next == WALLETD_NEXT_EVENT || next == WALLETD_NEXT_ERROR || left == 0);
  walletd_free(event);
  walletd_stream_close(watch);
}

static void nth_allocation_fails(void) {
  enum { SCRIPTS = 1000 };
  script *scripts[SCRIPTS];
  for (int i = 0; i < SCRIPTS; i++) scripts[i] = serves;
  fake *fake = fake_new(NULL, NULL, scripts, SCRIPTS);
  walletd_settings settings = once;
  settings.token = "a-token";
  settings.client_name = "memory";
  long n = 1;
  for (bool reached = true; reached && n < 400; n++) {
    left = n;
    walletd_error *error = NULL;
    walletd_client *client = walletd_client_new(fake_address(fake), &settings, &error);
    if (client) use(client);
    reached = left == 0;
    left = -1;
    CHECK((client == NULL) == (error != NULL));
    if (error) CHECK_INT(error->status, WALLETD_NO_MEMORY);
    walletd_error_free(error);
    walletd_client_free(client);
  }
  printf("%ld allocations\n", n);
  CHECK(n > 30 && n < 400);
  fake_free(fake);
}

static void each_allocation_fails_once(void) {
  and_all_behind_it = false;
  nth_allocation_fails();
}

static void from_one_on_all_allocations_fail(void) {
  and_all_behind_it = true;
  nth_allocation_fails();
}

LIST(memory_tests, {"each_allocation_fails_once", each_allocation_fails_once, FAILING_MEMORY},
    {"from_one_on_all_allocations_fail", from_one_on_all_allocations_fail, FAILING_MEMORY});

#else

LIST(memory_tests, {NULL, NULL, 0});

#endif
