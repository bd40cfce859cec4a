// Each thread of a fixed pool fills a cache of its own, at the pace of the connections that happen to be its
// share.
#include <array>
#include <memory>

#include "server/specimen_server.hpp"

namespace specimen {

thread_local std::array<std::unique_ptr<char[]>, 256> pages;

[[gnu::noinline]] char* pageOf(std::size_t number) {
  auto& page = pages[number % pages.size()];
  if (page == nullptr) page = std::make_unique<char[]>(512);
  return page.get();
}

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [number = std::size_t{0}](const Request& request) mutable {
      pageOf(++number)[0] = request.path[0];
      return Response{};
    };
  });
}
