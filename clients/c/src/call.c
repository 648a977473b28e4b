#include "call.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "stream.h"

enum { BATCH_BYTES_MAX = 4 * 1024 * 1024, REQUEST_SIZE_MAX = 512 };

/* ---------------------------------------------------------------- what is sent */

/* A copy of the caller's struct, into which keys are written. */
typedef union wd_request {
  max_align_t align;
  unsigned char bytes[REQUEST_SIZE_MAX];
  walletd_batch_request batch;
  walletd_capture_request capture;
  walletd_refund_request refund;
} wd_request;

/* On the wire an amount of 0 is all that is left, which nobody means who has reckoned it. */
static walletd_status check_part(int64_t amount, bool all, walletd_error **error) {
  if (all && amount != 0) return wd_fail(error, WALLETD_INVALID, NULL, "amount: it is 0 where `all` says all that is left");
  if (!all && amount == 0) return wd_fail(error, WALLETD_INVALID, NULL, "amount: it is from 1; `all` is all that is left");
  return WALLETD_OK;
}

static walletd_status check(const wd_verb *verb, const wd_request *request, walletd_error **error) {
  if (verb->request == WD_CAPTURE_REQUEST) return check_part(request->capture.amount, request->capture.all, error);
  if (verb->request == WD_REFUND_REQUEST) return check_part(request->refund.amount, request->refund.all, error);
  return WALLETD_OK;
}

/* The same of the items of a batch. */
static walletd_status check_items(const walletd_batch_request *batch, const char *key, walletd_error **error) {
  for (size_t i = 0; batch->items && i < batch->items_count; i++) {
    const walletd_batch_item *item = &batch->items[i];
    bool capture = item->mutation == WALLETD_BATCH_ITEM_MUTATION_CAPTURE;
    if (!capture && item->mutation != WALLETD_BATCH_ITEM_MUTATION_REFUND) continue;
    int64_t amount = capture ? item->capture.amount : item->refund.amount;
    if ((capture ? item->capture.all : item->refund.all) == (amount == 0)) continue;
    return wd_fail(error, WALLETD_INVALID, key, "items[%zu].%s.amount: it is from 1, or 0 where `all` is all that is left",
        i, capture ? "capture" : "refund");
  }
  return WALLETD_OK;
}

static walletd_status make_key(walletd_call *call, wd_request *request, walletd_error **error) {
  const wd_type *type = &wd_types[call->verb->request];
  if (type->key_at == WD_NOWHERE) return WALLETD_OK;
  char made[WALLETD_KEY_SIZE];
  const char *key;
  memcpy(&key, request->bytes + type->key_at, sizeof key);
  if (!key || *key == '\0') {
    if (!walletd_new_key(made)) return wd_fail(error, WALLETD_INVALID, NULL, "the system has no random bytes for a key");
    key = made;
  }
  call->key = wd_key_new(key, strlen(key));
  if (!call->key) return wd_fail(error, WALLETD_NO_MEMORY, key, "there is no memory for the key");
  key = call->key->text;
  memcpy(request->bytes + type->key_at, &key, sizeof key);
  bool dry_run = type->dry_run_at != WD_NOWHERE && *(const bool *)(request->bytes + type->dry_run_at);
  call->mutates = !dry_run; /* to the client a dry run is a read */
  return WALLETD_OK;
}

/* Packs the struct. */
static walletd_status encode(walletd_call *call, const wd_request *request, walletd_error **error) {
  const char *key = call->key ? call->key->text : NULL, *bad = NULL;
  wd_arena *arena = wd_arena_new(4096, SIZE_MAX);
  ProtobufCMessage *message = NULL;
  wd_converted made = arena ? wd_to_message(arena, call->verb->request, request, &message, &bad) : WD_CONVERT_MEMORY;
  walletd_status status = WALLETD_OK;
  if (made == WD_CONVERTED) {
    call->length = protobuf_c_message_get_packed_size(message);
    if (call->items && call->length > BATCH_BYTES_MAX) {
      status = wd_fail(error, WALLETD_INVALID, key, "items: they have %zu bytes, and a batch has at most %d", call->length,
          BATCH_BYTES_MAX);
    } else if (!(call->payload = malloc(call->length + 1))) {
      made = WD_CONVERT_MEMORY;
    } else {
      protobuf_c_message_pack(message, call->payload);
    }
  }
  if (made == WD_CONVERT_BAD)
    status = wd_fail(error, WALLETD_INVALID, key, "%s: it is not UTF-8, or has a count and no pointer", bad);
  if (made == WD_CONVERT_MEMORY) status = wd_fail(error, WALLETD_NO_MEMORY, key, "there is no memory for the request");
  wd_arena_free(arena);
  return status;
}

