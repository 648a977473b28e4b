#include "files.h"

#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512 };

/* SplitMix64. */
uint64_t disk_random(uint64_t *state) {
  uint64_t mixed = *state += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

static int blob_resize(blob *blob, int64_t size) {
  if (size > blob->capacity) {
    int64_t capacity = size + size / 2 + 4096;
    unsigned char *bytes = realloc(blob->bytes, (size_t)capacity);
    if (!bytes) return -1;
    blob->bytes = bytes;
    blob->capacity = capacity;
  }
  if (size > blob->size) memset(blob->bytes + blob->size, 0, (size_t)(size - blob->size));
  blob->size = size;
  return 0;
}

static int blob_write(blob *blob, const unsigned char *bytes, int64_t length, int64_t offset) {
  if (offset + length > blob->size && blob_resize(blob, offset + length)) return -1;
  if (length > 0) memcpy(blob->bytes + offset, bytes, (size_t)length);
  return 0;
}

memory_file *disk_find(const memory_disk *disk, const char *path) {
  for (memory_file *file = disk->files; file; file = file->next)
    if (file->is_there && strcmp(file->path, path) == 0) return file;
  return NULL;
}

memory_file *disk_make(memory_disk *disk, const char *path) {
  memory_file *file = calloc(1, sizeof *file);
  if (!file) return NULL;
  file->path = strdup(path);
  if (!file->path) {
    free(file);
    return NULL;
  }
  file->is_there = 1;
  file->next = disk->files;
  disk->files = file;
  return file;
}

static void forget_changes(memory_file *file) {
  while (file->first) {
    change *next = file->first->next;
    free(file->first);
    file->first = next;
  }
  file->last = NULL;
}

static void free_file(memory_file *file) {
  forget_changes(file);
  for (int index = 0; index < file->region_count; index++) free(file->regions[index]);
  free(file->regions);
  free(file->now.bytes);
  free(file->synced.bytes);
  free(file->path);
  free(file);
}

void disk_free_files(memory_file *files) {
  while (files) {
    memory_file *next = files->next;
    free_file(files);
    files = next;
  }
}

/* Files whose names are gone for good, and that nobody has open. */
static void sweep(memory_disk *disk) {
  memory_file **place = &disk->files;
  while (*place) {
    memory_file *file = *place;
    if (file->is_there || file->was_there || file->open_count > 0) {
      place = &file->next;
    } else {
      *place = file->next;
      free_file(file);
    }
  }
}

void memory_disk_sync_folder(memory_disk *disk) {
  for (memory_file *file = disk->files; file; file = file->next) file->was_there = file->is_there;
  sweep(disk);
}

void disk_remove(memory_disk *disk, memory_file *file, int syncs_folder) {
  file->is_there = 0;
  if (syncs_folder) memory_disk_sync_folder(disk);
}

static int add_change(memory_file *file, int64_t offset, int64_t length, const void *bytes) {
  change *change = malloc(sizeof *change + (size_t)(length > 0 ? length : 0));
  if (!change) return -1;
  change->next = NULL;
  change->offset = offset;
  change->length = length;
  if (length > 0) memcpy(change->bytes, bytes, (size_t)length);
  if (file->last) file->last->next = change; else file->first = change;
  file->last = change;
  return 0;
}

int file_write(memory_file *file, const void *bytes, int64_t length, int64_t offset) {
  if (blob_write(&file->now, bytes, length, offset)) return -1;
  return add_change(file, offset, length, bytes);
}

int file_truncate(memory_file *file, int64_t size) {
  if (blob_resize(&file->now, size)) return -1;
  return add_change(file, size, -1, NULL);
}

int file_sync(memory_file *file) {
  for (change *change = file->first; change; change = change->next) {
    int failed = change->length < 0 ? blob_resize(&file->synced, change->offset)
                                    : blob_write(&file->synced, change->bytes, change->length, change->offset);
    if (failed) return -1;
  }
  forget_changes(file);
  return 0;
}

/* Writes sectors of changes that weren't synced, each of which gets there or doesn't. */
static int tear(blob *blob, const memory_file *file, uint64_t *seed) {
  for (const change *change = file->first; change; change = change->next) {
    if (change->length < 0) {
      if (disk_random(seed) & 1 && blob_resize(blob, change->offset)) return -1;
      continue;
    }
    for (int64_t start = 0; start < change->length;) {
      int64_t room = SECTOR - (change->offset + start) % SECTOR;
      int64_t count = room < change->length - start ? room : change->length - start;
      if (disk_random(seed) & 1 && blob_write(blob, change->bytes + start, count, change->offset + start)) return -1;
      start += count;
    }
  }
  return 0;
}

int file_fail_sync(memory_file *file, uint64_t *seed) {
  int failed = tear(&file->synced, file, seed);
  forget_changes(file);
  return failed;
}

/* As the system has it, with what it still has to write. */
static int copy_all(memory_file *copy, const memory_file *file) {
  for (const change *change = file->first; change; change = change->next)
    if (add_change(copy, change->offset, change->length, change->bytes)) return -1;
  copy->was_there = file->was_there;
  return blob_write(&copy->now, file->now.bytes, file->now.size, 0)
      || blob_write(&copy->synced, file->synced.bytes, file->synced.size, 0);
}

/* As the disk has it. */
static int copy_synced(memory_file *copy, const memory_file *file, int tears, uint64_t *seed) {
  if (blob_write(&copy->synced, file->synced.bytes, file->synced.size, 0)) return -1;
  if (tears && tear(&copy->synced, file, seed)) return -1;
  copy->was_there = 1;
  return blob_write(&copy->now, copy->synced.bytes, copy->synced.size, 0);
}

static memory_file *leave(const memory_disk *disk, int how, uint64_t seed) {
  memory_disk left = {0};
  for (const memory_file *file = disk->files; file; file = file->next) {
    int is_there = how == MEMORY_DISK_KILL ? file->is_there : file->was_there;
    /* A name that wasn't synced may be there or not. */
    if (how == MEMORY_DISK_TEAR && file->is_there != file->was_there) is_there = (int)(disk_random(&seed) & 1);
    if (!is_there || disk_find(&left, file->path)) continue;
    memory_file *copy = disk_make(&left, file->path);
    if (!copy) abort();
    int failed = how == MEMORY_DISK_KILL ? copy_all(copy, file) : copy_synced(copy, file, how == MEMORY_DISK_TEAR, &seed);
    if (failed) abort();
  }
  return left.files;
}

static void crash(memory_disk *disk) {
  disk->left = leave(disk, disk->crash_how, disk->crash_seed);
  disk->has_crashed = 1;
  disk->is_crash_due = 0;
}

int disk_operation(memory_disk *disk) {
  if (disk->is_crash_due && disk->operations >= disk->crash_at) crash(disk);
  uint64_t number = disk->operations++;
  if (!disk->is_failure_due || number < disk->fail_at) return 0;
  if (!disk->stays_so) disk->is_failure_due = 0;
  disk->failures++;
  return disk->is_full ? 2 : 1;
}

void memory_disk_crash_at(memory_disk *disk, uint64_t operation, int how, uint64_t seed) {
  memory_disk_forget_crash(disk);
  disk->crash_at = operation;
  disk->crash_how = how;
  disk->crash_seed = seed;
  disk->is_crash_due = 1;
  if (operation <= disk->operations) crash(disk);
}

int memory_disk_has_crashed(const memory_disk *disk) { return disk->has_crashed; }

void memory_disk_forget_crash(memory_disk *disk) {
  disk_free_files(disk->left);
  disk->left = NULL;
  disk->has_crashed = disk->is_crash_due = 0;
}

memory_disk *memory_disk_survivor(memory_disk *disk, const char *name, uint64_t seed) {
  if (!disk->has_crashed) return NULL;
  memory_disk *other = memory_disk_new(name, seed);
  if (!other) return NULL;
  other->files = disk->left;
  disk->left = NULL;
  disk->has_crashed = 0;
  return other;
}

void memory_disk_fail_at(memory_disk *disk, uint64_t operation, int is_full, int stays_so) {
  disk->fail_at = operation;
  disk->is_failure_due = 1;
  disk->is_full = is_full;
  disk->stays_so = stays_so;
}

void memory_disk_lie(memory_disk *disk) { disk->lies = 1; }
uint64_t memory_disk_failures(const memory_disk *disk) { return disk->failures; }
uint64_t memory_disk_operations(const memory_disk *disk) { return disk->operations; }
const char *memory_disk_name(const memory_disk *disk) { return disk->name; }
int memory_disk_exists(const memory_disk *disk, const char *path) { return disk_find(disk, path) != NULL; }

int memory_disk_create(memory_disk *disk, const char *path) {
  return disk_find(disk, path) || !disk_make(disk, path) ? -1 : 0;
}

void memory_disk_remove(memory_disk *disk, const char *path) {
  memory_file *file = disk_find(disk, path);
  if (file) disk_remove(disk, file, 0);
}

const char *memory_disk_file(const memory_disk *disk, size_t index) {
  for (memory_file *file = disk->files; file; file = file->next)
    if (file->is_there && index-- == 0) return file->path;
  return NULL;
}

int64_t memory_disk_file_size(const memory_disk *disk, const char *path) {
  memory_file *file = disk_find(disk, path);
  return file ? file->now.size : -1;
}
