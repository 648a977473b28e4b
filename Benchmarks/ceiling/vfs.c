/* SQLite writes each frame of its log in two calls, header and page. This file system gathers what is appended to a log
 * and writes it in one call when the log is synced or read; everything else goes to the machine's file system. */
#include "ceiling.h"
#include <string.h>

/* SQLite's own file system takes the low 17 bits of a length for the length. */
enum { GATHERED_BYTES_MAX = 4 << 20, WRITE_BYTES_MAX = 0x1F000 };

struct file {
  sqlite3_file base;
  bool is_log;
  uint8_t *gathered;
  sqlite3_int64 start;
  int count;
  sqlite3_file *real; /* in the memory behind this */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *machine;
static sqlite3_io_methods methods;
#define FILE_OF(base) ((struct file *)(base))
#define REAL(base) (FILE_OF(base)->real)

static int flush(struct file *file) {
  if (file->count == 0) return SQLITE_OK;
  int code = SQLITE_OK;
  for (int done = 0; done < file->count && code == SQLITE_OK; done += WRITE_BYTES_MAX) {
    int count = file->count - done < WRITE_BYTES_MAX ? file->count - done : WRITE_BYTES_MAX;
    code = file->real->pMethods->xWrite(file->real, file->gathered + done, count, file->start + done);
  }
  /* What failed is failed for good: SQLite hears of it and rolls back or ends. */
  file->count = 0;
  return code;
}

static int write_(sqlite3_file *base, const void *data, int count, sqlite3_int64 offset) {
  struct file *file = FILE_OF(base);
  if (!file->is_log) return file->real->pMethods->xWrite(file->real, data, count, offset);
  if (file->count && (offset != file->start + file->count || file->count + count > GATHERED_BYTES_MAX)) {
    int code = flush(file);
    if (code != SQLITE_OK) return code;
  }
  if (count > GATHERED_BYTES_MAX) return file->real->pMethods->xWrite(file->real, data, count, offset);
  if (file->count == 0) file->start = offset;
  memcpy(file->gathered + file->count, data, (size_t)count);
  file->count += count;
  return SQLITE_OK;
}

static int read_(sqlite3_file *base, void *data, int count, sqlite3_int64 offset) {
  int code = flush(FILE_OF(base));
  return code == SQLITE_OK ? REAL(base)->pMethods->xRead(REAL(base), data, count, offset) : code;
}

static int truncate_(sqlite3_file *base, sqlite3_int64 size) {
  int code = flush(FILE_OF(base));
  return code == SQLITE_OK ? REAL(base)->pMethods->xTruncate(REAL(base), size) : code;
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
  sqlite3_free(FILE_OF(base)->gathered);
  return flushed == SQLITE_OK ? code : flushed;
}

static int lock_(sqlite3_file *f, int level) { return REAL(f)->pMethods->xLock(REAL(f), level); }
static int unlock_(sqlite3_file *f, int level) { return REAL(f)->pMethods->xUnlock(REAL(f), level); }
static int reserved_(sqlite3_file *f, int *out) { return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out); }
static int control_(sqlite3_file *f, int op, void *arg) { return REAL(f)->pMethods->xFileControl(REAL(f), op, arg); }
static int sector_(sqlite3_file *f) { return REAL(f)->pMethods->xSectorSize(REAL(f)); }
static int traits_(sqlite3_file *f) { return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f)); }
static int map_(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}
static int shm_lock_(sqlite3_file *f, int at, int n, int flags) { return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags); }
static void barrier_(sqlite3_file *f) { REAL(f)->pMethods->xShmBarrier(REAL(f)); }
static int unmap_(sqlite3_file *f, int delete) { return REAL(f)->pMethods->xShmUnmap(REAL(f), delete); }
static int fetch_(sqlite3_file *f, sqlite3_int64 at, int n, void **out) { return REAL(f)->pMethods->xFetch(REAL(f), at, n, out); }
static int unfetch_(sqlite3_file *f, sqlite3_int64 at, void *p) { return REAL(f)->pMethods->xUnfetch(REAL(f), at, p); }

static int open_(sqlite3_vfs *self, const char *name, sqlite3_file *base, int flags, int *out) {
  (void)self;
  struct file *file = FILE_OF(base);
  memset(file, 0, sizeof *file);
  file->real = (sqlite3_file *)(file + 1);
  int code = machine->xOpen(machine, name, file->real, flags, out);
  /* Without methods SQLite doesn't close what wasn't opened. */
  if (code != SQLITE_OK) return code;
  file->is_log = flags & SQLITE_OPEN_WAL;
  if (file->is_log && !(file->gathered = sqlite3_malloc(GATHERED_BYTES_MAX))) {
    file->real->pMethods->xClose(file->real);
    return SQLITE_NOMEM;
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
      3,       close_,    read_,   write_,  truncate_, sync_, size_,     lock_,    unlock_, reserved_,
      control_, sector_, traits_, map_, shm_lock_, barrier_, unmap_, fetch_, unfetch_};
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) die(71, "the file system can't be registered");
  return vfs.zName;
}
