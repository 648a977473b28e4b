import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * The load for ../server.cc with gRPC for Java: one channel, with IN_FLIGHT empty calls outstanding; what is answered asks
 * again. Its arguments are ADDRESS IN_FLIGHT SECONDS WARM_UP; it prints one JSON object.
 *
 * <p>The messages are empty, so nothing is serialized, which is in its favour.
 */
public final class Load {
    private static final byte[] EMPTY = {};

    private static final MethodDescriptor.Marshaller<byte[]> NOTHING = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return EMPTY;
        }
    };

    private static final MethodDescriptor<byte[], byte[]> CALL = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("bench.Empty/Call")
            .setRequestMarshaller(NOTHING)
            .setResponseMarshaller(NOTHING)
            .build();

    private Load() {}

    public static void main(String[] arguments) throws InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
        int inFlight = Integer.parseInt(arguments[1]);
        run(channel, inFlight, Math.max(0.1, Double.parseDouble(arguments[3])));
        System.out.println(run(channel, inFlight, Double.parseDouble(arguments[2])));
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        System.exit(0);
    }

    private static String run(ManagedChannel channel, int inFlight, double seconds) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        CountDownLatch left = new CountDownLatch(inFlight);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            Line line = new Line(channel, end, left);
            lines.add(line);
            line.ask(System.nanoTime());
        }
        left.await();
        double took = (System.nanoTime() - start) / 1e9;
        for (Line line : lines) {
            if (line.failed != null) {
                throw new IllegalStateException(line.failed);
            }
        }
        long[] all = lines.stream().flatMapToLong(line -> line.nanos.build()).toArray();
        Arrays.sort(all);
        return String.format(
                Locale.ROOT,
                "{\"connections\": 1, \"in_flight\": %d, \"calls_per_second\": %.1f, \"p50_micros\": %.1f, \"p99_micros\": %.1f}",
                inFlight,
                all.length / took,
                all[all.length / 2] / 1e3,
                all[all.length * 99 / 100] / 1e3);
    }

    /** Calls one after the other. */
    private static final class Line implements StreamObserver<byte[]> {
        final LongStream.Builder nanos = LongStream.builder();
        private final ManagedChannel channel;
        private final long end;
        private final CountDownLatch left;
        private long begun;
        volatile Throwable failed;

        Line(ManagedChannel channel, long end, CountDownLatch left) {
            this.channel = channel;
            this.end = end;
            this.left = left;
        }

        void ask(long now) {
            begun = now;
            ClientCalls.asyncUnaryCall(channel.newCall(CALL, CallOptions.DEFAULT), EMPTY, this);
        }

        @Override
        public void onNext(byte[] nothing) {}

        @Override
        public void onError(Throwable error) {
            failed = error;
            left.countDown();
        }

        @Override
        public void onCompleted() {
            long then = System.nanoTime();
            nanos.add(then - begun);
            if (then < end) {
                ask(then);
            } else {
                left.countDown();
            }
        }
    }
}
