import { HttpException, Injectable } from "@nestjs/common";
import type { OnModuleDestroy } from "@nestjs/common";
import { InjectRepository } from "@nestjs/typeorm";
import type { Repository } from "typeorm";
import { Client, formatMoney, newKey, OutcomeUnknown, Rejected } from "walletd";

import { Order, User } from "./user.entity";

/** One client for the whole service: it keeps many calls in flight on its one connection. */
@Injectable()
export class WalletService implements OnModuleDestroy {
  constructor(
    private readonly client: Client,
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
  ) {}

  onModuleDestroy(): void {
    this.client.close();
  }

  /** A user's first sign-in: the row, and the wallet beside it. The key makes it safe to call again. */
  async signUp(user: User): Promise<void> {
    await this.users.save(user);
    const wallet = { ownerId: user.id, currency: user.currency };
    await this.client.openWallet({ wallet, reason: "signup", idempotencyKey: `signup:${user.id}` }).catch((error) => {
      if (!(error instanceof Rejected && error.reason === "WALLET_EXISTS")) throw error;
    });
  }

  async balance(userId: string): Promise<string> {
    const user = await this.users.findOneByOrFail({ id: userId });
    const { available, exponent, currency } = await this.client.getBalance({
      ownerId: user.id,
      currency: user.currency,
    });
    return `${formatMoney(available, exponent)} ${currency}`;
  }

  /** Stores the order with its key; `pay` comes after, and as often as it takes. */
  async order(id: string, userId: string, price: bigint): Promise<Order> {
    const open = { id, userId, price: price.toString(), idempotencyKey: newKey(), state: "open", transactionId: null };
    return this.orders.save(open);
  }

  async pay(orderId: string, traceparent?: string): Promise<Order> {
    const order = await this.orders.findOneByOrFail({ id: orderId });
    const user = await this.users.findOneByOrFail({ id: order.userId });
    try {
      const paid = await this.client.debit({
        wallet: { ownerId: user.id, currency: user.currency },
        amount: BigInt(order.price),
        reason: "esim.purchase",
        reference: order.id,
        idempotencyKey: order.idempotencyKey,
        correlationId: traceparent,
      });
      const changes = { state: "paid", transactionId: paid.transaction.id.toString() };
      await this.orders.update({ id: orderId }, changes);
      return { ...order, ...changes };
    } catch (error) {
      if (error instanceof Rejected && error.detail?.case === "insufficientFunds") {
        await this.orders.update({ id: orderId }, { state: "refused" });
        const { shortfall } = error.detail.value;
        throw new HttpException({ code: error.reason, shortfall: shortfall.toString() }, 402);
      }
      // Not now, or nobody knows: the order stays open, and is paid by the next call with the same key.
      if (error instanceof OutcomeUnknown) throw new HttpException({ code: "PENDING" }, 202);
      throw error;
    }
  }
}
