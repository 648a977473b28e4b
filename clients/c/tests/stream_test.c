/* Streams and watches, by scripts. */
#include "stream.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "fake.h"

static void tell(peer *peer, wd_frame request, int64_t row, const char *note) {
  char token[24];
  snprintf(token, sizeof token, "t%" PRId64, row);
  walletd_transaction transaction = {.id = row, .kind = WALLETD_TRANSACTION_KIND_CREDIT, .note = note};
  walletd_watch_event event = {.resume_token = token, .commit_seq = row, .currency = "USD", .exponent = 2};
  if (note) event.transaction = &transaction;
  peer_send_struct(peer, (wd_frame){.type = WD_EVENT, .request_id = request.request_id}, WD_WATCH_EVENT, &event);
}

/* A watch that is asked for with this token; "": from its beginning, NULL: from now. */
static wd_frame watch_request(peer *peer, const char *token) {
  wd_frame frame = peer_request(peer);
  CHECK_INT(frame.code, WALLETD_METHOD_WATCH_TRANSACTIONS);
  void *made = NULL;
  CHECK(wd_decode(WD_WATCH_TRANSACTIONS_REQUEST, frame.payload, frame.length, &made) == WD_CONVERTED);
  walletd_watch_transactions_request *request = need(made);
  if (!token) {
    CHECK(request->start == WALLETD_WATCH_TRANSACTIONS_REQUEST_START_FROM_NOW && request->from_now);
  } else if (*token == '\0') {
    CHECK(request->start == WALLETD_WATCH_TRANSACTIONS_REQUEST_START_AFTER_SEQ && request->after_seq == 0);
  } else {
    CHECK_INT(request->start, WALLETD_WATCH_TRANSACTIONS_REQUEST_START_RESUME_TOKEN);
    if (request->start == WALLETD_WATCH_TRANSACTIONS_REQUEST_START_RESUME_TOKEN) CHECK_TEXT(request->resume_token, token);
  }
  if (token) CHECK(request->wallet_ids_count == 1 && request->wallet_ids[0] == 5 && request->kinds_count == 1);
  walletd_free(request);
  return frame;
}

static walletd_stream *watch_from_beginning(walletd_client *client) {
  int64_t ids[] = {5};
  walletd_transaction_kind kinds[] = {WALLETD_TRANSACTION_KIND_CREDIT};
  walletd_watch_transactions_request request = {.start = WALLETD_WATCH_TRANSACTIONS_REQUEST_START_AFTER_SEQ,
      .wallet_ids = ids,
      .wallet_ids_count = 1,
      .kinds = kinds,
      .kinds_count = 1};
  walletd_stream *watch = NULL;
  walletd_error *error = NULL;
  CHECK_OK(walletd_watch_transactions(client, &request, NULL, &watch, &error));
  return need(watch);
}

/* The next event's row; 0: a mere token; -1: there is none, and `error` says why. */
static int64_t next_row(walletd_stream *watch, walletd_error **error) {
  walletd_watch_event *event = NULL;
  *error = NULL;
  walletd_next next = walletd_watch_transactions_next(watch, PATIENCE_MILLIS, &event, error);
  if (next == WALLETD_NEXT_WAIT) failed(__FILE__, __LINE__, "nothing came");
  if (next != WALLETD_NEXT_EVENT) return -1;
  int64_t row = event->transaction ? event->transaction->id : 0;
  walletd_free(event);
  return row;
}

static void check_end(walletd_error *error, walletd_status status) {
  CHECK(error != NULL);
  if (error) CHECK_INT(error->status, status);
  walletd_error_free(error);
}

/* ---------------------------------------------------------------- going on */

static void tells_and_is_lost(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = watch_request(peer, "");
  tell(peer, frame, 0, NULL);
  tell(peer, frame, 1, "");
}

static void says_resume_and_goes_away(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = watch_request(peer, "t1");
  tell(peer, frame, 1, NULL);
  tell(peer, frame, 2, "");
  peer_fail(peer, frame, WALLETD_REASON_RESOURCE_EXHAUSTED, 8);
  frame = watch_request(peer, "t2");
  tell(peer, frame, 2, NULL);
  tell(peer, frame, 3, "");
  peer_send(peer, (wd_frame){.type = WD_GOAWAY});
  peer_fail(peer, frame, WALLETD_REASON_UNAVAILABLE, 14);
  peer_ends(peer);
}

static void says_that_the_place_is_gone(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = watch_request(peer, "t3");
  tell(peer, frame, 4, "");
  peer_fail(peer, frame, WALLETD_REASON_RESUME_INVALID, 9);
  peer_ends(peer);
}

