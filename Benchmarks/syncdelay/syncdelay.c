/* A slower disk, and a watched one: preloaded into a server, it adds SYNC_DELAY_MICROS to each fsync and fdatasync, and notes in
 * SLOW_CALLS which of its calls of the disk took SLOW_CALL_MICROS or longer.
 *
 *   SYNC_DELAY_MICROS=1000 LD_PRELOAD=./syncdelay.so redis-server ...
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
static long long slow_micros;
static int slow_calls = -1;

__attribute__((constructor)) static void prepare(void) {
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  real_pwrite64 = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  const char *text = getenv("SYNC_DELAY_MICROS");
  long micros = text ? strtol(text, NULL, 10) : 0;
  if (micros < 0) micros = 0;
  delay.tv_sec = micros / 1000000;
  delay.tv_nsec = micros % 1000000 * 1000;
  text = getenv("SLOW_CALL_MICROS");
  slow_micros = text ? strtoll(text, NULL, 10) : 0;
  text = getenv("SLOW_CALLS");
  if (text == NULL || slow_micros <= 0) return;
  slow_calls = open(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (slow_calls >= 0) return;
  perror(text);
  _exit(71);
}

static long long now(void) {
  struct timespec time;
  if (slow_calls < 0) return 0;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

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

static int delayed(int result) {
  static __thread int exact;
  if (delay.tv_sec == 0 && delay.tv_nsec == 0) return result;
  int number = errno;
  if (!exact) {
    /* The kernel may otherwise wake a sleeper 50 microseconds late. */
    prctl(PR_SET_TIMERSLACK, 1);
    exact = 1;
  }
  struct timespec left = delay;
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  errno = number;
  return result;
}

int fsync(int descriptor) {
  long long began = now();
  int result = delayed(real_fsync(descriptor));
  note("fsync", descriptor, began);
  return result;
}

int fdatasync(int descriptor) {
  long long began = now();
  int result = delayed(real_fdatasync(descriptor));
  note("fdatasync", descriptor, began);
  return result;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  long long began = now();
  ssize_t result = real_pwrite64(descriptor, bytes, count, offset);
  note("pwrite", descriptor, began);
  return result;
}
