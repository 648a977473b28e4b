/*
 * A disk in memory, as a file system of SQLite, that fails where a test says so and forgets what was never synced.
 *
 * Each file is there twice: as whoever reads sees it (the page cache), and as the disk surely has it. What was changed
 * since the last sync is kept in order. When the power goes, each sector of each file has any of the contents that it
 * had since that sync, whichever of them the seed draws; the one that was being written may be there in part.
 */
#ifndef CFAULTDISK_H
#define CFAULTDISK_H
#include <stddef.h>
#include <stdint.h>

typedef struct walletd_disk walletd_disk;

/* What SQLite, or a store beside it, asks of a disk. */
enum {
  WALLETD_DISK_READ = 1,
  WALLETD_DISK_WRITE = 2,
  WALLETD_DISK_SYNC = 4,
  WALLETD_DISK_TRUNCATE = 8,
  WALLETD_DISK_OPEN = 16,
  WALLETD_DISK_REMOVE = 32,
  /* A piece of the memory that connections share. */
  WALLETD_DISK_SHARE = 64,
  /* The size of a file, or whether it is there. */
  WALLETD_DISK_LOOK = 128,
  WALLETD_DISK_KINDS = 8,
};

enum {
  /* EIO. A write has happened in part. A sync that fails so leaves its pages as if they were written, as Linux does: no
   * later sync brings them to the disk. */
  WALLETD_DISK_ERROR = 1,
  /* ENOSPC; nothing of a write has happened. */
  WALLETD_DISK_FULL = 2,
  /* ENOSPC in the middle of a write. */
  WALLETD_DISK_SHORT = 3,
  /* The power goes. Nothing works any more until it comes back. */
  WALLETD_DISK_POWER = 4,
};

/* A disk without files. Its file system is known to SQLite by `walletd_disk_vfs` until it is destroyed; what is open
 * then may still be closed. NULL: no memory. */
walletd_disk *walletd_disk_create(void);
void walletd_disk_destroy(walletd_disk *disk);
const char *walletd_disk_vfs(walletd_disk *disk);
/* Makes the files of a disk those of another one, as they are seen there; all of it is on the disk. */
void walletd_disk_copy(walletd_disk *disk, walletd_disk *other);

/* Has the `number`th call from now on, of those kinds, fail; and each after it when it `lasts`. 0: none any more. */
void walletd_disk_fail(walletd_disk *disk, unsigned kinds, int64_t number, int fault, int lasts);
/* Whether the fault that was asked for has come. */
int walletd_disk_has_failed(walletd_disk *disk);
/* Calls of those kinds since the disk was made. */
int64_t walletd_disk_calls(walletd_disk *disk, unsigned kinds);
/* Syncs do nothing and succeed. */
void walletd_disk_lie(walletd_disk *disk, int lies);

int walletd_disk_is_off(walletd_disk *disk);
/* The process dies and another one begins: what was written is seen, and what was open is closed. */
void walletd_disk_restart(walletd_disk *disk);
/* The power goes, if it is there still, and comes back. `sector`: bytes that are written whole, or not at all, unless
 * they are the last that were written. */
void walletd_disk_lose_power(walletd_disk *disk, uint64_t seed, size_t sector);

/* Files, by their paths. What can fail answers 0, or an errno. */
int walletd_disk_has_file(walletd_disk *disk, const char *path);
int walletd_disk_make_file(walletd_disk *disk, const char *path, int must_be_new);
int walletd_disk_remove_file(walletd_disk *disk, const char *path);
int walletd_disk_rename_file(walletd_disk *disk, const char *path, const char *other);
/* A file's size; negative: it isn't there. */
int64_t walletd_disk_size(walletd_disk *disk, const char *path);
/* Copies up to `count` bytes out of a file; answers how many, or a negative errno. */
int64_t walletd_disk_read(walletd_disk *disk, const char *path, int64_t offset, void *bytes, size_t count);
int walletd_disk_append(walletd_disk *disk, const char *path, const void *bytes, size_t count);
int walletd_disk_sync_file(walletd_disk *disk, const char *path);
/* Brings to the disk which files are in a folder. */
int walletd_disk_sync_folder(walletd_disk *disk, const char *path);
/* The path of a file, by its place; NULL behind the last one. */
const char *walletd_disk_path(walletd_disk *disk, size_t place);
#endif
