/* What to do after each attempt of a call. This is where a key's outcome is judged: once an attempt has ended unknown, only
   OK, a replay or a remembered refusal resolves it. */

#include <string.h>

#include "call.h"
#include "error.h"

static wd_unresolved *unresolved(walletd_call *call) {
  return &call->client->unresolved;
}

void wd_attempt_note_unknown(walletd_call *call) {
  call->unknown = true;
  wd_unresolved_add(unresolved(call), call->key);
  for (size_t i = 0; call->items && i < call->items->count; i++)
    if (call->items->items[i].key) wd_unresolved_add(unresolved(call), call->items->items[i].key);
}

static bool unknown_of_any(walletd_call *call) {
  if (call->unknown || wd_unresolved_has(unresolved(call), call->key)) return true;
  for (size_t i = 0; call->items && i < call->items->count; i++)
    if (call->items->items[i].key && wd_unresolved_has(unresolved(call), call->items->items[i].key)) return true;
  return false;
}

static void resolve(walletd_call *call) {
  call->unknown = false;
  wd_unresolved_remove(unresolved(call), call->key);
}

/* ---------------------------------------------------------------- ends */

static const char *key_of(const walletd_call *call) {
  return call->key ? call->key->text : NULL;
}

/* Ends the call with what is in its error. */
static void end_with(walletd_call *call, bool sure) {
  if (call->mutates) {
    if (!sure) wd_attempt_note_unknown(call);
    if (unknown_of_any(call)) wd_error_doubt(call->error, key_of(call), call->error);
  }
  wd_call_end(call, call->error->status);
}

void wd_attempt_final(walletd_call *call, walletd_status status, const char *message, bool sure) {
  wd_error_write(call->error, status, key_of(call), message);
  end_with(call, sure);
}

static void end_with_refusal(walletd_call *call, walletd_error *refusal, bool sure) {
  wd_error_write(call->error, refusal->status, key_of(call), "");
  const char *key = call->error->key;
  wd_arena_adopt(wd_arena_of(call->error), wd_arena_of(refusal));
  *call->error = *refusal;
  call->error->key = key;
  end_with(call, sure);
}

/* ---------------------------------------------------------------- attempts */

/* The wait for the next attempt, which may come: in microseconds. Else -1. */
static int64_t next_wait(walletd_call *call, uint32_t retry_after_millis, bool moved) {
  walletd_client *client = call->client;
  if (call->count >= client->settings.retry.attempts_max || client->closed || call->begun) return -1;
  int64_t wait = wd_retry_wait(&client->settings.retry, &client->jitter, call->count, retry_after_millis);
  if (wait >= call->deadline - wd_now() || (!moved && !wd_budget_spend(&client->budget))) return -1;
  return wait;
}

static bool again(walletd_call *call, uint32_t retry_after_millis, bool moved, bool sure) {
  int64_t wait = next_wait(call, retry_after_millis, moved);
  if (wait < 0) return false;
  if (call->mutates && !sure) wd_attempt_note_unknown(call);
  call->state = WD_CALL_WAITING;
  call->retry_at = wd_now() + wait;
  wd_timer_set(&call->client->timers, &call->timer, call->retry_at);
  return true;
}

static void refused(walletd_call *call, walletd_error *refusal, bool sure, bool retry, bool moved) {
  if (retry && again(call, refusal->retry_after_millis, moved, sure))
    walletd_error_free(refusal);
  else
    end_with_refusal(call, refusal, sure);
}

void wd_attempt_failed(walletd_call *call, const wd_failure *failure, bool sent) {
  call->count++;
  walletd_error *refusal = failure->refusal ? wd_error_of_answer(failure->refusal) : NULL;
  if (refusal)
    refused(call, refusal, !sent, failure->retry, failure->moved);
  else if (!failure->retry || !again(call, 0, failure->moved, !sent))
    wd_attempt_final(call, failure->status, failure->message ? failure->message : "", !sent);
}

/* Keys on what they brought about. False: no memory. */
static bool put_keys(walletd_call *call) {
  const wd_type *type = &wd_types[call->verb->response];
  if (type->key_at == WD_NOWHERE || !call->key) return true;
  const char *key = wd_copy_text(wd_arena_of(call->result), call->key->text, strlen(call->key->text));
  if (!key) return false;
  memcpy((char *)call->result + type->key_at, &key, sizeof key);
  if (call->verb->response != WD_TRANSFER_RESPONSE) return true;
  walletd_transfer_response *transfer = call->result;
  transfer->source.key = key;
  transfer->source.replayed = transfer->replayed;
  transfer->source.commit_seq = transfer->commit_seq;
  return true;
}

static void succeeded(walletd_call *call, const wd_frame *answer) {
  if (answer->flags & WD_FLAG_NOT_EXECUTED) {
    wd_attempt_final(call, WALLETD_PROTOCOL, "the peer answered OK and NOT_EXECUTED at once", false);
    return;
  }
  if (call->stream) {
    wd_call_end(call, WALLETD_OK);
    return;
  }
  wd_converted decoded = wd_decode(call->verb->response, answer->payload, answer->length, &call->result);
  if (decoded == WD_CONVERTED && !put_keys(call)) decoded = WD_CONVERT_MEMORY;
  if (decoded == WD_CONVERTED && call->items) {
    if (!wd_batch_settle(call, call->result)) decoded = WD_CONVERT_BAD;
  }
  if (decoded == WD_CONVERTED) {
    if (call->mutates && !(call->items && call->items->is_key_open)) resolve(call);
    wd_call_end(call, WALLETD_OK);
  } else if (decoded == WD_CONVERT_BAD) {
    wd_attempt_final(call, WALLETD_PROTOCOL, "the answer does not parse, or is not one to this request", false);
  } else {
    wd_attempt_final(call, WALLETD_NO_MEMORY, "there is no memory for the answer", false);
  }
}

void wd_attempt_answered(walletd_call *call, const wd_frame *answer) {
  call->count++;
  if (answer->code == 0) {
    succeeded(call, answer);
    return;
  }
  walletd_error *refusal = wd_error_of_answer(answer);
  if (!refusal) {
    wd_attempt_final(call, WALLETD_NO_MEMORY, "there is no memory for the answer", false);
    return;
  }
  bool resolved = wd_error_resolves(refusal, answer->flags);
  if (resolved && call->mutates) resolve(call);
  bool sure = resolved || ((answer->flags & WD_FLAG_NOT_EXECUTED) && refusal->status != WALLETD_PROTOCOL);
  refused(call, refusal, sure, wd_reason_retried(refusal->reason), false);
}
