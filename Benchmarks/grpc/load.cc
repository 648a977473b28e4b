// The load for server.cc: CHANNELS connections, each with IN_FLIGHT calls outstanding, on the callback API. A call that
// completes starts the next one.
//
//   load ADDRESS CHANNELS IN_FLIGHT SECONDS WARM_UP     prints one JSON object
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "empty.grpc.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

enum class Phase { warmingUp, measuring, ending };

std::atomic<Phase> phase{Phase::warmingUp};
std::atomic<long> outstanding{0};
std::atomic<long> failures{0};
std::mutex ended_lock;
std::condition_variable ended;

// Counts of latencies: 64 buckets for each power of two of a microsecond's tenth, which is an error of under 2 %.
class Histogram {
 public:
  void add(std::uint64_t tenths) { counts_[bucket(tenths)].fetch_add(1, std::memory_order_relaxed); }

  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (auto &count : counts_) sum += count.load();
    return sum;
  }

  double micros(double quantile) const {
    auto rank = static_cast<std::uint64_t>(quantile * static_cast<double>(total()));
    std::uint64_t seen = 0;
    double last = 0;
    for (int index = 0; index < bucketCount; ++index) {
      std::uint64_t count = counts_[index].load();
      if (count == 0) continue;
      last = static_cast<double>(top(index)) / 10;
      seen += count;
      if (seen > rank) break;
    }
    return last;
  }

 private:
  static constexpr int bucketCount = 64 * 40;

  static int bucket(std::uint64_t value) {
    if (value < 64) return static_cast<int>(value);
    int shift = 63 - __builtin_clzll(value) - 6;
    int index = 64 * (shift + 1) + static_cast<int>((value >> shift) & 63);
    return index < bucketCount ? index : bucketCount - 1;
  }

  static std::uint64_t top(int index) {
    if (index < 64) return index;
    int shift = index / 64 - 1;
    return ((64ull + index % 64 + 1) << shift) - 1;
  }

  std::atomic<std::uint64_t> counts_[bucketCount] = {};
};

Histogram histogram;

struct Call {
  explicit Call(bench::Empty::Stub *stub) : stub(stub) {}

  void start() {
    context.emplace();
    begun = Clock::now();
    stub->async()->Call(&*context, &request, &response, [this](grpc::Status status) { complete(status); });
  }

  void complete(const grpc::Status &status) {
    auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begun).count();
    if (!status.ok()) failures.fetch_add(1);
    auto now = phase.load(std::memory_order_relaxed);
    if (now == Phase::measuring && status.ok()) histogram.add(static_cast<std::uint64_t>(took) / 100);
    if (now != Phase::ending && status.ok()) return start();
    if (outstanding.fetch_sub(1) == 1) {
      std::lock_guard<std::mutex> guard(ended_lock);
      ended.notify_all();
    }
  }

  bench::Empty::Stub *stub;
  // Serves one call, and can't be moved.
  std::optional<grpc::ClientContext> context;
  bench::Nothing request, response;
  Clock::time_point begun;
};

}  // namespace

int main(int count, char **arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: load ADDRESS CHANNELS IN_FLIGHT SECONDS WARM_UP\n");
    return 2;
  }
  std::string address = arguments[1];
  int channels = std::atoi(arguments[2]), in_flight = std::atoi(arguments[3]);
  double seconds = std::atof(arguments[4]), warm_up = std::atof(arguments[5]);

  std::vector<std::unique_ptr<bench::Empty::Stub>> stubs;
  std::vector<std::unique_ptr<Call>> calls;
  for (int index = 0; index < channels; ++index) {
    grpc::ChannelArguments settings;
    // Without this, channels to one address share one connection.
    settings.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), settings);
    if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
      std::fprintf(stderr, "can't reach %s\n", address.c_str());
      return 3;
    }
    stubs.push_back(bench::Empty::NewStub(channel));
    for (int call = 0; call < in_flight; ++call) calls.push_back(std::make_unique<Call>(stubs.back().get()));
  }
  outstanding = static_cast<long>(calls.size());
  for (auto &call : calls) call->start();

  std::this_thread::sleep_for(std::chrono::duration<double>(warm_up));
  auto begun = Clock::now();
  phase = Phase::measuring;
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  phase = Phase::ending;
  double took = std::chrono::duration<double>(Clock::now() - begun).count();

  std::unique_lock<std::mutex> guard(ended_lock);
  bool drained = ended.wait_for(guard, std::chrono::seconds(10), [] { return outstanding.load() == 0; });
  std::printf(
      "{\"operations_per_second\": %.1f, \"failures\": %ld, \"latency_micros\": "
      "{\"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"max\": %.1f}}\n",
      static_cast<double>(histogram.total()) / took, failures.load(), histogram.micros(0.5), histogram.micros(0.99),
      histogram.micros(0.999), histogram.micros(1));
  std::fflush(stdout);
  // Calls that never came back still point into this frame.
  if (!drained || failures.load() > 0) std::_Exit(1);
}
