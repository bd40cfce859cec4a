#include "symbols/owner.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leakgate;

TEST_CASE("whose code a place is") {
  struct Row {
    const char* function;
    const char* file;
    const char* module;
    Owner owner;
  };
  const char* server = "/home/u/notes/build/server";
  const Row rows[] = {
      {"keep", "/home/u/notes/src/keep.cpp", server, Owner::user},
      {"keep", "/home/u/other/keep.cpp", server, Owner::user},
      {"keep", "src/keep.cpp", server, Owner::user},
      {"std::vector<Note>::push_back", "/usr/include/c++/12/bits/stl_vector.h", server, Owner::runtime},
      {"std::vector<Note>::push_back", "/usr/lib/llvm-14/include/c++/v1/vector", server, Owner::runtime},
      {"std::hash<Note>::operator()", "/home/u/notes/src/note.hpp", server, Owner::user},
      {"alloc::vec::Vec<T>::push", "/rustc/a1b2/library/alloc/src/vec/mod.rs", server, Owner::runtime},
      {"boost::asio::post", "/usr/include/boost/asio/post.hpp", server, Owner::library},
      {"inflate", "/opt/zlib/inflate.c", server, Owner::library},
      {"inflate", "/home/u/notes/third_party/zlib/inflate.c", server, Owner::library},
      {"inflate", "/home/u/notes/build/_deps/zlib-src/inflate.c", server, Owner::library},
      {"serde::parse", "/home/u/.cargo/registry/src/serde-1.0/src/lib.rs", server, Owner::library},
      {"malloc", "", "/usr/lib/x86_64-linux-gnu/libc.so.6", Owner::runtime},
      {"std::string::append", "", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30", Owner::runtime},
      {"operator new", "/home/u/notes/src/new.cpp", server, Owner::runtime},
      {"sqlite3_step", "", "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6", Owner::library},
      {"sqlite3_step", "/build/sqlite3.c", "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6", Owner::library},
      {"keep", "", "/home/u/notes/build/libplugin.so", Owner::library},  // no line to blame
      {"keep", "/home/u/notes/src/plugin.cpp", "/home/u/notes/build/libplugin.so", Owner::user},
      {"keep", "", server, Owner::user},
      {"", "", server, Owner::user},
      {"std::vector::push_back", "", server, Owner::runtime},
      {"nlohmann::json::parse", "", server, Owner::library},
      {"ngx_palloc", "", "/usr/sbin/nginx", Owner::library},
      {"ngx_palloc", "/build/nginx/src/core/ngx_palloc.c", "/usr/sbin/nginx", Owner::user},
      {"list_resize", "/build/Python/listobject.c", "/usr/bin/python3.11", Owner::library},
      {"v8::internal::Page", "", "/usr/bin/node", Owner::library},
      {"keep", "/home/u/notes/src/a.c", "/home/u/node_cache", Owner::user},
      {"h3::Event::setContext", "/home/u/h3/src/event.cpp", server, Owner::library},
      {"lambda in h3::serve", "/home/u/h3/src/serve.cpp", server, Owner::library},
      {"operator()", "/home/u/h3/framework/src/server/batch.cpp", server, Owner::library},
      {"h3::Event::setContext", "/home/u/notes/src/event.cpp", server, Owner::user},
      {"operator()", "/home/u/notes/framework/src/server/batch.cpp", server, Owner::user},
      {"", "", "", Owner::runtime},
  };
  for (const auto& [function, file, module, owner] : rows) {
    CAPTURE(function);
    CAPTURE(file);
    CAPTURE(module);
    CHECK(std::string(toString(ownerOf({function, file, module}, "/home/u/notes"))) ==
          std::string(toString(owner)));
  }
}

TEST_CASE("a project may be in a folder that otherwise is the system's") {
  CHECK((ownerOf({"keep", "/opt/app/src/keep.cpp", "server"}, "/opt/app") == Owner::user));
  CHECK((ownerOf({"keep", "/usr/local/app/src/keep.cpp", "server"}, "/usr/local/app") == Owner::user));
  CHECK((ownerOf({"keep", "/w/third_party/app/keep.cpp", "server"}, "/w/third_party/app") == Owner::user));
  CHECK((ownerOf({"inflate", "/opt/app/vendor/zlib.c", "server"}, "/opt/app") == Owner::library));
}

TEST_CASE("the folder of a program's sources") {
  CHECK(projectRoot("/home/u/app/src/main.cpp", "/home/u/app/build/release") == "/home/u/app");
  CHECK(projectRoot("/home/u/app/main.cpp", "/home/u/app") == "/home/u/app");
  CHECK(projectRoot("/work/cases/main.cpp", "/work/other") == "/work/cases");  // only "/work" in common
  CHECK(projectRoot("/tmp/main.cpp", "/tmp") == "/tmp");
  CHECK(projectRoot("/home/u/app/src/../main.cpp", "/root") == "/home/u/app");
  CHECK(projectRoot("", "/root").empty());
}

TEST_CASE("a frame of an older report is judged by its name and file") {
  Frame frame;
  frame.function = "std::vector::push_back";
  frame.module = "server";
  CHECK((ownerOf(frame) == Owner::runtime));
  frame.owner = Owner::user;
  CHECK((ownerOf(frame) == Owner::user));
}
