/* The requests in flight of a connection, by their ids. */
#ifndef WALLETD_FLIGHTS_H
#define WALLETD_FLIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "walletd.h"

typedef struct wd_flight {
  uint32_t id;        /* 0: a free place */
  walletd_call *call; /* NULL: nobody waits any more */
} wd_flight;

typedef struct wd_flights {
  wd_flight *places;
  size_t capacity; /* a power of two, or 0 */
  size_t count;
} wd_flights;

/* False: no memory. */
bool wd_flights_reserve(wd_flights *flights);
/* After wd_flights_reserve, with an id that isn't there. */
void wd_flights_add(wd_flights *flights, uint32_t id, walletd_call *call);
/* NULL: it isn't there. */
wd_flight *wd_flights_find(const wd_flights *flights, uint32_t id);
void wd_flights_remove(wd_flights *flights, wd_flight *flight);
void wd_flights_free(wd_flights *flights);

#endif
