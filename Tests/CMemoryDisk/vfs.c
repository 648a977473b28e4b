/* SQLite's side of a memory disk: sqlite.org/vfs.html. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

typedef struct {
  sqlite3_file base;
  memory_disk *disk;
  memory_file *file;
  int level;
  int is_temporary;
  /* Of the shared memory: the slots that this connection has. */
  unsigned shared, exclusive;
  int has_shared_memory;
} handle;

static handle *as_handle(sqlite3_file *file) { return (handle *)file; }

static int failed(int kind, int code) { return kind == 2 ? SQLITE_FULL : code; }

/* MARK: Bytes */

static int read_bytes(sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset) {
  blob *blob = &as_handle(base)->file->now;
  int64_t count = blob->size - offset;
  if (count > length) count = length;
  if (count < 0) count = 0;
  if (count > 0) memcpy(bytes, blob->bytes + offset, (size_t)count);
  if (count == length) return SQLITE_OK;
  memset((char *)bytes + count, 0, (size_t)(length - count));
  return SQLITE_IOERR_SHORT_READ;
}

static int write_bytes(sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset) {
  handle *handle = as_handle(base);
  int kind = handle->is_temporary ? 0 : disk_operation(handle->disk);
  if (kind) {
    /* A part of it may be there. */
    (void)file_write(handle->file, bytes, (int)(disk_random(&handle->disk->random) % (uint64_t)(length + 1)), offset);
    return failed(kind, SQLITE_IOERR_WRITE);
  }
  return file_write(handle->file, bytes, length, offset) ? SQLITE_IOERR_NOMEM : SQLITE_OK;
}

static int truncate_file(sqlite3_file *base, sqlite3_int64 size) {
  handle *handle = as_handle(base);
  int kind = handle->is_temporary ? 0 : disk_operation(handle->disk);
  if (kind) return failed(kind, SQLITE_IOERR_TRUNCATE);
  return file_truncate(handle->file, size) ? SQLITE_IOERR_NOMEM : SQLITE_OK;
}

static int sync_file(sqlite3_file *base, int flags) {
  (void)flags;
  handle *handle = as_handle(base);
  if (handle->is_temporary) return SQLITE_OK;
  int kind = disk_operation(handle->disk);
  if (kind) {
    (void)file_fail_sync(handle->file, &handle->disk->random);
    return failed(kind, SQLITE_IOERR_FSYNC);
  }
  if (handle->disk->lies) return SQLITE_OK;
  int is_new = !handle->file->was_there;
  if (file_sync(handle->file)) return SQLITE_IOERR_NOMEM;
  /* SQLite's own file system syncs the folder then, and with it all that has come and gone there. */
  if (is_new) memory_disk_sync_folder(handle->disk);
  return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
  *size = as_handle(base)->file->now.size;
  return SQLITE_OK;
}

/* MARK: Locks */

static int unlock(sqlite3_file *base, int level) {
  handle *handle = as_handle(base);
  memory_file *file = handle->file;
  if (handle->level <= level) return SQLITE_OK;
  if (file->exclusive == handle) file->exclusive = NULL;
  if (file->pending == handle) file->pending = NULL;
  if (file->reserved == handle) file->reserved = NULL;
  if (level == SQLITE_LOCK_NONE) file->readers--;
  handle->level = level;
  return SQLITE_OK;
}

static int lock(sqlite3_file *base, int level) {
  handle *handle = as_handle(base);
  memory_file *file = handle->file;
  if (handle->level >= level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED) {
    if (file->pending || file->exclusive) return SQLITE_BUSY;
    file->readers++;
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (file->reserved) return SQLITE_BUSY;
    file->reserved = handle;
  } else {
    if (file->pending && file->pending != handle) return SQLITE_BUSY;
    if (file->reserved && file->reserved != handle) return SQLITE_BUSY;
    file->pending = handle;
    if (file->readers > 1) {
      handle->level = SQLITE_LOCK_PENDING;
      return SQLITE_BUSY;
    }
    file->exclusive = handle;
  }
  handle->level = level;
  return SQLITE_OK;
}

static int check_reserved(sqlite3_file *base, int *result) {
  *result = as_handle(base)->file->reserved != NULL;
  return SQLITE_OK;
}

/* MARK: Shared memory */

static void forget_shared(memory_file *file) {
  for (int index = 0; index < file->region_count; index++) free(file->regions[index]);
  free(file->regions);
  file->regions = NULL;
  file->region_count = 0;
}

static int map_shared(sqlite3_file *base, int index, int size, int extend, void volatile **region) {
  handle *handle = as_handle(base);
  memory_file *file = handle->file;
  handle->has_shared_memory = 1;
  *region = NULL;
  if (index >= file->region_count) {
    if (!extend) return SQLITE_OK;
    unsigned char **regions = realloc(file->regions, (size_t)(index + 1) * sizeof *regions);
    if (!regions) return SQLITE_IOERR_NOMEM;
    file->regions = regions;
    while (file->region_count <= index) {
      regions[file->region_count] = calloc(1, (size_t)size);
      if (!regions[file->region_count]) return SQLITE_IOERR_NOMEM;
      file->region_count++;
    }
  }
  *region = file->regions[index];
  return SQLITE_OK;
}

