// An order is freed by hand at the end of the function, which an exception for a bad one never reaches.
#include <stdexcept>

#include "server/specimen_server.hpp"

namespace specimen {

struct Order {
  std::size_t bytes;
  char note[112];
};

Order* newest = nullptr;

[[gnu::noinline]] Order* readOrder(std::string_view path) {
  newest = new Order{path.size(), {}};
  return newest;
}

[[gnu::noinline]] void check(std::string_view path) {
  if (path.starts_with("/missing")) throw std::invalid_argument("no such order");
}

void process(std::string_view path) {
  const Order* order = readOrder(path);
  check(path);
  delete order;
}

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [](const Request& request) {
      try {
        process(request.path);
        return Response{request.path == "/broken" ? 500 : 200, "ok\n"};
      } catch (const std::invalid_argument&) {
        return Response{404, "no such order\n"};
      }
    };
  });
}
