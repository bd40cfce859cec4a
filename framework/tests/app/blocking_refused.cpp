// Work that h3::blocking() refuses to compile; CMakeLists.txt has the messages.
#include <h3http/blocking.hpp>
#include <string>

boost::asio::awaitable<std::string> handle(h3::Event& event) {
  const std::string text = "some text";
#if defined(REFUSED_capture)
  co_return co_await h3::blocking(event, [text] { return text; });
#elif defined(REFUSED_moved)
  auto work = [text] { return text; };
  co_return co_await h3::blocking(event, std::move(work));
#elif defined(REFUSED_aggregate)
  struct Job {
    std::string text;
    std::string operator()() const { return text; }
  };
  co_return co_await h3::blocking(event, Job{text});
#else
  auto work = [text] { return text; };
  co_return co_await h3::blocking(event, work) + co_await h3::blocking(event, [&text] { return text; });
#endif
}
