// Allocates from stacks of all shapes, for stack_check to look at. Arguments: rounds, then the shapes' names.
#include <alloca.h>
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

#define NOINLINE [[gnu::noinline, gnu::noipa]]

volatile unsigned gSink = 0;
unsigned gSeed = 1;

unsigned draw(unsigned limit) {
  gSeed = gSeed * 1103515245 + 12345;
  return (gSeed >> 16) % limit;
}

NOINLINE void allocate() {
  void* block = malloc(24);
  gSink = gSink + (block != nullptr);
  free(block);
}

NOINLINE void recurse(unsigned depth) {
  if (depth > 0) recurse(depth - 1);
  allocate();
  gSink = gSink + depth;
}

// Two frames of one size, so that what they call begins at one sp and one pc.
NOINLINE void byOneWay() {
  allocate();
  gSink = gSink + 1;
}
NOINLINE void byAnotherWay() {
  allocate();
  gSink = gSink + 2;
}

void twins(unsigned) { draw(2) != 0 ? byOneWay() : byAnotherWay(); }

// Its size moves the frames below, and leaves return addresses of earlier rounds between them.
NOINLINE void growing(unsigned bytes, unsigned depth) {
  auto* room = static_cast<char*>(alloca(bytes + 16));
  memset(room, static_cast<int>(depth), 16);
  if (depth > 0) growing(draw(64) * 16, depth - 1);
  allocate();
  gSink = gSink + static_cast<unsigned char>(room[3]);
}

NOINLINE void realigned(unsigned depth) {
  alignas(128) char room[128];
  memset(room, 1, sizeof room);
  asm volatile("" : : "r"(room) : "memory");
  if (depth > 0) realigned(depth - 1);
  allocate();
  gSink = gSink + static_cast<unsigned char>(room[depth]);
}

int compareAndAllocate(const void* left, const void* right) {
  allocate();
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

void callback(unsigned) {
  int numbers[9];
  for (int& number : numbers) number = static_cast<int>(draw(100));
  qsort(numbers, 9, sizeof numbers[0], compareAndAllocate);
}

NOINLINE void throwAt(unsigned depth) {
  if (depth == 0) throw std::runtime_error("a text that is too long for a string without heap");
  throwAt(depth - 1);
  gSink = gSink + 1;
}

void exceptions(unsigned) {
  try {
    throwAt(draw(8));
  } catch (const std::exception& error) {
    allocate();
    gSink = gSink + static_cast<unsigned>(std::string(error.what()).size());
  }
}

jmp_buf gBack;

[[noreturn]] NOINLINE void neverReturns() {
  allocate();
  longjmp(gBack, 1);
}

// The call is the last instruction: the return address is the next function's.
NOINLINE void endsInACall() { neverReturns(); }

void tails(unsigned) {
  if (setjmp(gBack) == 0) endsInACall();
}

void onSignal(int) { recurse(draw(3)); }

void signals(unsigned) {
  signal(SIGUSR1, onSignal);
  raise(SIGUSR1);
}

void signalsOnAnotherStack(unsigned) {
  static char stack[65536];
  stack_t other{};
  other.ss_sp = stack;
  other.ss_size = sizeof stack;
  sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR2, &action, nullptr);
  raise(SIGUSR2);
}

// Calls with all sorts of prologues, and stubs for library functions, interrupted anywhere. Nothing in it
// allocates.
NOINLINE unsigned busy(unsigned depth) {
  char text[40];
  snprintf(text, sizeof text, "%u", depth);
  const unsigned length = static_cast<unsigned>(strlen(text) + strspn(text, "0123456789"));
  return depth == 0 ? length : busy(depth - 1) + length;
}

timer_t gTimer{};

// One shot, set again at the end of each handler: a period shorter than the handler would leave the program
// no time.
void interruptSoon() {
  itimerspec soon{};
  soon.it_value.tv_nsec = 20000;
  timer_settime(gTimer, 0, &soon, nullptr);
}

void onTimer(int signal) {
  onSignal(signal);
  interruptSoon();
}

void interrupted(unsigned) {
  struct sigaction action {};
  action.sa_handler = onTimer;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  timer_create(CLOCK_MONOTONIC, nullptr, &gTimer);
  interruptSoon();
  for (int i = 0; i < 300; ++i) gSink = gSink + busy(20);
  timer_delete(gTimer);
}

ucontext_t gMain;
ucontext_t gFiber;

void fiberBody() {
  for (;;) {
    recurse(draw(6));
    swapcontext(&gFiber, &gMain);
  }
}

void fibers(unsigned) {
  std::vector<char> stack(32768 + draw(4) * 4096);
  getcontext(&gFiber);
  gFiber.uc_stack.ss_sp = stack.data();
  gFiber.uc_stack.ss_size = stack.size();
  makecontext(&gFiber, fiberBody, 0);
  swapcontext(&gMain, &gFiber);
  swapcontext(&gMain, &gFiber);
}

void threads(unsigned) {
  std::vector<std::thread> all;
  for (unsigned i = 0; i < 4; ++i) {
    all.emplace_back([i] {
      for (unsigned k = 0; k < 20; ++k) recurse((i + k) % 7);
      realigned(2);
    });
  }
  for (std::thread& thread : all) thread.join();
}

void templates(unsigned) {
  std::function<void(int)> nested = [&](int depth) {
    std::vector<std::string> words(depth + 1u, "more than fits into a short string, surely");
    if (depth > 0) nested(depth - 1);
  };
  nested(static_cast<int>(draw(6)));
}

// Two libraries whose one function allocates from the same address, by frames of different sizes.
void reload(unsigned) {
  void* plugin = dlopen(draw(2) != 0 ? STACK_PLUGIN_SMALL : STACK_PLUGIN_LARGE, RTLD_NOW);
  if (plugin == nullptr) abort();
  auto run = reinterpret_cast<void (*)(unsigned)>(dlsym(plugin, "runPlugin"));
  run(draw(3));
  dlclose(plugin);
}

struct Shape {
  const char* name;
  void (*run)(unsigned);
};

const Shape kShapes[] = {
    {"recursion", [](unsigned) { recurse(draw(40)); }},
    {"twins", twins},
    {"alloca", [](unsigned) { growing(draw(64) * 16, draw(8)); }},
    {"realigned", [](unsigned) { realigned(draw(5)); }},
    {"callback", callback},
    {"exceptions", exceptions},
    {"tails", tails},
    {"signals", signals},
    {"altstack", signalsOnAnotherStack},
    {"interrupted", interrupted},
    {"fibers", fibers},
    {"threads", threads},
    {"templates", templates},
    {"reload", reload},
};

}  // namespace

int main(int count, char** arguments) {
  const unsigned rounds = count > 1 ? static_cast<unsigned>(atoi(arguments[1])) : 1;
  for (int i = 2; i < count; ++i) {
    for (const Shape& shape : kShapes) {
      if (strcmp(shape.name, arguments[i]) != 0) continue;
      for (unsigned round = 0; round < rounds; ++round) shape.run(round);
    }
  }
  return 0;
}
