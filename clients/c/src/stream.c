#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

static const char too_slow[] = "more events wait to be read than the client keeps";
static const char no_sign_of_life[] = "the server gives no sign of life";

/* ---------------------------------------------------------------- telling the reader */

void wd_stream_tell(walletd_stream *stream) {
  if (stream->waiter) wd_waiter_done(stream->waiter);
  if (!stream->ready || !stream->asked || stream->to_tell) return;
  stream->asked = false;
  stream->to_tell = true;
  walletd_stream **at = &stream->client->ready_first;
  while (*at) at = &(*at)->ready_next;
  stream->ready_next = NULL;
  *at = stream;
}

/* The end; `error` is the stream's from now on, NULL at a good one. */
static void end(walletd_stream *stream, walletd_error *error) {
  wd_timer_unset(&stream->client->timers, &stream->timer);
  if (stream->over) {
    walletd_error_free(error);
    return;
  }
  stream->over = true;
  stream->good = !error;
  stream->end = error;
  wd_stream_tell(stream);
}

static void end_with(walletd_stream *stream, walletd_status status, const char *message) {
  walletd_error *error = NULL;
  wd_fail(&error, status, NULL, "%s", message);
  end(stream, error);
}

/* Nobody waits for the call any more. The server is told. */
static void drop_call(walletd_stream *stream) {
  walletd_call *call = stream->call;
  if (!call) return;
  stream->call = NULL;
  call->stream = NULL;
  wd_call_give_up(call, WALLETD_CANCELLED, "the stream was closed");
}

/* ---------------------------------------------------------------- what arrives */

static void overtake(walletd_stream *stream) {
  stream->overtaken = true;
  drop_call(stream);
  wd_timer_unset(&stream->client->timers, &stream->timer);
  wd_stream_tell(stream);
}

void wd_stream_event(walletd_stream *stream, const wd_frame *frame) {
  walletd_client *client = stream->client;
  if (!stream->call->begun) {
    stream->call->begun = true; /* from now on its deadline is none, and its end is not tried again by itself */
    wd_timer_unset(&client->timers, &stream->call->timer);
  }
  wd_timer_set(&client->timers, &stream->timer, wd_now() + stream->silence);
  size_t size = frame->length < WD_EVENT_BYTES_MIN ? WD_EVENT_BYTES_MIN : frame->length;
  /* One event always fits, or a stream of long ones would never go on. */
  if (stream->bytes > 0 && stream->bytes + size > WD_EVENTS_BYTES_MAX) {
    overtake(stream);
    return;
  }
  void *value = NULL;
  wd_converted decoded = wd_decode(stream->verb->response, frame->payload, frame->length, &value);
  bool memory = decoded != WD_CONVERT_MEMORY;
  if (decoded == WD_CONVERTED && stream->watches && !wd_watch_told(stream, value, &memory)) {
    walletd_free(value);
    if (memory) return;
    value = NULL;
  }
  wd_event *event = value ? malloc(sizeof *event) : NULL;
  if (!event) {
    walletd_free(value);
    drop_call(stream);
    if (decoded == WD_CONVERT_BAD)
      end_with(stream, WALLETD_PROTOCOL, "an event does not parse");
    else
      end_with(stream, WALLETD_NO_MEMORY, "there is no memory for an event");
    return;
  }
  *event = (wd_event){.value = value, .size = size};
  *(stream->last ? &stream->last->next : &stream->first) = event;
  stream->last = event;
  stream->bytes += size;
  wd_stream_tell(stream);
}

void wd_stream_call_ended(walletd_stream *stream, walletd_status status, walletd_error *error) {
  stream->call = NULL;
  wd_timer_unset(&stream->client->timers, &stream->timer);
  if (status == WALLETD_OK) {
    walletd_error_free(error);
    if (stream->watches)
      end_with(stream, WALLETD_PROTOCOL, "a watch has no end of its own");
    else
      end(stream, NULL);
  } else if (stream->watches && status != WALLETD_CLOSED && wd_watch_goes_on(stream, error)) {
    walletd_error_free(error);
  } else {
    end(stream, error);
  }
}

