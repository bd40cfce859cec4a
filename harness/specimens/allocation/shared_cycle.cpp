// Two objects that own each other through shared_ptr, made for each request and never parted.
#include <memory>

#include "server/specimen_server.hpp"

namespace specimen {

struct Reply;

struct Question {
  std::shared_ptr<Reply> reply;
  char text[32];
};

struct Reply {
  std::shared_ptr<Question> question;
  char text[64];
};

[[gnu::noinline]] std::size_t converse(char first) {
  const auto question = std::make_shared<Question>();
  question->reply = std::make_shared<Reply>();
  question->reply->question = question;
  question->text[0] = first;
  return sizeof question->reply->text;
}

}  // namespace specimen

int main(int argc, char** argv) {
  using namespace specimen;
  return runServer(argc, argv, [] {
    return [](const Request& request) { return Response{converse(request.path[0]) > 0 ? 200 : 500, "ok\n"}; };
  });
}
