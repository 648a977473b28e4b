package example.walletd;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Connects. */
final class Dialer {
    /** Is told each socket before it connects, so that it can be closed meanwhile. */
    interface Adopter {
        void adopt(Closeable socket) throws IOException;
    }

    private final Settings settings;
    private final Deadline deadline;
    private final Adopter adopter;

    Dialer(Settings settings, Adopter adopter) {
        this.settings = settings;
        this.deadline = new Deadline(settings.connectTimeout());
        this.adopter = adopter;
    }

    Transport dial() throws IOException {
        Address address = settings.address();
        if (address.isUnix()) {
            return dialUnix(address.unixPath());
        }
        IOException first = null;
        for (InetAddress host : InetAddress.getAllByName(address.host())) {
            try {
                InetSocketAddress target = new InetSocketAddress(host, address.port());
                return settings.tls() == null ? dialPlain(target) : dialSecure(target);
            } catch (javax.net.ssl.SSLException e) {
                throw e; // somebody is there
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                }
            }
        }
        throw first == null ? new IOException("the name has no address") : first;
    }

    private Transport dialUnix(String path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            adopter.adopt(channel);
            channel.connect(UnixDomainSocketAddress.of(path));
            return Transport.of(channel);
        } catch (IOException | RuntimeException e) {
            Transport.closeQuietly(channel);
            throw e;
        }
    }

    private Transport dialPlain(InetSocketAddress target) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            adopter.adopt(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(target, remainingMillis());
            return Transport.of(channel);
        } catch (IOException | RuntimeException e) {
            Transport.closeQuietly(channel);
            throw e;
        }
    }

    private Transport dialSecure(InetSocketAddress target) throws IOException {
        ForgivingSocket socket = new ForgivingSocket();
        try {
            adopter.adopt(socket);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(target, remainingMillis());
            String name = settings.tls().serverNameOr(settings.address().host());
            SSLSocket secure = (SSLSocket)
                    settings.tls().context().getSocketFactory().createSocket(socket, name, target.getPort(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setApplicationProtocols(new String[] {Tls.ALPN});
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name is checked
            if (!isNumeric(name)) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return Transport.of(secure, socket);
        } catch (IOException | RuntimeException e) {
            Transport.closeQuietly(socket);
            throw e;
        }
    }

    private int remainingMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, deadline.remainingNanos() / 1_000_000));
    }

    private static boolean isNumeric(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }
}
