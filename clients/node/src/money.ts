// Decimal text to minor units and back, without floating point.

const AMOUNT_MAX = 2n ** 63n - 1n;
const AMOUNT_MIN = -(2n ** 63n);
const DIGITS_MAX = 19;
const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/**
 * Minor units of decimal text by the currency's exponent, the count of digits after its point (2 for EUR, 0 for JPY):
 * `parseMoney("12.30", 2)` is `1230n`, and so is `parseMoney("12.3", 2)`. Nothing is rounded.
 *
 * Throws a TypeError when `text` is not a string (a number would have lost digits already), and a RangeError when it is
 * not a plain decimal number, has digits beyond the exponent, or leaves 64 bits.
 */
export function parseMoney(text: string, exponent: number): bigint {
  if (typeof text !== "string") throw new TypeError(`money is parsed from a string, not from a ${typeof text}`);
  checkExponent(exponent);
  const match = text.includes("\n") ? null : DECIMAL.exec(text);
  if (match === null) throw new RangeError(`${JSON.stringify(text)} is not a decimal number`);
  const [, sign, whole = "", fraction = ""] = match;
  if (fraction.length > exponent) {
    throw new RangeError(`${JSON.stringify(text)} has more than ${exponent} digits after the point`);
  }
  const digits = (whole + fraction.padEnd(exponent, "0")).replace(/^0+/, "");
  // Before BigInt, whose cost grows with the square of the length.
  if (digits.length > DIGITS_MAX) throw new RangeError(`an amount of ${digits.length} digits does not fit 64 bits`);
  const amount = BigInt(digits === "" ? "0" : digits);
  return checkAmount(sign === "-" ? -amount : amount);
}

/**
 * Decimal text of minor units: `formatMoney(1230n, 2)` is `"12.30"`.
 *
 * Throws a TypeError when `amount` is not a bigint, and a RangeError when it leaves 64 bits.
 */
export function formatMoney(amount: bigint, exponent: number): string {
  checkAmount(amount);
  checkExponent(exponent);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, "0");
  const sign = amount < 0n ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** `amount` itself when it is a bigint that fits 64 bits. @internal */
export function checkAmount(amount: bigint): bigint {
  if (typeof amount !== "bigint") {
    throw new TypeError(`an amount is a bigint of minor units, not a ${typeof amount}; see parseMoney`);
  }
  if (amount < AMOUNT_MIN || amount > AMOUNT_MAX) throw new RangeError(`amount ${amount} does not fit 64 bits`);
  return amount;
}

function checkExponent(exponent: number): void {
  if (!Number.isInteger(exponent)) throw new TypeError("an exponent is a whole number");
  if (exponent < 0 || exponent > 18) throw new RangeError(`an exponent is from 0 to 18, not ${exponent}`);
}
