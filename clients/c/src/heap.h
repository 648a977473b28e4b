/* Timers, the next one first. */
#ifndef WALLETD_HEAP_H
#define WALLETD_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wd_timer {
  int64_t at;   /* microseconds of wd_now */
  size_t place; /* in the heap, from 1; 0: it isn't set */
  void (*fire)(struct wd_timer *timer);
} wd_timer;

typedef struct wd_heap {
  wd_timer **timers; /* from 1 */
  size_t count, owners, capacity;
} wd_heap;

/* Makes room for one more timer, so that setting it can't fail. False: no memory. */
bool wd_timer_init(wd_heap *heap, wd_timer *timer, void (*fire)(wd_timer *timer));
/* Unsets it, and gives the room back. */
void wd_timer_drop(wd_heap *heap, wd_timer *timer);

void wd_timer_set(wd_heap *heap, wd_timer *timer, int64_t at);
void wd_timer_unset(wd_heap *heap, wd_timer *timer);

/* When the next one is due; INT64_MAX: none is set. */
int64_t wd_heap_next(const wd_heap *heap);

/* The monotonic clock in microseconds. */
int64_t wd_now(void);

#endif
