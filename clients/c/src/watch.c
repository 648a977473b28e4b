/* Where a watch goes on, and whether. */

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stream.h"

static bool copy_list(wd_arena *arena, const void *list, size_t count, size_t size, const void **copy) {
  *copy = NULL;
  if (count == 0) return true;
  void *made = count <= SIZE_MAX / size / 2 ? wd_alloc(arena, count * size) : NULL;
  if (made) memcpy(made, list, count * size);
  *copy = made;
  return made != NULL;
}

walletd_status wd_watch_prepare(
    walletd_stream *stream, const walletd_watch_transactions_request *given, walletd_error **error) {
  static const walletd_watch_transactions_request from_now;
  if (!given) given = &from_now;
  if ((given->wallet_ids_count > 0 && !given->wallet_ids) || (given->kinds_count > 0 && !given->kinds))
    return wd_fail(error, WALLETD_INVALID, NULL, "wallet_ids or kinds: it has a count and no pointer");
  walletd_watch_transactions_request *request = wd_result_new(sizeof *request, 0, SIZE_MAX);
  stream->request = request;
  bool copied = request != NULL;
  if (copied) {
    wd_arena *arena = wd_arena_of(request);
    const void *ids, *kinds;
    *request = *given;
    copied = copy_list(arena, given->wallet_ids, given->wallet_ids_count, sizeof *given->wallet_ids, &ids) &&
             copy_list(arena, given->kinds, given->kinds_count, sizeof *given->kinds, &kinds);
    if (copied) {
      request->wallet_ids = ids;
      request->kinds = kinds;
    }
  }
  if (copied && given->start == WALLETD_WATCH_TRANSACTIONS_REQUEST_START_NONE) {
    request->start = WALLETD_WATCH_TRANSACTIONS_REQUEST_START_FROM_NOW;
    request->from_now = true;
  }
  if (copied && given->start == WALLETD_WATCH_TRANSACTIONS_REQUEST_START_RESUME_TOKEN) {
    stream->token = strdup(given->resume_token ? given->resume_token : "");
    copied = stream->token != NULL;
    request->resume_token = stream->token;
  }
  return copied ? WALLETD_OK : wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for a watch");
}

void wd_watch_start(walletd_stream *stream) {
  if (stream->client->closed) {
    wd_stream_closed(stream);
    return;
  }
  walletd_watch_transactions_request *request = stream->request;
  if (stream->token) {
    request->start = WALLETD_WATCH_TRANSACTIONS_REQUEST_START_RESUME_TOKEN;
    request->resume_token = stream->token;
  }
  walletd_error *error = NULL;
  walletd_status status;
  walletd_call *call = wd_call_new(stream->client, WD_VERB_WATCH_TRANSACTIONS, request, &stream->options, &status, &error);
  if (!call) {
    wd_stream_call_ended(stream, status, error);
    return;
  }
  stream->call = call;
  call->stream = stream;
  wd_call_begin(call);
}

bool wd_watch_told(walletd_stream *stream, const walletd_watch_event *event, bool *memory) {
  bool known = stream->token && strcmp(stream->token, event->resume_token) == 0;
  if (!known) {
    char *token = strdup(event->resume_token);
    if (!token) {
      *memory = false;
      return false;
    }
    free(stream->token);
    stream->token = token;
  }
  stream->stood = true;
  stream->lost_since = 0;
  /* A server that takes every watch in and sends it away at once isn't asked without a pause. */
  if (event->transaction) stream->failures = 0;
  return event->transaction || !known;
}

/* Whether another try has hope. */
static bool passes(const walletd_error *error) {
  switch (error->status) {
  case WALLETD_DISCONNECTED:
  case WALLETD_DEADLINE_EXCEEDED:
    return true;
  case WALLETD_NOT_EXECUTED:
    return wd_reason_retried(error->reason) || error->reason == WALLETD_REASON_CANCELLED;
  default:
    return false;
  }
}

bool wd_watch_goes_on(walletd_stream *stream, const walletd_error *error) {
  walletd_client *client = stream->client;
  int64_t now = wd_now();
  if (stream->lost_since == 0) stream->lost_since = now;
  bool lasting = stream->patience > 0 && now - stream->lost_since > stream->patience;
  if (!stream->stood || client->closed || lasting || !passes(error)) return false;
  stream->failures++;
  int64_t wait = wd_retry_wait(&client->settings.retry, &client->jitter, stream->failures, error->retry_after_millis);
  wd_timer_set(&client->timers, &stream->timer, now + wait);
  return true;
}
