/* What Glibc's Swift module leaves out: epoll, timers as descriptors, and calls that Swift can't import because they
   are variadic. */
#ifndef CLINUX_H
#define CLINUX_H
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>

/* EPOLL* as plain integers: Swift imports the C enum with a type of its own. */
static const uint32_t WALLETD_EPOLLIN = EPOLLIN;
static const uint32_t WALLETD_EPOLLOUT = EPOLLOUT;
static const uint32_t WALLETD_EPOLLRDHUP = EPOLLRDHUP;
static const uint32_t WALLETD_EPOLLHUP = EPOLLHUP;
static const uint32_t WALLETD_EPOLLERR = EPOLLERR;

/* epoll_data is a union; the token travels as its 64-bit member. */
static inline int walletd_epoll_control(int poll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data = {.u64 = token}};
  return epoll_ctl(poll, operation, descriptor, &event);
}
static inline uint64_t walletd_epoll_token(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t walletd_epoll_events(const struct epoll_event *event) { return event->events; }

/* A timer on the clock of boot time that is set to a point of it, microseconds. */
static inline int walletd_timer_create(void) { return timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC); }
static inline int walletd_timer_set(int timer, int64_t micros) {
  struct itimerspec when = {.it_value = {.tv_sec = micros / 1000000, .tv_nsec = micros % 1000000 * 1000}};
  return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Sleeps to a point of the same clock; 0, or the number of an error. */
static inline int walletd_sleep(int64_t micros) {
  struct timespec when = {.tv_sec = micros / 1000000, .tv_nsec = micros % 1000000 * 1000};
  return clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &when, NULL);
}

/* accept4, which Glibc's module hides; the new socket doesn't block and closes on exec. */
int walletd_accept(int listener, struct sockaddr *address, socklen_t *length);

/* The user at the other end of a Unix socket; 0, or -1 for any other socket. */
int walletd_peer_user(int socket, uint32_t *user);

/* Memory that gathers use again and again stays with the process, instead of being mapped and cleared anew for each. */
static inline int walletd_keep_memory(void) {
  return mallopt(M_MMAP_THRESHOLD, 256 << 20) && mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

/* Asks for large pages below memory that is read at random, so that fewer translations are missed. Only whole large pages
   inside it can be had; nothing is lost where the machine has none. */
static inline void walletd_prefer_large_pages(void *start, size_t length) {
  uintptr_t page = 4096, first = ((uintptr_t)start + page - 1) & ~(page - 1), end = ((uintptr_t)start + length) & ~(page - 1);
  if (first < end) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
}

/* Memory of zeros, which takes room only where it is written to; NULL when there is none. MAP_FAILED is a cast. */
static inline void *walletd_map_zeros(size_t length) {
  void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}
static inline void walletd_unmap(void *start, size_t length) { (void)munmap(start, length); }

/* Brings the line that holds an address nearer to the processor. Any address will do. */
static inline void walletd_prefetch(const void *address) { __builtin_prefetch(address); }

/* Raises the soft limit of open descriptors to the hard one and gives it; -1 and errno when that fails. */
static inline int64_t walletd_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  if (limit.rlim_cur < limit.rlim_max) {
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = soft;
  }
  return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

/* fcntl with a number, for flags of descriptors; a bad descriptor is an answer here. */
static inline int walletd_fcntl(int descriptor, int command, int argument) { return fcntl(descriptor, command, argument); }

/* 0: the kernel's clock follows another one, 1: it doesn't, -1: it isn't said. */
int walletd_clock_state(void);

/* How many files this process could have open, since it raises its own limit; -1 when that isn't known. */
int64_t walletd_open_files_max(void);

static inline int walletd_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }
#endif
