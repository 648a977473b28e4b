package example.walletd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.protobuf.Message;
import example.walletd.internal.Deframer;
import example.walletd.internal.Frame;
import example.walletd.internal.FrameException;
import example.walletd.internal.Pb;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * A scripted server: each connection is played by the next script. What a script finds wrong fails the test at its end.
 */
final class FakeServer implements AutoCloseable {
    /** Plays one connection; it ends without a word when the connection does. */
    interface Script {
        void play(Peer peer) throws IOException;
    }

    private final ServerSocket listener;
    private final List<Script> scripts;
    private final List<Thread> players = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private Throwable wrong;
    private final Thread accepting = new Thread(this::accept, "fake-accept");

    /** A plain one. */
    FakeServer(Script... scripts) {
        this(ServerSocketFactory.getDefault(), plain -> {}, scripts);
    }

    /** One that speaks TLS. {@code configure} is told its socket before anything is accepted. */
    FakeServer(SSLContext context, Consumer<SSLServerSocket> configure, Script... scripts) {
        this(context.getServerSocketFactory(), socket -> configure.accept((SSLServerSocket) socket), scripts);
    }

    private FakeServer(ServerSocketFactory factory, Consumer<ServerSocket> configure, Script... scripts) {
        try {
            listener = factory.createServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        configure.accept(listener);
        this.scripts = List.of(scripts);
        accepting.start();
    }

    /** Names the protocol within TLS. */
    static void speak(SSLServerSocket socket, String protocol) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** How many were accepted. */
    int connections() {
        return accepted.get();
    }

    private void accept() {
        for (Script script : scripts) {
            try {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                Thread player = new Thread(() -> play(socket, script), "fake-player");
                synchronized (this) {
                    sockets.add(socket);
                    players.add(player);
                }
                player.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void play(Socket socket, Script script) {
        try (socket) {
            socket.setSoTimeout((int) ClientTest.PATIENCE.toMillis());
            script.play(new Peer(socket));
        } catch (IOException e) {
            // The connection ended, and so does the script.
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                wrong = wrong == null ? e : wrong;
            }
        }
    }

    /** Waits for the scripts, which end since the clients are closed. */
    @Override
    public void close() throws IOException {
        listener.close();
        ClientTest.join(accepting);
        List<Thread> playing;
        synchronized (this) {
            playing = List.copyOf(players);
        }
        for (Thread player : playing) {
            ClientTest.join(player);
            if (player.isAlive()) {
                for (Socket socket : sockets) {
                    socket.close();
                }
                throw new AssertionError("a script goes on after its client has gone");
            }
        }
        if (wrong != null) {
            throw new AssertionError("a script found something wrong", wrong);
        }
    }

    /** The server's side of one connection. */
    static final class Peer {
        final Socket socket;
        private final Deframer frames = new Deframer(8 << 20);

        Peer(Socket socket) {
            this.socket = socket;
        }

        /** Reads the preface and HELLO. */
        Pb.Hello readHello() throws IOException {
            byte[] preface = socket.getInputStream().readNBytes(Frame.PREFACE.length);
            if (preface.length < Frame.PREFACE.length) {
                throw new EOFException();
            }
            assertArrayEquals(Frame.PREFACE, preface);
            Frame frame = read();
            assertEquals(Frame.HELLO, frame.type());
            return Pb.Hello.parseFrom(frame.payload());
        }

        /** Reads the preface and HELLO, and answers HELLO_ACK. */
        Pb.Hello hello() throws IOException {
            return hello(Pb.Limits.getDefaultInstance());
        }

        Pb.Hello hello(Pb.Limits limits) throws IOException {
            Pb.Hello hello = readHello();
            Pb.HelloAck ack = Pb.HelloAck.newBuilder().setVersion(1).setLimits(limits).build();
            send(Frame.of(Frame.HELLO_ACK, 0), ack);
            return hello;
        }

        /** Waits for a frame. */
        Frame read() throws IOException {
            try {
                for (Frame frame = frames.next(); ; frame = frames.next()) {
                    if (frame != null) {
                        return frame;
                    }
                    byte[] into = frames.array();
                    int count = socket.getInputStream().read(into, frames.position(), frames.room());
                    if (count < 0) {
                        throw new EOFException();
                    }
                    frames.received(count);
                }
            } catch (FrameException e) {
                throw new AssertionError("the client sent no frame", e);
            }
        }

        /** Waits for a REQUEST. */
        Frame request() throws IOException {
            Frame frame = read();
            assertEquals(Frame.REQUEST, frame.type(), "where a request should be");
            assertNotEquals(0, frame.millis());
            assertNotEquals(0, frame.requestId());
            return frame;
        }

        /** Waits for the CANCEL of a request. */
        void cancelOf(Frame request) throws IOException {
            Frame frame = read();
            assertEquals(Frame.CANCEL, frame.type(), "where a CANCEL should be");
            assertEquals(request.requestId(), frame.requestId());
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        void send(Frame frame) throws IOException {
            write(frame.encode());
        }

        /** Sends the frame with a message for its payload. */
        void send(Frame frame, Message message) throws IOException {
            send(new Frame(
                    frame.type(),
                    frame.flags(),
                    frame.code(),
                    frame.requestId(),
                    frame.millis(),
                    message.toByteArray()));
        }

        void ok(Frame request, Message message) throws IOException {
            send(Frame.of(Frame.RESPONSE, request.requestId()), message);
        }

        /** Answers with an error and NOT_EXECUTED. */
        void fail(Frame request, Pb.ErrorReason reason, int status) throws IOException {
            Pb.Error.Builder error = Pb.Error.newBuilder().setReason(reason).setMessage("scripted");
            refuse(request, status, Frame.NOT_EXECUTED, 0, error);
        }

        void refuse(Frame request, int status, int flags, int millis, Pb.Error.Builder error) throws IOException {
            send(new Frame(
                    Frame.RESPONSE, flags, status, request.requestId(), millis, error.build().toByteArray()));
        }

        void event(Frame request, Message... events) throws IOException {
            for (Message event : events) {
                send(Frame.of(Frame.EVENT, request.requestId()), event);
            }
        }

        void goAway() throws IOException {
            send(Frame.of(Frame.GOAWAY, 0), Pb.GoAway.newBuilder().setMessage("restart").build());
        }

        /** Waits until the client closes, whatever it may still send. */
        void ends() throws IOException {
            byte[] rest = new byte[4096];
            while (socket.getInputStream().read(rest) >= 0) {
                // What it says is of no interest.
            }
        }

        /** Closes with a RST. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
