#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ERROR_ROOM = 1024, ERROR_BUDGET = 64 * 1024, TEXT_MAX = 512 };

static walletd_error no_memory = {.status = WALLETD_NO_MEMORY, .message = "there is no memory"};

void walletd_error_free(walletd_error *error) {
  if (error && error != &no_memory) wd_arena_free(wd_arena_of(error));
}

walletd_error *wd_error_new(void) {
  walletd_error *error = wd_result_new(sizeof *error, ERROR_ROOM, ERROR_BUDGET);
  if (error) error->message = "";
  return error;
}

static const char *copy_or(wd_arena *arena, const char *text, const char *otherwise) {
  const char *copy = wd_copy_text(arena, text, strnlen(text, TEXT_MAX));
  return copy ? copy : otherwise;
}

void wd_error_write(walletd_error *error, walletd_status status, const char *key, const char *message) {
  wd_arena *arena = wd_arena_of(error);
  *error = (walletd_error){.status = status};
  if (key) error->key = copy_or(arena, key, "");
  error->message = copy_or(arena, message, "there is no memory to say why");
}

walletd_status wd_fail(walletd_error **out, walletd_status status, const char *key, const char *format, ...) {
  if (!out) return status;
  *out = wd_error_new();
  if (!*out) {
    *out = &no_memory;
    return WALLETD_NO_MEMORY;
  }
  char message[TEXT_MAX];
  va_list arguments;
  va_start(arguments, format);
  if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
  va_end(arguments);
  wd_error_write(*out, status, key, message);
  return status;
}

/* ---------------------------------------------------------------- those of the server */

bool walletd_reason_remembered(walletd_reason reason) {
  return (reason >= WALLETD_REASON_CURRENCY_UNKNOWN && reason <= WALLETD_REASON_AMOUNT_OVERFLOW &&
             reason != WALLETD_REASON_VERSION_CONFLICT) ||
         reason == WALLETD_REASON_COUNTER_ACCOUNT_EXISTS;
}

bool wd_reason_retried(walletd_reason reason) {
  return reason == WALLETD_REASON_UNAVAILABLE || reason == WALLETD_REASON_RESOURCE_EXHAUSTED;
}

bool wd_error_remembered(const walletd_error *error) {
  if (error->detail.type == WALLETD_DETAIL_TYPE_BATCH_ABORTED) {
    const walletd_error *cause = error->detail.batch_aborted.cause;
    return cause && walletd_reason_remembered(cause->reason);
  }
  return walletd_reason_remembered(error->reason);
}

bool wd_error_resolves(const walletd_error *error, uint8_t flags) {
  return error->status == WALLETD_REJECTED && wd_error_remembered(error) &&
         (flags & (WD_FLAG_NOT_EXECUTED | WD_FLAG_REPLAYED)) != 0;
}

/* For an error whose payload names no reason: the statuses that have just one. */
static walletd_reason reason_of_grpc(int status) {
  switch (status) {
  case 1:
    return WALLETD_REASON_CANCELLED;
  case 4:
    return WALLETD_REASON_DEADLINE_EXCEEDED;
  case 7:
    return WALLETD_REASON_PERMISSION_DENIED;
  case 8:
    return WALLETD_REASON_RESOURCE_EXHAUSTED;
  case 12:
    return WALLETD_REASON_UNIMPLEMENTED;
  case 13:
    return WALLETD_REASON_INTERNAL;
  case 14:
    return WALLETD_REASON_UNAVAILABLE;
  case 16:
    return WALLETD_REASON_UNAUTHENTICATED;
  default:
    return WALLETD_REASON_UNSPECIFIED;
  }
}

/* The server could not, rather than would not. */
static walletd_status status_of(walletd_reason reason) {
  switch (reason) {
  case WALLETD_REASON_DEADLINE_EXCEEDED:
    return WALLETD_DEADLINE_EXCEEDED;
  case WALLETD_REASON_CANCELLED:
  case WALLETD_REASON_INTERNAL:
  case WALLETD_REASON_UNAVAILABLE:
  case WALLETD_REASON_RESOURCE_EXHAUSTED:
    return WALLETD_NOT_EXECUTED;
  case WALLETD_REASON_UNAUTHENTICATED:
    return WALLETD_UNAUTHENTICATED;
  default:
    return WALLETD_REJECTED;
  }
}

