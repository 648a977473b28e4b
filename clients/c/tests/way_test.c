/* The way to the server, and peers that speak something else. */
#include <semaphore.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake.h"

static void nobody_listens(void) {
  walletd_settings settings = eager;
  settings.timeout_millis = 3000;
  walletd_client *client = client_of(refused_address(), &settings);
  walletd_error *error = NULL, *kept = NULL;
  int64_t started = now_millis();
  CHECK_KEPT(debit(client, NULL, &error), WALLETD_DISCONNECTED, &kept);
  if (kept) {
    CHECK_TEXT(kept->key, test_key);
    CHECK(strstr(kept->message, "Connection refused") != NULL);
  }
  walletd_error_free(kept);
  CHECK(now_millis() - started < PATIENCE_MILLIS);
  walletd_client_free(client);
}

static void a_host_that_is_not(void) {
  walletd_client *client = client_of("no-such-host.invalid:7411", &once);
  walletd_error *error = NULL;
  int64_t started = now_millis();
  CHECK_FAILS(ping(client, 5000, NULL, &error), WALLETD_DISCONNECTED);
  CHECK(now_millis() - started < PATIENCE_MILLIS);
  walletd_client_free(client);
}

static void answers_a_ping(peer *peer) {
  peer_hello(peer, NULL);
  peer_ok_ping(peer, peer_request(peer), 3);
  peer_ends(peer);
}

/* A name may stand for several addresses, of which this server has one. */
static void a_host_by_its_name(void) {
  fake *fake = FAKE(NULL, answers_a_ping);
  char address[32];
  snprintf(address, sizeof address, "localhost:%s", strrchr(fake_address(fake), ':') + 1);
  walletd_client *client = client_of(address, &once);
  walletd_error *error = NULL;
  int64_t seq = 0;
  CHECK_OK(ping(client, PATIENCE_MILLIS, &seq, &error));
  CHECK_INT(seq, 3);
  walletd_client_free(client);
  fake_free(fake);
}

static void never_answers(peer *peer) {
  peer_ends(peer);
}

static void a_port_that_accepts_and_never_answers(void) {
  fake *fake = FAKE(NULL, never_answers);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL, *kept = NULL;
  walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "test", .idempotency_key = test_key};
  /* Nothing was sent but HELLO, so a mutation too is certain not to have happened. */
  CHECK_KEPT(walletd_debit(client, &request, &(walletd_options){.timeout_millis = 200}, NULL, &error),
      WALLETD_DEADLINE_EXCEEDED, &kept);
  if (kept) CHECK_TEXT(kept->key, test_key);
  walletd_error_free(kept);
  CHECK_FAILS(ping(client, 200, NULL, &error), WALLETD_DEADLINE_EXCEEDED);
  walletd_client_free(client);
  fake_free(fake);
}

static void connecting_has_a_limit_of_its_own(void) {
  fake *fake = FAKE(NULL, never_answers, never_answers);
  walletd_settings settings = {.connect_timeout_millis = 100, .retry = {.attempts_max = 2, .backoff_millis = 1}};
  walletd_client *client = client_of(fake_address(fake), &settings);
  walletd_error *error = NULL;
  CHECK_FAILS(debit(client, NULL, &error), WALLETD_DISCONNECTED);
  CHECK_INT(fake_connections(fake), 2);
  walletd_client_free(client);
  fake_free(fake);
}

/* Whose queue of connections is full, so that one more gets no answer at all. */
static void a_connect_that_hangs(void) {
  char address[32];
  int listener = listen_on_loopback(address), others[300], count = 0;
  struct sockaddr_storage where;
  socklen_t length = sizeof where;
  getsockname(listener, (struct sockaddr *)&where, &length);
  listen(listener, 0);
  for (; count < 5; count++) {
    others[count] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connect(others[count], (struct sockaddr *)&where, length) == 0) continue;
  }
  walletd_client *client = client_of(address, NULL);
  walletd_error *error = NULL;
  int64_t started = now_millis();
  CHECK_FAILS(ping(client, 300, NULL, &error), WALLETD_DEADLINE_EXCEEDED);
  CHECK(now_millis() - started < PATIENCE_MILLIS);
  walletd_client_free(client);
  while (count > 0) close(others[--count]);
  close(listener);
}

