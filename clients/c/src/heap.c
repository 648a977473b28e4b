#include "heap.h"

#include <stdlib.h>
#include <time.h>

bool wd_timer_init(wd_heap *heap, wd_timer *timer, void (*fire)(wd_timer *timer)) {
  if (heap->owners + 1 >= heap->capacity) {
    size_t capacity = heap->capacity ? heap->capacity * 2 : 16;
    wd_timer **timers = realloc(heap->timers, capacity * sizeof *timers);
    if (!timers) return false;
    heap->timers = timers;
    heap->capacity = capacity;
  }
  heap->owners++;
  *timer = (wd_timer){.fire = fire};
  return true;
}

void wd_timer_drop(wd_heap *heap, wd_timer *timer) {
  wd_timer_unset(heap, timer);
  heap->owners--;
}

static void put(wd_heap *heap, size_t place, wd_timer *timer) {
  heap->timers[place] = timer;
  timer->place = place;
}

static void settle(wd_heap *heap, size_t place, wd_timer *timer) {
  for (; place > 1 && heap->timers[place / 2]->at > timer->at; place /= 2) put(heap, place, heap->timers[place / 2]);
  for (;;) {
    size_t child = place * 2;
    if (child > heap->count) break;
    if (child < heap->count && heap->timers[child + 1]->at < heap->timers[child]->at) child++;
    if (heap->timers[child]->at >= timer->at) break;
    put(heap, place, heap->timers[child]);
    place = child;
  }
  put(heap, place, timer);
}

void wd_timer_set(wd_heap *heap, wd_timer *timer, int64_t at) {
  timer->at = at;
  settle(heap, timer->place ? timer->place : ++heap->count, timer);
}

void wd_timer_unset(wd_heap *heap, wd_timer *timer) {
  size_t place = timer->place;
  if (place == 0) return;
  timer->place = 0;
  wd_timer *last = heap->timers[heap->count--];
  if (last != timer) settle(heap, place, last);
}

int64_t wd_heap_next(const wd_heap *heap) {
  return heap->count ? heap->timers[1]->at : INT64_MAX;
}

int64_t wd_now(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now); /* every Linux has it */
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