static void a_watch_goes_on_over_everything_that_passes(void) {
  fake *fake = FAKE(NULL, tells_and_is_lost, says_resume_and_goes_away, says_that_the_place_is_gone);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_stream *watch = watch_from_beginning(client);
  walletd_error *error;
  for (int64_t row = 0; row <= 4; row++) CHECK_INT(next_row(watch, &error), row);
  CHECK_INT(next_row(watch, &error), -1);
  if (error) CHECK_INT(error->reason, WALLETD_REASON_RESUME_INVALID);
  check_end(error, WALLETD_REJECTED);
  CHECK_INT(next_row(watch, &error), -1); /* and again */
  check_end(error, WALLETD_INVALID);
  walletd_stream_close(watch);
  walletd_client_free(client);
  fake_free(fake);
}

static void is_exhausted(peer *peer) {
  peer_hello(peer, NULL);
  for (;;) peer_fail(peer, peer_request(peer), WALLETD_REASON_RESOURCE_EXHAUSTED, 8);
}

static void is_silent(peer *peer) {
  peer_hello(peer, NULL);
  peer_ends(peer);
}

static void a_watch_that_never_stood_is_an_error(void) {
  fake *fake = FAKE(NULL, is_exhausted, is_silent);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_error *error = NULL;
  walletd_stream *watch = NULL;
  CHECK_OK(walletd_watch_transactions(client, NULL, NULL, &watch, &error));
  CHECK_INT(next_row(watch, &error), -1);
  if (error) CHECK_INT(error->reason, WALLETD_REASON_RESOURCE_EXHAUSTED);
  check_end(error, WALLETD_NOT_EXECUTED);
  walletd_stream_close(watch);
  walletd_client_free(client);
  client = client_of(fake_address(fake), &eager);
  CHECK_OK(walletd_watch_transactions(client, NULL, &(walletd_options){.timeout_millis = 200}, &watch, &error));
  CHECK_INT(next_row(watch, &error), -1);
  check_end(error, WALLETD_DEADLINE_EXCEEDED);
  walletd_stream_close(watch);
  walletd_client_free(client);
  fake_free(fake);
}

static void tells_one_and_falls_silent(peer *peer) {
  peer_hello(peer, NULL);
  tell(peer, watch_request(peer, ""), 1, "");
  peer_ends(peer);
}

static void tells_another(peer *peer) {
  peer_hello(peer, NULL);
  tell(peer, watch_request(peer, "t1"), 2, "");
  peer_ends(peer);
}

static void a_watch_of_a_server_that_falls_silent_goes_on_elsewhere(void) {
  fake *fake = FAKE(NULL, tells_one_and_falls_silent, tells_another);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_stream *watch = watch_from_beginning(client);
  watch->silence = 200000;
  walletd_error *error;
  CHECK_INT(next_row(watch, &error), 1);
  watch->silence = (int64_t)PATIENCE_MILLIS * 1000;
  CHECK_INT(next_row(watch, &error), 2);
  walletd_stream_close(watch);
  walletd_client_free(client);
  fake_free(fake);
}

static void the_patience_of_a_watch_has_an_end(void) {
  fake *fake = FAKE(NULL, tells_and_is_lost);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_stream *watch = watch_from_beginning(client);
  walletd_stream_patience(watch, 50);
  walletd_error *error;
  CHECK_INT(next_row(watch, &error), 0);
  CHECK_INT(next_row(watch, &error), 1);
  fake_free(fake); /* nobody listens any more */
  CHECK_INT(next_row(watch, &error), -1);
  check_end(error, WALLETD_DISCONNECTED);
  walletd_stream_close(watch);
  walletd_client_free(client);
}

/* ---------------------------------------------------------------- ending */

static void is_cancelled(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = watch_request(peer, NULL);
  tell(peer, frame, 0, NULL);
  tell(peer, frame, 1, "");
  wd_frame cancel = peer_read(peer);
  CHECK(cancel.type == WD_CANCEL && cancel.request_id == frame.request_id);
  tell(peer, frame, 2, "");
  peer_fail(peer, frame, WALLETD_REASON_CANCELLED, 1);
  peer_ok_ping(peer, peer_request(peer), 7);
  peer_ends(peer);
}

static void a_closed_watch_is_cancelled_and_its_late_events_are_dropped(void) {
  fake *fake = FAKE(NULL, is_cancelled);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_stream *watch = NULL;
  walletd_error *error = NULL;
  CHECK_OK(walletd_watch_transactions(client, NULL, NULL, &watch, &error));
  CHECK_INT(next_row(watch, &error), 0);
  CHECK_INT(next_row(watch, &error), 1);
  walletd_watch_event *event = NULL;
  CHECK_INT(walletd_watch_transactions_next(watch, 0, &event, &error), WALLETD_NEXT_WAIT);
  CHECK_INT(walletd_watch_transactions_next(watch, 20, &event, &error), WALLETD_NEXT_WAIT);
  walletd_verify_event *other = NULL;
  CHECK_INT(walletd_verify_next(watch, 0, &other, &error), WALLETD_NEXT_ERROR); /* it is of another verb */
  check_end(error, WALLETD_INVALID);
  walletd_stream_close(watch);
  int64_t seq = 0;
  error = NULL;
  CHECK_OK(ping(client, PATIENCE_MILLIS, &seq, &error));
  CHECK_INT(seq, 7);
  walletd_client_free(client);
  fake_free(fake);
}

