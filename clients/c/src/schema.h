/* The tables of schema.c: what structs look like, and which field of a message each of their members is. */
#ifndef WALLETD_SCHEMA_H
#define WALLETD_SCHEMA_H

#include "schema_index.h"
#include "walletd.h"

typedef enum wd_kind { WD_TEXT, WD_BYTES, WD_INT64, WD_INT32, WD_BOOL, WD_ENUM, WD_MESSAGE, WD_ERROR } wd_kind;

enum {
  WD_REPEATED = 1, /* a pointer; `second` is where its count is */
  WD_ONEOF = 2,    /* in a union; `second` is where the tag of the one that is there is */
  WD_POINTER = 4,  /* a struct that may be missing */
  WD_ALWAYS = 8,   /* sent even when it is empty */
};

typedef struct wd_field {
  const char *name;
  uint16_t place; /* in the descriptor of protobuf-c */
  uint16_t tag;
  uint8_t kind;
  uint8_t flags;
  uint16_t offset, second;
  uint16_t type; /* of a message or an enum: its place in wd_types or wd_enums */
} wd_field;

#define WD_NOWHERE UINT16_MAX

typedef struct wd_type {
  const char *name;
  const void *descriptor; /* of protobuf-c */
  const wd_field *fields;
  size_t fields_count;
  size_t size;
  uint16_t key_at, dry_run_at; /* offsets, or WD_NOWHERE */
} wd_type;

typedef struct wd_name {
  int number;
  const char *name;
} wd_name;

typedef struct wd_enum {
  const wd_name *names;
  size_t count;
} wd_enum;

enum { WD_STREAMS = 1 };

typedef struct wd_verb {
  const char *name;
  uint16_t method;
  uint16_t request, response; /* places in wd_types */
  uint8_t flags;
} wd_verb;

extern const wd_type wd_types[];
extern const wd_enum wd_enums[];
extern const wd_verb wd_verbs[];
extern const size_t wd_verbs_count;

#endif
