import example.walletd.Tls;
import example.walletd.UnauthenticatedException;
import example.walletd.WalletClient;
import java.nio.file.Path;

/**
 * Connects with TLS and a token. Its arguments are the server's address, the file of the authority that signed its
 * certificate, and the file of the token.
 */
public class Secure {
    public static void main(String[] args) {
        Tls tls = Tls.files(Path.of(args[1]), null, null);
        try (WalletClient client = WalletClient.builder(args[0]).tls(tls).tokenFile(Path.of(args[2])).build()) {
            System.out.println("served by " + client.getServerInfo().serverName());
        } catch (UnauthenticatedException e) {
            System.out.println("one of us does not accept who the other one is: " + e.getMessage());
        }
    }
}