static void *close_soon(void *client) {
  sleep_millis(50);
  walletd_client_close(client);
  return NULL;
}

static void closing_the_client_ends_the_wait_for_an_event(void) {
  fake *fake = FAKE(NULL, tells_one_and_falls_silent);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_stream *watch = watch_from_beginning(client);
  walletd_error *error;
  CHECK_INT(next_row(watch, &error), 1);
  pthread_t thread;
  pthread_create(&thread, NULL, close_soon, client);
  CHECK_INT(next_row(watch, &error), -1);
  check_end(error, WALLETD_CLOSED);
  pthread_join(thread, NULL);
  walletd_stream_close(watch);
  walletd_client_free(client);
  fake_free(fake);
}

static void verifies(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer), event = {.type = WD_EVENT, .request_id = frame.request_id};
  peer_send_struct(peer, event, WD_VERIFY_EVENT,
      &(walletd_verify_event){.event = WALLETD_VERIFY_EVENT_EVENT_PROGRESS, .progress = {.stage = "journal", .total = 2}});
  peer_send_struct(peer, event, WD_VERIFY_EVENT,
      &(walletd_verify_event){.event = WALLETD_VERIFY_EVENT_EVENT_FINDING, .finding = {.what = "digest", .seq = 4}});
  event.flags = WD_FLAG_LAST;
  peer_send_struct(peer, event, WD_VERIFY_EVENT,
      &(walletd_verify_event){.event = WALLETD_VERIFY_EVENT_EVENT_REPORT, .report = {.findings = 1, .micros = 2000}});
  peer_send(peer, (wd_frame){.type = WD_RESPONSE, .request_id = frame.request_id});
  frame = event = peer_request(peer); /* another one, whose connection is lost */
  peer_send_struct(peer, (wd_frame){.type = WD_EVENT, .request_id = frame.request_id}, WD_VERIFY_EVENT,
      &(walletd_verify_event){.event = WALLETD_VERIFY_EVENT_EVENT_PROGRESS});
}

static void verify_ends(void) {
  fake *fake = FAKE(NULL, verifies);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_stream *stream = NULL;
  walletd_error *error = NULL;
  walletd_verify_event *event = NULL;
  uint8_t digest[32] = {1};
  walletd_verify_request request = {.expected_head = {.seq = 1, .digest = {.data = digest, .length = 32}}};
  CHECK_OK(walletd_verify(client, &request, NULL, &stream, &error));
  static const walletd_verify_event_event wanted[] = {
      WALLETD_VERIFY_EVENT_EVENT_PROGRESS, WALLETD_VERIFY_EVENT_EVENT_FINDING, WALLETD_VERIFY_EVENT_EVENT_REPORT};
  for (int i = 0; i < 3; i++) {
    CHECK_INT(walletd_verify_next(stream, PATIENCE_MILLIS, &event, &error), WALLETD_NEXT_EVENT);
    if (event) CHECK_INT(event->event, wanted[i]);
    if (event && i == 0) CHECK_TEXT(event->progress.stage, "journal");
    if (event && i == 1) CHECK_INT(event->finding.seq, 4);
    if (event && i == 2) CHECK_INT(event->report.micros, 2000);
    walletd_free(event);
  }
  for (int i = 0; i < 2; i++) CHECK_INT(walletd_verify_next(stream, PATIENCE_MILLIS, &event, &error), WALLETD_NEXT_END);
  walletd_stream_close(stream);
  CHECK_OK(walletd_verify(client, NULL, NULL, &stream, &error));
  CHECK_INT(walletd_verify_next(stream, PATIENCE_MILLIS, &event, &error), WALLETD_NEXT_EVENT);
  walletd_free(event);
  CHECK_INT(walletd_verify_next(stream, PATIENCE_MILLIS, &event, &error), WALLETD_NEXT_ERROR);
  check_end(error, WALLETD_DISCONNECTED); /* it can't be resumed */
  walletd_stream_close(stream);
  walletd_client_free(client);
  fake_free(fake);
}

static void sends_an_event_to_a_call(peer *peer) {
  peer_hello(peer, NULL);
  wd_frame frame = peer_request(peer);
  tell(peer, frame, 1, "");
  peer_ok_ping(peer, frame, 1);
  peer_ends(peer);
}

