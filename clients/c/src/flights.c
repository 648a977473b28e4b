#include "flights.h"

#include <stdlib.h>

/* Linear probing; at most half of the places are taken. */
static size_t home(const wd_flights *flights, uint32_t id) {
  return id * 2654435769u & (flights->capacity - 1);
}

static size_t after(const wd_flights *flights, size_t place) {
  return (place + 1) & (flights->capacity - 1);
}

void wd_flights_add(wd_flights *flights, uint32_t id, walletd_call *call) {
  size_t place = home(flights, id);
  while (flights->places[place].id != 0) place = after(flights, place);
  flights->places[place] = (wd_flight){.id = id, .call = call};
  flights->count++;
}

bool wd_flights_reserve(wd_flights *flights) {
  if (flights->count * 2 < flights->capacity) return true;
  wd_flights wider = {.capacity = flights->capacity ? flights->capacity * 2 : 64};
  wider.places = calloc(wider.capacity, sizeof *wider.places);
  if (!wider.places) return false;
  for (size_t i = 0; i < flights->capacity; i++)
    if (flights->places[i].id != 0) wd_flights_add(&wider, flights->places[i].id, flights->places[i].call);
  free(flights->places);
  *flights = wider;
  return true;
}

wd_flight *wd_flights_find(const wd_flights *flights, uint32_t id) {
  if (flights->count == 0 || id == 0) return NULL;
  for (size_t place = home(flights, id); flights->places[place].id != 0; place = after(flights, place))
    if (flights->places[place].id == id) return &flights->places[place];
  return NULL;
}

void wd_flights_remove(wd_flights *flights, wd_flight *flight) {
  size_t hole = (size_t)(flight - flights->places);
  /* What comes behind moves up, unless that would be before its home. */
  for (size_t place = after(flights, hole); flights->places[place].id != 0; place = after(flights, place)) {
    size_t wanted = home(flights, flights->places[place].id);
    bool between = hole <= place ? hole < wanted && wanted <= place : hole < wanted || wanted <= place;
    if (between) continue;
    flights->places[hole] = flights->places[place];
    hole = place;
  }
  flights->places[hole] = (wd_flight){0};
  flights->count--;
}

void wd_flights_free(wd_flights *flights) {
  free(flights->places);
  *flights = (wd_flights){0};
}
