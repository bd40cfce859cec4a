// Arrays from new[] whose owner is overwritten.
#include <cstdint>

#include "server/specimen_server.hpp"

namespace specimen {
namespace {

std::uint64_t* histogram = nullptr;

}  // namespace

[[gnu::noinline]] void startHistogram() { histogram = new std::uint64_t[24]{}; }

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [](const Request& request) {
      startHistogram();
      ++histogram[request.body.size() % 24];
      return Response{};
    };
  });
}
