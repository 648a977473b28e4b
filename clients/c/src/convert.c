#include "convert.h"

#include <string.h>

#include "error.h"

/* What an answer may unpack to: repeated empty messages come to some 20 times their bytes, and a struct beside each. */
enum { UNPACKED_FACTOR = 48, UNPACKED_MIN = 64 * 1024, UNPACKED_MAX = 64 * 1024 * 1024 };

/* The deepest message: a refusal's or an item's error, its cause in two messages, and the figures of that. */
enum { DEPTH_MAX = 6 };

static const ProtobufCFieldDescriptor *field_of(const wd_type *type, const wd_field *field) {
  return &((const ProtobufCMessageDescriptor *)type->descriptor)->fields[field->place];
}

static void *at(const void *base, size_t offset) {
  return (unsigned char *)(uintptr_t)base + offset;
}

bool wd_is_text(const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length;) {
    uint8_t lead = bytes[i];
    size_t more;
    uint32_t value, least;
    if (lead < 0x80) {
      if (lead == 0) return false;
      i++;
      continue;
    } else if (lead >= 0xc2 && lead < 0xe0) {
      more = 1, value = lead & 0x1f, least = 0x80;
    } else if (lead >= 0xe0 && lead < 0xf0) {
      more = 2, value = lead & 0x0f, least = 0x800;
    } else if (lead >= 0xf0 && lead < 0xf5) {
      more = 3, value = lead & 0x07, least = 0x10000;
    } else {
      return false;
    }
    if (length - i <= more) return false;
    for (size_t n = 1; n <= more; n++) {
      if ((bytes[i + n] & 0xc0) != 0x80) return false;
      value = value << 6 | (bytes[i + n] & 0x3f);
    }
    if (value < least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return false;
    i += more + 1;
  }
  return true;
}

/* ---------------------------------------------------------------- to messages */

static wd_converted text_to(const char *text, ProtobufCBinaryData *into) {
  size_t length = text ? strlen(text) : 0;
  if (length > 0 && !wd_is_text((const uint8_t *)text, length)) return WD_CONVERT_BAD;
  *into = (ProtobufCBinaryData){.len = length, .data = (uint8_t *)(uintptr_t)text};
  return WD_CONVERTED;
}

static wd_converted repeated_to(
    wd_arena *arena, const wd_field *field, const void *value, size_t *n, void **into, const char **bad) {
  const void *list = *(const void *const *)at(value, field->offset);
  size_t count = *(const size_t *)at(value, field->second);
  *n = count;
  *into = NULL;
  if (count == 0) return WD_CONVERTED;
  if (!list) return WD_CONVERT_BAD;
  if (field->kind != WD_TEXT && field->kind != WD_MESSAGE) { /* both have plain numbers of the same size */
    *into = (void *)(uintptr_t)list;
    return WD_CONVERTED;
  }
  size_t size = field->kind == WD_TEXT ? sizeof(ProtobufCBinaryData) : sizeof(ProtobufCMessage *);
  if (count > SIZE_MAX / size / 2 || !(*into = wd_alloc(arena, count * size))) return WD_CONVERT_MEMORY;
  for (size_t i = 0; i < count; i++) {
    wd_converted one;
    if (field->kind == WD_TEXT)
      one = text_to(((const char *const *)list)[i], (ProtobufCBinaryData *)*into + i);
    else
      one = wd_to_message(arena, field->type, at(list, i * wd_types[field->type].size), (ProtobufCMessage **)*into + i, bad);
    if (one != WD_CONVERTED) return one;
  }
  return WD_CONVERTED;
}

static wd_converted message_to(
    wd_arena *arena, const wd_field *field, const void *member, ProtobufCMessage **into, const char **bad) {
  *into = NULL;
  if (field->flags & WD_POINTER && !(member = *(const void *const *)member)) return WD_CONVERTED;
  wd_converted converted = wd_to_message(arena, field->type, member, into, bad);
  if (converted != WD_CONVERTED) return converted;
  /* An empty struct is one that was left out, unless being there says something. */
  if (!(field->flags & (WD_ALWAYS | WD_ONEOF | WD_POINTER)) && protobuf_c_message_get_packed_size(*into) == 0) *into = NULL;
  return WD_CONVERTED;
}