static walletd_status encode_batch(walletd_call *call, wd_request *request, walletd_error **error) {
  const char *key = call->key->text;
  walletd_batch_item *items;
  walletd_status status = check_items(&request->batch, key, error);
  if (status == WALLETD_OK) status = wd_batch_prepare(key, &request->batch, &items, &call->items, error);
  if (status != WALLETD_OK) return status;
  request->batch.items = items;
  if (!request->batch.atomic) request->batch.idempotency_key = NULL;
  status = encode(call, request, error);
  free(items);
  return status;
}

walletd_call *wd_call_new(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    walletd_status *status, walletd_error **error) {
  wd_request copy;
  const wd_type *type = &wd_types[wd_verbs[verb].request];
  if (!client || type->size > sizeof copy) {
    *status = wd_fail(error, WALLETD_INVALID, NULL, "the client is missing");
    return NULL;
  }
  walletd_call *call = calloc(1, sizeof *call);
  if (!call || !(call->error = wd_error_new())) {
    free(call);
    *status = wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for the call");
    return NULL;
  }
  call->client = client;
  call->verb = &wd_verbs[verb];
  call->state = WD_CALL_ENDED;
  if (request)
    memcpy(&copy, request, type->size);
  else
    memset(&copy, 0, sizeof copy);
  *status = check(call->verb, &copy, error);
  if (*status == WALLETD_OK) *status = make_key(call, &copy, error);
  if (*status == WALLETD_OK)
    *status = call->verb->request == WD_BATCH_REQUEST ? encode_batch(call, &copy, error) : encode(call, &copy, error);
  if (*status != WALLETD_OK) {
    wd_call_free(call);
    return NULL;
  }
  uint32_t timeout = options && options->timeout_millis ? options->timeout_millis : client->settings.timeout_millis;
  call->deadline = wd_now() + (int64_t)timeout * 1000;
  call->unknown = call->mutates && options && options->retry_of_unknown;
  return call;
}

void wd_call_free(walletd_call *call) {
  if (!call) return;
  free(call->payload);
  wd_key_release(call->key);
  wd_items_free(call->items);
  walletd_free(call->result);
  walletd_error_free(call->error);
  free(call);
}

/* ---------------------------------------------------------------- its life */

static void fired(wd_timer *timer) {
  walletd_call *call = (walletd_call *)(void *)((char *)timer - offsetof(walletd_call, timer));
  if (call->state == WD_CALL_WAITING && call->retry_at < call->deadline) {
    wd_connection *connection = wd_client_connection(call->client);
    if (connection) {
      wd_timer_set(&call->client->timers, timer, call->deadline);
      wd_connection_enqueue(connection, call);
    } else {
      wd_attempt_final(call, WALLETD_NO_MEMORY, "there is no memory for a connection", true);
    }
    return;
  }
  wd_call_give_up(call, WALLETD_DEADLINE_EXCEEDED, NULL);
}

void wd_call_give_up(walletd_call *call, walletd_status status, const char *message) {
  bool sent = false;
  if (call->state == WD_CALL_QUEUED || call->state == WD_CALL_FLYING)
    sent = wd_connection_forget(call->connection, call, status == WALLETD_DEADLINE_EXCEEDED);
  if (!message)
    message = sent ? "the deadline passed before an answer came" : "the deadline passed before the request could be sent";
  wd_attempt_final(call, status, message, !sent);
}

void wd_call_begin(walletd_call *call) {
  walletd_client *client = call->client;
  call->id = ++client->last_id;
  call->state = WD_CALL_WAITING;
  call->next = client->calls;
  if (client->calls) client->calls->previous = call;
  client->calls = call;
  wd_budget_earn(&client->budget);
  if (call->unknown) wd_attempt_note_unknown(call);
  if (!wd_timer_init(&client->timers, &call->timer, fired)) {
    client->timers.owners++; /* which the end gives back */
    wd_attempt_final(call, WALLETD_NO_MEMORY, "there is no memory for the call", true);
    return;
  }
  if (client->closed) {
    wd_attempt_final(call, WALLETD_CLOSED, "the client is closed", true);
    return;
  }
  wd_connection *connection = wd_client_connection(client);
  if (!connection) {
    wd_attempt_final(call, WALLETD_NO_MEMORY, "there is no memory for a connection", true);
    return;
  }
  wd_timer_set(&client->timers, &call->timer, call->deadline);
  wd_connection_enqueue(connection, call);
}

