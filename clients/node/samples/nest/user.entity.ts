import { Column, Entity, PrimaryColumn } from "typeorm";

/** Who a user is stays in your database. walletd knows the id, and what money there is. */
@Entity("users")
export class User {
  @PrimaryColumn("uuid")
  id!: string;

  @Column("text", { unique: true })
  email!: string;

  @Column("char")
  currency!: string;
}

/** An order has its key before any money moves, so that it can be paid again and again, and is paid once. */
@Entity("orders")
export class Order {
  @PrimaryColumn("uuid")
  id!: string;

  @Column("uuid")
  userId!: string;

  /** Minor units, as text: what a database's bigint is in JavaScript. */
  @Column("bigint")
  price!: string;

  @Column("uuid", { unique: true })
  idempotencyKey!: string;

  /** "open", "paid" or "refused". */
  @Column("text")
  state!: string;

  @Column("bigint", { nullable: true })
  transactionId!: string | null;
}
