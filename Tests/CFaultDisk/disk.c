/* Files in memory, and what of them is on the disk. */
#include "disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* MARK: Bytes */

static int bytes_reserve(struct bytes *bytes, size_t count) {
  if (count <= bytes->room) return 0;
  size_t room = bytes->room ? bytes->room : 4096;
  while (room < count) room *= 2;
  unsigned char *at = realloc(bytes->at, room);
  if (!at) return ENOMEM;
  bytes->at = at;
  bytes->room = room;
  return 0;
}

int walletd_fault_bytes_set_count(struct bytes *bytes, size_t count) {
  if (bytes_reserve(bytes, count)) return ENOMEM;
  if (count > bytes->count) memset(bytes->at + bytes->count, 0, count - bytes->count);
  bytes->count = count;
  return 0;
}

int walletd_fault_bytes_put(struct bytes *bytes, size_t offset, const void *from, size_t count) {
  if (offset + count > bytes->count && walletd_fault_bytes_set_count(bytes, offset + count)) return ENOMEM;
  if (count) memcpy(bytes->at + offset, from, count);
  return 0;
}

int walletd_fault_bytes_copy(struct bytes *bytes, const struct bytes *other) {
  bytes->count = 0;
  return walletd_fault_bytes_put(bytes, 0, other->at, other->count);
}

/* MARK: Nodes */

void walletd_fault_node_forget_changes(struct node *node) {
  for (size_t index = 0; index < node->change_count; index++) free(node->changes[index].bytes);
  node->change_count = 0;
}

void walletd_fault_node_free(struct node *node) {
  walletd_fault_node_forget_changes(node);
  free(node->changes);
  free(node->seen.at);
  free(node->kept.at);
  for (int index = 0; index < node->shared_count; index++) free(node->shared[index]);
  free(node->shared);
  free(node->path);
  free(node->former);
  free(node);
}

static int note(struct node *node, size_t offset, size_t length, const void *bytes) {
  if (node->change_count == node->change_room) {
    size_t room = node->change_room ? 2 * node->change_room : 64;
    struct change *changes = realloc(node->changes, room * sizeof *changes);
    if (!changes) return ENOMEM;
    node->changes = changes;
    node->change_room = room;
  }
  struct change change = {offset, length, NULL};
  if (bytes) {
    change.bytes = malloc(length ? length : 1);
    if (!change.bytes) return ENOMEM;
    memcpy(change.bytes, bytes, length);
  }
  node->changes[node->change_count++] = change;
  return 0;
}

int walletd_fault_node_write(struct node *node, size_t offset, const void *bytes, size_t count) {
  int error = note(node, offset, count, bytes);
  return error ? error : walletd_fault_bytes_put(&node->seen, offset, bytes, count);
}

int walletd_fault_node_set_size(struct node *node, size_t count) {
  int error = note(node, count, 0, NULL);
  return error ? error : walletd_fault_bytes_set_count(&node->seen, count);
}

/* What was written is on the disk, and so is the file's name. */
int walletd_fault_node_sync(walletd_disk *disk, struct node *node) {
  for (size_t index = 0; index < node->change_count; index++) {
    struct change *change = &node->changes[index];
    int error = change->bytes ? walletd_fault_bytes_put(&node->kept, change->offset, change->bytes, change->length)
                              : walletd_fault_bytes_set_count(&node->kept, change->offset);
    if (error) return error;
  }
  walletd_fault_node_forget_changes(node);
  if (!node->path || node->is_named) return 0;
  node->is_named = 1;
  walletd_fault_disk_forget_removed(disk, node->path);
  return 0;
}

struct node *walletd_fault_disk_find(walletd_disk *disk, const char *path) {
  for (struct node *node = disk->nodes; node; node = node->next)
    if (!node->is_removed && !strcmp(node->path, path)) return node;
  return NULL;
}

/* `path` may be NULL: then it is in no list. */
struct node *walletd_fault_disk_add(walletd_disk *disk, const char *path) {
  struct node *node = calloc(1, sizeof *node);
  if (!node || !path) return node;
  node->path = strdup(path);
  if (!node->path) {
    free(node);
    return NULL;
  }
  node->next = disk->nodes;
  disk->nodes = node;
  return node;
}