static wd_converted field_to(wd_arena *arena, const wd_field *field, const void *value, void *into, const char **bad) {
  const void *member = at(value, field->offset);
  switch ((wd_kind)field->kind) {
  case WD_TEXT:
    return text_to(*(const char *const *)member, into);
  case WD_BYTES: {
    const walletd_bytes *bytes = member;
    if (bytes->length > 0 && !bytes->data) return WD_CONVERT_BAD;
    *(ProtobufCBinaryData *)into = (ProtobufCBinaryData){.len = bytes->length, .data = (uint8_t *)(uintptr_t)bytes->data};
    return WD_CONVERTED;
  }
  case WD_INT64:
    memcpy(into, member, sizeof(int64_t));
    return WD_CONVERTED;
  case WD_INT32:
  case WD_ENUM:
    memcpy(into, member, sizeof(uint32_t));
    return WD_CONVERTED;
  case WD_BOOL:
    *(protobuf_c_boolean *)into = *(const bool *)member;
    return WD_CONVERTED;
  case WD_MESSAGE:
    return message_to(arena, field, member, into, bad);
  case WD_ERROR:
    break; /* of answers only */
  }
  return WD_CONVERTED;
}

wd_converted wd_to_message(
    wd_arena *arena, unsigned type_at, const void *value, ProtobufCMessage **message, const char **bad) {
  const wd_type *type = &wd_types[type_at];
  const ProtobufCMessageDescriptor *descriptor = type->descriptor;
  *message = wd_alloc(arena, descriptor->sizeof_message);
  if (!*message) return WD_CONVERT_MEMORY;
  protobuf_c_message_init(descriptor, *message);
  for (size_t i = 0; i < type->fields_count; i++) {
    const wd_field *field = &type->fields[i];
    const ProtobufCFieldDescriptor *to = field_of(type, field);
    wd_converted one;
    if (field->flags & WD_REPEATED) {
      one = repeated_to(arena, field, value, at(*message, to->quantifier_offset), at(*message, to->offset), bad);
    } else {
      if (field->flags & WD_ONEOF) {
        uint32_t which;
        memcpy(&which, at(value, field->second), sizeof which);
        if (which != field->tag) continue;
        memcpy(at(*message, to->quantifier_offset), &which, sizeof which);
      }
      one = field_to(arena, field, value, at(*message, to->offset), bad);
    }
    if (one == WD_CONVERT_BAD && !*bad) *bad = field->name;
    if (one != WD_CONVERTED) return one;
  }
  return WD_CONVERTED;
}

/* ---------------------------------------------------------------- from messages */

const char *wd_text(ProtobufCBinaryData *field) {
  if (field->len == 0) return "";
  if (!wd_is_text(field->data, field->len)) return NULL;
  field->data[field->len] = '\0'; /* an arena leaves room for it */
  return (const char *)field->data;
}

static wd_converted repeated_from(
    wd_arena *arena, const wd_field *field, size_t count, void *from, void *value, const char **bad) {
  *(size_t *)at(value, field->second) = count;
  void **list = at(value, field->offset);
  if (count == 0) return WD_CONVERTED;
  if (field->kind != WD_TEXT && field->kind != WD_MESSAGE) {
    *list = from;
    return WD_CONVERTED;
  }
  size_t size = field->kind == WD_TEXT ? sizeof(char *) : wd_types[field->type].size;
  if (!(*list = wd_alloc_zeroed(arena, count * size))) return WD_CONVERT_MEMORY;
  for (size_t i = 0; i < count; i++) {
    if (field->kind == WD_TEXT) {
      if (!(((const char **)*list)[i] = wd_text((ProtobufCBinaryData *)from + i))) return WD_CONVERT_BAD;
      continue;
    }
    wd_converted one = wd_from_message(arena, field->type, ((ProtobufCMessage **)from)[i], at(*list, i * size), bad);
    if (one != WD_CONVERTED) return one;
  }
  return WD_CONVERTED;
}

/* A struct whose message was left out: its texts are "", too. */
static void fill_empty(unsigned type_at, void *value) {
  const wd_type *type = &wd_types[type_at];
  for (size_t i = 0; i < type->fields_count; i++) {
    const wd_field *field = &type->fields[i];
    if (field->flags & (WD_REPEATED | WD_ONEOF | WD_POINTER)) continue;
    if (field->kind == WD_TEXT) *(const char **)at(value, field->offset) = "";
    if (field->kind == WD_MESSAGE) fill_empty(field->type, at(value, field->offset));
  }
}

static wd_converted message_from(
    wd_arena *arena, const wd_field *field, ProtobufCMessage *from, void *member, const char **bad) {
  if (!from) {
    if (!(field->flags & WD_POINTER)) fill_empty(field->type, member);
    return WD_CONVERTED;
  }
  if (field->flags & WD_POINTER) {
    void *inner = wd_alloc_zeroed(arena, wd_types[field->type].size);
    if (!inner) return WD_CONVERT_MEMORY;
    *(void **)member = inner;
    member = inner;
  }
  return wd_from_message(arena, field->type, from, member, bad);
}

