/* What a store asks of a disk beside its database. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"

#define LOCKED(disk) pthread_mutex_lock(&(disk)->mutex)

static int unlocked(walletd_disk *disk, int result) {
  pthread_mutex_unlock(&disk->mutex);
  return result;
}

/* The errno of a fault. */
static int number(int fault) {
  return fault == 0 ? 0 : fault == WALLETD_DISK_FULL || fault == WALLETD_DISK_SHORT ? ENOSPC : EIO;
}

int walletd_disk_has_file(walletd_disk *disk, const char *path) {
  LOCKED(disk);
  return unlocked(disk, walletd_fault_disk_find(disk, path) != NULL);
}

int walletd_disk_make_file(walletd_disk *disk, const char *path, int must_be_new) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_OPEN);
  if (fault) return unlocked(disk, number(fault));
  struct node *node = walletd_fault_disk_find(disk, path);
  if (node && must_be_new) return unlocked(disk, EEXIST);
  if (node) return unlocked(disk, walletd_fault_node_set_size(node, 0));
  return unlocked(disk, walletd_fault_disk_add(disk, path) ? 0 : ENOMEM);
}

int walletd_disk_remove_file(walletd_disk *disk, const char *path) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_REMOVE);
  if (fault) return unlocked(disk, number(fault));
  struct node *node = walletd_fault_disk_find(disk, path);
  return unlocked(disk, node ? walletd_fault_disk_remove(disk, node, 0) : ENOENT);
}

int walletd_disk_rename_file(walletd_disk *disk, const char *path, const char *other) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_REMOVE);
  if (fault) return unlocked(disk, number(fault));
  struct node *node = walletd_fault_disk_find(disk, path), *there = walletd_fault_disk_find(disk, other);
  if (!node) return unlocked(disk, ENOENT);
  if (there && there != node && walletd_fault_disk_remove(disk, there, 0)) return unlocked(disk, ENOMEM);
  char *name = strdup(other);
  if (!name) return unlocked(disk, ENOMEM);
  if (node->former || !node->is_named) {
    free(node->path);
  } else {
    node->former = node->path;
  }
  node->path = name;
  return unlocked(disk, 0);
}

int64_t walletd_disk_size(walletd_disk *disk, const char *path) {
  LOCKED(disk);
  struct node *node = walletd_fault_disk_find(disk, path);
  int64_t size = node ? (int64_t)node->seen.count : -ENOENT;
  unlocked(disk, 0);
  return size;
}

int64_t walletd_disk_read(walletd_disk *disk, const char *path, int64_t offset, void *bytes, size_t count) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_READ);
  if (fault) return -unlocked(disk, number(fault));
  struct node *node = walletd_fault_disk_find(disk, path);
  if (!node) return -unlocked(disk, ENOENT);
  size_t at = (size_t)offset;
  size_t found = at >= node->seen.count ? 0 : node->seen.count - at < count ? node->seen.count - at : count;
  if (found) memcpy(bytes, node->seen.at + at, found);
  unlocked(disk, 0);
  return (int64_t)found;
}

int walletd_disk_append(walletd_disk *disk, const char *path, const void *bytes, size_t count) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_WRITE);
  struct node *node = walletd_fault_disk_find(disk, path);
  if (!node) return unlocked(disk, ENOENT);
  size_t done = !fault ? count : fault == WALLETD_DISK_FULL || fault == WALLETD_DISK_POWER ? 0 : count / 2;
  int error = walletd_fault_node_write(node, node->seen.count, bytes, done);
  return unlocked(disk, error ? error : number(fault));
}

int walletd_disk_sync_file(walletd_disk *disk, const char *path) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_SYNC);
  struct node *node = walletd_fault_disk_find(disk, path);
  if (!node) return unlocked(disk, ENOENT);
  if (fault) {
    int error = fault == WALLETD_DISK_POWER ? 0 : walletd_fault_node_survive(node, walletd_fault_disk_mix(1, disk->draws++), 4096);
    if (fault != WALLETD_DISK_POWER) walletd_fault_node_forget_changes(node);
    return unlocked(disk, error ? error : EIO);
  }
  return unlocked(disk, disk->lies ? 0 : walletd_fault_node_sync(disk, node));
}

int walletd_disk_sync_folder(walletd_disk *disk, const char *path) {
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_SYNC);
  if (fault) return unlocked(disk, EIO);
  if (!disk->lies) walletd_fault_disk_sync_names(disk, path, strlen(path));
  return unlocked(disk, 0);
}

const char *walletd_disk_path(walletd_disk *disk, size_t place) {
  LOCKED(disk);
  const char *path = NULL;
  for (struct node *node = disk->nodes; node && !path; node = node->next)
    if (!node->is_removed && place-- == 0) path = node->path;
  pthread_mutex_unlock(&disk->mutex);
  return path;
}
