/* Batches: by scripts, and against the real server. */
#include <stdlib.h>

#include "fake.h"
#include "real.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

#define DEBIT_OF(sum)                                                                                                   \
  {                                                                                                                     \
    .mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = {.wallet = test_wallet, .amount = (sum), .reason = "test" } \
  }

static const char first_key[] = "0190163d-8694-739b-aea5-966c26f8ad90";

static void drops_a_batch(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer);
  void *made = NULL;
  CHECK(wd_decode(WD_BATCH_REQUEST, frame.payload, frame.length, &made) == WD_CONVERTED);
  walletd_batch_request *request = need(made);
  CHECK_INT(request->items_count, 3);
  CHECK_TEXT(request->idempotency_key, "");
  if (request->items_count == 3) {
    CHECK_TEXT(request->items[0].debit.idempotency_key, first_key);
    CHECK_TEXT(request->items[1].debit.idempotency_key, "key-of-its-own");
    CHECK_TEXT(request->items[2].debit.idempotency_key, "0190163d-8694-739b-aea5-966c26f8ad92");
  }
  walletd_free(request);
}

/* The first is done, the second refused for good, the third refused in a way that doesn't tell. */
static void answers_items(peer *peer) {
  peer_hello(peer, NULL);
  for (int i = 0; i < 2; i++) {
    wd_frame frame = peer_request(peer);
    Wallet__V1__BatchResponse response = WALLET__V1__BATCH_RESPONSE__INIT;
    Wallet__V1__BatchResult results[3] = {
        WALLET__V1__BATCH_RESULT__INIT, WALLET__V1__BATCH_RESULT__INIT, WALLET__V1__BATCH_RESULT__INIT};
    Wallet__V1__BatchResult *list[] = {&results[0], &results[1], &results[2]};
    Wallet__V1__Error for_good = WALLET__V1__ERROR__INIT, for_now = WALLET__V1__ERROR__INIT;
    for_good.reason = WALLET__V1__ERROR_REASON__ERROR_REASON_INSUFFICIENT_FUNDS;
    for_now.reason = WALLET__V1__ERROR_REASON__ERROR_REASON_VERSION_CONFLICT;
    results[0].balance = 7;
    results[1].error = &for_good;
    results[2].error = &for_now;
    response.n_results = 3;
    response.results = list;
    uint8_t payload[300];
    size_t length = wallet__v1__batch_response__pack(&response, payload);
    peer_send(peer, (wd_frame){.type = WD_RESPONSE, .request_id = frame.request_id, .payload = payload, .length = length});
  }
  wd_frame frame = peer_request(peer);
  peer_send(peer, (wd_frame){.type = WD_RESPONSE, .request_id = frame.request_id}); /* no results at all */
  peer_ends(peer);
}

static void items_of_unknown_outcome(void) {
  fake *fake = FAKE(NULL, drops_a_batch, answers_items);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL, *kept = NULL;
  walletd_batch_item items[] = {DEBIT_OF(1), DEBIT_OF(2), DEBIT_OF(3)};
  items[1].debit.idempotency_key = "key-of-its-own";
  walletd_batch_request request = {.items = items, .items_count = 3, .idempotency_key = first_key};
  walletd_batch_response *response = NULL;
  for (int i = 0; i < 2; i++) { /* what isn't resolved stays so */
    CHECK_OK(walletd_batch(client, &request, NULL, &response, &error));
    need(response);
    CHECK_TEXT(response->key, first_key);
    CHECK(response->results_count == 3 && response->results[0].balance == 7 && !response->results[0].error);
    CHECK_TEXT(response->results[0].key, first_key);
    CHECK_INT(response->results[1].error->status, WALLETD_REJECTED);
    CHECK_TEXT(response->results[1].error->key, "key-of-its-own");
    CHECK_INT(response->results[2].error->status, WALLETD_OUTCOME_UNKNOWN);
    CHECK_INT(response->results[2].error->cause->reason, WALLETD_REASON_VERSION_CONFLICT);
    CHECK_TEXT(response->results[2].error->key, "0190163d-8694-739b-aea5-966c26f8ad92");
    walletd_free(response);
  }
  CHECK_KEPT(walletd_batch(client, &request, NULL, NULL, &error), WALLETD_OUTCOME_UNKNOWN, &kept);
  if (kept) CHECK_INT(kept->cause->status, WALLETD_PROTOCOL);
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);
}

static void what_cannot_be_a_batch(void) {
  walletd_client *client = client_of(refused_address(), &once);
  walletd_error *error = NULL;
  walletd_batch_item keyed[] = {DEBIT_OF(1)}, tried[] = {DEBIT_OF(1)}, nothing[] = {{0}}, unsaid[1] = {{0}};
  keyed[0].debit.idempotency_key = "a-key-of-an-item";
  tried[0].debit.dry_run = true;
  unsaid[0].mutation = WALLETD_BATCH_ITEM_MUTATION_CAPTURE;
  walletd_batch_item good[] = {DEBIT_OF(1)};
  walletd_batch_item *many = need(calloc(8191, sizeof *many));
  const walletd_batch_request bad[] = {{0}, {.items = many, .items_count = 8191}, {.items_count = 1},
      {.items = keyed, .items_count = 1, .atomic = true}, {.items = tried, .items_count = 1},
      {.items = nothing, .items_count = 1}, {.items = unsaid, .items_count = 1},
      {.items = good, .items_count = 1, .idempotency_key = "no-uuid-at-all"}};
  for (size_t i = 0; i < COUNT(bad); i++) CHECK_FAILS(walletd_batch(client, &bad[i], NULL, NULL, &error), WALLETD_INVALID);
  static char note[2001];
  memset(note, 'n', sizeof note - 1);
  for (int i = 0; i < 8190; i++) {
    many[i] = good[0];
    many[i].debit.note = note;
  }
  walletd_batch_request long_one = {.items = many, .items_count = 8190};
  CHECK_FAILS(walletd_batch(client, &long_one, NULL, NULL, &error), WALLETD_INVALID);
  free(many);
  walletd_client_free(client);
}