static void what_cannot_be(void) {
  static const char *const addresses[] = {"", "localhost", "localhost:", "localhost:x", "a:b:1", "h:65536", "h:0", "h:-1",
      ":7000", "unix:", "::1:7000", "[::1]", "[]:7000", "h:7000 ", "[h:7000"};
  for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
    walletd_error *error = NULL;
    CHECK(walletd_client_new(addresses[i], NULL, &error) == NULL);
    if (error) CHECK_INT(error->status, WALLETD_INVALID);
    if (error) CHECK(strncmp(error->message, "address: ", 9) == 0);
    walletd_error_free(error);
  }
  char long_name[66], long_path[200];
  memset(long_name, 'n', 65);
  long_name[65] = '\0';
  memset(long_path, 'p', sizeof long_path);
  memcpy(long_path, "unix:", 5);
  long_path[199] = '\0';
  walletd_tls half = {.cert_file = "/nowhere"}, nowhere = {.ca_file = "/nowhere"}, none = {0};
  const walletd_settings settings[] = {{.token = "a", .token_file = "b"}, {.token = "\xff"}, {.client_name = long_name},
      {.ledger_id = "\xff"}, {.connections = 65}, {.tls = &half}, {.tls = &nowhere}};
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
    walletd_error *error = NULL;
    CHECK(walletd_client_new("localhost:7000", &settings[i], &error) == NULL);
    if (error) CHECK_INT(error->status, WALLETD_INVALID);
    walletd_error_free(error);
  }
  CHECK(walletd_client_new(NULL, NULL, NULL) == NULL);
  CHECK(walletd_client_new(long_path, NULL, NULL) == NULL);
  CHECK(walletd_client_new("unix:/run/walletd", &(walletd_settings){.tls = &none}, NULL) == NULL);
  static const char *const good[] = {"localhost:7000", "[::1]:7000", "unix:/run/walletd", "10.0.0.1:1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) walletd_client_free(client_of(good[i], NULL));
}

/* ---------------------------------------------------------------- another protocol */

typedef struct said {
  const char *bytes;
  size_t length;
} said;

static void says(peer *peer) {
  const said *given = peer->context;
  peer_write(peer, given->bytes, given->length);
  peer_ends(peer);
}

