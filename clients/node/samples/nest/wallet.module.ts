import { Module } from "@nestjs/common";
import { TypeOrmModule } from "@nestjs/typeorm";
import { Client } from "walletd";

import { Order, User } from "./user.entity";
import { WalletService } from "./wallet.service";

@Module({
  imports: [TypeOrmModule.forFeature([User, Order])],
  providers: [
    {
      provide: Client,
      useFactory: () =>
        new Client(process.env["WALLETD_ADDRESS"] ?? "127.0.0.1:7411", {
          clientName: "orders-service",
          tokenFile: process.env["WALLETD_TOKEN_FILE"],
        }),
    },
    WalletService,
  ],
  exports: [WalletService],
})
export class WalletModule {}