static void events_go_to_streams_only(void) {
  fake *fake = FAKE(NULL, sends_an_event_to_a_call);
  walletd_client *client = client_of(fake_address(fake), NULL);
  walletd_error *error = NULL;
  CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- a slow reader */

static void tells_more_than_is_kept(peer *peer) {
  static char note[10001];
  memset(note, 'n', sizeof note - 1);
  peer_hello(peer, NULL);
  wd_frame frame = watch_request(peer, "");
  for (int64_t row = 1; row <= 150; row++) tell(peer, frame, row, note); /* above the bound of 1 MiB */
  bool cancelled = false, pinged = false;
  while (!cancelled || !pinged) { /* other calls go on meanwhile */
    wd_frame next = peer_read(peer);
    if (next.type == WD_CANCEL && next.request_id == frame.request_id) {
      cancelled = true;
    } else {
      CHECK_INT(next.code, WALLETD_METHOD_PING);
      pinged = true;
      peer_ok_ping(peer, next, 1);
    }
  }
  wd_frame again = peer_request(peer);
  void *made = NULL;
  CHECK(wd_decode(WD_WATCH_TRANSACTIONS_REQUEST, again.payload, again.length, &made) == WD_CONVERTED);
  walletd_watch_transactions_request *request = need(made);
  long long last = request->resume_token ? strtoll(request->resume_token + 1, NULL, 10) : 0;
  walletd_free(request);
  CHECK(last >= 90 && last < 150);
  for (int64_t row = last + 1; row <= 200; row++) tell(peer, again, row, "");
  peer_ends(peer);
}

static void a_reader_that_falls_behind_goes_on_where_its_buffer_ends(void) {
  fake *fake = FAKE(NULL, tells_more_than_is_kept);
  walletd_client *client = client_of(fake_address(fake), &eager);
  walletd_stream *watch = watch_from_beginning(client);
  walletd_error *error = NULL;
  CHECK_INT(next_row(watch, &error), 1);
  /* Waiting calls take in what arrives: until more has than is kept nothing is read. */
  for (int64_t end = now_millis() + PATIENCE_MILLIS; !watch->overtaken && now_millis() < end;)
    CHECK_OK(ping(client, PATIENCE_MILLIS, NULL, &error));
  for (int64_t row = 2; row <= 200; row++)
    if (next_row(watch, &error) != row) {
      CHECK_INT(row, 200);
      break;
    }
  walletd_error_free(error);
  walletd_stream_close(watch);
  walletd_client_free(client);
  fake_free(fake);
}

/* ---------------------------------------------------------------- a poll loop */

typedef struct reader {
  int64_t last;
  int ended;
} reader;

static void read_all_there_is(void *context, walletd_stream *stream) {
  reader *reader = context;
  walletd_watch_event *event = NULL;
  walletd_error *error = NULL;
  walletd_next next;
  while ((next = walletd_watch_transactions_next(stream, 0, &event, &error)) == WALLETD_NEXT_EVENT) {
    if (event->transaction) {
      CHECK_INT(event->transaction->id, reader->last + 1);
      reader->last = event->transaction->id;
    }
    walletd_free(event);
  }
  if (next == WALLETD_NEXT_WAIT) return;
  check_end(error, WALLETD_REJECTED);
  reader->ended++;
  walletd_stream_close(stream); /* it may be closed here */
}

static void a_watch_in_a_poll_loop(void) {
  fake *fake = FAKE(NULL, tells_and_is_lost, says_resume_and_goes_away, says_that_the_place_is_gone);
  walletd_client *client = client_of(fake_address(fake), &eager);
  reader reader = {0};
  walletd_stream_notify(watch_from_beginning(client), read_all_there_is, &reader);
  for (int64_t end = now_millis() + PATIENCE_MILLIS; !reader.ended && now_millis() < end;) {
    struct pollfd polled = {.fd = walletd_fd(client), .events = walletd_events(client)};
    poll(&polled, 1, walletd_timeout_ms(client));
    walletd_process(client, polled.revents);
  }
  CHECK_INT(reader.last, 4);
  CHECK_INT(reader.ended, 1);
  walletd_client_free(client);
  fake_free(fake);
}

LIST(stream_tests, T(a_watch_goes_on_over_everything_that_passes), T(a_watch_that_never_stood_is_an_error),
    T(a_watch_of_a_server_that_falls_silent_goes_on_elsewhere), T(the_patience_of_a_watch_has_an_end),
    T(a_closed_watch_is_cancelled_and_its_late_events_are_dropped), T(closing_the_client_ends_the_wait_for_an_event),
    T(verify_ends), T(events_go_to_streams_only), T(a_reader_that_falls_behind_goes_on_where_its_buffer_ends),
    T(a_watch_in_a_poll_loop));
