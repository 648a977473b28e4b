#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

wd_connection *wd_connection_new(walletd_client *client) {
  wd_connection *connection = calloc(1, sizeof *connection);
  if (!connection) return NULL;
  if (!wd_timer_init(&client->timers, &connection->timer, wd_connection_timer)) {
    free(connection);
    return NULL;
  }
  connection->client = client;
  connection->socket = -1;
  connection->frame_max = WD_OPENING_FRAME_MAX;
  connection->in_flight_max = WD_IN_FLIGHT_DEFAULT;
  return connection;
}

void wd_connection_free(wd_connection *connection) {
  wd_transport_close(connection);
  wd_timer_drop(&connection->client->timers, &connection->timer);
  wd_flights_free(&connection->flights);
  wd_buffer_free(&connection->control);
  wd_buffer_free(&connection->out);
  wd_buffer_free(&connection->in);
  free(connection);
}

bool wd_connection_accepting(const wd_connection *connection) {
  return connection->state == WD_OPENING || connection->state == WD_OPEN;
}

/* ---------------------------------------------------------------- the queue */

static void unqueue(wd_connection *connection, walletd_call *call) {
  *(call->queue_previous ? &call->queue_previous->queue_next : &connection->queue_first) = call->queue_next;
  *(call->queue_next ? &call->queue_next->queue_previous : &connection->queue_last) = call->queue_previous;
  call->queue_previous = call->queue_next = NULL;
}

void wd_connection_enqueue(wd_connection *connection, walletd_call *call) {
  call->connection = connection;
  call->state = WD_CALL_QUEUED;
  call->queue_previous = connection->queue_last;
  *(connection->queue_last ? &connection->queue_last->queue_next : &connection->queue_first) = call;
  connection->queue_last = call;
  if (connection->phase == WD_NEW) wd_connection_dial(connection);
}

static void fail_queue(wd_connection *connection, const wd_failure *failure) {
  walletd_call *call;
  while ((call = connection->queue_first) != NULL) {
    unqueue(connection, call);
    call->connection = NULL;
    wd_attempt_failed(call, failure, false);
  }
}

/* ---------------------------------------------------------------- leaving */

static const char going_away[] = "the server is going away";

void wd_connection_leave(wd_connection *connection, const char *why) {
  if (!wd_connection_accepting(connection)) return;
  connection->state = WD_LEAVING;
  fail_queue(connection, &(wd_failure){.status = WALLETD_DISCONNECTED, .message = why, .retry = true, .moved = true});
}

void wd_connection_finish_leaving(wd_connection *connection) {
  if (connection->state == WD_LEAVING && connection->live == 0)
    wd_connection_lost(connection, &(wd_failure){.status = WALLETD_DISCONNECTED, .message = going_away, .retry = true});
}

void wd_connection_distrust(wd_connection *connection) {
  wd_connection_leave(connection, "the server gives no sign of life");
  wd_connection_finish_leaving(connection);
}

bool wd_connection_forget(wd_connection *connection, walletd_call *call, bool late) {
  call->connection = NULL;
  if (call->state == WD_CALL_QUEUED) {
    unqueue(connection, call);
    wd_connection_finish_leaving(connection);
    return false;
  }
  /* What waits to be written will be, unless no write comes through any more. */
  bool sent = call->starts_at < connection->written || !connection->unwritable;
  wd_flight *flight = wd_flights_find(&connection->flights, call->request_id);
  if (flight) flight->call = NULL;
  connection->live--;
  wd_frame cancel = {.type = WD_CANCEL, .request_id = call->request_id};
  if (sent && !wd_connection_control(connection, &cancel)) return sent;
  if (late && call->heard_when_sent == connection->heard && ++connection->silent >= WD_SILENT_MAX)
    wd_connection_leave(connection, "the server gives no sign of life");
  /* All that it takes at once was given up, and it answers none of it. */
  if (connection->flights.count - connection->live >= connection->in_flight_max)
    wd_connection_leave(connection, "the server gives no sign of life");
  if (connection->state != WD_LEAVING || connection->live > 0) return sent;
  wd_connection_flush(connection); /* the CANCEL, as far as that is possible now */
  wd_connection_finish_leaving(connection);
  return sent;
}

/* ---------------------------------------------------------------- the end */

void wd_connection_lost(wd_connection *connection, const wd_failure *failure) {
  if (connection->state == WD_CLOSED) return;
  connection->state = WD_CLOSED;
  wd_timer_unset(&connection->client->timers, &connection->timer);
  for (size_t i = 0; i < connection->flights.capacity; i++) {
    walletd_call *call = connection->flights.places[i].call;
    connection->flights.places[i] = (wd_flight){0};
    if (!call) continue;
    call->connection = NULL;
    wd_attempt_failed(call, failure, call->starts_at < connection->written);
  }
  connection->flights.count = connection->live = 0;
  fail_queue(connection, failure);
  wd_transport_close(connection);
}

void wd_connection_broken(wd_connection *connection, const char *message) {
  wd_connection_lost(connection, &(wd_failure){.status = WALLETD_PROTOCOL, .message = message});
}

bool wd_connection_control(wd_connection *connection, const wd_frame *frame) {
  if (wd_frame_append(&connection->control, frame)) return true;
  wd_connection_lost(connection,
      &(wd_failure){.status = WALLETD_NO_MEMORY, .message = "there is no memory for what is to be sent", .retry = true});
  return false;
}
