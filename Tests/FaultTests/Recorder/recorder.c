/*
 * Preloaded into walletd: writes down, in one order, what it writes to the log of SQLite, when it syncs it, and what it
 * sends; and does mischief where a test asks for it. Variables of the environment:
 *
 *   RECORD        file to append records to
 *   PRAGMA        OFF or NORMAL: "PRAGMA synchronous = FULL" becomes that, where the server can read it back
 *   SYNCHRONOUS   OFF or NORMAL: the same, after the server has read it back
 *   SYNC_FAILS    fdatasync of the log fails with EIO, from when the file FAULT_ON exists
 *   SYNC_DELAY    microseconds that fdatasync of the log takes, beside its own
 *   SYNC_HANGS    fdatasync of the log waits while the file FAULT_ON exists
 *   LOG_FULL      writing to the log fails with ENOSPC while the file FAULT_ON exists
 *   DATABASE_FULL writing to the database file fails with ENOSPC while the file FAULT_ON exists
 *   DATABASE_SYNC_FAILS fdatasync of the database file fails with EIO while the file FAULT_ON exists
 *   CLOCK         file whose first 8 bytes say by how many microseconds the wall clock is wrong
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { WAL_WRITTEN = 1, SYNC_BEGINS = 2, SYNC_ENDED = 3, SEND_BEGINS = 4, SEND_ENDED = 5, CLOSED = 6 };

/* Little-endian, 32 bytes, then `length` bytes. RecorderLog.swift reads it. */
struct record {
  uint32_t kind;
  int32_t descriptor;
  int64_t offset;
  int64_t result;
  uint64_t length;
};

static int record_file = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const volatile int64_t *clock_error;
static useconds_t sync_delay;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("RECORD");
  if (path) record_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *delay = getenv("SYNC_DELAY");
  if (delay) sync_delay = (useconds_t)atoi(delay);
  const char *clock = getenv("CLOCK");
  if (!clock) return;
  int file = open(clock, O_RDONLY | O_CLOEXEC);
  void *shared = mmap(0, sizeof *clock_error, PROT_READ, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) abort();
  clock_error = shared;
  close(file);
}

static void put(const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    long written = syscall(SYS_write, record_file, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) abort();
    next += written;
    count -= (size_t)written;
  }
}

static void record(enum kind kind, int descriptor, int64_t offset, int64_t result, const void *bytes, size_t length) {
  if (record_file < 0) return;
  int saved = errno;
  struct record header = {kind, descriptor, offset, result, length};
  pthread_mutex_lock(&order);
  put(&header, sizeof header);
  put(bytes, length);
  pthread_mutex_unlock(&order);
  errno = saved;
}

static void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}
#define REAL(name)                         \
  static __typeof__(name) *real_##name;    \
  if (!real_##name) real_##name = real(#name)

enum target { OTHER, LOG, DATABASE, SOCKET };

static enum target target(int descriptor) {
  int saved = errno;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = saved;
  if (length < 0) return OTHER;
  path[length] = 0;
  if (!strncmp(path, "socket:", 7)) return SOCKET;
  if (length >= 13 && !strcmp(path + length - 13, "ledger.db-wal")) return LOG;
  if (length >= 9 && !strcmp(path + length - 9, "ledger.db")) return DATABASE;
  return OTHER;
}

static int asked(const char *name) {
  const char *file = getenv("FAULT_ON");
  return getenv(name) && file && !access(file, F_OK);
}

static int full(enum target target) {
  if ((target == LOG && asked("LOG_FULL")) || (target == DATABASE && asked("DATABASE_FULL"))) {
    errno = ENOSPC;
    return 1;
  }
  return 0;
}

/* A write counts from when it has happened, a sync covers what was written before it began, and a send counts from
 * before it begins: each is written down on the side that makes the server's case harder. */

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  enum target to = target(descriptor);
  if (full(to)) return -1;
  ssize_t result = real_pwrite64(descriptor, bytes, count, offset);
  if (to == LOG && result > 0) record(WAL_WRITTEN, descriptor, offset, result, bytes, (size_t)result);
  return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite64(descriptor, bytes, count, offset);
}