static int lock_shared(sqlite3_file *base, int first, int count, int flags) {
  handle *handle = as_handle(base);
  memory_file *file = handle->file;
  for (int pass = 0; pass < 2; pass++) {
    for (int slot = first; slot < first + count; slot++) {
      unsigned bit = 1u << slot;
      if (flags & SQLITE_SHM_UNLOCK) {
        if (!pass) continue;
        if (handle->shared & bit) file->shared[slot]--;
        if (handle->exclusive & bit) file->owner[slot] = NULL;
        handle->shared &= ~bit;
        handle->exclusive &= ~bit;
      } else if (flags & SQLITE_SHM_SHARED) {
        if (handle->shared & bit) continue;
        if (!pass) {
          if (file->owner[slot]) return SQLITE_BUSY;
          continue;
        }
        file->shared[slot]++;
        handle->shared |= bit;
      } else {
        if (!pass) {
          if (file->shared[slot] > (handle->shared & bit ? 1 : 0)) return SQLITE_BUSY;
          if (file->owner[slot] && file->owner[slot] != handle) return SQLITE_BUSY;
          continue;
        }
        file->owner[slot] = handle;
        handle->exclusive |= bit;
      }
    }
  }
  return SQLITE_OK;
}

static void barrier(sqlite3_file *base) { (void)base; }

static int unmap_shared(sqlite3_file *base, int delete) {
  handle *handle = as_handle(base);
  memory_file *file = handle->file;
  (void)lock_shared(base, 0, MEMORY_SLOTS, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
  handle->has_shared_memory = 0;
  if (delete) forget_shared(file);
  return SQLITE_OK;
}

/* MARK: Files */

static int close_file(sqlite3_file *base) {
  handle *handle = as_handle(base);
  if (handle->has_shared_memory) (void)unmap_shared(base, 0);
  (void)unlock(base, SQLITE_LOCK_NONE);
  /* What connections share goes with the last of them. */
  if (--handle->file->open_count == 0) forget_shared(handle->file);
  if (handle->is_temporary) handle->file->is_there = handle->file->was_there = 0;
  base->pMethods = NULL;
  return SQLITE_OK;
}

static int control(sqlite3_file *base, int operation, void *argument) {
  (void)base, (void)operation, (void)argument;
  return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *base) {
  (void)base;
  return 512;
}

/* As SQLite takes any disk for: a write changes nothing beside it, even when the power goes. */
static int characteristics(sqlite3_file *base) {
  (void)base;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_bytes,
    .xWrite = write_bytes,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = barrier,
    .xShmUnmap = unmap_shared,
};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *result) {
  memory_disk *disk = vfs->pAppData;
  handle *handle = as_handle(base);
  memset(handle, 0, sizeof *handle);
  memory_file *file = path ? disk_find(disk, path) : NULL;
  handle->is_temporary = !path || flags & SQLITE_OPEN_DELETEONCLOSE;
  if (!file) {
    if (!(flags & SQLITE_OPEN_CREATE) && path) return SQLITE_CANTOPEN;
    if (!handle->is_temporary) {
      int kind = disk_operation(disk);
      if (kind) return failed(kind, SQLITE_CANTOPEN);
    }
    file = disk_make(disk, path ? path : "");
    if (!file) return SQLITE_NOMEM;
  }
  handle->disk = disk;
  handle->file = file;
  file->open_count++;
  base->pMethods = &methods;
  if (result) *result = flags;
  return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
  memory_disk *disk = vfs->pAppData;
  memory_file *file = disk_find(disk, path);
  if (!file) return SQLITE_IOERR_DELETE_NOENT;
  int kind = disk_operation(disk);
  if (kind) return failed(kind, SQLITE_IOERR_DELETE);
  disk_remove(disk, file, syncs_folder);
  return SQLITE_OK;
}

static int access_file(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  memory_file *file = disk_find(vfs->pAppData, path);
  /* As SQLite's own: an empty file is as good as none. */
  *result = file && (flags != SQLITE_ACCESS_EXISTS || file->now.size > 0);
  return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *path, int size, char *result) {
  (void)vfs;
  if ((size_t)size <= strlen(path)) return SQLITE_CANTOPEN;
  strcpy(result, path);
  return SQLITE_OK;
}

static int randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  memory_disk *disk = vfs->pAppData;
  for (int index = 0; index < count; index++) bytes[index] = (char)disk_random(&disk->random);
  return count;
}

/* Nobody else is at work while one waits. */
static int sleep_for(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return microseconds;
}

static int current_time(sqlite3_vfs *vfs, double *day) {
  (void)vfs;
  *day = 2460000.5;
  return SQLITE_OK;
}

static int last_error(sqlite3_vfs *vfs, int size, char *text) {
  (void)vfs;
  if (size > 0) *text = 0;
  return 0;
}

memory_disk *memory_disk_new(const char *name, uint64_t seed) {
  memory_disk *disk = calloc(1, sizeof *disk);
  sqlite3_vfs *vfs = calloc(1, sizeof *vfs);
  char *copy = strdup(name);
  if (disk && vfs && copy) {
    disk->vfs = vfs;
    disk->name = copy;
    disk->random = seed;
    vfs->iVersion = 1;
    vfs->szOsFile = sizeof(handle);
    vfs->mxPathname = 512;
    vfs->zName = copy;
    vfs->pAppData = disk;
    vfs->xOpen = open_file;
    vfs->xDelete = delete_file;
    vfs->xAccess = access_file;
    vfs->xFullPathname = full_path;
    vfs->xRandomness = randomness;
    vfs->xSleep = sleep_for;
    vfs->xCurrentTime = current_time;
    vfs->xGetLastError = last_error;
    if (sqlite3_vfs_register(vfs, 0) == SQLITE_OK) return disk;
  }
  free(disk);
  free(vfs);
  free(copy);
  return NULL;
}

void memory_disk_free(memory_disk *disk) {
  sqlite3_vfs_unregister(disk->vfs);
  disk_free_files(disk->files);
  disk_free_files(disk->left);
  free(disk->vfs);
  free(disk->name);
  free(disk);
}
