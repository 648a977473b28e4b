package example.walletd;

import example.walletd.internal.Pb;

/**
 * Names a wallet: either by its id, or by owner, currency and name. Beside an id a currency may be given and must then
 * be the wallet's.
 *
 * @param id 0: not by its id
 * @param ownerId at most 64 bytes of {@code [A-Za-z0-9._:@-]}
 * @param currency at most 16 bytes of {@code [A-Z0-9-]}
 * @param name at most 32 bytes; empty: {@code main}
 */
public record WalletRef(long id, String ownerId, String currency, String name) {
    /** Throws IllegalArgumentException for what is no Unicode text. */
    public WalletRef {
        Convert.text("ownerId", ownerId);
        Convert.text("currency", currency);
        Convert.text("name", name);
    }

    /** The wallet of an owner in a currency that is named {@code main}. */
    public static WalletRef of(String ownerId, String currency) {
        return of(ownerId, currency, "");
    }

    /** A wallet of an owner by its name. */
    public static WalletRef of(String ownerId, String currency, String name) {
        return new WalletRef(0, ownerId, currency, name);
    }

    /** A wallet by its id. */
    public static WalletRef ofId(long id) {
        return new WalletRef(id, "", "", "");
    }

    Pb.WalletRef message() {
        return Pb.WalletRef.newBuilder().setId(id).setOwnerId(ownerId).setCurrency(currency).setName(name).build();
    }

    static WalletRef of(Pb.WalletRef m) {
        return new WalletRef(m.getId(), m.getOwnerId(), m.getCurrency(), m.getName());
    }
}
