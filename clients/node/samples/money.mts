import { formatMoney, parseMoney } from "walletd";

console.log(parseMoney("12.30", 2), parseMoney("-0.01", 2), parseMoney("5", 0));
console.log(formatMoney(1_230n, 2), formatMoney(-1n, 2), formatMoney(5n, 0));
for (const text of ["12.345", "1e3", "+1", " 1", "1,000", "", "92233720368547758.08"]) {
  try {
    parseMoney(text, 2);
  } catch (error) {
    console.log((error as RangeError).message);
  }
}
