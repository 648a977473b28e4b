/*
 * Memory that SQLite and protobuf-c are refused, on the thread that asks for it. Every other thread, and this one while
 * nothing is asked for, gets what it wants.
 */
#ifndef CFAULTMEMORY_H
#define CFAULTMEMORY_H
#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

/* Has the `number`th allocation of this thread from now on fail, and each after it when it `lasts`. 0: none any more. */
void walletd_memory_fail(int64_t number, int lasts);
/* Whether an allocation of this thread has failed since. */
int walletd_memory_has_failed(void);
/* Allocations of this thread since then. */
int64_t walletd_memory_count(void);
/* Connections that this thread opens from now on take every piece from here. 0, or a code of SQLite's. */
int walletd_memory_see_all(int sees);
/* 0 when SQLite takes its memory from here. */
int walletd_memory_is_missing(void);

/* What protobuf-c is given. `held` counts the pieces that weren't given back. */
ProtobufCAllocator *walletd_memory_protobuf(void);
int64_t walletd_memory_held(void);
#endif
