// An empty unary call on gRPC's callback API: what a call costs before anything is stored.
//
//   server [ADDRESS]      prints "listening on 127.0.0.1:PORT"
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <memory>
#include <string>

#include "empty.grpc.pb.h"

namespace {

class EmptyService final : public bench::Empty::CallbackService {
  grpc::ServerUnaryReactor *Call(
      grpc::CallbackServerContext *context, const bench::Nothing *, bench::Nothing *) override {
    auto *reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int count, char **arguments) {
  std::string host = count > 1 ? arguments[1] : "127.0.0.1";
  int port = 0;
  EmptyService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(host + ":0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::fprintf(stderr, "can't listen on %s\n", host.c_str());
    return 1;
  }
  std::printf("listening on %s:%d\n", host.c_str(), port);
  std::fflush(stdout);
  server->Wait();
}