static void a_server_of_another_protocol(void) {
  static const char http[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  static const char ssh[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n";
  static const char zeros[64], noise[70] = {0, 0, 0, 0x20, (char)0x9a, 0x3f, 7, 7, 7, 7};
  wd_buffer frames[4] = {{0}};
  const uint8_t version2[] = {8, 2}, garbage[] = {0xff};
  wd_frame_append(&frames[0], &(wd_frame){.type = WD_REQUEST, .request_id = 1});
  wd_frame_append(&frames[1], &(wd_frame){.type = WD_RESPONSE, .request_id = 1});
  wd_frame_append(&frames[2], &(wd_frame){.type = WD_HELLO_ACK, .payload = garbage, .length = 1});
  wd_frame_append(&frames[3], &(wd_frame){.type = WD_HELLO_ACK, .payload = version2, .length = 2});
  said cases[8] = {{http, sizeof http - 1}, {ssh, sizeof ssh - 1}, {zeros, sizeof zeros}, {noise, sizeof noise}};
  for (int i = 0; i < 4; i++) cases[4 + i] = (said){(char *)frames[i].bytes, frames[i].end};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fake *fake = FAKE(&cases[i], says, says);
    walletd_client *client = client_of(fake_address(fake), NULL);
    walletd_error *error = NULL, *kept = NULL;
    CHECK_KEPT(debit(client, NULL, &error), WALLETD_PROTOCOL, &kept);
    if (kept) CHECK_TEXT(kept->key, test_key);
    walletd_error_free(kept);
    CHECK_FAILS(get_balance(client, PATIENCE_MILLIS, &error), WALLETD_PROTOCOL);
    CHECK_INT(fake_connections(fake), 2); /* it is not tried again */
    walletd_client_free(client);
    fake_free(fake);
  }
  for (int i = 0; i < 4; i++) wd_buffer_free(&frames[i]);
}

typedef struct garbage {
  enum { CHECKSUM, OVERSIZED, UNDERSIZED, BODY, ERROR_BODY, BOTH, NO_REQUEST, SECOND_ACK, KINDS } kind;
} garbage;

static void answers_garbage(peer *peer) {
  const garbage *given = peer->context;
  static const uint8_t bad[] = {0xff, 0xff}, oversized[] = {0x7f, 0xff, 0xff, 0xff}, undersized[8];
  peer_hello(peer, NULL);
  wd_frame answer = {.type = WD_RESPONSE, .request_id = peer_request(peer).request_id};
  wd_buffer bytes = {0};
  switch (given->kind) {
  case CHECKSUM:
    wd_frame_append(&bytes, &answer);
    bytes.bytes[bytes.end - 1] ^= 1;
    peer->payload = (free(peer->payload), bytes.bytes);
    peer_write(peer, bytes.bytes, bytes.end);
    break;
  case OVERSIZED:
    peer_write(peer, oversized, sizeof oversized); /* and nothing behind it: the length alone ends the connection */
    break;
  case UNDERSIZED:
    peer_write(peer, undersized, sizeof undersized);
    break;
  case BODY:
  case ERROR_BODY:
    answer.payload = bad;
    answer.length = sizeof bad;
    if (given->kind == ERROR_BODY) answer.code = 9, answer.flags = WD_FLAG_NOT_EXECUTED;
    peer_send(peer, answer);
    break;
  case BOTH:
    answer.flags = WD_FLAG_NOT_EXECUTED;
    peer_send(peer, answer);
    break;
  case NO_REQUEST:
    answer.request_id = 0;
    peer_send(peer, answer);
    break;
  case SECOND_ACK:
    peer_send(peer, (wd_frame){.type = WD_HELLO_ACK});
    break;
  case KINDS:
    break;
  }
  peer_ends(peer);
}

static void garbage_instead_of_an_answer(void) {
  for (int kind = 0; kind < KINDS; kind++) {
    garbage given = {.kind = kind};
    fake *fake = FAKE(&given, answers_garbage, answers_garbage);
    walletd_client *client = client_of(fake_address(fake), &eager);
    walletd_error *error = NULL, *kept = NULL;
    CHECK_KEPT(debit(client, NULL, &error), WALLETD_OUTCOME_UNKNOWN, &kept);
    if (kept) CHECK_INT(kept->cause->status, WALLETD_PROTOCOL);
    walletd_error_free(kept);
    walletd_client_free(client);
    client = client_of(fake_address(fake), &eager);
    CHECK_FAILS(get_balance(client, PATIENCE_MILLIS, &error), WALLETD_PROTOCOL);
    walletd_client_free(client);
    fake_free(fake);
  }
}

static void says_a_long_frame(peer *peer) {
  static const uint8_t length[] = {4, 0, 0, 0};
  peer_hello(peer, &(walletd_limits){.response_bytes_max = 4096});
  peer_request(peer);
  peer_write(peer, length, sizeof length);
  peer_ends(peer);
}

static void a_frame_over_the_limit_costs_no_memory(void) {
  fake *fake = FAKE(NULL, says_a_long_frame);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL;
  CHECK_FAILS(get_balance(client, PATIENCE_MILLIS, &error), WALLETD_PROTOCOL);
  walletd_client_free(client);
  fake_free(fake);
}

static void takes_short_requests(peer *peer) {
  peer_hello(peer, &(walletd_limits){.request_bytes_max = 4096});
  peer_ok_ping(peer, peer_request(peer), 1);
  peer_ends(peer);
}

static void a_request_over_the_servers_limit_is_not_sent(void) {
  fake *fake = FAKE(NULL, takes_short_requests);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL, *kept = NULL;
  char note[5001];
  memset(note, 'n', 5000);
  note[5000] = '\0';
  walletd_debit_request request = {
      .wallet = test_wallet, .amount = 1, .reason = "test", .note = note, .idempotency_key = test_key};
  CHECK_KEPT(walletd_debit(client, &request, NULL, NULL, &error), WALLETD_INVALID, &kept);
  if (kept) CHECK_TEXT(kept->key, test_key);
  walletd_error_free(kept);
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error)); /* the connection still serves */
  walletd_client_free(client);
  fake_free(fake);
}

