/* The files of a memory disk: what is written, what is synced, and what a crash makes of the difference. */
#ifndef MEMORY_DISK_FILES_H
#define MEMORY_DISK_FILES_H
#include "include/memory_disk.h"

typedef struct {
  unsigned char *bytes;
  int64_t size;
  int64_t capacity;
} blob;

/* Something that was done to a file since its last sync. */
typedef struct change {
  struct change *next;
  /* Of a truncation: the size. */
  int64_t offset;
  /* -1: a truncation. */
  int64_t length;
  unsigned char bytes[];
} change;

enum { MEMORY_SLOTS = 8 };

typedef struct memory_file {
  struct memory_file *next;
  char *path;
  /* As readers see it, and as it was at its last sync. */
  blob now, synced;
  change *first, *last;
  /* Its name is there, and the disk has it; a name that was taken away stays until the folder is synced. */
  int is_there, was_there;
  int open_count;
  /* Of the connections: how many read, and which one may write. */
  int readers;
  void *reserved, *pending, *exclusive;
  /* What connections share beside the file, in regions. */
  unsigned char **regions;
  int region_count;
  int shared[MEMORY_SLOTS];
  void *owner[MEMORY_SLOTS];
} memory_file;

struct memory_disk {
  void *vfs;
  char *name;
  memory_file *files;
  uint64_t random;
  uint64_t operations;
  uint64_t crash_at, crash_seed;
  int crash_how, is_crash_due, has_crashed;
  memory_file *left;
  uint64_t fail_at, failures;
  int is_failure_due, is_full, stays_so;
  int lies;
};

uint64_t disk_random(uint64_t *state);
memory_file *disk_find(const memory_disk *disk, const char *path);
/* NULL: no memory. */
memory_file *disk_make(memory_disk *disk, const char *path);
void disk_remove(memory_disk *disk, memory_file *file, int syncs_folder);
/* Counts an operation; 0, or what it must fail with: 1 broken, 2 full. */
int disk_operation(memory_disk *disk);
/* 0, or -1 without memory. */
int file_write(memory_file *file, const void *bytes, int64_t length, int64_t offset);
int file_truncate(memory_file *file, int64_t size);
int file_sync(memory_file *file);
/* Of what wasn't synced some gets to the disk and some never will, and the system believes that all of it did: so Linux
   treats a failed sync. */
int file_fail_sync(memory_file *file, uint64_t *seed);
void disk_free_files(memory_file *files);
#endif
