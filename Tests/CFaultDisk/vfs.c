/* SQLite's calls. Locks are those of one process: nobody else knows of the disk. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"

#define LOCKED(disk) pthread_mutex_lock(&(disk)->mutex)
#define UNLOCKED(disk) pthread_mutex_unlock(&(disk)->mutex)

static int is_closed(const struct open_file *file) { return file->generation != file->disk->generation; }

/* Begins a call on an open file, which may be none any more. */
static int begin(struct open_file *file, unsigned kind) {
  LOCKED(file->disk);
  if (is_closed(file)) return WALLETD_DISK_POWER;
  return walletd_fault_disk_meets(file->disk, kind);
}

static int end(struct open_file *file, int code) {
  UNLOCKED(file->disk);
  return code;
}

static int sqlite_code(int error) { return error == ENOMEM ? SQLITE_IOERR_NOMEM : SQLITE_OK; }

/* MARK: An open file */

static int disk_close(sqlite3_file *base) {
  struct open_file *file = (struct open_file *)base;
  LOCKED(file->disk);
  for (struct open_file **place = &file->node->users; *place; place = &(*place)->next) {
    if (*place != file) continue;
    *place = file->next;
    break;
  }
  if (!file->node->users && !file->node->path) walletd_fault_node_free(file->node);
  walletd_disk *disk = file->disk;
  int is_last = --disk->open_count == 0 && disk->is_dropped;
  UNLOCKED(disk);
  if (is_last) walletd_fault_disk_free(disk);
  return SQLITE_OK;
}

static int disk_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  struct open_file *file = (struct open_file *)base;
  if (begin(file, WALLETD_DISK_READ)) return end(file, SQLITE_IOERR_READ);
  const struct bytes *seen = &file->node->seen;
  size_t at = (size_t)offset, wanted = (size_t)count;
  size_t found = at >= seen->count ? 0 : seen->count - at < wanted ? seen->count - at : wanted;
  if (found) memcpy(bytes, seen->at + at, found);
  memset((char *)bytes + found, 0, wanted - found);
  return end(file, found < wanted ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
}

static int disk_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  struct open_file *file = (struct open_file *)base;
  int was_off = file->disk->is_off;
  int fault = begin(file, WALLETD_DISK_WRITE);
  if (is_closed(file) || was_off) return end(file, SQLITE_IOERR_WRITE);
  size_t done = (size_t)count;
  if (fault == WALLETD_DISK_FULL) done = 0;
  if (fault == WALLETD_DISK_SHORT || fault == WALLETD_DISK_ERROR) done /= 2;
  int code = sqlite_code(walletd_fault_node_write(file->node, (size_t)offset, bytes, done));
  if (fault == WALLETD_DISK_FULL || fault == WALLETD_DISK_SHORT) code = SQLITE_FULL;
  if (fault == WALLETD_DISK_ERROR || fault == WALLETD_DISK_POWER) code = SQLITE_IOERR_WRITE;
  return end(file, code);
}

static int disk_truncate(sqlite3_file *base, sqlite3_int64 size) {
  struct open_file *file = (struct open_file *)base;
  if (begin(file, WALLETD_DISK_TRUNCATE)) return end(file, SQLITE_IOERR_TRUNCATE);
  return end(file, sqlite_code(walletd_fault_node_set_size(file->node, (size_t)size)));
}

static int disk_sync(sqlite3_file *base, int flags) {
  struct open_file *file = (struct open_file *)base;
  (void)flags;
  int fault = begin(file, WALLETD_DISK_SYNC);
  if (is_closed(file) || fault == WALLETD_DISK_POWER) return end(file, SQLITE_IOERR_FSYNC);
  if (fault) {
    if (walletd_fault_node_survive(file->node, walletd_fault_disk_mix(1, file->disk->draws++), 4096)) return end(file, SQLITE_IOERR_NOMEM);
    walletd_fault_node_forget_changes(file->node);
    return end(file, SQLITE_IOERR_FSYNC);
  }
  if (file->disk->lies) return end(file, SQLITE_OK);
  const char *slash = file->node->path ? strrchr(file->node->path, '/') : NULL;
  if (file->syncs_names && slash) {
    walletd_fault_disk_sync_names(file->disk, file->node->path, (size_t)(slash - file->node->path));
    file->syncs_names = 0;
  }
  return end(file, sqlite_code(walletd_fault_node_sync(file->disk, file->node)));
}

static int disk_file_size(sqlite3_file *base, sqlite3_int64 *size) {
  struct open_file *file = (struct open_file *)base;
  if (begin(file, WALLETD_DISK_LOOK)) return end(file, SQLITE_IOERR_FSTAT);
  *size = (sqlite3_int64)file->node->seen.count;
  return end(file, SQLITE_OK);
}

