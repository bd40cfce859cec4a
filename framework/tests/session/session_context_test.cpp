#include "session/session_context.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "h3http/app.hpp"
#include "http/date.hpp"
#include "monitor/monitor_state.hpp"

using namespace h3;

namespace {

struct Context {
  Config config;
  App app;
  Monitor monitor;
  session::SessionContext context;

  explicit Context(Config settings = Config::testing())
      : config(std::move(settings)),
        context(config, Dispatcher::of(app), monitor, MonitorState::of(monitor).addWorker()) {}
};

std::string dateOf(std::time_t seconds) {
  std::string text(kHttpDateBytes, ' ');
  formatHttpDate(seconds, text.data());
  return text;
}

}  // namespace

TEST_CASE("the bounds of a request are the configuration's") {
  Config config = Config::testing();
  config.limits.targetBytes = 301;
  config.limits.headerBytes = 2002;
  config.limits.headerCount = 13;
  config.limits.bodyBytes = 4004;
  config.limits.strictTargets = true;
  const Context test(config);
  CHECK(test.context.limits.targetBytes == 301);
  CHECK(test.context.limits.headerBytes == 2002);
  CHECK(test.context.limits.headerCount == 13);
  CHECK(test.context.limits.bodyBytes == 4004);
  CHECK((test.context.limits.targetSyntax == TargetSyntax::strict));
  CHECK((Context().context.limits.targetSyntax == TargetSyntax::browser));
}

TEST_CASE("responses start with the server's name and the date of the clock's second") {
  Config config = Config::testing();
  config.serverName = "named";
  Context test(config);
  for (int i = 0; i < 2; ++i) {
    test.context.clock.update();
    const protocol::ResponsePrefix& prefix = test.context.responsePrefix();
    CHECK(prefix.date() == dateOf(test.context.clock.seconds()));
    CHECK(prefix.text().find("Server: named\r\n") != std::string_view::npos);
    const timespec untilNextSecond{1, 1'000'000};
    if (i == 0) ::nanosleep(&untilNextSecond, nullptr);
  }
  test.context.followWallClock();
  CHECK(test.context.responsePrefix().date() == dateOf(test.context.clock.seconds()));
}

TEST_CASE("responses are counted until they are taken") {
  Context test;
  CHECK_FALSE(test.context.hasResponses());
  test.context.countResponse();
  test.context.countResponse();
  CHECK(test.context.hasResponses());
  CHECK(test.context.takeResponseCount() == 2);
  CHECK_FALSE(test.context.hasResponses());
  CHECK(test.context.takeResponseCount() == 0);
}
