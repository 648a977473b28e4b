/* What leaves a connection. */

#include <stdio.h>

#include "call.h"

enum { READ_REST_MICROS = 1000000, OUT_KEPT_MAX = 256 * 1024 };

static const uint32_t id_max = UINT32_MAX;

static uint32_t unused_id(wd_connection *connection) {
  do connection->last_id = connection->last_id % id_max + 1;
  while (wd_flights_find(&connection->flights, connection->last_id));
  return connection->last_id;
}

/* The deadline to tell the server: nine tenths of what is left, at least 1. The server then gives up first, and its sure
   NOT_EXECUTED arrives before the client has to call the outcome unknown. */
static uint32_t server_millis(int64_t left) {
  int64_t millis = left / 1000 * 9 / 10;
  if (millis < 1) return 1; /* 0 would be the server's default */
  return millis > UINT32_MAX ? UINT32_MAX : (uint32_t)millis;
}

static void refuse(walletd_call *call, walletd_status status, const char *message) {
  call->connection = NULL;
  wd_attempt_failed(call, &(wd_failure){.status = status, .message = message}, false);
}

/* Moves the first call of the queue into the buffer. */
static void take_one(wd_connection *connection) {
  walletd_call *call = connection->queue_first;
  connection->queue_first = call->queue_next;
  *(call->queue_next ? &call->queue_next->queue_previous : &connection->queue_last) = NULL;
  call->queue_previous = call->queue_next = NULL;
  uint32_t max = call->verb->method == WALLETD_METHOD_BATCH ? connection->batch_request_max : connection->request_max;
  if (max != 0 && call->length > max) {
    char message[96];
    snprintf(message, sizeof message, "a request of %zu bytes is over the server's %u", call->length, max);
    refuse(call, WALLETD_INVALID, message);
    return;
  }
  wd_frame frame = {.type = WD_REQUEST,
      .code = call->verb->method,
      .request_id = unused_id(connection),
      .millis = server_millis(call->deadline - wd_now()),
      .payload = call->payload,
      .length = call->length};
  size_t before = wd_buffer_length(&connection->out);
  if (!wd_flights_reserve(&connection->flights) || !wd_frame_append(&connection->out, &frame)) {
    refuse(call, WALLETD_NO_MEMORY, "there is no memory for the request");
    return;
  }
  wd_flights_add(&connection->flights, frame.request_id, call);
  connection->live++;
  call->request_id = frame.request_id;
  call->starts_at = connection->taken;
  call->heard_when_sent = connection->heard;
  call->state = WD_CALL_FLYING;
  connection->taken += wd_buffer_length(&connection->out) - before;
}

/* Fills the buffer, which is empty, with what may be sent now. False: there is nothing. */
static bool take(wd_connection *connection) {
  wd_buffer_shrink(&connection->out, OUT_KEPT_MAX); /* of one long request */
  size_t control = wd_buffer_length(&connection->control);
  if (control > 0) {
    wd_buffer empty = connection->out;
    connection->out = connection->control;
    connection->control = empty;
    connection->taken += control;
  }
  while (connection->state == WD_OPEN && connection->queue_first && wd_buffer_length(&connection->out) < WD_WRITE_MAX &&
         connection->flights.count < connection->in_flight_max)
    take_one(connection);
  return wd_buffer_length(&connection->out) > 0;
}

/* The end is left to reading, which may find the reason before it. */
static void write_failed(wd_connection *connection, const wd_failure *failure) {
  connection->unwritable = true;
  if (connection->state == WD_OPENING) { /* an answer to HELLO may have come: the opening has its time */
    wd_transport_watch(connection);
    return;
  }
  wd_timer_set(&connection->client->timers, &connection->timer, wd_now() + READ_REST_MICROS);
  wd_connection_leave(connection, failure->message);
  wd_connection_finish_leaving(connection);
}

void wd_connection_flush(wd_connection *connection) {
  if (connection->phase != WD_TALKING || connection->state == WD_CLOSED || connection->unwritable || connection->blocked)
    return;
  while (connection->state != WD_CLOSED) {
    if (wd_buffer_length(&connection->out) == 0 && !take(connection)) break;
    wd_failure failure;
    ssize_t written = wd_transport_write(
        connection, connection->out.bytes + connection->out.start, wd_buffer_length(&connection->out), &failure);
    if (written < 0) {
      write_failed(connection, &failure);
      return;
    }
    if (written == 0) {
      connection->blocked = true;
      break;
    }
    connection->written += (uint64_t)written;
    wd_buffer_consume(&connection->out, (size_t)written);
  }
  wd_transport_watch(connection);
}