static void take_out(walletd_disk *disk, struct node *node) {
  for (struct node **place = &disk->nodes; *place; place = &(*place)->next) {
    if (*place != node) continue;
    *place = node->next;
    return;
  }
}

/* Nobody finds it any more. */
void walletd_fault_disk_let_go(struct node *node) {
  free(node->path);
  node->path = NULL;
  if (!node->users) walletd_fault_node_free(node);
}

void walletd_fault_disk_forget_removed(walletd_disk *disk, const char *path) {
  struct node *next;
  for (struct node *node = disk->nodes; node; node = next) {
    next = node->next;
    if (!node->is_removed || strcmp(node->path, path)) continue;
    take_out(disk, node);
    walletd_fault_node_free(node);
  }
}

/* The names in a folder are on the disk as they are. */
void walletd_fault_disk_sync_names(walletd_disk *disk, const char *folder, size_t length) {
  struct node *next;
  for (struct node *node = disk->nodes; node; node = next) {
    next = node->next;
    if (strncmp(node->path, folder, length) || node->path[length] != '/' || strchr(node->path + length + 1, '/')) continue;
    if (node->is_removed) {
      take_out(disk, node);
      walletd_fault_node_free(node);
      continue;
    }
    node->is_named = 1;
    free(node->former);
    node->former = NULL;
  }
}

int walletd_fault_disk_remove(walletd_disk *disk, struct node *node, int is_synced) {
  if (is_synced) {
    walletd_fault_disk_forget_removed(disk, node->path);
  } else if (node->is_named) {
    struct node *rest = walletd_fault_disk_add(disk, node->path);
    if (!rest || walletd_fault_bytes_copy(&rest->kept, &node->kept)) return ENOMEM;
    rest->is_named = rest->is_removed = 1;
  }
  take_out(disk, node);
  walletd_fault_disk_let_go(node);
  return 0;
}

/* MARK: Faults */

int walletd_fault_disk_meets(walletd_disk *disk, unsigned kind) {
  for (int index = 0; index < WALLETD_DISK_KINDS; index++)
    if (kind == 1u << index) disk->calls[index]++;
  if (disk->is_off) return WALLETD_DISK_POWER;
  if (!(disk->failing & kind) || disk->countdown == 0 || --disk->countdown > 0) return 0;
  disk->has_failed = 1;
  if (disk->lasts) disk->countdown = 1;
  if (disk->fault == WALLETD_DISK_POWER) disk->is_off = 1;
  return disk->fault;
}

#define LOCKED(disk) pthread_mutex_lock(&(disk)->mutex)
#define UNLOCKED(disk) pthread_mutex_unlock(&(disk)->mutex)

void walletd_disk_fail(walletd_disk *disk, unsigned kinds, int64_t number, int fault, int lasts) {
  LOCKED(disk);
  disk->failing = kinds;
  disk->countdown = number;
  disk->fault = fault;
  disk->lasts = lasts;
  disk->has_failed = 0;
  UNLOCKED(disk);
}

int walletd_disk_has_failed(walletd_disk *disk) {
  LOCKED(disk);
  int result = disk->has_failed;
  UNLOCKED(disk);
  return result;
}

int64_t walletd_disk_calls(walletd_disk *disk, unsigned kinds) {
  LOCKED(disk);
  int64_t sum = 0;
  for (int index = 0; index < WALLETD_DISK_KINDS; index++)
    if (kinds & 1u << index) sum += disk->calls[index];
  UNLOCKED(disk);
  return sum;
}

void walletd_disk_lie(walletd_disk *disk, int lies) {
  LOCKED(disk);
  disk->lies = lies;
  UNLOCKED(disk);
}

int walletd_disk_is_off(walletd_disk *disk) {
  LOCKED(disk);
  int result = disk->is_off;
  UNLOCKED(disk);
  return result;
}

/* MARK: Ends and beginnings */

