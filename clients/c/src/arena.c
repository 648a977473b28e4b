#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "walletd.h"

#define ALIGNMENT 16
#define CHUNK_MIN 1024

typedef struct wd_chunk {
  struct wd_chunk *next;
  size_t size;
  size_t used;
  alignas(ALIGNMENT) unsigned char bytes[];
} wd_chunk;

/* It lies in the first of its chunks. */
struct wd_arena {
  wd_chunk *chunks; /* the newest first */
  size_t left;      /* of the budget */
  bool starved;
};

static size_t rounded(size_t size) {
  return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static wd_chunk *chunk_new(size_t size) {
  if (size > SIZE_MAX - sizeof(wd_chunk)) return NULL;
  wd_chunk *chunk = malloc(sizeof *chunk + size);
  if (!chunk) return NULL;
  *chunk = (wd_chunk){.size = size};
  return chunk;
}

wd_arena *wd_arena_new(size_t room, size_t budget) {
  wd_chunk *chunk = chunk_new(rounded(sizeof(wd_arena)) + room);
  if (!chunk) return NULL;
  wd_arena *arena = (wd_arena *)(void *)chunk->bytes;
  chunk->used = rounded(sizeof *arena);
  *arena = (wd_arena){.chunks = chunk, .left = budget};
  return arena;
}

void wd_arena_free(wd_arena *arena) {
  if (!arena) return;
  for (wd_chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
    next = chunk->next;
    free(chunk);
  }
}

void *wd_alloc(wd_arena *arena, size_t size) {
  if (size >= arena->left) return NULL;
  size_t taken = rounded(size + 1);
  wd_chunk *chunk = arena->chunks;
  if (chunk->size - chunk->used < taken) {
    size_t wanted = chunk->size < SIZE_MAX / 4 ? chunk->size * 2 : chunk->size;
    if (wanted < CHUNK_MIN) wanted = CHUNK_MIN;
    if (wanted < taken) wanted = taken;
    chunk = chunk_new(wanted);
    if (!chunk) {
      arena->starved = true;
      return NULL;
    }
    chunk->next = arena->chunks;
    arena->chunks = chunk;
  }
  arena->left -= taken < arena->left ? taken : arena->left;
  void *memory = chunk->bytes + chunk->used;
  chunk->used += taken;
  return memory;
}

void *wd_alloc_zeroed(wd_arena *arena, size_t size) {
  void *memory = wd_alloc(arena, size);
  if (memory) memset(memory, 0, size);
  return memory;
}

char *wd_copy_text(wd_arena *arena, const char *text, size_t length) {
  char *copy = wd_alloc(arena, length);
  if (!copy) return NULL;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

bool wd_arena_starved(const wd_arena *arena) {
  return arena->starved;
}

void wd_arena_adopt(wd_arena *into, wd_arena *from) {
  wd_chunk *last = from->chunks;
  while (last->next) last = last->next;
  last->next = into->chunks->next;
  into->chunks->next = from->chunks;
}

static void *allocate(void *arena, size_t size) {
  return wd_alloc(arena, size);
}

static void forget(void *arena, void *memory) {
  (void)arena;
  (void)memory;
}

ProtobufCAllocator wd_allocator(wd_arena *arena) {
  return (ProtobufCAllocator){.alloc = allocate, .free = forget, .allocator_data = arena};
}

void *wd_result_new(size_t size, size_t room, size_t budget) {
  if (room > SIZE_MAX / 2) return NULL;
  wd_arena *arena = wd_arena_new(rounded(size + 1) + room, budget);
  if (!arena) return NULL;
  void *result = wd_alloc_zeroed(arena, size);
  if (!result) wd_arena_free(arena);
  return result;
}

wd_arena *wd_arena_of(void *result) {
  return (wd_arena *)(void *)((unsigned char *)result - rounded(sizeof(wd_arena)));
}

void walletd_free(void *result) {
  if (result) wd_arena_free(wd_arena_of(result));
}