void wd_stream_closed(walletd_stream *stream) {
  if (!stream->call) end_with(stream, WALLETD_CLOSED, "the client is closed");
}

static void fired(wd_timer *timer) {
  walletd_stream *stream = (walletd_stream *)(void *)((char *)timer - offsetof(walletd_stream, timer));
  if (!stream->call) {
    wd_watch_start(stream);
    return;
  }
  wd_connection *connection = stream->call->connection;
  drop_call(stream);
  if (connection) wd_connection_distrust(connection);
  walletd_error *error = NULL;
  wd_fail(&error, WALLETD_DISCONNECTED, NULL, "%s", no_sign_of_life);
  if (stream->watches && wd_watch_goes_on(stream, error))
    walletd_error_free(error);
  else
    end(stream, error);
}

/* ---------------------------------------------------------------- the reader's side */

static void take_out(walletd_stream *stream) {
  walletd_client *client = stream->client;
  *(stream->previous ? &stream->previous->next : &client->streams) = stream->next;
  if (stream->next) stream->next->previous = stream->previous;
  for (walletd_stream **at = &client->ready_first; *at; at = &(*at)->ready_next)
    if (*at == stream) {
      *at = stream->ready_next;
      break;
    }
  wd_timer_drop(&client->timers, &stream->timer);
}

static void free_stream(walletd_stream *stream) {
  while (stream->first) {
    wd_event *event = stream->first;
    stream->first = event->next;
    walletd_free(event->value);
    free(event);
  }
  walletd_error_free(stream->end);
  walletd_free(stream->request);
  free(stream->token);
  free(stream);
}

static walletd_stream *stream_new(walletd_client *client, unsigned verb, const walletd_options *options) {
  walletd_stream *stream = calloc(1, sizeof *stream);
  if (!stream) return NULL;
  stream->client = client;
  stream->verb = &wd_verbs[verb];
  stream->watches = verb == WD_VERB_WATCH_TRANSACTIONS;
  stream->silence = (int64_t)WD_SILENCE_MILLIS * 1000;
  stream->asked = true;
  if (options) stream->options = *options;
  return stream;
}

/* Under the mutex: among the client's, with its call begun. */
static bool begin(walletd_stream *stream, walletd_call *call) {
  walletd_client *client = stream->client;
  if (!wd_timer_init(&client->timers, &stream->timer, fired)) return false;
  stream->next = client->streams;
  if (client->streams) client->streams->previous = stream;
  client->streams = stream;
  stream->call = call;
  call->stream = stream;
  wd_call_begin(call);
  return true;
}

walletd_status wd_stream_open(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    walletd_stream **stream, walletd_error **error) {
  if (error) *error = NULL;
  *stream = NULL;
  walletd_status status = WALLETD_OK;
  walletd_stream *made = client ? stream_new(client, verb, options) : NULL;
  if (!made) return wd_fail(error, client ? WALLETD_NO_MEMORY : WALLETD_INVALID, NULL, "there can be no stream");
  if (made->watches) status = wd_watch_prepare(made, request, error);
  walletd_call *call = NULL;
  if (status == WALLETD_OK)
    call = wd_call_new(client, verb, made->watches ? made->request : request, options, &status, error);
  if (!call) {
    free_stream(made);
    return status;
  }
  pthread_mutex_lock(&client->mutex);
  bool begun = begin(made, call);
  if (begun) wd_client_changed(client);
  pthread_mutex_unlock(&client->mutex);
  if (!begun) {
    wd_call_free(call);
    free_stream(made);
    return wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for a stream");
  }
  *stream = made;
  return WALLETD_OK;
}

