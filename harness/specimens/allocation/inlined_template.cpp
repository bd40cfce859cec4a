// The leak is in a template that the compiler dissolves in its caller: only debug information still has its
// name.
#include "server/specimen_server.hpp"

namespace specimen {

struct Order {
  unsigned long number;
  char note[56];
};

/// Hands out objects and takes none back.
template <typename T>
class Factory {
 public:
  [[gnu::always_inline]] T* make() {
    newest_ = new T();
    return newest_;
  }

 private:
  T* newest_ = nullptr;
};

Factory<Order> orders;

[[gnu::noinline]] void placeOrder(unsigned long number) { orders.make()->number = number; }

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [](const Request& request) {
      placeOrder(request.path.size());
      return Response{};
    };
  });
}