/* Whoever has a file open keeps an empty one, and the memory that it shares. */
static void close_all(walletd_disk *disk) {
  disk->generation++;
  for (struct node **place = &disk->nodes; *place; place = &(*place)->next) {
    struct node *old = *place;
    if (!old->users) continue;
    struct node *node = malloc(sizeof *node);
    if (!node) abort();
    *node = *old;
    node->users = NULL;
    node->shared = NULL;
    node->shared_count = 0;
    *place = node;
    struct node rest = {.users = old->users, .shared = old->shared, .shared_count = old->shared_count};
    *old = rest;
  }
}

void walletd_disk_restart(walletd_disk *disk) {
  LOCKED(disk);
  close_all(disk);
  UNLOCKED(disk);
}

void walletd_disk_lose_power(walletd_disk *disk, uint64_t seed, size_t sector) {
  LOCKED(disk);
  close_all(disk);
  disk->countdown = 0;
  disk->is_off = 0;
  int way = walletd_fault_disk_way_of_loss(seed);
  struct node *next;
  for (struct node *node = disk->nodes; node; node = next) {
    next = node->next;
    uint64_t draw = walletd_fault_disk_mix(walletd_fault_disk_mix_path(seed, node->path), 4);
    if (walletd_fault_node_survive(node, seed, sector)) abort();
    walletd_fault_node_forget_changes(node);
    if (walletd_fault_bytes_copy(&node->seen, &node->kept)) abort();
    int is_lost = way == LOSES_ALL || (way != LOSES_NOTHING && draw % 2);
    if (!node->is_named && is_lost) {
      take_out(disk, node);
      walletd_fault_node_free(node);
      continue;
    }
    if (node->former && is_lost) {
      free(node->path);
      node->path = node->former;
      node->former = NULL;
    }
    node->is_named = 1;
  }
  /* What was removed comes back where nothing else has taken its place, unless its removal is on the disk after all. */
  for (struct node *node = disk->nodes; node; node = next) {
    next = node->next;
    if (!node->is_removed) continue;
    int comes_back = way != LOSES_NOTHING && (way == LOSES_ALL || walletd_fault_disk_mix(walletd_fault_disk_mix_path(seed, node->path), 5) % 2);
    if (comes_back && !walletd_fault_disk_find(disk, node->path)) {
      node->is_removed = 0;
    } else {
      take_out(disk, node);
      walletd_fault_node_free(node);
    }
  }
  UNLOCKED(disk);
}

walletd_disk *walletd_disk_create(void) {
  static pthread_mutex_t numbering = PTHREAD_MUTEX_INITIALIZER;
  static unsigned count;
  walletd_disk *disk = calloc(1, sizeof *disk);
  if (!disk) return NULL;
  pthread_mutex_init(&disk->mutex, NULL);
  pthread_mutex_lock(&numbering);
  snprintf(disk->name, sizeof disk->name, "walletd-disk-%u", count++);
  pthread_mutex_unlock(&numbering);
  walletd_fault_disk_register(disk);
  return disk;
}

void walletd_disk_destroy(walletd_disk *disk) {
  sqlite3_vfs_unregister(&disk->vfs);
  LOCKED(disk);
  int is_open = disk->open_count > 0;
  disk->is_dropped = 1;
  UNLOCKED(disk);
  if (!is_open) walletd_fault_disk_free(disk);
}

void walletd_fault_disk_free(walletd_disk *disk) {
  struct node *next;
  for (struct node *node = disk->nodes; node; node = next) {
    next = node->next;
    walletd_fault_node_free(node);
  }
  pthread_mutex_destroy(&disk->mutex);
  free(disk);
}

const char *walletd_disk_vfs(walletd_disk *disk) { return disk->name; }

void walletd_disk_copy(walletd_disk *disk, walletd_disk *other) {
  LOCKED(other);
  LOCKED(disk);
  for (struct node *node = other->nodes; node; node = node->next) {
    if (node->is_removed) continue;
    struct node *copy = walletd_fault_disk_add(disk, node->path);
    if (!copy || walletd_fault_bytes_copy(&copy->seen, &node->seen) || walletd_fault_bytes_copy(&copy->kept, &node->seen)) abort();
    copy->is_named = 1;
  }
  UNLOCKED(disk);
  UNLOCKED(other);
}
