/* Servers that leave or refuse, clients that close, and how calls share a connection. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "fake.h"

/* A call that waits, on a thread of its own. */
typedef struct background {
  pthread_t thread;
  walletd_client *client;
  int64_t amount;
  uint32_t timeout_millis;
  walletd_status status;
  int64_t balance;
} background;

static void *debit_in_background(void *argument) {
  background *given = argument;
  walletd_mutation_response *response = NULL;
  walletd_debit_request request = {.wallet = test_wallet, .amount = given->amount, .reason = "test"};
  given->status =
      walletd_debit(given->client, &request, &(walletd_options){.timeout_millis = given->timeout_millis}, &response, NULL);
  if (response) given->balance = response->balance;
  walletd_free(response);
  return NULL;
}

static void in_background(background *background, walletd_client *client, int64_t amount) {
  background->client = client;
  background->amount = amount;
  if (background->timeout_millis == 0) background->timeout_millis = PATIENCE_MILLIS;
  if (pthread_create(&background->thread, NULL, debit_in_background, background) != 0) need(NULL);
}

static void join(background *background) {
  pthread_join(background->thread, NULL);
}

/* ---------------------------------------------------------------- GOAWAY */

typedef struct gate {
  sem_t going, finish;
} gate;

static void goes_away_and_finishes(peer *peer) {
  gate *gate = peer->context;
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer);
  peer_send(peer, (wd_frame){.type = WD_GOAWAY});
  sem_post(&gate->going);
  sem_wait(&gate->finish);
  peer_ok_balance(peer, frame, 1);
  peer_ends(peer); /* the client closes once nothing is in flight */
}

static void answers_all(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) {
    wd_frame frame = peer_request(peer);
    if (frame.code == WALLETD_METHOD_PING)
      peer_ok_ping(peer, frame, 2);
    else
      peer_ok_balance(peer, frame, 2);
  }
}

static void goaway_finishes_what_is_in_flight(void) {
  gate gate;
  sem_init(&gate.going, 0, 0);
  sem_init(&gate.finish, 0, 0);
  fake *fake = FAKE(&gate, goes_away_and_finishes, answers_all);
  walletd_client *client = client_of(fake_address(fake), NULL);
  background old = {0};
  in_background(&old, client, 100);
  sem_wait(&gate.going);
  walletd_error *error = NULL;
  while (fake_connections(fake) < 2) { /* until GOAWAY is in, calls go to the old connection, and wait there in vain */
    get_balance(client, 100, &error);
    walletd_error_free(error);
  }
  walletd_mutation_response *response = NULL;
  if (CHECK_OK(debit(client, &response, &error))) CHECK_INT(response->balance, 2);
  walletd_free(response);
  sem_post(&gate.finish);
  join(&old);
  CHECK_INT(old.status, WALLETD_OK);
  CHECK_INT(old.balance, 1);
  walletd_client_free(client);
  fake_free(fake);
  sem_destroy(&gate.going);
  sem_destroy(&gate.finish);
}

static void goes_away_and_refuses(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer);
  peer_send(peer, (wd_frame){.type = WD_GOAWAY});
  peer_fail(peer, frame, WALLETD_REASON_UNAVAILABLE, 14);
  peer_ends(peer);
}

static void a_request_behind_goaway_is_sent_again(void) {
  fake *fake = FAKE(NULL, goes_away_and_refuses, answers_all);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  if (CHECK_OK(debit(client, &response, &error))) CHECK_INT(response->balance, 2);
  walletd_free(response);
  walletd_client_free(client);
  fake_free(fake);
}

static void takes_one_and_goes_away(peer *peer) {
  peer_hello(peer, &(walletd_limits){.requests_in_flight_max = 1});
  wd_frame frame = peer_request(peer);
  sleep_millis(200); /* the others queue up behind it */
  peer_send(peer, (wd_frame){.type = WD_GOAWAY});
  peer_ok_balance(peer, frame, 1);
  peer_ends(peer);
}

static void what_waits_its_turn_moves_at_goaway_and_costs_no_budget(void) {
  enum { CALLS = 12 };
  fake *fake = FAKE(NULL, takes_one_and_goes_away, answers_all);
  walletd_client *client = client_of(fake_address(fake), &eager);
  client->budget.saved = 0;
  background calls[CALLS] = {{0}};
  for (int i = 0; i < CALLS; i++) in_background(&calls[i], client, i + 1);
  for (int i = 0; i < CALLS; i++) {
    join(&calls[i]);
    CHECK_INT(calls[i].status, WALLETD_OK);
  }
  walletd_client_free(client);
  fake_free(fake);
}

