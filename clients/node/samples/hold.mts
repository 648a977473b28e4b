import { Client, formatMoney, NotExecuted, Rejected, WalletError } from "walletd";

// An eSIM order: reserve its price, order the profile from the carrier, and take what it came to.
const client = new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411");

async function order(ownerId: string, orderId: string, price: bigint): Promise<string> {
  const wallet = { ownerId, currency: "EUR" };
  const common = { reason: "esim.order", reference: orderId };
  const held = await client.hold({
    ...common,
    wallet,
    amount: price,
    timeoutMillis: 15 * 60_000, // given back by itself, should this program die
    idempotencyKey: `hold:${orderId}`,
  });
  const { holdId } = held.transaction;
  try {
    const cost = await provision(orderId);
    const key = { idempotencyKey: `take:${orderId}` };
    const taken = await client.capture({ ...common, ...key, holdId, amount: cost, final: true });
    return `${orderId} came to ${formatMoney(-taken.transaction.amount, taken.exponent)} ${taken.currency}`;
  } catch (error) {
    if (error instanceof WalletError) throw error; // of the capture: call it again with its key
    await client.release({ ...common, holdId, idempotencyKey: `give-back:${orderId}` });
    return `${orderId} failed, and ${formatMoney(price, held.exponent)} were given back`;
  }
}

/** Stands for the carrier: what the profile costs. */
async function provision(orderId: string): Promise<bigint> {
  if (orderId.endsWith("2")) throw new Error("no profile left");
  return 450n;
}

try {
  console.log(await order("user-17", "order-4711", 500n));
  console.log(await order("user-17", "order-4712", 100n));
  console.log(await order("user-17", "order-4713", 100_000n));
} catch (error) {
  if (error instanceof Rejected) console.log("order-4713 is refused:", error.reason);
  else if (error instanceof NotExecuted) console.log("not now:", error.message);
  else throw error;
}
client.close();
