/* Frames against the vectors of proto/vectors, which all clients share. */
#include <jansson.h>
#include <stdlib.h>

#include "crc32.h"
#include "frame.h"
#include "test.h"

static size_t from_hex(const char *hex, uint8_t **bytes) {
  size_t length = strlen(hex) / 2;
  *bytes = need(malloc(length + 1));
  for (size_t i = 0; i < length; i++) sscanf(hex + 2 * i, "%2hhx", &(*bytes)[i]);
  return length;
}

static json_t *vectors(const char *file, json_t **all) {
  json_error_t problem;
  *all = need(json_load_file(file, 0, &problem));
  return need(json_object_get(*all, "vectors"));
}

static int64_t number(const json_t *object, const char *name) {
  return json_integer_value(json_object_get(object, name));
}

static void check_frame(const wd_frame *frame, const json_t *wanted) {
  CHECK_INT(frame->type, number(wanted, "type"));
  CHECK_INT(frame->flags, number(wanted, "flags"));
  CHECK_INT(frame->code, number(wanted, "code"));
  CHECK_INT(frame->request_id, number(wanted, "request_id"));
  CHECK_INT(frame->millis, number(wanted, "millis"));
  uint8_t *payload;
  size_t length = from_hex(json_string_value(json_object_get(wanted, "payload")), &payload);
  CHECK(frame->length == length && memcmp(frame->payload, payload, length) == 0);
  free(payload);
}

/* Feeds `step` bytes at a time, each from memory that ends where they do, so that reading too far is found. */
static void decode(const json_t *vector, const uint8_t *bytes, size_t length, size_t step, size_t limit) {
  const json_t *frames = json_object_get(vector, "frames");
  const char *rule = json_string_value(json_object_get(vector, "error"));
  size_t start = 0, seen = 0;
  bool broken = false;
  for (size_t fed = 0; fed < length && !broken;) {
    fed = fed + step < length ? fed + step : length;
    for (bool more = true; more;) {
      uint8_t *copy = need(malloc(fed - start + 1));
      memcpy(copy, bytes + start, fed - start);
      wd_frame frame;
      wd_frame_problem problem = {0};
      size_t used = 0;
      wd_deframed got = wd_frame_read(copy, fed - start, limit, &frame, &used, &problem);
      if (got == WD_FRAME_WHOLE) check_frame(&frame, json_array_get(frames, seen++));
      if (got == WD_FRAME_BROKEN) CHECK_TEXT(problem.rule, rule ? rule : "none");
      free(copy);
      broken = got == WD_FRAME_BROKEN;
      more = got == WD_FRAME_WHOLE;
      start += used;
    }
  }
  CHECK_INT(seen, json_array_size(frames));
  CHECK_INT(broken, rule != NULL);
}

static void encode(const json_t *vector, const uint8_t *bytes, size_t length) {
  wd_buffer buffer = {0};
  size_t i;
  json_t *one;
  json_array_foreach(json_object_get(vector, "frames"), i, one) {
    uint8_t *payload;
    size_t size = from_hex(json_string_value(json_object_get(one, "payload")), &payload);
    wd_frame frame = {.type = (uint8_t)number(one, "type"),
        .flags = (uint8_t)number(one, "flags"),
        .code = (uint16_t)number(one, "code"),
        .request_id = (uint32_t)number(one, "request_id"),
        .millis = (uint32_t)number(one, "millis"),
        .payload = payload,
        .length = size};
    CHECK(wd_frame_append(&buffer, &frame));
    free(payload);
  }
  /* A truncated vector has less bytes than its frames, or half of another one. */
  size_t common = buffer.end < length ? buffer.end : length;
  CHECK(buffer.end <= length && (common == 0 || memcmp(buffer.bytes, bytes, common) == 0));
  wd_buffer_free(&buffer);
}

static void frames_are_those_of_the_vectors(void) {
  json_t *all, *list = vectors("../../proto/vectors/frames.json", &all);
  size_t limit = (size_t)number(all, "limit"), i;
  json_t *vector;
  CHECK(json_array_size(list) > 20);
  json_array_foreach(list, i, vector) {
    uint8_t *bytes;
    size_t length = from_hex(json_string_value(json_object_get(vector, "hex")), &bytes);
    for (size_t step = 1; step <= 64; step *= 4) decode(vector, bytes, length, step, limit);
    decode(vector, bytes, length, length, limit);
    encode(vector, bytes, length);
    free(bytes);
  }
  const char *preface = json_string_value(json_object_get(json_object_get(all, "preface"), "good"));
  uint8_t *bytes;
  CHECK_INT(from_hex(preface, &bytes), WD_PREFACE_BYTES);
  CHECK(memcmp(bytes, WD_PREFACE, WD_PREFACE_BYTES) == 0);
  free(bytes);
  json_decref(all);
}

/* What clients of the vectors send is made of frames, behind the preface. */
static void sessions_are_made_of_frames(void) {
  json_t *all, *list = vectors("../../proto/vectors/sessions.json", &all), *vector;
  size_t i, whole = 0;
  json_array_foreach(list, i, vector) {
    uint8_t *bytes;
    size_t length = from_hex(json_string_value(json_object_get(vector, "hex")), &bytes);
    wd_frame frame;
    wd_frame_problem problem;
    size_t used;
    if (length > WD_PREFACE_BYTES && !json_is_true(json_object_get(vector, "closes"))) {
      for (size_t at = WD_PREFACE_BYTES; at < length; at += used, whole++) {
        if (wd_frame_read(bytes + at, length - at, 8 << 20, &frame, &used, &problem) != WD_FRAME_WHOLE) {
          failed(__FILE__, __LINE__, json_string_value(json_object_get(vector, "name")));
          break;
        }
      }
    }
    free(bytes);
  }
  CHECK(whole > 20);
  json_decref(all);
}

static void checksums_are_those_of_zlib(void) {
  CHECK_INT(wd_crc32(0, (const uint8_t *)"123456789", 9), 0xcbf43926);
  uint8_t bytes[100];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 37);
  uint32_t whole = wd_crc32(0, bytes, sizeof bytes);
  for (size_t cut = 0; cut <= sizeof bytes; cut++)
    CHECK_INT(wd_crc32(wd_crc32(0, bytes, cut), bytes + cut, sizeof bytes - cut), whole);
}

static void buffers_keep_their_order(void) {
  wd_buffer buffer = {0};
  uint8_t in = 0, out = 0;
  unsigned random = 3;
  for (int i = 0; i < 3000; i++) {
    random = random * 1103515245 + 12345;
    uint8_t bytes[300];
    size_t count = (random >> 16) % sizeof bytes;
    for (size_t n = 0; n < count; n++) bytes[n] = in++;
    CHECK(wd_buffer_append(&buffer, bytes, count));
    size_t taken = (random >> 8) % (wd_buffer_length(&buffer) + 1);
    for (size_t n = 0; n < taken; n++) CHECK(buffer.bytes[buffer.start + n] == out++);
    wd_buffer_consume(&buffer, taken);
  }
  CHECK(buffer.capacity < 256 * 1024);
  wd_buffer_consume(&buffer, wd_buffer_length(&buffer));
  wd_buffer_shrink(&buffer, 1);
  CHECK(buffer.capacity == 0);
  CHECK(!wd_buffer_reserve(&buffer, SIZE_MAX / 2));
  wd_buffer_free(&buffer);
}

LIST(frame_tests, T(frames_are_those_of_the_vectors), T(sessions_are_made_of_frames), T(checksums_are_those_of_zlib),
    T(buffers_keep_their_order));