/* MARK: Locks of the file */

static int disk_lock(sqlite3_file *base, int lock) {
  struct open_file *file = (struct open_file *)base;
  LOCKED(file->disk);
  if (is_closed(file)) return end(file, SQLITE_IOERR_LOCK);
  if (file->lock >= lock) return end(file, SQLITE_OK);
  int others = SQLITE_LOCK_NONE;
  for (struct open_file *other = file->node->users; other; other = other->next)
    if (other != file && other->lock > others) others = other->lock;
  if (lock == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) return end(file, SQLITE_BUSY);
  if (lock > SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_RESERVED) return end(file, SQLITE_BUSY);
  if (lock == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED) {
    file->lock = SQLITE_LOCK_PENDING;
    return end(file, SQLITE_BUSY);
  }
  file->lock = lock;
  return end(file, SQLITE_OK);
}

static int disk_unlock(sqlite3_file *base, int lock) {
  struct open_file *file = (struct open_file *)base;
  LOCKED(file->disk);
  if (file->lock > lock) file->lock = lock;
  return end(file, SQLITE_OK);
}

static int disk_is_reserved(sqlite3_file *base, int *result) {
  struct open_file *file = (struct open_file *)base;
  LOCKED(file->disk);
  *result = 0;
  for (struct open_file *other = file->node->users; other; other = other->next)
    if (other->lock >= SQLITE_LOCK_RESERVED) *result = 1;
  return end(file, SQLITE_OK);
}

/* MARK: Shared memory */

static int disk_share(sqlite3_file *base, int region, int size, int extends, void volatile **memory) {
  struct open_file *file = (struct open_file *)base;
  *memory = NULL;
  int fault = begin(file, WALLETD_DISK_SHARE);
  if (fault) return end(file, fault == WALLETD_DISK_FULL ? SQLITE_IOERR_SHMSIZE : SQLITE_IOERR_SHMMAP);
  struct node *node = file->node;
  file->shares = 1;
  while (node->shared_count <= region) {
    if (!extends) return end(file, SQLITE_OK);
    unsigned char **shared = realloc(node->shared, (size_t)(node->shared_count + 1) * sizeof *shared);
    if (!shared) return end(file, SQLITE_IOERR_NOMEM);
    node->shared = shared;
    unsigned char *memory_of_region = calloc(1, (size_t)size);
    if (!memory_of_region) return end(file, SQLITE_IOERR_NOMEM);
    node->shared[node->shared_count++] = memory_of_region;
  }
  *memory = node->shared[region];
  return end(file, SQLITE_OK);
}

static int disk_share_lock(sqlite3_file *base, int offset, int count, int flags) {
  struct open_file *file = (struct open_file *)base;
  unsigned slots = ((1u << count) - 1) << offset;
  LOCKED(file->disk);
  if (flags & SQLITE_SHM_UNLOCK) {
    if (flags & SQLITE_SHM_SHARED) file->shared_slots &= ~slots;
    if (flags & SQLITE_SHM_EXCLUSIVE) file->exclusive_slots &= ~slots;
    return end(file, SQLITE_OK);
  }
  if (is_closed(file)) return end(file, SQLITE_IOERR_SHMLOCK);
  for (struct open_file *other = file->node->users; other; other = other->next) {
    if (other == file) continue;
    unsigned taken = other->exclusive_slots;
    if (flags & SQLITE_SHM_EXCLUSIVE) taken |= other->shared_slots;
    if (taken & slots) return end(file, SQLITE_BUSY);
  }
  if (flags & SQLITE_SHM_SHARED) file->shared_slots |= slots;
  if (flags & SQLITE_SHM_EXCLUSIVE) file->exclusive_slots |= slots;
  return end(file, SQLITE_OK);
}

static void disk_share_barrier(sqlite3_file *base) {
  (void)base;
  __sync_synchronize();
}

/* The memory goes with the last connection that shares it. */
static int disk_unshare(sqlite3_file *base, int removes) {
  struct open_file *file = (struct open_file *)base;
  (void)removes;
  LOCKED(file->disk);
  struct node *node = file->node;
  file->shares = 0;
  file->shared_slots = file->exclusive_slots = 0;
  for (struct open_file *other = node->users; other; other = other->next)
    if (other->shares) return end(file, SQLITE_OK);
  for (int index = 0; index < node->shared_count; index++) free(node->shared[index]);
  free(node->shared);
  node->shared = NULL;
  node->shared_count = 0;
  return end(file, SQLITE_OK);
}

/* MARK: What it says of itself: as the machine's own file system does */

