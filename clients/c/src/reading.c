/* What arrives on a connection. */

#include <stdio.h>
#include <sys/epoll.h>

#include "call.h"
#include "error.h"
#include "stream.h"

enum { READ_BYTES = 64 * 1024, READS_MAX = 16, IN_KEPT_MAX = 256 * 1024, WIRE_VERSION = 1, PING_BYTES = 8 };

static void broken(wd_connection *connection, const char *before, const char *what, const char *behind) {
  char message[200];
  snprintf(message, sizeof message, "%s%s%s", before, what, behind);
  wd_connection_broken(connection, message);
}

/* HELLO_ACK. */
static void opened(wd_connection *connection, const wd_frame *frame) {
  Wallet__V1__HelloAck *ack = wallet__v1__hello_ack__unpack(NULL, frame->length, frame->payload);
  if (!ack) {
    wd_connection_broken(connection, "HELLO_ACK does not parse");
    return;
  }
  uint32_t version = ack->version;
  if (ack->limits) {
    const Wallet__V1__Limits *limits = ack->limits;
    /* The response to a batch may be as long as its request. */
    size_t max = limits->response_bytes_max ? limits->response_bytes_max : WD_RESPONSE_DEFAULT;
    if (limits->batch_request_bytes_max > max) max = limits->batch_request_bytes_max;
    if (max > WD_RESPONSE_CEILING) max = WD_RESPONSE_CEILING;
    connection->frame_max = max + WD_HEADER_BYTES; /* should the server mean payloads */
    connection->request_max = limits->request_bytes_max;
    connection->batch_request_max = limits->batch_request_bytes_max;
    if (limits->requests_in_flight_max) connection->in_flight_max = limits->requests_in_flight_max;
    if (connection->in_flight_max > WD_IN_FLIGHT_CEILING) connection->in_flight_max = WD_IN_FLIGHT_CEILING;
  } else {
    connection->frame_max = WD_RESPONSE_DEFAULT + WD_HEADER_BYTES;
  }
  wallet__v1__hello_ack__free_unpacked(ack, NULL);
  if (version != WIRE_VERSION) {
    wd_connection_broken(connection, "the peer chose a version that was not offered");
    return;
  }
  connection->state = WD_OPEN;
  wd_timer_unset(&connection->client->timers, &connection->timer);
}

static void pong(wd_connection *connection, const wd_frame *ping) {
  if (wd_buffer_length(&connection->control) > WD_CONTROL_MAX) {
    wd_connection_broken(connection, "the peer sends PINGs and does not read the PONGs");
    return;
  }
  wd_frame answer = {.type = WD_PONG, .request_id = ping->request_id, .payload = ping->payload, .length = ping->length};
  wd_connection_control(connection, &answer);
}

/* CONNECTION_ERROR. */
static void refused(wd_connection *connection, const wd_frame *frame) {
  walletd_error *error = wd_error_of_answer(frame);
  wd_failure failure = {.status = WALLETD_DISCONNECTED, .message = connection->problem, .retry = true};
  bool opening = connection->state == WD_OPENING;
  if (!error) {
    failure.message = "the server closed the connection, and there is no memory to say why";
  } else if (error->status == WALLETD_PROTOCOL || error->reason == WALLETD_REASON_INVALID_FRAME) {
    snprintf(connection->problem, sizeof connection->problem, "the connection was refused: %s", error->message);
    failure.status = WALLETD_PROTOCOL;
    failure.retry = false;
  } else if (opening) {
    failure.refusal = frame;
    failure.retry = wd_reason_retried(error->reason) || error->status == WALLETD_NOT_EXECUTED;
  } else {
    snprintf(connection->problem, sizeof connection->problem, "the server closed the connection: %s", error->message);
  }
  walletd_error_free(error);
  wd_connection_lost(connection, &failure);
}

static void answered(wd_connection *connection, const wd_frame *frame) {
  wd_flight *flight = wd_flights_find(&connection->flights, frame->request_id);
  if (!flight) return; /* the answer to a call long gone */
  walletd_call *call = flight->call;
  wd_flights_remove(&connection->flights, flight);
  if (call) {
    connection->live--;
    call->connection = NULL;
    wd_attempt_answered(call, frame);
  }
  wd_connection_finish_leaving(connection);
}

