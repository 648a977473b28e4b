package example.walletd;

/**
 * What CreateToken gave.
 *
 * <p>Its text doesn't show the token, so that it appears in no log.
 *
 * @param result the row of the grant
 * @param token what the caller gives as its token: the id and the secret; null without a secret, and in a dry run
 */
public record CreatedToken(AdministrationResult result, String token) {
    @Override
    public String toString() {
        return "CreatedToken[result=" + result + ", token=" + (token == null ? "none" : "(secret)") + "]";
    }
}