static void batches_of_the_real_server(void) {
  server *server = server_new(NULL);
  walletd_client *client = client_of(server->address, NULL);
  walletd_error *error = NULL;
  walletd_wallet_ref a = {.owner_id = "user-1", .currency = "EUR"}, b = {.owner_id = "user-2", .currency = "EUR"};
  walletd_batch_item items[] = {
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_OPEN_WALLET, .open_wallet = {.wallet = a, .reason = "signup"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_OPEN_WALLET, .open_wallet = {.wallet = b, .reason = "signup"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_CREDIT, .credit = {.wallet = a, .amount = 1000, .reason = "topup"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_TRANSFER,
          .transfer = {.wallet = a, .to = b, .amount = 400, .reason = "gift"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = {.wallet = a, .amount = 9000, .reason = "test"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_HOLD,
          .hold = {.wallet = b, .amount = 100, .timeout_millis = 60000, .reason = "test"}}};
  walletd_batch_request request = {.items = items, .items_count = COUNT(items), .full_results = true};
  walletd_batch_response *response = NULL;
  CHECK_OK(walletd_batch(client, &request, NULL, &response, &error));
  need(response);
  CHECK_INT(response->results_count, COUNT(items));
  CHECK(response->results[3].balance == 600 && response->results[3].transaction && response->results[5].held == 100);
  CHECK_INT(response->results[4].error->detail.insufficient_funds.shortfall, 8400);
  CHECK_TEXT(response->results[5].currency, "EUR");
  CHECK_INT(response->results[5].exponent, 2);
  char key[WALLETD_KEY_SIZE];
  snprintf(key, sizeof key, "%s", response->key);
  walletd_free(response);
  request.idempotency_key = key; /* again: each is a replay */
  CHECK_OK(walletd_batch(client, &request, NULL, &response, &error));
  need(response);
  for (size_t i = 0; i < COUNT(items); i++)
    CHECK(i == 4 ? response->results[i].error->replayed : response->results[i].replayed);
  walletd_free(response);

  walletd_batch_item both[] = {
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = {.wallet = a, .amount = 100, .reason = "test"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = {.wallet = b, .amount = 9000, .reason = "test"}}};
  walletd_batch_request atomic = {.items = both, .items_count = 2, .atomic = true};
  walletd_error *kept = NULL;
  CHECK_KEPT(walletd_batch(client, &atomic, NULL, NULL, &error), WALLETD_REJECTED, &kept);
  need(kept);
  CHECK_INT(kept->reason, WALLETD_REASON_BATCH_ABORTED);
  CHECK_INT(kept->detail.batch_aborted.index, 1);
  CHECK_INT(kept->detail.batch_aborted.cause->reason, WALLETD_REASON_INSUFFICIENT_FUNDS);
  CHECK_INT(strlen(kept->key), 36);
  atomic.idempotency_key = kept->key;
  CHECK_FAILS(walletd_batch(client, &atomic, NULL, NULL, &error), WALLETD_REJECTED);
  walletd_error_free(kept);
  atomic.idempotency_key = NULL;
  both[1].debit.amount = 10;
  atomic.dry_run = true;
  CHECK_OK(walletd_batch(client, &atomic, NULL, &response, &error));
  CHECK(response && response->dry_run && response->results[0].balance == 500 && response->results[0].transaction_id == 0);
  walletd_free(response);
  atomic.dry_run = false;
  CHECK_OK(walletd_batch(client, &atomic, NULL, &response, &error));
  CHECK(response && response->results[0].balance == 500);
  if (response) CHECK_TEXT(response->results[1].key, response->key);
  walletd_free(response);

  enum { MANY = 8190 };
  walletd_batch_item *many = need(calloc(MANY, sizeof *many));
  for (int i = 0; i < MANY; i++) {
    many[i].mutation = WALLETD_BATCH_ITEM_MUTATION_CREDIT;
    many[i].credit = (walletd_credit_request){.wallet = b, .amount = 1, .reason = "test"};
  }
  walletd_batch_request long_one = {.items = many, .items_count = MANY};
  CHECK_OK(walletd_batch(client, &long_one, &(walletd_options){.timeout_millis = 2 * PATIENCE_MILLIS}, &response, &error));
  CHECK(response && response->results_count == MANY && response->results[MANY - 1].balance == 390 + MANY);
  walletd_free(response);
  free(many);
  walletd_client_free(client);
  server_free(server);
}

LIST(batch_tests, T(items_of_unknown_outcome), T(what_cannot_be_a_batch), HEAVY(batches_of_the_real_server));
