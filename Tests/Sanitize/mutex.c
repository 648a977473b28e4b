/* What the thread sanitizer can't see of Swift's Mutex: where it is contended, the Swift library locks and unlocks it, and that
   isn't instrumented. Preloaded, these functions come before the library's, call them, and tell the sanitizer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT bool try_lock_slow(SELF void *mutex) __asm__(TRY_LOCK);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);

static void *library(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) abort();
  return function;
}

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
  SWIFT void (*function)(uint32_t, SELF void *) = (SWIFT void (*)(uint32_t, SELF void *))library(LOCK);
  function(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT bool try_lock_slow(SELF void *mutex) {
  SWIFT bool (*function)(SELF void *) = (SWIFT bool (*)(SELF void *))library(TRY_LOCK);
  bool locked = function(mutex);
  if (locked && __tsan_acquire) __tsan_acquire(mutex);
  return locked;
}

SWIFT void unlock_slow(SELF void *mutex) {
  SWIFT void (*function)(SELF void *) = (SWIFT void (*)(SELF void *))library(UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  function(mutex);
}