/* What there is to read now. */
static walletd_next read_next(walletd_stream *stream, void **value, walletd_error **error) {
  wd_event *event = stream->first;
  if (event) {
    stream->first = event->next;
    if (!event->next) stream->last = NULL;
    stream->bytes -= event->size;
    *value = event->value;
    free(event);
    return WALLETD_NEXT_EVENT;
  }
  if (stream->overtaken && !stream->over) {
    stream->overtaken = false;
    if (stream->watches)
      wd_watch_start(stream);
    else
      end_with(stream, WALLETD_NOT_EXECUTED, too_slow);
  }
  if (!stream->over) {
    stream->asked = true;
    return WALLETD_NEXT_WAIT;
  }
  if (stream->good) return WALLETD_NEXT_END;
  if (error && stream->end) {
    *error = stream->end;
    stream->end = NULL;
  } else {
    wd_fail(error, WALLETD_INVALID, NULL, "the stream has ended, and its error was told");
  }
  return WALLETD_NEXT_ERROR;
}

static void waited(wd_timer *timer) {
  wd_waiter_done((wd_waiter *)(void *)((char *)timer - offsetof(wd_waiter, timer)));
}

/* Waits until there may be something. False: it can't. */
static bool wait_for_more(walletd_stream *stream, int64_t until) {
  walletd_client *client = stream->client;
  wd_waiter waiter;
  if (wd_waiter_init(client, &waiter) != WALLETD_OK) return false;
  bool timed = wd_timer_init(&client->timers, &waiter.timer, waited);
  if (timed) {
    if (until != INT64_MAX) wd_timer_set(&client->timers, &waiter.timer, until);
    stream->waiter = &waiter;
    wd_client_changed(client);
    wd_client_wait(client, &waiter);
    stream->waiter = NULL;
    wd_timer_drop(&client->timers, &waiter.timer);
  }
  wd_waiter_destroy(client, &waiter);
  return timed;
}

walletd_next wd_stream_next(walletd_stream *stream, unsigned verb, int timeout_ms, void **event, walletd_error **error) {
  *event = NULL;
  if (error) *error = NULL;
  if (stream->verb != &wd_verbs[verb]) {
    wd_fail(error, WALLETD_INVALID, NULL, "this stream is of %s, not of %s", stream->verb->name, wd_verbs[verb].name);
    return WALLETD_NEXT_ERROR;
  }
  walletd_client *client = stream->client;
  int64_t until = timeout_ms < 0 ? INT64_MAX : wd_now() + (int64_t)timeout_ms * 1000;
  pthread_mutex_lock(&client->mutex);
  walletd_next next;
  while ((next = read_next(stream, event, error)) == WALLETD_NEXT_WAIT) {
    if (timeout_ms == 0 || wd_now() >= until || !wait_for_more(stream, until)) break;
  }
  if (next == WALLETD_NEXT_WAIT) wd_client_changed(client); /* it may have been started anew */
  pthread_mutex_unlock(&client->mutex);
  return next;
}

void walletd_stream_notify(walletd_stream *stream, walletd_ready *ready, void *context) {
  pthread_mutex_lock(&stream->client->mutex);
  stream->ready = ready;
  stream->context = context;
  if (stream->first || stream->over) wd_stream_tell(stream);
  wd_client_changed(stream->client);
  pthread_mutex_unlock(&stream->client->mutex);
}

void walletd_stream_patience(walletd_stream *stream, uint32_t millis) {
  pthread_mutex_lock(&stream->client->mutex);
  stream->patience = (int64_t)millis * 1000;
  pthread_mutex_unlock(&stream->client->mutex);
}

void walletd_stream_close(walletd_stream *stream) {
  if (!stream) return;
  walletd_client *client = stream->client;
  pthread_mutex_lock(&client->mutex);
  drop_call(stream);
  take_out(stream);
  wd_client_changed(client);
  pthread_mutex_unlock(&client->mutex);
  free_stream(stream);
}