static void answers_one_and_closes(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_balance(peer, peer_request(peer), 1);
}

static void a_connection_that_ended_while_idle(void) {
  fake *fake = FAKE(NULL, answers_one_and_closes, answers_one_and_closes, answers_one_and_closes);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL;
  for (int i = 0; i < 3; i++) CHECK_OK(debit(client, NULL, &error));
  CHECK_INT(fake_connections(fake), 3);
  walletd_client_free(client);
  fake_free(fake);
}

/* What has come meanwhile is read before anything is sent. */
static void an_idle_connection_that_has_ended_is_sent_nothing(void) {
  fake *fake = FAKE(NULL, answers_one_and_closes, answers_one_and_closes, answers_one_and_closes);
  walletd_client *client = client_of(fake_address(fake), &once); /* a call that is lost would not be tried again */
  walletd_error *error = NULL;
  for (int i = 0; i < 3; i++) {
    CHECK_OK(debit(client, NULL, &error));
    char byte;
    int64_t end = now_millis() + PATIENCE_MILLIS;
    while (recv(client->connections->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0 && now_millis() < end) sleep_millis(1);
    sleep_millis(30); /* it isn't looked at as long as it was used a moment ago */
  }
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- refusals of a connection */

static void refuse_connection(peer *peer, walletd_reason reason, const char *text) {
  Wallet__V1__Error error = WALLET__V1__ERROR__INIT;
  error.reason = (Wallet__V1__ErrorReason)reason;
  error.message = (ProtobufCBinaryData){.len = strlen(text), .data = (uint8_t *)(uintptr_t)text};
  peer_refuse(peer, (wd_frame){.type = WD_CONNECTION_ERROR}, &error);
}

static void turns_away(peer *peer) {
  peer_read_hello(peer);
  snprintf(peer->context, 100, "%s", peer->token);
  refuse_connection(peer, WALLETD_REASON_UNAUTHENTICATED, "the token is wrong");
}

static void turns_away_for_now(peer *peer) {
  peer_read_hello(peer);
  refuse_connection(peer, WALLETD_REASON_UNAVAILABLE, "not yet");
}

static void speaks_of_an_invalid_frame(peer *peer) {
  peer_read_hello(peer);
  refuse_connection(peer, WALLETD_REASON_INVALID_FRAME, "this port speaks TLS: connect with TLS");
}

static void revokes(peer *peer) {
  peer_hello(peer, NULL);
  peer_request(peer);
  refuse_connection(peer, WALLETD_REASON_UNAUTHENTICATED, "the token was revoked");
}

static void refused_connections(void) {
  char token[100] = "";
  fake *fake = FAKE(token, turns_away, turns_away_for_now, answers_all);
  walletd_settings settings = eager;
  settings.token = "s3cret-token-value";
  walletd_client *client = client_of(fake_address(fake), &settings);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED, &kept);
  CHECK_TEXT(token, "s3cret-token-value");
  if (kept) {
    CHECK_INT(kept->reason, WALLETD_REASON_UNAUTHENTICATED);
    CHECK_TEXT(kept->key, test_key);
    CHECK_TEXT(kept->message, "the token is wrong");
  }
  walletd_error_free(kept);
  CHECK_INT(fake_connections(fake), 1);  /* it won't be accepted next time either */
  CHECK_OK(debit(client, NULL, &error)); /* what passes is tried again */
  CHECK_INT(fake_connections(fake), 3);
  walletd_client_free(client);
  fake_free(fake);

  fake = FAKE(NULL, speaks_of_an_invalid_frame);
  client = client_of(fake_address(fake), &eager);
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_PROTOCOL, &kept);
  if (kept) CHECK(strstr(kept->message, "connect with TLS") != NULL);
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);

  fake = FAKE(token, revokes, turns_away);
  client = client_of(fake_address(fake), &eager);
  CHECK_FAILS(debit(client, NULL, &error), WALLETD_OUTCOME_UNKNOWN);
  walletd_client_free(client);
  fake_free(fake);
}

static void write_file(const char *path, const char *text, mode_t mode) {
  FILE *file = need(fopen(path, "w"));
  fputs(text, file);
  fclose(file);
  chmod(path, mode);
}