static wd_converted field_from(wd_arena *arena, const wd_field *field, void *from, void *value, const char **bad) {
  void *member = at(value, field->offset);
  switch ((wd_kind)field->kind) {
  case WD_TEXT: {
    const char *text = wd_text(from);
    if (!text) return WD_CONVERT_BAD;
    *(const char **)member = text;
    return WD_CONVERTED;
  }
  case WD_BYTES: {
    const ProtobufCBinaryData *bytes = from;
    *(walletd_bytes *)member = (walletd_bytes){.data = bytes->data, .length = bytes->len};
    return WD_CONVERTED;
  }
  case WD_INT64:
    memcpy(member, from, sizeof(int64_t));
    return WD_CONVERTED;
  case WD_INT32:
  case WD_ENUM:
    memcpy(member, from, sizeof(uint32_t));
    return WD_CONVERTED;
  case WD_BOOL:
    *(bool *)member = *(protobuf_c_boolean *)from != 0;
    return WD_CONVERTED;
  case WD_MESSAGE:
    return message_from(arena, field, *(ProtobufCMessage **)from, member, bad);
  case WD_ERROR:
    return wd_error_from(arena, *(Wallet__V1__Error **)from, (const walletd_error **)member);
  }
  return WD_CONVERTED;
}

wd_converted wd_from_message(wd_arena *arena, unsigned type_at, ProtobufCMessage *message, void *value, const char **bad) {
  const wd_type *type = &wd_types[type_at];
  for (size_t i = 0; i < type->fields_count; i++) {
    const wd_field *field = &type->fields[i];
    const ProtobufCFieldDescriptor *from = field_of(type, field);
    wd_converted one;
    if (field->flags & WD_REPEATED) {
      size_t count = *(size_t *)at(message, from->quantifier_offset);
      one = repeated_from(arena, field, count, *(void **)at(message, from->offset), value, bad);
    } else {
      if (field->flags & WD_ONEOF) {
        uint32_t which;
        memcpy(&which, at(message, from->quantifier_offset), sizeof which);
        if (which != field->tag) continue;
        memcpy(at(value, field->second), &which, sizeof which);
      }
      one = field_from(arena, field, at(message, from->offset), value, bad);
    }
    if (one == WD_CONVERT_BAD && !*bad) *bad = field->name;
    if (one != WD_CONVERTED) return one;
  }
  return WD_CONVERTED;
}

static bool read_varint(const uint8_t *bytes, size_t length, size_t *offset, uint64_t *value) {
  *value = 0;
  for (int shift = 0; shift < 64 && *offset < length; shift += 7) {
    uint8_t byte = bytes[(*offset)++];
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return true;
  }
  return false;
}

bool wd_too_deep(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t length, int depth) {
  if (depth > DEPTH_MAX) return true;
  for (size_t offset = 0; offset < length;) {
    uint64_t key, value;
    if (!read_varint(bytes, length, &offset, &key)) return false;
    size_t size = 0;
    switch (key & 7) {
    case 0:
      if (!read_varint(bytes, length, &offset, &value)) return false;
      break;
    case 1:
      size = 8;
      break;
    case 2:
      if (!read_varint(bytes, length, &offset, &value) || value > length - offset) return false;
      size = (size_t)value;
      const ProtobufCFieldDescriptor *field =
          key >> 3 <= UINT16_MAX ? protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(key >> 3)) : NULL;
      if (field && field->type == PROTOBUF_C_TYPE_MESSAGE && wd_too_deep(field->descriptor, bytes + offset, size, depth + 1))
        return true;
      break;
    case 5:
      size = 4;
      break;
    default:
      return false;
    }
    if (size > length - offset) return false;
    offset += size;
  }
  return false;
}

wd_converted wd_decode(unsigned type_at, const uint8_t *bytes, size_t length, void **result) {
  const wd_type *type = &wd_types[type_at];
  size_t budget = UNPACKED_MIN + type->size + length * UNPACKED_FACTOR;
  if (budget > UNPACKED_MAX) budget = UNPACKED_MAX;
  const ProtobufCMessageDescriptor *descriptor = type->descriptor;
  *result = wd_result_new(type->size, descriptor->sizeof_message + 4 * length + 512, budget);
  if (!*result) return WD_CONVERT_MEMORY;
  wd_arena *arena = wd_arena_of(*result);
  bool has_errors = type_at == WD_BATCH_RESPONSE || type_at == WD_LIST_REFUSALS_RESPONSE;
  ProtobufCAllocator allocator = wd_allocator(arena);
  ProtobufCMessage *message = NULL;
  if (!has_errors || !wd_too_deep(descriptor, bytes, length, 0))
    message = protobuf_c_message_unpack(descriptor, &allocator, length, bytes);
  const char *bad = NULL;
  wd_converted converted = message ? wd_from_message(arena, type_at, message, *result, &bad) : WD_CONVERT_BAD;
  if (converted == WD_CONVERTED) return converted;
  converted = wd_arena_starved(arena) ? WD_CONVERT_MEMORY : WD_CONVERT_BAD;
  walletd_free(*result);
  *result = NULL;
  return converted;
}
