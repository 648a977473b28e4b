#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "walletd.h"

static bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

/* value · 10 + digit, towards the sign. False where that leaves int64: the smallest has no positive counterpart. */
static bool push(int64_t *value, int digit, bool negative) {
  int64_t next;
  if (__builtin_mul_overflow(*value, (int64_t)10, &next)) return false;
  if (__builtin_add_overflow(next, (int64_t)(negative ? -digit : digit), &next)) return false;
  *value = next;
  return true;
}

walletd_money walletd_money_parse(const char *text, unsigned exponent, int64_t *amount) {
  if (!text) return WALLETD_MONEY_NOT_A_NUMBER;
  bool negative = *text == '-';
  const char *whole = text + negative, *end = whole, *fraction = NULL;
  while (is_digit(*end)) end++;
  if (end == whole) return WALLETD_MONEY_NOT_A_NUMBER;
  if (*end == '.') {
    fraction = ++end;
    while (is_digit(*end)) end++;
    if (end == fraction) return WALLETD_MONEY_NOT_A_NUMBER;
  }
  if (*end != '\0') return WALLETD_MONEY_NOT_A_NUMBER;
  size_t digits = fraction ? (size_t)(end - fraction) : 0;
  if (digits > exponent) return WALLETD_MONEY_TOO_PRECISE;
  int64_t value = 0;
  for (const char *at = whole; at < end; at++)
    if (*at != '.' && !push(&value, *at - '0', negative)) return WALLETD_MONEY_TOO_LARGE;
  for (; digits < exponent && value != 0; digits++)
    if (!push(&value, 0, negative)) return WALLETD_MONEY_TOO_LARGE;
  *amount = value;
  return WALLETD_MONEY_OK;
}

const char *walletd_money_problem(walletd_money problem) {
  switch (problem) {
  case WALLETD_MONEY_OK:
    return "nothing";
  case WALLETD_MONEY_NOT_A_NUMBER:
    return "it is not a plain decimal number";
  case WALLETD_MONEY_TOO_PRECISE:
    return "it has more digits after the point than the currency";
  case WALLETD_MONEY_TOO_LARGE:
    return "it does not fit 64 bits";
  }
  return "it is not known";
}

size_t walletd_money_format(int64_t amount, unsigned exponent, char *text, size_t size) {
  /* Without its sign even the smallest int64 fits uint64. */
  uint64_t magnitude = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
  char digits[24];
  int printed = snprintf(digits, sizeof digits, "%" PRIu64, magnitude);
  size_t count = printed < 0 ? 0 : (size_t)printed;
  size_t zeros = count <= exponent ? (size_t)exponent + 1 - count : 0; /* in front, so that a digit precedes the point */
  size_t whole = zeros + count - exponent;
  size_t length = 0;
#define PUT(letter) (length + 1 < size ? (void)(text[length] = (letter)) : (void)0, length++)
  if (amount < 0) PUT('-');
  for (size_t i = 0; i < zeros + count; i++) {
    if (i == whole) PUT('.');
    PUT(i < zeros ? '0' : digits[i - zeros]);
  }
#undef PUT
  if (size > 0) text[length < size ? length : size - 1] = '\0';
  return length;
}
