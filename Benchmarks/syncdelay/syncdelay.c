/* A slower disk, one that stands still now and then, and a watched one: preloaded into a server, it adds SYNC_DELAY_MICROS to
 * each fsync and fdatasync, STANDSTILL_MICROS to one of them every STANDSTILL_EVERY_MICROS, and notes in SLOW_CALLS which of its
 * calls of the disk took SLOW_CALL_MICROS or longer.
 *
 *   SYNC_DELAY_MICROS=1000 LD_PRELOAD=./syncdelay.so redis-server ...
 *   STANDSTILL_MICROS=500000 STANDSTILL_EVERY_MICROS=5000000 LD_PRELOAD=./syncdelay.so walletd serve ...
 *   SLOW_CALLS=slow.txt SLOW_CALL_MICROS=10000 LD_PRELOAD=./syncdelay.so walletd serve ...
 *
 * The real call is made first, so that durability stays what it was; then the calling thread sleeps, as it would for a
 * disk, and leaves its core to others. sync_file_range is left alone: it promises nothing.
 *
 * A noted call is a line: when it began on the monotonic clock and how long it took, in microseconds, its name and its file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static struct timespec delay;
static struct timespec standstill;
static long long standstill_every;
static _Atomic long long standstill_due;
static long long slow_micros;
static int slow_calls = -1;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

/* At least 0. */
static long long setting(const char *name) {
  const char *text = getenv(name);
  long long value = text ? strtoll(text, NULL, 10) : 0;
  return value < 0 ? 0 : value;
}

static struct timespec length(long long micros) {
  struct timespec length = {micros / 1000000, micros % 1000000 * 1000};
  return length;
}

__attribute__((constructor)) static void prepare(void) {
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  real_pwrite64 = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  delay = length(setting("SYNC_DELAY_MICROS"));
  standstill = length(setting("STANDSTILL_MICROS"));
  standstill_every = setting("STANDSTILL_EVERY_MICROS");
  standstill_due = now() + standstill_every;
  slow_micros = setting("SLOW_CALL_MICROS");
  const char *text = getenv("SLOW_CALLS");
  if (text == NULL || slow_micros <= 0) return;
  slow_calls = open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (slow_calls >= 0) return;
  perror(text);
  _exit(71);
}

static long long begin(void) { return slow_calls < 0 ? 0 : now(); }

static void note(const char *call, int descriptor, long long began) {
  if (slow_calls < 0) return;
  long long took = now() - began;
  if (took < slow_micros) return;
  int number = errno;
  char link[64], file[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, file, sizeof file);
  dprintf(slow_calls, "%lld %lld %s %.*s\n", began, took, call, length > 0 ? (int)length : 1, length > 0 ? file : "?");
  errno = number;
}

static int is_none(struct timespec time) { return time.tv_sec == 0 && time.tv_nsec == 0; }

static void wait_for(struct timespec left) {
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static void stand_still(void) {
  if (is_none(standstill) || standstill_every == 0) return;
  long long due = standstill_due, at = now();
  /* Of calls at the same time one stands still. */
  if (at >= due && atomic_compare_exchange_strong(&standstill_due, &due, at + standstill_every)) wait_for(standstill);
}

static int delayed(int result) {
  static __thread int exact;
  int number = errno;
  stand_still();
  errno = number;
  if (is_none(delay)) return result;
  if (!exact) {
    /* The kernel may otherwise wake a sleeper 50 microseconds late. */
    prctl(PR_SET_TIMERSLACK, 1);
    exact = 1;
  }
  wait_for(delay);
  errno = number;
  return result;
}

int fsync(int descriptor) {
  long long began = begin();
  int result = delayed(real_fsync(descriptor));
  note("fsync", descriptor, began);
  return result;
}

int fdatasync(int descriptor) {
  long long began = begin();
  int result = delayed(real_fdatasync(descriptor));
  note("fdatasync", descriptor, began);
  return result;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  long long began = begin();
  ssize_t result = real_pwrite64(descriptor, bytes, count, offset);
  note("pwrite", descriptor, began);
  return result;
}
