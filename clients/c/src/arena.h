/* Memory that goes back as a whole. Each result and each error has an arena of its own, in which it comes first. */
#ifndef WALLETD_ARENA_H
#define WALLETD_ARENA_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct wd_arena wd_arena;

/* An arena that begins with `room` bytes, and never gives more than `budget` in all. NULL: no memory. */
wd_arena *wd_arena_new(size_t room, size_t budget);
void wd_arena_free(wd_arena *arena);

/* Memory that is aligned for any member of a struct; behind it lies at least one byte more, for the NUL of a text. NULL: no
   memory, or the budget is spent. */
void *wd_alloc(wd_arena *arena, size_t size);
void *wd_alloc_zeroed(wd_arena *arena, size_t size);

/* A copy with a NUL. NULL: no memory. */
char *wd_copy_text(wd_arena *arena, const char *text, size_t length);

/* Whether there was no memory within the budget. */
bool wd_arena_starved(const wd_arena *arena);

/* What is in `from` lives on in `into`. */
void wd_arena_adopt(wd_arena *into, wd_arena *from);

/* For protobuf-c, whose frees then do nothing. */
ProtobufCAllocator wd_allocator(wd_arena *arena);

/* A zeroed result of `size` bytes with an arena of its own, which has `room` more at once. NULL: no memory. */
void *wd_result_new(size_t size, size_t room, size_t budget);
wd_arena *wd_arena_of(void *result);

#endif