static void notes_the_token(peer *peer) {
  peer_read_hello(peer);
  snprintf(peer->context, 100, "%s", peer->token);
  peer_send(peer, (wd_frame){.type = WD_HELLO_ACK, .payload = (const uint8_t *)"\x08\x01", .length = 2});
  peer_ok_ping(peer, peer_request(peer), 1);
}

static void a_token_file_is_read_at_each_connect(void) {
  char token[100] = "";
  const char *path = scratch_path("token");
  write_file(path, "  first-token\n", 0600);
  fake *fake = FAKE(token, notes_the_token, notes_the_token, turns_away);
  walletd_settings settings = eager;
  settings.token_file = path;
  walletd_client *client = client_of(fake_address(fake), &settings);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  CHECK_TEXT(token, "first-token");
  write_file(path, "second-token", 0600);
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  CHECK_TEXT(token, "second-token");
  walletd_client_free(client);
  client = client_of(fake_address(fake), &settings); /* on the old one's connection a mutation would have been sent */
  static const struct {
    const char *text;
    mode_t mode;
  } bad[] = {{"a-secret", 0644}, {"two words", 0600}, {"", 0600}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    write_file(path, bad[i].text, bad[i].mode);
    CHECK_KEPT(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED, &kept);
    if (kept) {
      CHECK(strstr(kept->message, "a-secret") == NULL && strstr(kept->message, "two words") == NULL);
      CHECK_TEXT(kept->key, test_key);
    }
    walletd_error_free(kept);
  }
  unlink(path);
  CHECK(mkfifo(path, 0600) == 0); /* that nobody writes to */
  CHECK_FAILS(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED);
  unlink(path);
  CHECK_FAILS(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED);
  walletd_client_free(client);
  write_file(path, "last", 0600);
  client = client_of(fake_address(fake), &settings);
  CHECK_FAILS(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED); /* by the server, at last */
  CHECK_TEXT(token, "last");
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- PINGs */

static void pings(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer);
  peer_send(peer, (wd_frame){.type = WD_PING_FRAME, .request_id = 77, .payload = (const uint8_t *)"12345678", .length = 8});
  wd_frame pong = peer_read(peer);
  CHECK(pong.type == WD_PONG && pong.request_id == 77 && pong.length == 8 && memcmp(pong.payload, "12345678", 8) == 0);
  static const uint8_t more[] = {0x10, 5, 0x98, 6, 1}; /* commit_seq, and a field that isn't known */
  peer_send(peer, (wd_frame){.type = WD_RESPONSE, .request_id = frame.request_id, .payload = more, .length = sizeof more});
  peer_ends(peer);
}

static void a_ping_is_answered_with_pong(void) {
  fake *fake = FAKE(NULL, pings);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL;
  int64_t seq = 0;
  CHECK_OK(ping(client, PATIENCE_MILLIS, &seq, &error));
  CHECK_INT(seq, 5);
  walletd_client_free(client);
  fake_free(fake);
}

static void floods_with_pings(peer *peer) {
  peer_hello(peer, NULL);
  peer_request(peer);
  wd_buffer many = {0};
  for (int i = 0; i < 1000; i++)
    wd_frame_append(
        &many, &(wd_frame){.type = WD_PING_FRAME, .request_id = 1, .payload = (const uint8_t *)"12345678", .length = 8});
  peer->payload = (free(peer->payload), many.bytes);
  for (;;) peer_write(peer, many.bytes, many.end);
}

