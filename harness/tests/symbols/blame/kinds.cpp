// Leaks of every kind that blame_table_test.cpp holds reports against, 60 blocks each. Each line that leaks
// says so; nothing else keeps that much.
#include <algorithm>
#include <array>
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

extern "C" char* quietCopy(const char* text);  // in a library without symbols

namespace {

constexpr int kTimes = 60;

struct Note {
  Note* next = nullptr;
  std::array<char, 40> text{};
};

Note* gNotes = nullptr;
char* gCopy = nullptr;
std::vector<std::string> gTexts;
std::map<int, int> gNumbers;
std::list<std::string> gLines;
std::vector<std::shared_ptr<Note>> gShared;
std::vector<std::unique_ptr<Note>> gUnique;
std::vector<std::function<void(int)>> gHandlers;

// Keeps a call from being the last thing that a function does: a tail call leaves no trace of its caller.
void stay() { asm volatile("" ::: "memory"); }

[[gnu::noinline]] void plainFunction() {
  gNotes = new Note{gNotes, {}};  // the leak: a function
  stay();
}

[[gnu::always_inline]] inline void inlinedFunction() {
  gNotes = new Note{gNotes, {}};  // the leak: an inlined function
}
[[gnu::always_inline]] inline void inlinedTwice() { inlinedFunction(); }

template <class T>
[[gnu::noinline]] void functionTemplate(T) {
  gNotes = new Note{gNotes, {}};  // the leak: a function template
  stay();
}

template <class T>
struct Box {
  void put() {
    all.push_back(std::string(50, 'x'));  // the leak: a member of a class template
  }
  std::vector<T> all;
};
Box<std::string> gBox;

template <class F>
[[gnu::noinline]] void call(F&& function) {
  function();
  stay();
}

void lambdas() {
  call([] {
    gNotes = new Note{gNotes, {}};  // the leak: a lambda
  });
  call([]() __attribute__((noinline)) {
    gNotes = new Note{gNotes, {}};  // the leak: a lambda out of line
    stay();
  });
  const std::array<int, 1> one{1};
  std::for_each(one.begin(), one.end(), [](int) {
    gNotes = new Note{gNotes, {}};  // the leak: a lambda called by an algorithm
  });
}

void addHandlers() {
  gHandlers.emplace_back([](int i) {
    gTexts.push_back("handled, and told at some length, " + std::to_string(i));  // the leak: a std::function
    stay();
  });
  gHandlers.emplace_back([](int i) {
    const auto inner = [i]() __attribute__((noinline)) {
      gTexts.push_back("told within, at some length " + std::to_string(i));  // the leak: a lambda in a lambda
      stay();
    };
    inner();
    stay();
  });
}

void containers(int i) {
  gTexts.push_back(std::string(60, 'y'));       // the leak: an element
  gNumbers[i] = i;                              // the leak: a node
  std::string& line = gLines.emplace_back();    // the leak: an empty line
  line.append(70, 'z');                         // the leak: a line that grows
  gShared.push_back(std::make_shared<Note>());  // the leak: a shared object
  gUnique.push_back(std::make_unique<Note>());  // the leak: an object of its own
}

struct Task {
  struct promise_type {
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

Task coroutine(int i) {
  co_await std::suspend_always{};
  gNotes = new Note{gNotes, {}};                                   // the leak: a coroutine
  gTexts.push_back("remembered at length, " + std::to_string(i));  // the leak: a coroutine's text
}

[[gnu::noinline]] void runCoroutine(int i) {
  const Task task = coroutine(i);
  task.handle.resume();
  task.handle.resume();
  task.handle.destroy();
}

[[gnu::noinline]] void callLibrary() {
  gCopy = quietCopy("a text that is never freed");  // the leak: a library without symbols
  stay();
}

// The program's own malloc(): without types in the debug information nothing says so.
[[gnu::noinline]] void* checkedMalloc(std::size_t size) {
  void* block = std::malloc(size);  // untyped: a caller of the program's own malloc
  if (block == nullptr) std::abort();
  return block;
}

[[gnu::noinline]] void callAllocator() {
  gCopy = static_cast<char*>(checkedMalloc(77));  // typed: a caller of the program's own malloc
  stay();
}

Note* gFirst = new Note;  // the leak: a static initializer

}  // namespace

int main() {
  gTexts.reserve(10 * kTimes);
  addHandlers();
  for (int i = 0; i < kTimes; ++i) {
    plainFunction();
    inlinedTwice();
    functionTemplate(i);
    gBox.put();
    lambdas();
    for (const auto& handler : gHandlers) handler(i);
    containers(i);
    runCoroutine(i);
    callLibrary();
    callAllocator();
  }
  stay();
  std::puts(gFirst != nullptr ? "ready" : "");
  std::fflush(stdout);
  std::getchar();
}
