/* A disk in memory for SQLite, with all that can happen to one: what was written and not synced may be lost or torn at a
   crash, and any operation may fail. One thread at a time uses a disk; nothing on it is random but by its seeds. */
#ifndef MEMORY_DISK_H
#define MEMORY_DISK_H
#include <stddef.h>
#include <stdint.h>

typedef struct memory_disk memory_disk;

enum {
  /* The process dies: the system has all that was written. */
  MEMORY_DISK_KILL = 0,
  /* The power goes: nothing is left of what wasn't synced. */
  MEMORY_DISK_LOSE = 1,
  /* The power goes: any of the sectors that weren't synced are left, in any order. */
  MEMORY_DISK_TEAR = 2
};

/* Registers a file system of this name with SQLite. NULL: no memory, or SQLite refused. */
memory_disk *memory_disk_new(const char *name, uint64_t seed);
void memory_disk_free(memory_disk *disk);
const char *memory_disk_name(const memory_disk *disk);

/* Writes, truncations, syncs and removals so far. */
uint64_t memory_disk_operations(const memory_disk *disk);
/* Keeps what a crash would leave right before the operation of this number, or at once when it is past; what is done later
   doesn't change that any more. */
void memory_disk_crash_at(memory_disk *disk, uint64_t operation, int how, uint64_t seed);
int memory_disk_has_crashed(const memory_disk *disk);
void memory_disk_forget_crash(memory_disk *disk);
/* A new disk with what the crash has left; NULL without one. */
memory_disk *memory_disk_survivor(memory_disk *disk, const char *name, uint64_t seed);
/* The operation of this number fails with an error as of a broken disk, or with `is_full` of a full one, and, with `stays_so`,
   all after it. */
void memory_disk_fail_at(memory_disk *disk, uint64_t operation, int is_full, int stays_so);
/* Operations that have failed. */
uint64_t memory_disk_failures(const memory_disk *disk);

/* From here on syncs do nothing, and say that they did. */
void memory_disk_lie(memory_disk *disk);

/* What a store asks of a folder beside its database. */
int memory_disk_exists(const memory_disk *disk, const char *path);
/* 0, or -1 when it is there, or there is no memory. */
int memory_disk_create(memory_disk *disk, const char *path);
void memory_disk_remove(memory_disk *disk, const char *path);
void memory_disk_sync_folder(memory_disk *disk);
/* The name of the file at an index; NULL past the last. */
const char *memory_disk_file(const memory_disk *disk, size_t index);
int64_t memory_disk_file_size(const memory_disk *disk, const char *path);
#endif
