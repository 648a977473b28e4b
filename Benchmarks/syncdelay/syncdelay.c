/* A slower disk: preloaded into a server, it adds SYNC_DELAY_MICROS to each fsync and fdatasync.
 *
 *   SYNC_DELAY_MICROS=1000 LD_PRELOAD=./syncdelay.so redis-server ...
 *
 * The real call is made first, so that durability stays what it was; then the calling thread sleeps, as it would for a
 * disk, and leaves its core to others. sync_file_range is left alone: it promises nothing. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static struct timespec delay;

__attribute__((constructor)) static void prepare(void) {
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  const char *text = getenv("SYNC_DELAY_MICROS");
  long micros = text ? strtol(text, NULL, 10) : 0;
  if (micros < 0) micros = 0;
  delay.tv_sec = micros / 1000000;
  delay.tv_nsec = micros % 1000000 * 1000;
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

int fsync(int descriptor) { return delayed(real_fsync(descriptor)); }
int fdatasync(int descriptor) { return delayed(real_fdatasync(descriptor)); }