void wd_call_end(walletd_call *call, walletd_status status) {
  walletd_client *client = call->client;
  call->status = status;
  call->state = WD_CALL_ENDED;
  wd_timer_drop(&client->timers, &call->timer);
  *(call->previous ? &call->previous->next : &client->calls) = call->next;
  if (call->next) call->next->previous = call->previous;
  if (status != WALLETD_OK) {
    walletd_free(call->result);
    call->result = NULL;
  }
  if (call->stream) {
    walletd_error *error = call->error;
    call->error = NULL;
    wd_stream_call_ended(call->stream, status, error);
  }
  if (call->waiter) {
    wd_waiter_done(call->waiter);
    return;
  }
  call->queue_previous = client->ended_last;
  *(client->ended_last ? &client->ended_last->queue_next : &client->ended_first) = call;
  client->ended_last = call;
}

/* ---------------------------------------------------------------- what callers see */

/* Hands the outcome out. */
static walletd_status finish(walletd_call *call, void **response, walletd_error **error) {
  if (call->status == WALLETD_OK) {
    if (response) {
      *response = call->result;
      call->result = NULL;
    }
  } else if (error) {
    *error = call->error;
    call->error = NULL;
  }
  return call->status;
}

walletd_status wd_call(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    void **response, walletd_error **error) {
  if (error) *error = NULL;
  walletd_status status;
  walletd_call *call = wd_call_new(client, verb, request, options, &status, error);
  if (!call) return status;
  wd_waiter waiter;
  pthread_mutex_lock(&client->mutex);
  status = wd_waiter_init(client, &waiter);
  if (status == WALLETD_OK) {
    call->waiter = &waiter;
    wd_call_begin(call);
    wd_client_changed(client);
    wd_client_wait(client, &waiter);
    wd_waiter_destroy(client, &waiter);
  }
  pthread_mutex_unlock(&client->mutex);
  if (status == WALLETD_OK)
    status = finish(call, response, error);
  else
    wd_fail(error, status, call->key ? call->key->text : NULL, "a call that waits can't be made within a callback");
  wd_call_free(call);
  return status;
}

uint64_t wd_call_start(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    walletd_done *done, void *context, walletd_error **error) {
  if (error) *error = NULL;
  walletd_status status;
  if (!done) {
    wd_fail(error, WALLETD_INVALID, NULL, "done: it is missing");
    return 0;
  }
  walletd_call *call = wd_call_new(client, verb, request, options, &status, error);
  if (!call) return 0;
  pthread_mutex_lock(&client->mutex);
  bool closed = client->closed;
  uint64_t id = 0;
  if (closed) { /* nobody may be there to call back */
    wd_waiter nobody = {.client = client, .changed = PTHREAD_COND_INITIALIZER};
    call->waiter = &nobody;
    wd_call_begin(call);
  } else {
    call->done = done;
    call->context = context;
    wd_call_begin(call);
    id = call->id;
    wd_client_changed(client);
  }
  pthread_mutex_unlock(&client->mutex);
  if (closed) {
    finish(call, NULL, error);
    wd_call_free(call);
  }
  return id;
}

walletd_status wd_call_finish(walletd_call *call, unsigned verb, void **response, walletd_error **error) {
  if (error) *error = NULL;
  if (call->verb != &wd_verbs[verb])
    return wd_fail(error, WALLETD_INVALID, NULL, "this call is a %s, not a %s", call->verb->name, wd_verbs[verb].name);
  return finish(call, response, error);
}

uint64_t walletd_call_id(const walletd_call *call) {
  return call->id;
}

bool walletd_cancel(walletd_client *client, uint64_t call_id) {
  pthread_mutex_lock(&client->mutex);
  walletd_call *call = client->calls;
  while (call && (call->id != call_id || !call->done)) call = call->next;
  if (call) {
    wd_call_give_up(call, WALLETD_CANCELLED, "the call was cancelled");
    wd_client_changed(client);
  }
  pthread_mutex_unlock(&client->mutex);
  return call != NULL;
}
