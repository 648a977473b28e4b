/* What needs no server: money, keys and frames. */
#include <stdio.h>
#include <string.h>

#include "driver.h"
#include "frame.h"

enum { FRAME_BYTES_MAX = 16 * 1024 * 1024, KEYS_MAX = 1000000, TEXT_MAX = 512 };

static int64_t number_of(const json_t *line, const char *name) {
  int64_t number = 0;
  return read_int64(json_object_get(line, name), &number) ? number : 0;
}

static void parse_money(const json_t *line, const json_t *id) {
  const json_t *text = json_object_get(line, "text");
  int64_t amount = 0, exponent = number_of(line, "exponent");
  walletd_money found = WALLETD_MONEY_NOT_A_NUMBER;
  /* A NUL would end the text for C. */
  if (json_is_string(text) && strlen(json_string_value(text)) == json_string_length(text) && exponent >= 0)
    found = walletd_money_parse(json_string_value(text), (unsigned)exponent, &amount);
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)amount);
  if (found == WALLETD_MONEY_OK)
    answer(id, "ok", json_pack("{s:s}", "amount", digits));
  else
    answer(id, "error", failure("invalid", walletd_money_problem(found)));
}

static void format_money(const json_t *line, const json_t *id) {
  int64_t amount = 0, exponent = number_of(line, "exponent");
  char text[TEXT_MAX];
  if (!read_int64(json_object_get(line, "amount"), &amount) || exponent < 0 || exponent > TEXT_MAX / 2)
    answer(id, "error", failure("invalid", "amount or exponent: it can't be"));
  else {
    walletd_money_format(amount, (unsigned)exponent, text, sizeof text);
    answer(id, "ok", json_pack("{s:s}", "text", text));
  }
}

static void make_keys(const json_t *line, const json_t *id) {
  json_t *keys = must_have(json_array());
  int64_t count = number_of(line, "count");
  for (int64_t i = 0; i < count && i < KEYS_MAX; i++) {
    char key[WALLETD_KEY_SIZE];
    if (walletd_new_key(key)) json_array_append_new(keys, json_string(key));
  }
  answer(id, "ok", json_pack("{s:o}", "keys", keys));
}

static void decode_frame(const json_t *line, const json_t *id) {
  pool *memory = NULL;
  uint8_t *bytes;
  size_t length, used;
  wd_frame frame;
  wd_frame_problem problem = {.rule = NULL, .message = "it ends within a frame"};
  if (!read_hex(json_object_get(line, "hex"), &memory, &bytes, &length)) {
    answer(id, "error", failure("invalid", "hex: it is not hexadecimal"));
  } else if (wd_frame_read(bytes, length, FRAME_BYTES_MAX, &frame, &used, &problem) == WD_FRAME_WHOLE) {
    json_t *made = json_pack("{s:i, s:i, s:i, s:I, s:I}", "type", frame.type, "flags", frame.flags, "code", frame.code,
        "request_id", (json_int_t)frame.request_id, "millis", (json_int_t)frame.millis);
    json_object_set_new(must_have(made), "payload", json_of_bytes(frame.payload, frame.length));
    answer(id, "ok", made);
  } else {
    json_t *error = failure("protocol", problem.message);
    if (problem.rule) json_object_set_new(error, "rule", json_string(problem.rule));
    answer(id, "error", error);
  }
  pool_free(memory);
}

static void encode_frame(const json_t *line, const json_t *id) {
  pool *memory = NULL;
  uint8_t *payload;
  size_t length;
  wd_buffer bytes = {0};
  wd_frame frame = {.type = (uint8_t)number_of(line, "type"),
      .flags = (uint8_t)number_of(line, "flags"),
      .code = (uint16_t)number_of(line, "code"),
      .request_id = (uint32_t)number_of(line, "request_id"),
      .millis = (uint32_t)number_of(line, "millis")};
  if (!read_hex(json_object_get(line, "payload"), &memory, &payload, &length)) {
    answer(id, "error", failure("invalid", "payload: it is not hexadecimal"));
  } else {
    frame.payload = payload;
    frame.length = length;
    if (!wd_frame_append(&bytes, &frame)) must_have(NULL);
    answer(id, "ok", json_pack("{s:o}", "hex", json_of_bytes(bytes.bytes, bytes.end)));
  }
  wd_buffer_free(&bytes);
  pool_free(memory);
}

bool do_quick(const char *op, const json_t *line) {
  const json_t *id = json_object_get(line, "id");
  static const struct {
    const char *name;
    void (*act)(const json_t *line, const json_t *id);
  } quick[] = {{"money_parse", parse_money}, {"money_format", format_money}, {"new_key", make_keys},
      {"decode_frame", decode_frame}, {"encode_frame", encode_frame}};
  for (size_t i = 0; i < sizeof quick / sizeof *quick; i++) {
    if (strcmp(quick[i].name, op) != 0) continue;
    quick[i].act(line, id);
    return true;
  }
  return false;
}
