#include "symbols/blame.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leakgate;

namespace {

constexpr const char* kLibstdcxx = "/usr/include/c++/12/bits/stl_vector.h";
constexpr const char* kJson = "/usr/include/nlohmann/json.hpp";
constexpr const char* kMain = "/home/u/notes/main.cpp";

Frame frame(const char* function, const char* file = "", const char* module = "notes") {
  Frame made;
  made.function = function;
  made.file = file;
  made.module = module;
  return made;
}

Frame inlined(const char* function, const char* file) {
  Frame made = frame(function, file);
  made.inlined = true;
  return made;
}

}  // namespace

TEST_CASE("the innermost function of the user's is blamed, inlined or not") {
  const auto handler = inlined("lambda in main", kMain);
  const auto invoke = frame("std::_Function_handler::_M_invoke", kLibstdcxx);
  CHECK(frameToBlame({inlined("std::allocate", kLibstdcxx), inlined("copyOf", kMain),
                      frame("Notes::set", kMain)}) == 1);
  CHECK(frameToBlame({inlined("std::allocate", kLibstdcxx), handler, invoke, frame("serve", kMain)}) == 1);
  CHECK(frameToBlame({frame("std::vector::_M_realloc_insert", kLibstdcxx), handler, invoke,
                      frame("h3::server::Batch::serve", "/opt/h3/batch.cpp")}) == 1);
  // A function without its namespace: its header says whose it is.
  CHECK(frameToBlame({frame("_M_invoke", kLibstdcxx), frame("handle", kMain)}) == 1);
}

TEST_CASE("a library's internals are not blamed where the user's call is known") {
  CHECK(frameToBlame({frame("operator new", "", "libstdc++.so.6.0.30"),
                      inlined("nlohmann::basic_json::push_back", kJson), frame("saveNote", kMain),
                      frame("main", kMain)}) == 2);
  CHECK(frameToBlame({frame("msort_with_tmp", "", "libc.so.6"), frame("", "", "libplugin.so"),
                      frame("main", kMain)}) == 2);
}

TEST_CASE("without the user's code a library's is blamed, then whatever has a name") {
  CHECK(frameToBlame({frame("std::create", kLibstdcxx), frame("nlohmann::parse", kJson)}) == 1);
  CHECK(frameToBlame({frame("malloc", "", "libc.so.6"), frame("", "", "libplugin.so")}) == 1);
  CHECK(frameToBlame({frame("operator new", "", "libstdc++.so.6"), frame("timer_thread", "", "libc.so.6")}) ==
        1);
  CHECK(frameToBlame({frame("std::create", kLibstdcxx)}) == 0);
  CHECK(frameToBlame({}) == 0);
}

TEST_CASE("a program without debug information is the user's by its names") {
  CHECK(frameToBlame({frame("std::vector::push_back"), frame("keep"), frame("main")}) == 1);
  CHECK(frameToBlame({frame("boost::asio::post"), frame("keep"), frame("main")}) == 1);
  CHECK(frameToBlame({frame("malloc", "", "libc.so.6"), frame("", "", "stripped-server")}) == 1);
}

TEST_CASE("an interpreter is blamed after what it runs") {
  const auto eval = frame("_PyEval_EvalFrameDefault", "/build/Python/ceval.c", "python3.11");
  CHECK(frameToBlame({frame("keep", "/home/u/mod/keep.c", "mod.cpython-311.so"), eval}) == 0);
  CHECK(frameToBlame({frame("keep", "", "mod.cpython-311.so"), eval}) == 0);
  CHECK(frameToBlame({frame("list_resize", "/build/Objects/listobject.c", "python3.11"), eval}) == 0);
}

TEST_CASE("the library that allocates for the blamed function") {
  const std::vector<Frame> stack{frame("malloc", "", "libc.so.6"),
                                 frame("sqlite3Malloc", "", "libsqlite3.so.0.8.6"), frame("saveNote", kMain),
                                 frame("main", kMain)};
  CHECK(libraryBelow(stack, frameToBlame(stack)) == "libsqlite3.so");
  const std::vector<Frame> own{frame("malloc", "", "libc.so.6"), frame("saveNote", kMain)};
  CHECK(libraryBelow(own, frameToBlame(own)).empty());
  // Its lines are in the stack.
  const std::vector<Frame> header{inlined("nlohmann::parse", kJson), frame("saveNote", kMain)};
  CHECK(libraryBelow(header, frameToBlame(header)).empty());
}

TEST_CASE("a function that allocates for its caller is not blamed") {
  Frame own = frame("xmalloc", kMain);
  own.allocates = true;
  const std::vector<Frame> stack{frame("malloc", "", "libc.so.6"), own, frame("saveUser", kMain),
                                 frame("main", kMain)};
  CHECK(frameToBlame(stack) == 2);
  CHECK(allocatorBelow(stack, 2) == 1);
  CHECK(allocatorBelow({frame("saveUser", kMain)}, 0) == 1);
  // Nothing of the user's has called it.
  CHECK(frameToBlame({frame("malloc", "", "libc.so.6"), own, frame("start_thread", "", "libc.so.6")}) == 1);
}

TEST_CASE("the caller of the blamed function") {
  const std::vector<Frame> stack{frame("addRecord", kMain), frame("addRecord", kMain),
                                 frame("std::invoke", kLibstdcxx), frame("handle", kMain)};
  CHECK(callerOf(stack, 0) == 3);
  CHECK(callerOf(stack, 3) == 4);
}

TEST_CASE("a caller without unwind information") {
  const std::vector<Frame> library{inlined("std::allocate", kLibstdcxx), frame("std::create", kLibstdcxx)};
  CHECK(callerIsUnknown(library, true));
  CHECK_FALSE(callerIsUnknown(library, false));
  CHECK_FALSE(callerIsUnknown({frame("std::create", kLibstdcxx), frame("keep", kMain)}, true));
  CHECK_FALSE(callerIsUnknown(std::vector<Frame>(128, library[0]), true));  // cut for its length
}
