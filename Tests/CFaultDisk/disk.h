/* What the two halves of the disk share: files and their fate (disk.c, survival.c), and SQLite's calls (vfs.c). */
#ifndef WALLETD_DISK_H
#define WALLETD_DISK_H
#include <pthread.h>
#include <sqlite3.h>

#include "CFaultDisk.h"

struct bytes {
  unsigned char *at;
  size_t count, room;
};

/* Bytes that were written at a place; or, without bytes, the length that a file was given. */
struct change {
  size_t offset, length;
  unsigned char *bytes;
};

struct open_file;

struct node {
  struct node *next;
  /* NULL: a file without a name, or one that nobody finds any more. */
  char *path;
  /* The name that the disk has for it, until the folder is synced; NULL: its own. */
  char *former;
  /* As it is read, and as the disk has it; between them lie the changes since the last sync, in order. */
  struct bytes seen, kept;
  struct change *changes;
  size_t change_count, change_room;
  /* Its folder on the disk has it. */
  int is_named;
  /* It was removed, and its folder on the disk doesn't know. */
  int is_removed;
  /* Whoever has it open; without a name it goes with the last of them. */
  struct open_file *users;
  /* Memory that its connections share. */
  unsigned char **shared;
  int shared_count;
};

struct walletd_disk {
  sqlite3_vfs vfs;
  sqlite3_vfs *machine;
  char name[32];
  pthread_mutex_t mutex;
  struct node *nodes;
  /* Of what is open: files of another one are closed, whatever their owners think. */
  unsigned generation;
  int64_t calls[WALLETD_DISK_KINDS];
  unsigned failing;
  int64_t countdown;
  int fault, lasts, has_failed;
  int is_off, lies;
  /* Files that are open, and whether the disk goes with the last of them. */
  int open_count, is_dropped;
  uint64_t draws;
};

/* An open file of SQLite's. */
struct open_file {
  sqlite3_file base;
  walletd_disk *disk;
  struct node *node;
  struct open_file *next;
  unsigned generation;
  int lock;
  int shares;
  /* The first sync of it brings the names in its folder to the disk, as the machine's own file system of SQLite does for
   * journals and logs. */
  int syncs_names;
  unsigned shared_slots, exclusive_slots;
};

/* All of these are called with the mutex held. */
int walletd_fault_disk_meets(walletd_disk *disk, unsigned kind);
struct node *walletd_fault_disk_find(walletd_disk *disk, const char *path);
struct node *walletd_fault_disk_add(walletd_disk *disk, const char *path);
int walletd_fault_disk_remove(walletd_disk *disk, struct node *node, int is_synced);
void walletd_fault_disk_let_go(struct node *node);
void walletd_fault_disk_sync_names(walletd_disk *disk, const char *folder, size_t length);
void walletd_fault_disk_forget_removed(walletd_disk *disk, const char *path);
int walletd_fault_node_write(struct node *node, size_t offset, const void *bytes, size_t count);
int walletd_fault_node_set_size(struct node *node, size_t count);
int walletd_fault_node_sync(walletd_disk *disk, struct node *node);
void walletd_fault_node_forget_changes(struct node *node);
void walletd_fault_node_free(struct node *node);

int walletd_fault_bytes_put(struct bytes *bytes, size_t offset, const void *from, size_t count);
int walletd_fault_bytes_set_count(struct bytes *bytes, size_t count);
int walletd_fault_bytes_copy(struct bytes *bytes, const struct bytes *other);

/* Makes what the disk has of a file one of the things that a loss of power may leave of it. */
int walletd_fault_node_survive(struct node *node, uint64_t seed, size_t sector);
uint64_t walletd_fault_disk_mix(uint64_t seed, uint64_t value);
uint64_t walletd_fault_disk_mix_path(uint64_t seed, const char *path);
/* A power loss's own way with all files. */
enum { LOSES_ALL, LOSES_NOTHING, LOSES_ANY, LOSES_THE_LAST, LOSES_SOME, LOSES_MOST, LOSES_KINDS };
int walletd_fault_disk_way_of_loss(uint64_t seed);

void walletd_fault_disk_register(walletd_disk *disk);
void walletd_fault_disk_free(walletd_disk *disk);
#endif