static wd_converted read_error(wd_arena *arena, Wallet__V1__Error *message, int grpc_status, walletd_error *error) {
  error->reason = (walletd_reason)message->reason;
  if (error->reason == WALLETD_REASON_UNSPECIFIED) error->reason = reason_of_grpc(grpc_status);
  error->status = status_of(error->reason);
  error->grpc_status = grpc_status;
  error->message = wd_text(&message->message);
  if (!error->message) return WD_CONVERT_BAD;
  error->commit_seq = message->commit_seq;
  error->replayed = message->replayed;
  const char *bad = NULL;
  wd_converted converted = wd_from_message(arena, WD_DETAIL, &message->base, &error->detail, &bad);
  if (converted == WD_CONVERTED && error->detail.type == WALLETD_DETAIL_TYPE_RETRY_AFTER)
    error->retry_after_millis = error->detail.retry_after.retry_after_millis;
  return converted;
}

wd_converted wd_error_from(wd_arena *arena, Wallet__V1__Error *message, const walletd_error **error) {
  if (!message) return WD_CONVERTED;
  walletd_error *made = wd_alloc_zeroed(arena, sizeof *made);
  if (!made) return WD_CONVERT_MEMORY;
  *error = made;
  return read_error(arena, message, 0, made);
}

walletd_error *wd_error_of_answer(const wd_frame *answer) {
  walletd_error *error = wd_result_new(sizeof *error, ERROR_ROOM + 4 * answer->length, ERROR_BUDGET + 48 * answer->length);
  if (!error) return NULL;
  wd_arena *arena = wd_arena_of(error);
  ProtobufCAllocator allocator = wd_allocator(arena);
  Wallet__V1__Error *message = NULL;
  if (!wd_too_deep(&wallet__v1__error__descriptor, answer->payload, answer->length, 0))
    message = wallet__v1__error__unpack(&allocator, answer->length, answer->payload);
  if (!message || read_error(arena, message, answer->code, error) != WD_CONVERTED) {
    if (wd_arena_starved(arena)) {
      walletd_error_free(error);
      return NULL;
    }
    char text[80];
    snprintf(text, sizeof text, "the error of an answer with status %d does not parse", answer->code);
    wd_error_write(error, WALLETD_PROTOCOL, NULL, text);
    return error;
  }
  if (answer->millis != 0) error->retry_after_millis = answer->millis;
  if (answer->flags & WD_FLAG_REPLAYED) error->replayed = true;
  return error;
}

/* ---------------------------------------------------------------- doubts */

void wd_error_doubt(walletd_error *error, const char *key, const walletd_error *last) {
  wd_arena *arena = wd_arena_of(error);
  char message[TEXT_MAX];
  if (snprintf(message, sizeof message, "whether it took place is unknown: %s", last->message) < 0) message[0] = '\0';
  walletd_error *cause = wd_alloc(arena, sizeof *cause);
  if (cause) *cause = *last;
  wd_error_write(error, WALLETD_OUTCOME_UNKNOWN, key, message);
  if (cause && !cause->key) cause->key = error->key;
  error->cause = cause;
}

/* ---------------------------------------------------------------- names */

bool walletd_not_executed(walletd_status status) {
  return status >= WALLETD_NOT_EXECUTED;
}

const char *walletd_status_name(walletd_status status) {
  static const char *const names[] = {"ok", "rejected", "outcome_unknown", "not_executed", "disconnected",
      "deadline_exceeded", "protocol", "unauthenticated", "cancelled", "closed", "invalid", "no_memory"};
  return (size_t)status < sizeof names / sizeof *names ? names[status] : "unknown";
}

static const char *name_of(unsigned list, int number) {
  for (size_t i = 0; i < wd_enums[list].count; i++)
    if (wd_enums[list].names[i].number == number) return wd_enums[list].names[i].name;
  return NULL;
}

const char *walletd_reason_name(walletd_reason reason) {
  return name_of(WD_ENUM_ERROR_REASON, (int)reason);
}

const char *walletd_transaction_kind_name(walletd_transaction_kind kind) {
  return name_of(WD_ENUM_TRANSACTION_KIND, (int)kind);
}