static int disk_control(sqlite3_file *base, int operation, void *argument) {
  (void)base, (void)operation, (void)argument;
  return SQLITE_NOTFOUND;
}

static int disk_sector_size(sqlite3_file *base) {
  (void)base;
  return 4096;
}

static int disk_characteristics(sqlite3_file *base) {
  (void)base;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = disk_close,
    .xRead = disk_read,
    .xWrite = disk_write,
    .xTruncate = disk_truncate,
    .xSync = disk_sync,
    .xFileSize = disk_file_size,
    .xLock = disk_lock,
    .xUnlock = disk_unlock,
    .xCheckReservedLock = disk_is_reserved,
    .xFileControl = disk_control,
    .xSectorSize = disk_sector_size,
    .xDeviceCharacteristics = disk_characteristics,
    .xShmMap = disk_share,
    .xShmLock = disk_share_lock,
    .xShmBarrier = disk_share_barrier,
    .xShmUnmap = disk_unshare,
};

/* MARK: The file system */

static int disk_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *base, int flags, int *given) {
  walletd_disk *disk = vfs->pAppData;
  struct open_file *file = (struct open_file *)base;
  memset(file, 0, sizeof *file);
  LOCKED(disk);
  int code = SQLITE_OK;
  struct node *node = NULL;
  if (walletd_fault_disk_meets(disk, WALLETD_DISK_OPEN)) {
    code = SQLITE_CANTOPEN;
  } else {
    node = path ? walletd_fault_disk_find(disk, path) : NULL;
    if (!node) {
      int makes = !path || flags & SQLITE_OPEN_CREATE;
      node = makes ? walletd_fault_disk_add(disk, path) : NULL;
      if (!node) code = makes ? SQLITE_NOMEM : SQLITE_CANTOPEN;
    }
  }
  if (node) {
    file->base.pMethods = &methods;
    file->disk = disk;
    file->node = node;
    file->generation = disk->generation;
    file->syncs_names = flags & SQLITE_OPEN_CREATE && flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL);
    file->next = node->users;
    node->users = file;
    disk->open_count++;
    if (given) *given = flags;
  }
  UNLOCKED(disk);
  return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int is_synced) {
  walletd_disk *disk = vfs->pAppData;
  LOCKED(disk);
  int code = SQLITE_OK;
  if (walletd_fault_disk_meets(disk, WALLETD_DISK_REMOVE)) {
    code = SQLITE_IOERR_DELETE;
  } else {
    struct node *node = walletd_fault_disk_find(disk, path);
    code = !node ? SQLITE_IOERR_DELETE_NOENT : walletd_fault_disk_remove(disk, node, is_synced) ? SQLITE_NOMEM : SQLITE_OK;
  }
  UNLOCKED(disk);
  return code;
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  walletd_disk *disk = vfs->pAppData;
  LOCKED(disk);
  int fault = walletd_fault_disk_meets(disk, WALLETD_DISK_LOOK);
  struct node *node = walletd_fault_disk_find(disk, path);
  /* An empty file is none to SQLite. */
  *result = node && (flags != SQLITE_ACCESS_EXISTS || node->seen.count > 0);
  UNLOCKED(disk);
  return fault ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int count, char *full) {
  (void)vfs;
  size_t length = strlen(path);
  if (length >= (size_t)count) return SQLITE_CANTOPEN;
  memcpy(full, path, length + 1);
  return SQLITE_OK;
}

/* Time and randomness are the machine's. */
static sqlite3_vfs *machine(sqlite3_vfs *vfs) { return ((walletd_disk *)vfs->pAppData)->machine; }

static int disk_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  return machine(vfs)->xRandomness(machine(vfs), count, bytes);
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds) { return machine(vfs)->xSleep(machine(vfs), microseconds); }

static int disk_time(sqlite3_vfs *vfs, double *time) { return machine(vfs)->xCurrentTime(machine(vfs), time); }

static int disk_last_error(sqlite3_vfs *vfs, int count, char *text) {
  (void)vfs, (void)count, (void)text;
  return 0;
}

void walletd_fault_disk_register(walletd_disk *disk) {
  disk->machine = sqlite3_vfs_find(NULL);
  disk->vfs = (sqlite3_vfs){
      .iVersion = 1,
      .szOsFile = sizeof(struct open_file),
      .mxPathname = 1024,
      .zName = disk->name,
      .pAppData = disk,
      .xOpen = disk_open,
      .xDelete = disk_delete,
      .xAccess = disk_access,
      .xFullPathname = disk_full_path,
      .xRandomness = disk_randomness,
      .xSleep = disk_sleep,
      .xCurrentTime = disk_time,
      .xGetLastError = disk_last_error,
  };
  if (!disk->machine || sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) abort();
}
