// A detached thread for each request, whose thread-local pointer to a scratch buffer dies with it, and the
// buffer not.
#include <thread>

#include "server/specimen_server.hpp"

namespace specimen {

thread_local char* scratch = nullptr;

[[gnu::noinline]] char* scratchOfThread() {
  if (scratch == nullptr) scratch = new char[200];
  return scratch;
}

void compress() { scratchOfThread()[0] = 'x'; }

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [](const Request&) {
      std::thread(compress).detach();
      return Response{};
    };
  });
}