static void what_the_client_refuses_to_send(void) {
  walletd_client *client = client_of(refused_address(), NULL);
  walletd_error *error = NULL, *kept = NULL;
  walletd_debit_request request = {.wallet = test_wallet, .amount = 1, .reason = "\xff", .idempotency_key = test_key};
  CHECK_KEPT(walletd_debit(client, &request, NULL, NULL, &error), WALLETD_INVALID, &kept);
  if (kept) {
    CHECK_TEXT(kept->key, test_key);
    CHECK(strncmp(kept->message, "reason: ", 8) == 0);
  }
  walletd_error_free(kept);
  request.reason = "test";
  request.metadata_count = 1;
  CHECK_FAILS(walletd_debit(client, &request, NULL, NULL, &error), WALLETD_INVALID);
  CHECK_FAILS(walletd_capture(client, &(walletd_capture_request){.hold_id = 1, .reason = "test"}, NULL, NULL, &error),
      WALLETD_INVALID);
  CHECK_FAILS(
      walletd_refund(client, &(walletd_refund_request){.transaction_id = 1, .amount = 1, .all = true, .reason = "test"},
          NULL, NULL, &error),
      WALLETD_INVALID);
  CHECK(walletd_ping(NULL, NULL, NULL, NULL, NULL) == WALLETD_INVALID);
  walletd_client_free(client);
}

/* ---------------------------------------------------------------- anything at all */

static void sends_at_random(peer *peer) {
  unsigned *random = peer->context; /* one connection at a time */
#define NEXT(below) ((*random = *random * 1103515245 + 12345) >> 16) % (below)
  unsigned opens = NEXT(4);
  if (opens > 0) peer_hello(peer, NULL);
  for (unsigned more = NEXT(10); more > 0; more = NEXT(10)) {
    uint8_t payload[20];
    unsigned length = NEXT(20);
    for (unsigned i = 0; i < length; i++) payload[i] = (uint8_t)(NEXT(256));
    wd_frame frame = {.payload = payload, .length = length};
    frame.type = (uint8_t)(NEXT(12));
    frame.request_id = NEXT(4);
    frame.code = (uint16_t)(NEXT(20));
    frame.flags = (uint8_t)(NEXT(16));
    frame.millis = NEXT(20);
    peer_send(peer, frame);
  }
#undef NEXT
}

static void random_frames(void) {
  enum { ROUNDS = 60, SCRIPTS = 250 };
  unsigned random = (unsigned)now_millis();
  printf("seed %u\n", random);
  script *scripts[SCRIPTS];
  for (int i = 0; i < SCRIPTS; i++) scripts[i] = sends_at_random;
  fake *fake = fake_new(NULL, &random, scripts, SCRIPTS);
  walletd_settings settings = eager;
  settings.timeout_millis = 50;
  walletd_client *client = client_of(fake_address(fake), &settings);
  for (int i = 0; i < ROUNDS; i++) {
    walletd_error *error = NULL;
    walletd_stream *watch = NULL;
    int64_t started = now_millis();
    if (i % 3 == 0) {
      walletd_debit(
          client, &(walletd_debit_request){.wallet = test_wallet, .amount = 1, .reason = "test"}, NULL, NULL, &error);
    } else if (i % 3 == 1) {
      get_balance(client, 50, &error);
    } else if (walletd_watch_transactions(client, NULL, NULL, &watch, &error) == WALLETD_OK) {
      walletd_watch_event *event = NULL;
      while (walletd_watch_transactions_next(watch, 50, &event, &error) == WALLETD_NEXT_EVENT) walletd_free(event);
      walletd_stream_close(watch);
    }
    CHECK(now_millis() - started < PATIENCE_MILLIS);
    walletd_error_free(error);
  }
  walletd_client_free(client);
  fake_free(fake);
}

LIST(way_tests, T(nobody_listens), HEAVY(a_host_that_is_not), T(a_host_by_its_name),
    T(a_port_that_accepts_and_never_answers), T(connecting_has_a_limit_of_its_own), T(a_connect_that_hangs),
    T(what_cannot_be), T(a_server_of_another_protocol), T(garbage_instead_of_an_answer),
    T(a_frame_over_the_limit_costs_no_memory), T(a_request_over_the_servers_limit_is_not_sent),
    T(what_the_client_refuses_to_send), T(random_frames));
