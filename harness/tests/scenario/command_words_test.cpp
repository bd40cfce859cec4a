#include "scenario/command_words.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"

using namespace leakgate;
using Words = std::vector<std::string>;

TEST_CASE("a command is split as a shell splits it") {
  CHECK(splitCommand("server --port {port}") == Words{"server", "--port", "{port}"});
  CHECK(splitCommand("  a\tb \n") == Words{"a", "b"});
  CHECK(splitCommand("'my server' \"a 'b'\" c\\ d ''") == Words{"my server", "a 'b'", "c d", ""});
  CHECK(splitCommand("x'y'z") == Words{"xyz"});
  CHECK(splitCommand("'back\\slash' \"quo\\\"te\"") == Words{"back\\slash", "quo\"te"});
  CHECK_THROWS_AS(splitCommand("server 'open"), InputError);
  CHECK_THROWS_AS(splitCommand("   "), InputError);
}

TEST_CASE("quoting is undone by splitting") {
  for (const char* word : {"plain", "{bin}/h3-demo", "two words", "it's", "", "a\"b", "$HOME", "back\\slash",
                           "{a,b}", "{1..3}"}) {
    CAPTURE(word);
    CHECK(splitCommand(shellQuoted(word)) == Words{word});
  }
  CHECK(shellQuoted("--port") == "--port");
  CHECK(shellQuoted("{a,b}") == "'{a,b}'");  // bash would make two words of it
}
