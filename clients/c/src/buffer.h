/* Bytes that come and go: a queue that grows. */
#ifndef WALLETD_BUFFER_H
#define WALLETD_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wd_buffer {
  uint8_t *bytes;
  size_t start, end; /* what is in it */
  size_t capacity;
} wd_buffer;

/* Makes room for `size` bytes behind its end. False: no memory; what is in it stays. */
bool wd_buffer_reserve(wd_buffer *buffer, size_t size);
bool wd_buffer_append(wd_buffer *buffer, const void *bytes, size_t size);
/* Takes bytes away from its start. */
void wd_buffer_consume(wd_buffer *buffer, size_t size);
/* Gives memory back, where one long frame made it large. */
void wd_buffer_shrink(wd_buffer *buffer, size_t capacity_max);
void wd_buffer_free(wd_buffer *buffer);

static inline size_t wd_buffer_length(const wd_buffer *buffer) {
  return buffer->end - buffer->start;
}

#endif