static int synced(int descriptor, int (*call)(int)) {
  enum target to = target(descriptor);
  if (to == DATABASE && asked("DATABASE_SYNC_FAILS")) {
    errno = EIO;
    return -1;
  }
  if (to != LOG) return call(descriptor);
  record(SYNC_BEGINS, descriptor, 0, 0, 0, 0);
  int result;
  if (asked("SYNC_FAILS")) {
    errno = EIO;
    result = -1;
  } else {
    while (asked("SYNC_HANGS")) usleep(5000);
    if (sync_delay) usleep(sync_delay);
    result = call(descriptor);
  }
  record(SYNC_ENDED, descriptor, 0, result, 0, 0);
  return result;
}

int fdatasync(int descriptor) {
  REAL(fdatasync);
  return synced(descriptor, real_fdatasync);
}

int fsync(int descriptor) {
  REAL(fsync);
  return synced(descriptor, real_fsync);
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
  REAL(send);
  record(SEND_BEGINS, descriptor, 0, 0, bytes, count);
  ssize_t result = real_send(descriptor, bytes, count, flags);
  record(SEND_ENDED, descriptor, 0, result, 0, 0);
  return result;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  REAL(write);
  enum target to = target(descriptor);
  if (full(to)) return -1;
  if (to == SOCKET) record(SEND_BEGINS, descriptor, 0, 0, bytes, count);
  int64_t offset = to == LOG ? lseek(descriptor, 0, SEEK_CUR) : 0;
  ssize_t result = real_write(descriptor, bytes, count);
  if (to == SOCKET) record(SEND_ENDED, descriptor, 0, result, 0, 0);
  if (to == LOG && result > 0) record(WAL_WRITTEN, descriptor, offset, result, bytes, (size_t)result);
  return result;
}

/* Other ways out of the process, which the server doesn't take today. If it takes one to the log or to a socket, the
 * recorder must learn it: better to stop than to miss it. */
static void unknown(const char *name, int descriptor) {
  enum target to = target(descriptor);
  if (to != LOG && to != SOCKET) return;
  dprintf(2, "recorder: %s isn't recorded\n", name);
  abort();
}

ssize_t sendto(int descriptor, const void *bytes, size_t count, int flags, const struct sockaddr *to, socklen_t length) {
  REAL(sendto);
  /* glibc looks names up with it. */
  if (!to) unknown("sendto", descriptor);
  return real_sendto(descriptor, bytes, count, flags, to, length);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
  REAL(sendmsg);
  if (!message->msg_name) unknown("sendmsg", descriptor);
  return real_sendmsg(descriptor, message, flags);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
  REAL(writev);
  unknown("writev", descriptor);
  return real_writev(descriptor, pieces, count);
}

ssize_t pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset) {
  REAL(pwritev);
  unknown("pwritev", descriptor);
  return real_pwritev(descriptor, pieces, count, offset);
}

int close(int descriptor) {
  REAL(close);
  if (record_file >= 0 && target(descriptor) == SOCKET) record(CLOSED, descriptor, 0, 0, 0, 0);
  return real_close(descriptor);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  REAL(clock_gettime);
  int result = real_clock_gettime(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME && clock_error) {
    int64_t nanoseconds = time->tv_nsec + *clock_error % 1000000 * 1000;
    time->tv_sec += *clock_error / 1000000 + (nanoseconds >= 1000000000) - (nanoseconds < 0);
    time->tv_nsec = (nanoseconds + 1000000000) % 1000000000;
  }
  return result;
}

/* SQLite keeps errors and handles to itself, so pointers are enough here. */
int sqlite3_exec(void *database, const char *sql, void *callback, void *context, char **message) {
  static int (*real_exec)(void *, const char *, void *, void *, char **);
  static int is_lowered;
  if (!real_exec) real_exec = real("sqlite3_exec");
  char other[64];
  const char *value = getenv("PRAGMA");
  if (value && !strncmp(sql, "PRAGMA synchronous", 18)) {
    snprintf(other, sizeof other, "PRAGMA synchronous = %s", value);
    sql = other;
  }
  value = getenv("SYNCHRONOUS");
  if (value && !is_lowered && !strncmp(sql, "BEGIN IMMEDIATE", 15)) {
    is_lowered = 1;
    snprintf(other, sizeof other, "PRAGMA synchronous = %s", value);
    int code = real_exec(database, other, 0, 0, 0);
    if (code) abort();
  }
  return real_exec(database, sql, callback, context, message);
}
