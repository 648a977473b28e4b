#include "frame.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "crc32.h"

static void put16(uint8_t *at, uint16_t value) {
  value = htobe16(value);
  memcpy(at, &value, sizeof value);
}

static void put32(uint8_t *at, uint32_t value) {
  value = htobe32(value);
  memcpy(at, &value, sizeof value);
}

static uint16_t get16(const uint8_t *at) {
  uint16_t value;
  memcpy(&value, at, sizeof value);
  return be16toh(value);
}

static uint32_t get32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return be32toh(value);
}

bool wd_frame_append(wd_buffer *buffer, const wd_frame *frame) {
  if (frame->length > UINT32_MAX - WD_LENGTH_MIN) return false;
  if (!wd_buffer_reserve(buffer, WD_HEADER_BYTES + frame->length)) return false;
  uint8_t *at = buffer->bytes + buffer->end;
  put32(at, (uint32_t)(WD_LENGTH_MIN + frame->length));
  at[4] = frame->type;
  at[5] = frame->flags;
  put16(at + 6, frame->code);
  put32(at + 8, frame->request_id);
  put32(at + 12, frame->millis);
  uint32_t crc = wd_crc32(0, at + WD_LENGTH_BYTES, 12);
  put32(at + 16, wd_crc32(crc, frame->payload, frame->length));
  if (frame->length > 0) memcpy(at + WD_HEADER_BYTES, frame->payload, frame->length);
  buffer->end += WD_HEADER_BYTES + frame->length;
  return true;
}

static uint8_t flags_of(uint8_t type) {
  if (type == WD_RESPONSE) return WD_FLAG_NOT_EXECUTED | WD_FLAG_REPLAYED;
  return type == WD_EVENT ? WD_FLAG_LAST : 0;
}

#define BROKEN(name, ...) \
  (problem->rule = (name), snprintf(problem->message, sizeof problem->message, __VA_ARGS__), WD_FRAME_BROKEN)

wd_deframed wd_frame_read(
    const uint8_t *bytes, size_t length, size_t frame_bytes_max, wd_frame *frame, size_t *used, wd_frame_problem *problem) {
  if (length < WD_LENGTH_BYTES) return WD_FRAME_MORE;
  size_t told = get32(bytes);
  if (told < WD_LENGTH_MIN) return BROKEN("length_min", "a frame length of %zu is below %d", told, WD_LENGTH_MIN);
  size_t whole = WD_LENGTH_BYTES + told;
  if (whole > frame_bytes_max) return BROKEN("length_max", "a frame of %zu bytes is over %zu", whole, frame_bytes_max);
  if (length < whole) return WD_FRAME_MORE;
  size_t payload = whole - WD_HEADER_BYTES;
  uint32_t crc = wd_crc32(0, bytes + WD_LENGTH_BYTES, 12);
  if (wd_crc32(crc, bytes + WD_HEADER_BYTES, payload) != get32(bytes + 16))
    return BROKEN("checksum", "the checksum of a frame is wrong");
  *frame = (wd_frame){.type = bytes[4],
      .flags = bytes[5],
      .code = get16(bytes + 6),
      .request_id = get32(bytes + 8),
      .millis = get32(bytes + 12),
      .payload = bytes + WD_HEADER_BYTES,
      .length = payload};
  if (frame->type < WD_HELLO || frame->type > WD_EVENT) return BROKEN("type", "frame type %d is unknown", frame->type);
  /* Unknown bits of the low half are errors, those of the high half are ignored. */
  if (frame->flags & 0x0f & ~flags_of(frame->type))
    return BROKEN("flags", "flags 0x%02x do not belong on a %s", frame->flags, wd_frame_type_name(frame->type));
  *used = whole;
  return WD_FRAME_WHOLE;
}

const char *wd_frame_type_name(uint8_t type) {
  static const char *const names[] = {
      "", "HELLO", "HELLO_ACK", "REQUEST", "RESPONSE", "CANCEL", "PING", "PONG", "GOAWAY", "CONNECTION_ERROR", "EVENT"};
  return type < sizeof names / sizeof *names ? names[type] : "frame";
}
