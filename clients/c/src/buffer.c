#include "buffer.h"

#include <stdlib.h>
#include <string.h>

bool wd_buffer_reserve(wd_buffer *buffer, size_t size) {
  if (buffer->capacity - buffer->end >= size) return true;
  size_t length = wd_buffer_length(buffer);
  if (buffer->start > 0 && (length == 0 || buffer->start >= buffer->capacity / 2)) {
    if (length > 0) memmove(buffer->bytes, buffer->bytes + buffer->start, length);
    buffer->start = 0;
    buffer->end = length;
    if (buffer->capacity - buffer->end >= size) return true;
  }
  if (size > SIZE_MAX / 4 - buffer->end) return false;
  size_t capacity = buffer->capacity ? buffer->capacity : 4096;
  while (capacity - buffer->end < size) capacity *= 2;
  uint8_t *bytes = realloc(buffer->bytes, capacity);
  if (!bytes) return false;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

bool wd_buffer_append(wd_buffer *buffer, const void *bytes, size_t size) {
  if (!wd_buffer_reserve(buffer, size)) return false;
  if (size > 0) memcpy(buffer->bytes + buffer->end, bytes, size);
  buffer->end += size;
  return true;
}

void wd_buffer_consume(wd_buffer *buffer, size_t size) {
  buffer->start += size;
  if (buffer->start == buffer->end) buffer->start = buffer->end = 0;
}

void wd_buffer_shrink(wd_buffer *buffer, size_t capacity_max) {
  if (buffer->capacity > capacity_max && wd_buffer_length(buffer) == 0) wd_buffer_free(buffer);
}

void wd_buffer_free(wd_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (wd_buffer){0};
}
