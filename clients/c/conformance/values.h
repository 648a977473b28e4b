/* Structs of the client as JSON has them, by the tables of schema.c. */
#ifndef DRIVER_VALUES_H
#define DRIVER_VALUES_H

#include <jansson.h>

#include "schema.h"

/* What the arguments of one operation take beside the JSON that they came in. */
typedef struct pool pool;
void pool_free(pool *pool);

/* Fills a zeroed struct. False: `problem` says what can't be. The struct goes on using the JSON and the pool. */
bool read_struct(unsigned type, const json_t *from, void *into, pool **pool, char problem[200]);

/* Memory of the pool, zeroed. */
void *pool_alloc(pool **pool, size_t size);

/* The struct's fields under their names of the schema. */
json_t *json_of_struct(unsigned type, const void *from);
json_t *json_of_error(const walletd_error *error);
json_t *json_of_bytes(const uint8_t *bytes, size_t length);

/* An error of the driver's own. */
json_t *failure(const char *kind, const char *message);

/* An integer, as a JSON number or as a string. False: it is none, or doesn't fit. */
bool read_int64(const json_t *from, int64_t *into);

/* Bytes in hex; what they take is the pool's. */
bool read_hex(const json_t *from, pool **pool, uint8_t **bytes, size_t *length);

/* Ends the program where memory is missing: a driver has nothing better to do. */
void *must_have(void *memory);

#endif
