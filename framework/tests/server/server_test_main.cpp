// Runs the tests on the reactor that H3_TEST_REACTOR names, or reports that this machine does not have it.
#include <doctest/doctest.h>

#include <boost/system/system_error.hpp>
#include <iostream>

#include "server/reactor_choice.hpp"
#include "support/served_app.hpp"

namespace {

constexpr int kSkipped = 77;  // CTest's SKIP_RETURN_CODE

}  // namespace

int main(int argc, char** argv) {
  try {
    h3::server::chooseReactor(h3::test::testedReactor());
  } catch (const boost::system::system_error& failure) {
    std::cerr << "SKIPPED, none of these tests ran: " << failure.what() << '\n';
    return kSkipped;
  }
  return doctest::Context(argc, argv).run();
}
