#include "retry.h"

void wd_budget_earn(wd_budget *budget) {
  if (budget->saved < WD_BUDGET_MAX) budget->saved++;
}

bool wd_budget_spend(wd_budget *budget) {
  if (budget->saved < WD_BUDGET_RETRY) return false;
  budget->saved -= WD_BUDGET_RETRY;
  return true;
}

int64_t wd_jitter_next(wd_jitter *jitter, int64_t max) {
  jitter->state = jitter->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int64_t)((jitter->state >> 33) % (uint64_t)(max + 1));
}

walletd_retry wd_retry_defaults(walletd_retry given) {
  if (given.attempts_max == 0) given.attempts_max = 6;
  if (given.backoff_millis == 0) given.backoff_millis = 50;
  if (given.backoff_max_millis == 0) given.backoff_max_millis = 2000;
  return given;
}

int64_t wd_retry_wait(const walletd_retry *retry, wd_jitter *jitter, unsigned attempts, uint32_t retry_after_millis) {
  const int64_t first = (int64_t)retry->backoff_millis * 1000, most = (int64_t)retry->backoff_max_millis * 1000;
  int64_t whole = first;
  for (unsigned i = 1; i < attempts && whole < most; i++) whole *= 2;
  if (whole > most) whole = most;
  int64_t wait = whole / 2 + wd_jitter_next(jitter, whole / 2);
  if (retry_after_millis == 0) return wait;
  /* Beyond the server's wish by the first wait only, so that the clients it sent away don't come back at once. */
  int64_t asked = (int64_t)retry_after_millis * 1000 + wd_jitter_next(jitter, first);
  return asked > wait ? asked : wait;
}