static void happened(wd_connection *connection, const wd_frame *frame) {
  wd_flight *flight = wd_flights_find(&connection->flights, frame->request_id);
  if (!flight || !flight->call || !flight->call->stream) return; /* an event of a stream long gone */
  wd_stream_event(flight->call->stream, frame);
}

static void handle(wd_connection *connection, const wd_frame *frame) {
  bool opening = connection->state == WD_OPENING;
  connection->heard++;
  connection->silent = 0;
  if (frame->type == WD_CONNECTION_ERROR)
    refused(connection, frame);
  else if (frame->type == WD_HELLO_ACK && opening)
    opened(connection, frame);
  else if (frame->type == WD_PING_FRAME && frame->length == PING_BYTES)
    pong(connection, frame);
  else if (frame->type == WD_GOAWAY) {
    wd_connection_leave(connection, "the server is going away");
    wd_connection_finish_leaving(connection);
  } else if (opening)
    broken(connection, "the peer sent ", wd_frame_type_name(frame->type), " before HELLO_ACK");
  else if (frame->request_id == 0 && (frame->type == WD_RESPONSE || frame->type == WD_EVENT))
    broken(connection, "the peer sent a ", wd_frame_type_name(frame->type), " to no request");
  else if (frame->type == WD_RESPONSE)
    answered(connection, frame);
  else if (frame->type == WD_EVENT)
    happened(connection, frame);
  else if (frame->type != WD_PONG)
    broken(connection, "the peer sent a ", wd_frame_type_name(frame->type), " that servers do not send");
}

/* Handles all whole frames, and makes room for the rest of the next one. */
static void handle_all(wd_connection *connection) {
  wd_frame frame;
  wd_frame_problem problem;
  size_t used;
  while (connection->state != WD_CLOSED) {
    switch (wd_frame_read(connection->in.bytes + connection->in.start, wd_buffer_length(&connection->in),
        connection->frame_max, &frame, &used, &problem)) {
    case WD_FRAME_MORE:
      return;
    case WD_FRAME_BROKEN:
      broken(connection, "the peer does not speak WRP/1: ", problem.message, "");
      return;
    case WD_FRAME_WHOLE:
      handle(connection, &frame);
      wd_buffer_consume(&connection->in, used);
    }
  }
}

void wd_connection_read(wd_connection *connection) {
  connection->more = false;
  for (int reads = 0; connection->state != WD_CLOSED; reads++) {
    if (reads == READS_MAX) { /* others have their turn; what TLS has already, the socket doesn't tell of */
      connection->more = connection->session && SSL_has_pending(connection->session);
      return;
    }
    wd_buffer_shrink(&connection->in, IN_KEPT_MAX);
    wd_failure failure = {.status = WALLETD_NO_MEMORY, .message = "there is no memory for what arrives", .retry = true};
    ssize_t got = -1;
    if (wd_buffer_reserve(&connection->in, READ_BYTES))
      got = wd_transport_read(
          connection, connection->in.bytes + connection->in.end, connection->in.capacity - connection->in.end, &failure);
    if (got == 0) return;
    if (got < 0) {
      wd_connection_lost(connection, &failure);
      return;
    }
    connection->in.end += (size_t)got;
    handle_all(connection);
    if (!connection->session && (size_t)got < READ_BYTES) return;
  }
}

void wd_connection_ready(wd_connection *connection, uint32_t events) {
  if (connection->state == WD_CLOSED) return;
  if (connection->phase == WD_CONNECTING) {
    wd_connection_dialed(connection);
    return;
  }
  if (connection->phase == WD_SHAKING_HANDS) {
    wd_transport_shake_hands(connection);
    return;
  }
  if (events & EPOLLOUT) connection->blocked = connection->tls_wants_write = false;
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) || connection->session) wd_connection_read(connection);
  wd_connection_flush(connection);
  wd_transport_watch(connection);
}