static void a_peer_that_sends_pings_and_reads_no_pongs(void) {
  fake *fake = FAKE(NULL, floods_with_pings);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL;
  CHECK_FAILS(ping(client, PATIENCE_MILLIS, NULL, &error), WALLETD_PROTOCOL); /* what is to be sent has a bound */
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- sharing */

enum { SHARING = 20 };

static void answers_backwards(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frames[SHARING];
  int64_t amounts[SHARING];
  for (int i = 0; i < SHARING; i++) {
    walletd_debit_request *request;
    frames[i] = peer_debit(peer, &request);
    amounts[i] = request->amount;
    walletd_free(request);
    for (int j = 0; j < i; j++) CHECK(frames[j].request_id != frames[i].request_id);
  }
  for (int i = SHARING - 1; i >= 0; i--) peer_ok_balance(peer, frames[i], amounts[i]);
  peer_ends(peer);
}

static void threads_share_a_connection_and_answers_come_in_any_order(void) {
  fake *fake = FAKE(NULL, answers_backwards);
  walletd_client *client = client_of(fake_address(fake), NULL);
  background calls[SHARING] = {{0}};
  for (int i = 0; i < SHARING; i++) in_background(&calls[i], client, i + 1);
  for (int i = 0; i < SHARING; i++) {
    join(&calls[i]);
    CHECK_INT(calls[i].status, WALLETD_OK);
    CHECK_INT(calls[i].balance, i + 1);
  }
  CHECK_INT(fake_connections(fake), 1);
  walletd_client_free(client);
  fake_free(fake);
}

enum { ALLOWED = 3, ASKING = 12 };

static void allows_a_few(peer *peer) {
  peer_hello(peer, &(walletd_limits){.requests_in_flight_max = ALLOWED});
  for (int answered = 0; answered < ASKING; answered += ALLOWED) {
    wd_frame frames[ALLOWED];
    for (int i = 0; i < ALLOWED; i++) frames[i] = peer_request(peer);
    sleep_millis(50);
    char one;
    CHECK(recv(peer->socket, &one, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && wd_buffer_length(&peer->in) == 0);
    for (int i = 0; i < ALLOWED; i++) peer_ok_balance(peer, frames[i], 1);
  }
  peer_ends(peer);
}

static void no_more_are_in_flight_than_the_server_allows(void) {
  fake *fake = FAKE(NULL, allows_a_few);
  walletd_client *client = client_of(fake_address(fake), NULL);
  background calls[ASKING] = {{0}};
  for (int i = 0; i < ASKING; i++) in_background(&calls[i], client, i + 1);
  for (int i = 0; i < ASKING; i++) {
    join(&calls[i]);
    CHECK_INT(calls[i].status, WALLETD_OK);
  }
  walletd_client_free(client);
  fake_free(fake);
}

static void counts(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) {
    wd_frame frame = peer_request(peer);
    atomic_fetch_add((atomic_int *)peer->context, 1);
    peer_ok_ping(peer, frame, 1);
  }
}

static void a_few_connections_take_calls_in_turn(void) {
  atomic_int served = 0;
  fake *fake = FAKE(&served, counts, counts, counts);
  walletd_client *client = client_of(fake_address(fake), &(walletd_settings){.connections = 3});
  walletd_error *error = NULL;
  for (int i = 0; i < 9; i++) CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  CHECK_INT(fake_connections(fake), 3);
  CHECK_INT(atomic_load(&served), 9);
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- closing */

static void takes_one(peer *peer) {
  peer_hello(peer, &(walletd_limits){.requests_in_flight_max = 1});
  peer_request(peer);
  sem_post(peer->context);
  peer_ends(peer);
}

static void closing_ends_the_calls_that_wait(void) {
  sem_t asked;
  sem_init(&asked, 0, 0);
  fake *fake = FAKE(&asked, takes_one);
  walletd_client *client = client_of(fake_address(fake), NULL);
  background in_flight = {0}, queued = {0};
  in_background(&in_flight, client, 1);
  sem_wait(&asked);
  in_background(&queued, client, 1);
  sleep_millis(50); /* until it waits; before that it would end the same way */
  walletd_client_close(client);
  join(&in_flight);
  join(&queued);
  CHECK_INT(in_flight.status, WALLETD_OUTCOME_UNKNOWN);
  CHECK_INT(queued.status, WALLETD_CLOSED);
  walletd_client_close(client);
  walletd_error *error = NULL, *kept = NULL;
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_CLOSED, &kept);
  if (kept) CHECK_TEXT(kept->key, test_key);
  walletd_error_free(kept);
  walletd_client_free(client);
  fake_free(fake);
  sem_destroy(&asked);
}

static void closing_while_it_waits_to_try_again(void) {
  walletd_settings settings = {.retry = {.backoff_millis = 1800000, .backoff_max_millis = 1800000}};
  walletd_client *client = client_of(refused_address(), &settings);
  background waiting = {.timeout_millis = 3600000};
  in_background(&waiting, client, 1);
  sleep_millis(50);
  walletd_client_close(client);
  join(&waiting);
  CHECK_INT(waiting.status, WALLETD_CLOSED);
  walletd_client_free(client);
}

/* ---------------------------------------------------------------- what is sent */

static void checks_a_debit(peer *peer) {
  peer_hello(peer, NULL);
  CHECK_TEXT(peer->client_name, "till-7");
  CHECK_TEXT(peer->ledger_id, "L");
  CHECK_TEXT(peer->token, "");
  walletd_debit_request *sent;
  wd_frame frame = peer_debit(peer, &sent);
  CHECK_TEXT(sent->wallet.owner_id, "u-1");
  CHECK_TEXT(sent->wallet.currency, "USD");
  CHECK_TEXT(sent->wallet.name, "");
  CHECK_INT(strlen(sent->idempotency_key), 36);
  CHECK_TEXT(sent->correlation_id, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  CHECK_TEXT(sent->note, "n");
  CHECK_TEXT(sent->counter_account, "adjustments");
  CHECK(sent->amount == 5 && sent->expected_version == 4 && sent->dry_run && sent->metadata_count == 2);
  walletd_free(sent);
  walletd_metadata_entry metadata = {"a", "b"};
  walletd_mutation_response response = {.transaction = {.id = 9,
                                            .kind = (walletd_transaction_kind)99,
                                            .amount = -5,
                                            .metadata = &metadata,
                                            .metadata_count = 1},
      .dry_run = true};
  peer_ok(peer, frame, WD_MUTATION_RESPONSE, &response);
  peer_ends(peer);
}

static void what_a_debit_sends(void) {
  fake *fake = FAKE(NULL, checks_a_debit);
  walletd_client *client = client_of(fake_address(fake), &(walletd_settings){.client_name = "till-7", .ledger_id = "L"});
  walletd_metadata_entry metadata[] = {{"a", "b"}, {"c", "d"}};
  walletd_debit_request request = {.wallet = test_wallet,
      .amount = 5,
      .reason = "esim.purchase",
      .correlation_id = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      .note = "n",
      .expected_version = 4,
      .counter_account = "adjustments",
      .metadata = metadata,
      .metadata_count = 2,
      .dry_run = true};
  walletd_error *error = NULL;
  walletd_mutation_response *response = NULL;
  if (CHECK_OK(walletd_debit(client, &request, NULL, &response, &error))) {
    CHECK_INT(response->transaction.kind, 99);
    CHECK(walletd_transaction_kind_name(response->transaction.kind) == NULL);
    CHECK_INT(response->transaction.amount, -5);
    CHECK_TEXT(response->transaction.metadata[0].value, "b");
    CHECK_TEXT(response->currency, "");
    CHECK_INT(strlen(response->key), 36);
  }
  walletd_free(response);
  walletd_client_free(client);
  fake_free(fake);
}

/* However it ended, no socket is left. */
static void resets(peer *peer) {
  peer_reset(peer);
}

static void no_descriptor_is_left(void) {
  int before = 0;
  for (int round = 0; round < 6; round++) {
    if (round == 1) before = open_descriptors(); /* what a process opens once is open after the first round */
    walletd_error *error = NULL;
    fake *fake = FAKE(NULL, resets, answers_one_and_closes);
    walletd_client *client = client_of(fake_address(fake), &once);
    CHECK_FAILS(ping(client, PATIENCE_MILLIS, NULL, &error), WALLETD_DISCONNECTED);
    CHECK_OK(debit(client, NULL, &error));
    walletd_client_free(client);
    fake_free(fake);
    client = client_of(refused_address(), &once);
    CHECK_FAILS(ping(client, PATIENCE_MILLIS, NULL, &error), WALLETD_DISCONNECTED);
    walletd_client_free(client);
  }
  CHECK_INT(open_descriptors(), before);
}

LIST(leaving_tests, T(goaway_finishes_what_is_in_flight), T(a_request_behind_goaway_is_sent_again),
    T(what_waits_its_turn_moves_at_goaway_and_costs_no_budget), T(a_connection_that_ended_while_idle),
    T(an_idle_connection_that_has_ended_is_sent_nothing), T(refused_connections), T(a_token_file_is_read_at_each_connect),
    T(a_ping_is_answered_with_pong), T(a_peer_that_sends_pings_and_reads_no_pongs),
    T(threads_share_a_connection_and_answers_come_in_any_order), T(no_more_are_in_flight_than_the_server_allows),
    T(a_few_connections_take_calls_in_turn), T(closing_ends_the_calls_that_wait), T(closing_while_it_waits_to_try_again),
    T(what_a_debit_sends), T(no_descriptor_is_left));
