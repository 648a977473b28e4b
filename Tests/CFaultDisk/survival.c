/* What a loss of power leaves of a file. */
#include <errno.h>
#include <string.h>

#include "disk.h"

/* SplitMix64: the same number for the same seed and value. */
uint64_t walletd_fault_disk_mix(uint64_t seed, uint64_t value) {
  uint64_t mixed = seed + 0x9E3779B97F4A7C15u * (value + 1);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

uint64_t walletd_fault_disk_mix_path(uint64_t seed, const char *path) {
  for (; *path; path++) seed = walletd_fault_disk_mix(seed, (unsigned char)*path);
  return seed;
}

int walletd_fault_disk_way_of_loss(uint64_t seed) { return (int)(walletd_fault_disk_mix(seed, 1) % LOSES_KINDS); }

struct loss {
  uint64_t seed;
  int way;
  size_t changes;
};

/* So many changes of a sector have reached the disk: a sector is written as it is at some moment. A moment of its own,
 * since what isn't synced is written in any order. */
static size_t reached(const struct loss *loss, uint64_t sector) {
  uint64_t draw = walletd_fault_disk_mix(loss->seed, 16 + sector);
  size_t any = (size_t)(draw % (loss->changes + 1));
  switch (loss->way) {
    case LOSES_ALL: return 0;
    case LOSES_NOTHING: return loss->changes;
    case LOSES_THE_LAST: return (size_t)(walletd_fault_disk_mix(loss->seed, 2) % (loss->changes + 1));
    case LOSES_SOME: return (draw >> 32) % 16 ? loss->changes : any;
    case LOSES_MOST: return (draw >> 32) % 16 ? 0 : any;
    default: return any;
  }
}

/* A part of the first change that has not reached the disk as a whole. */
static int tear(struct node *node, const struct loss *loss, size_t at, const unsigned char *bytes, size_t count) {
  uint64_t draw = walletd_fault_disk_mix(loss->seed ^ 0x7EA2, at);
  if (draw % 4) return 0;
  size_t part = (size_t)((draw >> 8) % (count + 1));
  return draw & 4 ? walletd_fault_bytes_put(&node->kept, at, bytes, part)
                  : walletd_fault_bytes_put(&node->kept, at + count - part, bytes + count - part, part);
}

static int survive_write(struct node *node, const struct loss *loss, size_t index, size_t sector) {
  const struct change *change = &node->changes[index];
  size_t end = change->offset + change->length;
  for (size_t from = change->offset; from < end;) {
    size_t to = (from / sector + 1) * sector;
    if (to > end) to = end;
    size_t count = reached(loss, from / sector);
    const unsigned char *bytes = change->bytes + (from - change->offset);
    int error = index < count    ? walletd_fault_bytes_put(&node->kept, from, bytes, to - from)
                : index == count ? tear(node, loss, from, bytes, to - from)
                                 : 0;
    if (error) return error;
    from = to;
  }
  return 0;
}

/* Where a file became longer and the bytes didn't come, there may be anything. */
static int make_noise(struct node *node, const struct loss *loss) {
  size_t count = node->kept.count, end = count;
  for (size_t index = 0; index < node->change_count; index++) {
    size_t reach = node->changes[index].offset + node->changes[index].length;
    if (reach > end) end = reach;
  }
  if (walletd_fault_bytes_set_count(&node->kept, end)) return ENOMEM;
  for (size_t at = count; at < end; at++) node->kept.at[at] = (unsigned char)walletd_fault_disk_mix(loss->seed, at);
  return 0;
}

int walletd_fault_node_survive(struct node *node, uint64_t seed, size_t sector) {
  if (!node->change_count) return 0;
  uint64_t own = walletd_fault_disk_mix_path(seed, node->path ? node->path : "");
  struct loss loss = {own, walletd_fault_disk_way_of_loss(seed), node->change_count};
  size_t size = node->kept.count;
  size_t sizes = reached(&loss, UINT32_MAX);
  if (walletd_fault_disk_mix(own, 3) % 4 == 0 && make_noise(node, &loss)) return ENOMEM;
  for (size_t index = 0; index < node->change_count; index++) {
    const struct change *change = &node->changes[index];
    size_t end = change->offset + change->length;
    if (!change->bytes) {
      /* A file is cut as a whole, by its length; what was written behind it has no place until then. */
      if (index >= sizes) break;
      size_t reach = node->kept.count;
      if (end < reach) memset(node->kept.at + end, 0, reach - end);
    } else if (survive_write(node, &loss, index, sector)) {
      return ENOMEM;
    }
    if (index < sizes) size = change->bytes && end < size ? size : end;
  }
  return walletd_fault_bytes_set_count(&node->kept, size);
}
