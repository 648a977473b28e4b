#include "values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool {
  pool *next;
  max_align_t bytes[];
};

void *must_have(void *memory) {
  if (memory) return memory;
  fputs("there is no memory\n", stderr);
  exit(1);
}

void *pool_alloc(pool **pool_at, size_t size) {
  pool *made = must_have(calloc(1, sizeof *made + size + 1));
  made->next = *pool_at;
  *pool_at = made;
  return made->bytes;
}

void pool_free(pool *pool_at) {
  while (pool_at) {
    pool *next = pool_at->next;
    free(pool_at);
    pool_at = next;
  }
}

/* ---------------------------------------------------------------- reading */

#define WRONG(...) (snprintf(problem, 200, __VA_ARGS__), false)

bool read_int64(const json_t *from, int64_t *into) {
  if (json_is_integer(from)) {
    *into = json_integer_value(from);
    return true;
  }
  const char *text = json_string_value(from);
  if (!text || *text == '\0' || strspn(text, "-0123456789") != strlen(text)) return false;
  char *end;
  errno = 0;
  *into = strtoll(text, &end, 10);
  return errno == 0 && *end == '\0';
}

static int digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

bool read_hex(const json_t *from, pool **pool_at, uint8_t **bytes, size_t *length) {
  const char *text = json_string_value(from);
  if (!text || strlen(text) % 2 != 0) return false;
  *length = strlen(text) / 2;
  *bytes = pool_alloc(pool_at, *length);
  for (size_t i = 0; i < *length; i++) {
    int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    (*bytes)[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

static bool read_enum(unsigned type, const json_t *from, uint32_t *into) {
  const char *name = json_string_value(from);
  for (size_t i = 0; name && i < wd_enums[type].count; i++) {
    if (strcmp(wd_enums[type].names[i].name, name) != 0) continue;
    *into = (uint32_t)wd_enums[type].names[i].number;
    return true;
  }
  return false;
}

static bool read_text(const json_t *from, const char **into) {
  *into = json_string_value(from);
  return *into && strlen(*into) == json_string_length(from);
}

static bool read_one(const wd_field *field, const json_t *from, void *into, pool **pool_at, char problem[200]) {
  int64_t number;
  walletd_bytes *bytes = into;
  uint8_t *data;
  switch ((wd_kind)field->kind) {
  case WD_TEXT:
    return read_text(from, into) || WRONG("%s: it is no text, or has a NUL", field->name);
  case WD_BYTES:
    if (!read_hex(from, pool_at, &data, &bytes->length)) return WRONG("%s: it is not hexadecimal", field->name);
    bytes->data = data;
    return true;
  case WD_INT64:
    return read_int64(from, into) || WRONG("%s: it is no 64-bit integer", field->name);
  case WD_INT32:
    if (!read_int64(from, &number) || number < 0 || number > UINT32_MAX) return WRONG("%s: it is out of range", field->name);
    *(uint32_t *)into = (uint32_t)number;
    return true;
  case WD_BOOL:
    if (!json_is_boolean(from)) return WRONG("%s: it is neither true nor false", field->name);
    *(bool *)into = json_is_true(from);
    return true;
  case WD_ENUM:
    return read_enum(field->type, from, into) || WRONG("%s: it is not known", field->name);
  case WD_MESSAGE:
    return read_struct(field->type, from, into, pool_at, problem);
  case WD_ERROR:
    break;
  }
  return WRONG("%s: it can't be given", field->name);
}

static size_t size_of(const wd_field *field) {
  switch ((wd_kind)field->kind) {
  case WD_TEXT:
    return sizeof(char *);
  case WD_BYTES:
    return sizeof(walletd_bytes);
  case WD_INT64:
    return sizeof(int64_t);
  case WD_BOOL:
    return sizeof(bool);
  case WD_MESSAGE:
    return wd_types[field->type].size;
  default:
    return sizeof(uint32_t);
  }
}

static bool read_list(const wd_field *field, const json_t *from, char *into, pool **pool_at, char problem[200]) {
  if (!json_is_array(from)) return WRONG("%s: it is no list", field->name);
  size_t count = json_array_size(from), size = size_of(field);
  char *list = pool_alloc(pool_at, count * size);
  *(void **)(void *)(into + field->offset) = list;
  *(size_t *)(void *)(into + field->second) = count;
  for (size_t i = 0; i < count; i++)
    if (!read_one(field, json_array_get(from, i), list + i * size, pool_at, problem)) return false;
  return true;
}

static bool read_member(
    const wd_type *type, const char *name, const json_t *from, char *into, pool **pool_at, char problem[200]) {
  for (size_t i = 0; i < type->fields_count; i++) {
    const wd_field *field = &type->fields[i];
    if (strcmp(field->name, name) != 0) continue;
    if (field->flags & WD_REPEATED) return read_list(field, from, into, pool_at, problem);
    if (field->flags & WD_ONEOF) {
      uint32_t *which = (uint32_t *)(void *)(into + field->second);
      if (*which != 0) return WRONG("%s: there is one of its alternatives already", name);
      *which = field->tag;
    }
    return read_one(field, from, into + field->offset, pool_at, problem);
  }
  return WRONG("%s: %s has no such field", name, type->name);
}

bool read_struct(unsigned type_at, const json_t *from, void *into, pool **pool_at, char problem[200]) {
  const wd_type *type = &wd_types[type_at];
  if (from && !json_is_object(from)) return WRONG("%s: it is no object", type->name);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)from, name, value) {
    if (!json_is_null(value) && !read_member(type, name, value, into, pool_at, problem)) return false;
  }
  /* On the wire an amount of 0 is all that is left. */
  if (type_at == WD_CAPTURE_REQUEST) ((walletd_capture_request *)into)->all = ((walletd_capture_request *)into)->amount == 0;
  if (type_at == WD_REFUND_REQUEST) ((walletd_refund_request *)into)->all = ((walletd_refund_request *)into)->amount == 0;
  return true;
}

/* ---------------------------------------------------------------- writing */

static json_t *json_of_int64(int64_t number) {
  char text[24];
  snprintf(text, sizeof text, "%" PRId64, number);
  return must_have(json_string(text));
}

json_t *json_of_bytes(const uint8_t *bytes, size_t length) {
  char *text = must_have(malloc(2 * length + 1));
  for (size_t i = 0; i < length; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
  text[2 * length] = '\0';
  json_t *made = must_have(json_string(text));
  free(text);
  return made;
}

static json_t *json_of_enum(unsigned type, uint32_t number) {
  for (size_t i = 0; i < wd_enums[type].count; i++)
    if ((uint32_t)wd_enums[type].names[i].number == number) return must_have(json_string(wd_enums[type].names[i].name));
  return must_have(json_integer(number));
}

static json_t *json_of_one(const wd_field *field, const void *from) {
  const walletd_bytes *bytes = from;
  uint32_t number;
  switch ((wd_kind)field->kind) {
  case WD_TEXT:
    return must_have(json_string(*(const char *const *)from ? *(const char *const *)from : ""));
  case WD_BYTES:
    return json_of_bytes(bytes->data, bytes->length);
  case WD_INT64:
    return json_of_int64(*(const int64_t *)from);
  case WD_BOOL:
    return json_boolean(*(const bool *)from);
  case WD_MESSAGE:
    return json_of_struct(field->type, from);
  case WD_ERROR:
    return json_of_error(*(const walletd_error *const *)from);
  case WD_INT32:
  case WD_ENUM:
    memcpy(&number, from, sizeof number);
    return field->kind == WD_ENUM ? json_of_enum(field->type, number) : must_have(json_integer(number));
  }
  return must_have(json_null());
}

static json_t *json_of_list(const wd_field *field, const char *from) {
  json_t *list = must_have(json_array());
  const char *const *items = (const char *const *)(const void *)(from + field->offset);
  size_t count = *(const size_t *)(const void *)(from + field->second);
  for (size_t i = 0; i < count; i++) json_array_append_new(list, json_of_one(field, *items + i * size_of(field)));
  return list;
}

json_t *json_of_struct(unsigned type_at, const void *from) {
  const wd_type *type = &wd_types[type_at];
  json_t *object = must_have(json_object());
  bool named = false;
  for (size_t i = 0; i < type->fields_count; i++) {
    const wd_field *field = &type->fields[i];
    const char *member = (const char *)from + field->offset;
    named = named || strcmp(field->name, "idempotency_key") == 0;
    uint32_t which = field->tag;
    if (field->flags & WD_ONEOF) memcpy(&which, (const char *)from + field->second, sizeof which);
    if (which != field->tag) continue;
    if (field->flags & WD_REPEATED) {
      json_object_set_new(object, field->name, json_of_list(field, from));
      continue;
    }
    if ((field->flags & WD_POINTER || field->kind == WD_ERROR) && !*(const void *const *)(const void *)member) continue;
    if (field->flags & WD_POINTER) member = *(const char *const *)(const void *)member;
    json_object_set_new(object, field->name, json_of_one(field, member));
  }
  if (type->key_at != WD_NOWHERE && !named) {
    const char *key;
    memcpy(&key, (const char *)from + type->key_at, sizeof key);
    if (key) json_object_set_new(object, "key", json_string(key));
  }
  return object;
}

json_t *failure(const char *kind, const char *message) {
  return must_have(json_pack("{s:s, s:s}", "kind", kind, "message", message));
}

static const char *kind_of(walletd_status status) {
  if (status == WALLETD_CLOSED) return "disconnected";
  return status == WALLETD_NO_MEMORY ? "not_executed" : walletd_status_name(status);
}

json_t *json_of_error(const walletd_error *error) {
  json_t *object = failure(kind_of(error->status), error->message);
  if (error->key) json_object_set_new(object, "key", json_string(error->key));
  if (error->reason != WALLETD_REASON_UNSPECIFIED) {
    json_object_set_new(object, "reason", json_of_enum(WD_ENUM_ERROR_REASON, error->reason));
    json_object_set_new(object, "reason_number", json_integer(error->reason));
  }
  json_object_set_new(object, "replayed", json_boolean(error->replayed));
  json_object_set_new(object, "retry_after_millis", json_integer(error->retry_after_millis));
  json_object_set_new(object, "commit_seq", json_of_int64(error->commit_seq));
  json_object_set_new(object, "status", json_integer(error->grpc_status));
  const walletd_error *cause = error->cause;
  if (error->detail.type == WALLETD_DETAIL_TYPE_BATCH_ABORTED) {
    json_object_set_new(object, "index", json_integer(error->detail.batch_aborted.index));
    cause = error->detail.batch_aborted.cause;
  } else if (error->detail.type != WALLETD_DETAIL_TYPE_NONE) {
    json_t *detail = json_of_struct(WD_DETAIL, &error->detail);
    json_object_set(object, "detail", json_object_iter_value(json_object_iter(detail)));
    json_decref(detail);
  }
  if (cause) json_object_set_new(object, "cause", json_of_error(cause));
  return object;
}
