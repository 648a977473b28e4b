/* Idempotency keys, and the memory of those whose outcome is unknown. */
#ifndef WALLETD_KEYS_H
#define WALLETD_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* A key, shared by its call and the memory. It is made with the call, so that remembering it can't fail. */
typedef struct wd_key {
  unsigned owners;
  unsigned hash;
  struct wd_key *bucket_next;
  struct wd_key *older, *newer;
  char text[];
} wd_key;

enum { WD_UNRESOLVED_MAX = 10000, WD_UNRESOLVED_BUCKETS = 1024 };

/* The newest keys of which an attempt ended unknown and that nothing has resolved since. */
typedef struct wd_unresolved {
  wd_key *buckets[WD_UNRESOLVED_BUCKETS];
  wd_key *oldest, *newest;
  size_t count;
} wd_unresolved;

/* NULL: no memory. */
wd_key *wd_key_new(const char *text, size_t length);
void wd_key_release(wd_key *key);

void wd_unresolved_add(wd_unresolved *keys, wd_key *key);
void wd_unresolved_remove(wd_unresolved *keys, const wd_key *key);
bool wd_unresolved_has(const wd_unresolved *keys, const wd_key *key);
void wd_unresolved_free(wd_unresolved *keys);

/* The key `index` places after `first`, a UUID in lower case, when its low 62 bits are counted up. False when it isn't one. */
bool wd_counted_key(const char *first, size_t index, char key[37]);

/* Random bytes of the system. False: it has none. */
bool wd_random(void *bytes, size_t size);

#endif
