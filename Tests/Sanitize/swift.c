/* What the thread sanitizer can't see of Swift. The libraries of Swift and of blocks aren't instrumented, so that the sanitizer doesn't
   know how they order what two threads do, and would report races that are none. Preloaded, these functions come before
   the libraries', call them, and tell the sanitizer of that order and of no other:
   - whoever locks a contended Mutex comes behind whoever unlocked it (the library does that; without contention it is done in the
     caller's own code, which is instrumented);
   - whoever frees an object, a closure's context or a block comes behind all who have released it;
   - a task that goes on comes behind whoever has resumed its continuation.
   Dispatch needs nothing here: the sanitizer has interceptors of its own for it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

/* Other programs, such as the sanitizer's own symbolizer, get this library too and must not notice. */
static void acquire(void *address) {
  if (__tsan_acquire != NULL) __tsan_acquire(address);
}

static void release(void *address) {
  if (__tsan_release != NULL) __tsan_release(address);
}

/* An interposer that didn't find what it stands for couldn't do it, and nothing may go on. */
static void *find(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) {
    fprintf(stderr, "sanitize: this Swift has no %s\n", name);
    abort();
  }
  return function;
}

/* Declares and finds what stands behind an interposer. Twice does no harm. */
#define REAL(name)                                                     \
  static _Atomic(void *) found;                                        \
  void *real = atomic_load_explicit(&found, memory_order_relaxed);     \
  if (real == NULL) {                                                  \
    real = find(name);                                                 \
    atomic_store_explicit(&found, real, memory_order_relaxed);         \
  }

/* Mutex */

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT bool try_lock_slow(SELF void *mutex) __asm__(TRY_LOCK);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
  REAL(LOCK)
  ((SWIFT void (*)(uint32_t, SELF void *))real)(thread, mutex);
  acquire(mutex);
}

SWIFT bool try_lock_slow(SELF void *mutex) {
  REAL(TRY_LOCK)
  bool locked = ((SWIFT bool (*)(SELF void *))real)(mutex);
  if (locked) acquire(mutex);
  return locked;
}

SWIFT void unlock_slow(SELF void *mutex) {
  REAL(UNLOCK)
  release(mutex);
  ((SWIFT void (*)(SELF void *))real)(mutex);
}

/* Owners of objects. The library releases most objects by calls within itself, before which no preloaded function comes: where its
   release begins a jump to another is written. Its tables still have what that release does. */

extern void swift_release(void *object) __attribute__((weak));
extern void swift_release_n(void *object, uint32_t count) __attribute__((weak));
extern void (*_swift_release_n)(void *object, uint32_t count) __attribute__((weak));
extern size_t swift_retainCount(void *object) __attribute__((weak));

/* Whether a release is the last must be known before it is done, and stay so: others of the same object wait meanwhile. The sanitizer
   knows nothing of these locks, so they order nothing for it. */
static atomic_flag locks[4096];
static _Thread_local bool has_lock;

static void lock(void *object) {
  while (atomic_flag_test_and_set_explicit(&locks[((uintptr_t)object >> 4) % 4096], memory_order_acquire)) sched_yield();
  has_lock = true;
}

static void unlock(void *object) {
  has_lock = false;
  atomic_flag_clear_explicit(&locks[((uintptr_t)object >> 4) % 4096], memory_order_release);
}

/* Whether it can be an object: anything else is null or has the highest bit. */
static bool is_object(void *object) { return (intptr_t)object > 0; }

static void release_some(void *object, uint32_t count) {
  if (!is_object(object)) return;
  release(object);
  bool last = true;
  /* Within a release that was taken for one of several and was the last after all (someone had made a strong reference of a weak
     one): no second lock, which might be the same. */
  if (!has_lock) {
    lock(object);
    last = swift_retainCount(object) <= count;
    if (!last) _swift_release_n(object, count);
    unlock(object);
  }
  if (!last) return;
  acquire(object);
  _swift_release_n(object, count);
}

static void release_one(void *object) { release_some(object, 1); }

/* Blocks, which Dispatch runs, are counted by a library of their own. */

struct block {
  void *isa;
  _Atomic(uint32_t) flags;
};

enum { BLOCK_OWNERS = 0xfffe, BLOCK_LAST_OWNER = 2, BLOCK_NEEDS_FREE = 1 << 24 };

void _Block_release(const void *pointer);
void _Block_release(const void *pointer) {
  REAL("_Block_release")
  void (*real_release)(const void *) = (void (*)(const void *))real;
  struct block *block = (struct block *)pointer;
  if (block == NULL || (atomic_load(&block->flags) & BLOCK_NEEDS_FREE) == 0) {
    real_release(pointer);
    return;
  }
  release(block);
  bool last = true;
  if (!has_lock) {
    lock(block);
    last = (atomic_load(&block->flags) & BLOCK_OWNERS) == BLOCK_LAST_OWNER;
    if (!last) real_release(pointer);
    unlock(block);
  }
  if (!last) return;
  acquire(block);
  real_release(pointer);
}

/* Continuations. The library tells the sanitizer that it resumes a task, and that a task that had to wait goes on, but not that one goes
   on at once since it had been resumed before it could wait. The first that such a task does is to free what the call took. */

extern void *swift_task_getCurrent(void) __attribute__((weak));

void swift_task_dealloc(void *memory);
void swift_task_dealloc(void *memory) {
  REAL("swift_task_dealloc")
  void *task = swift_task_getCurrent();
  if (task != NULL) acquire(task);
  ((void (*)(void *))real)(memory);
}

#ifndef __x86_64__
#error "the jump is written for x86-64"
#endif

static void jump(void *from, void *to) {
  uint8_t code[] = {0x49, 0xbb, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0xff, 0xe3}; /* movabs $to, %r11; jmp *%r11 */
  memcpy(code + 2, &to, sizeof to);
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)from & ~(page - 1);
  size_t length = (uintptr_t)from + sizeof code - begin;
  if (mprotect((void *)begin, length, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
    perror("sanitize: the code of Swift's library can't be changed");
    abort();
  }
  memcpy(from, code, sizeof code);
  if (mprotect((void *)begin, length, PROT_READ | PROT_EXEC) != 0) abort();
}

__attribute__((constructor)) static void begin(void) {
  if (__tsan_acquire == NULL || swift_release == NULL) return;
  jump(swift_release, release_one);
  jump(swift_release_n, release_some);
}
