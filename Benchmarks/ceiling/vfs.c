/* A file system between SQLite and the machine's that saves calls, since one connection is all that writes.
 *
 * - The log has an image in memory. Frames, which SQLite writes in two calls each, go into the image and reach the file in
 *   one call when the log is synced; a checkpoint reads them from the image.
 * - Pages that a checkpoint writes one after the other reach the database file in one call.
 *
 * Nothing is kept back at a sync, and SQLite tells readers of frames and pages only after their sync. */
#include "ceiling.h"
#include <string.h>

enum { IMAGE_BYTES_MAX = 96 << 20, GATHERED_BYTES_MAX = 1 << 20 };
/* SQLite's own file system takes the low 17 bits of a length for the length. */
enum { WRITE_BYTES_MAX = 0x1F000 };

struct file {
  sqlite3_file base;
  bool is_log;
  int failed;              /* the code of a write that failed: it is the answer to everything after it */
  uint8_t *buffer;         /* of the log its image, from 0; else what is gathered, from `from`; NULL for other files */
  sqlite3_int64 image_end; /* up to here the image is what the file has, or will have */
  sqlite3_int64 from, until; /* not written yet */
  sqlite3_file *real;      /* in the memory behind this */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *machine;
static sqlite3_io_methods methods;
#define FILE_OF(base) ((struct file *)(base))
#define REAL(base) (FILE_OF(base)->real)

static int flush(struct file *file) {
  const uint8_t *data = file->is_log ? file->buffer + file->from : file->buffer;
  while (file->failed == SQLITE_OK && file->from < file->until) {
    sqlite3_int64 left = file->until - file->from;
    int count = left < WRITE_BYTES_MAX ? (int)left : WRITE_BYTES_MAX;
    file->failed = file->real->pMethods->xWrite(file->real, data, count, file->from);
    data += count;
    file->from += count;
  }
  return file->failed;
}

static int write_(sqlite3_file *base, const void *data, int count, sqlite3_int64 offset) {
  struct file *file = FILE_OF(base);
  bool fits = file->is_log ? offset <= file->image_end && offset + count <= IMAGE_BYTES_MAX
                           : file->buffer && count <= GATHERED_BYTES_MAX;
  bool follows = offset == file->until && (file->is_log || offset + count - file->from <= GATHERED_BYTES_MAX);
  if (!fits || !follows || file->from == file->until) {
    int code = flush(file);
    if (code != SQLITE_OK) return code;
    file->from = file->until = offset;
  }
  if (!fits) {
    if (offset < file->image_end) file->image_end = offset;
    return file->real->pMethods->xWrite(file->real, data, count, offset);
  }
  memcpy(file->buffer + (file->is_log ? offset : offset - file->from), data, (size_t)count);
  file->until = offset + count;
  if (file->image_end < file->until) file->image_end = file->until;
  return SQLITE_OK;
}

static int read_(sqlite3_file *base, void *data, int count, sqlite3_int64 offset) {
  struct file *file = FILE_OF(base);
  if (file->is_log && file->failed == SQLITE_OK && offset + count <= file->image_end) {
    memcpy(data, file->buffer + offset, (size_t)count);
    return SQLITE_OK;
  }
  int code = flush(file);
  return code == SQLITE_OK ? file->real->pMethods->xRead(file->real, data, count, offset) : code;
}

static int truncate_(sqlite3_file *base, sqlite3_int64 size) {
  int code = flush(FILE_OF(base));
  if (code != SQLITE_OK) return code;
  if (FILE_OF(base)->image_end > size) FILE_OF(base)->image_end = size;
  return REAL(base)->pMethods->xTruncate(REAL(base), size);
}

static int sync_(sqlite3_file *base, int flags) {
  int code = flush(FILE_OF(base));
  return code == SQLITE_OK ? REAL(base)->pMethods->xSync(REAL(base), flags) : code;
}

static int size_(sqlite3_file *base, sqlite3_int64 *size) {
  int code = flush(FILE_OF(base));
  return code == SQLITE_OK ? REAL(base)->pMethods->xFileSize(REAL(base), size) : code;
}

static int close_(sqlite3_file *base) {
  int flushed = flush(FILE_OF(base));
  int code = REAL(base)->pMethods->xClose(REAL(base));
  sqlite3_free(FILE_OF(base)->buffer);
  return flushed == SQLITE_OK ? code : flushed;
}

static int fetch_(sqlite3_file *base, sqlite3_int64 offset, int count, void **out) {
  int code = flush(FILE_OF(base));
  return code == SQLITE_OK ? REAL(base)->pMethods->xFetch(REAL(base), offset, count, out) : code;
}

#define PASS(name, method, parameters, ...) \
  static int name parameters { return REAL(f)->pMethods->method(REAL(f), ##__VA_ARGS__); }
PASS(lock_, xLock, (sqlite3_file * f, int level), level)
PASS(unlock_, xUnlock, (sqlite3_file * f, int level), level)
PASS(reserved_, xCheckReservedLock, (sqlite3_file * f, int *out), out)
PASS(control_, xFileControl, (sqlite3_file * f, int operation, void *argument), operation, argument)
PASS(sector_, xSectorSize, (sqlite3_file * f))
PASS(traits_, xDeviceCharacteristics, (sqlite3_file * f))
PASS(map_, xShmMap, (sqlite3_file * f, int at, int size, int extend, void volatile **out), at, size, extend, out)
PASS(shm_lock_, xShmLock, (sqlite3_file * f, int at, int count, int flags), at, count, flags)
PASS(unmap_, xShmUnmap, (sqlite3_file * f, int delete), delete)
PASS(unfetch_, xUnfetch, (sqlite3_file * f, sqlite3_int64 at, void *page), at, page)
static void barrier_(sqlite3_file *f) { REAL(f)->pMethods->xShmBarrier(REAL(f)); }

static int open_(sqlite3_vfs *self, const char *name, sqlite3_file *base, int flags, int *out) {
  (void)self;
  struct file *file = FILE_OF(base);
  memset(file, 0, sizeof *file);
  file->real = (sqlite3_file *)(file + 1);
  int code = machine->xOpen(machine, name, file->real, flags, out);
  /* Without methods SQLite doesn't close what wasn't opened. */
  if (code != SQLITE_OK) return code;
  file->is_log = flags & SQLITE_OPEN_WAL;
  if (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) {
    /* Of the image only what is used becomes memory. */
    file->buffer = sqlite3_malloc(file->is_log ? IMAGE_BYTES_MAX : GATHERED_BYTES_MAX);
    if (!file->buffer) {
      file->real->pMethods->xClose(file->real);
      return SQLITE_NOMEM;
    }
  }
  base->pMethods = &methods;
  return SQLITE_OK;
}

const char *coalescing_vfs(void) {
  machine = sqlite3_vfs_find(NULL);
  if (!machine) die(71, "SQLite has no file system");
  vfs = *machine;
  vfs.zName = "coalescing";
  vfs.szOsFile = (int)sizeof(struct file) + machine->szOsFile;
  vfs.pNext = NULL;
  vfs.xOpen = open_;
  methods = (sqlite3_io_methods){
      .iVersion = 3, .xClose = close_, .xRead = read_, .xWrite = write_, .xTruncate = truncate_, .xSync = sync_,
      .xFileSize = size_, .xLock = lock_, .xUnlock = unlock_, .xCheckReservedLock = reserved_,
      .xFileControl = control_, .xSectorSize = sector_, .xDeviceCharacteristics = traits_, .xShmMap = map_,
      .xShmLock = shm_lock_, .xShmBarrier = barrier_, .xShmUnmap = unmap_, .xFetch = fetch_, .xUnfetch = unfetch_};
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) die(71, "the file system can't be registered");
  return vfs.zName;
}
