#include "replay/managed_heap.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

TEST_CASE("a collector's report") {
  const auto heap = parseCollectorReport(
      "heap 7656549 12\n"
      "place 1913808 3 (anonymous)\tfile:///srv/app server.js\t3\n"
      "place 100 1 \t/srv/app.py\t10\n"
      "end\n");
  REQUIRE(heap);
  CHECK((heap->live == HeapAmount{7656549, 12}));
  CHECK(heap->heaps == 1);
  CHECK((heap->places.at({"(anonymous)", "file:///srv/app server.js", 3}) == HeapAmount{1913808, 3}));
  CHECK((heap->places.at({"", "/srv/app.py", 10}) == HeapAmount{100, 1}));
}

TEST_CASE("a report that is cut short or is something else is none") {
  for (const char* text : {"", "end\n", "heap 1 2\n", "heap 1\nend\n", "heap x 2\nend\n",
                           "heap 1 2\nheap 1 2\nend\n", "heap 1 2\nplace 5 1 f\tg\nend\n",
                           "heap 1 2\nplace 5 f\tg\t3\nend\n", "HTTP/1.1 400\r\n", "heap -1 2\nend\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parseCollectorReport(text));
  }
}

TEST_CASE("a heap in a program that has turned collection off is marked as uncollected") {
  const auto kept = parseCollectorReport("heap 0 12\nuncollected\nend\n");
  REQUIRE(kept);
  CHECK(kept->uncollected == 1);
  ManagedHeap sum = *parseCollectorReport("heap 0 1\nend\n");
  CHECK(sum.uncollected == 0);
  addHeap(sum, *kept);
  CHECK(sum.uncollected == 1);
  CHECK(sum.heaps == 2);
  CHECK_FALSE(parseCollectorReport("uncollected\nend\n"));
}

TEST_CASE("heaps of several processes are one") {
  ManagedHeap sum;
  const auto one = parseCollectorReport("heap 10 1\nplace 5 1 f\tg\t3\nend\n");
  addHeap(sum, *one);
  addHeap(sum, *one);
  CHECK((sum.live == HeapAmount{20, 2}));
  CHECK(sum.heaps == 2);
  CHECK((sum.places.at({"f", "g", 3}) == HeapAmount{10, 2}));
}

TEST_CASE("classes of a JVM by their names in the source, table") {
  const std::pair<const char*, const char*> names[] = {
      {"[B (java.base@17.0.15)", "byte[]"},
      {"[J", "long[]"},
      {"[Z", "boolean[]"},
      {"[[I (java.base@17.0.15)", "int[][]"},
      {"[Lshop.Cart;", "shop.Cart[]"},
      {"[[Ljava.lang.String; (java.base@17.0.15)", "java.lang.String[][]"},
      {"java.util.HashMap$Node", "java.util.HashMap$Node"},
      {"B", "B"},
      {"Lamp;", "Lamp;"},
      {"[", "["},
      {"[Q", "[Q"},
  };
  for (const auto& [written, name] : names) {
    CAPTURE(written);
    const auto heap = parseClassHistogram("   1:  2  48  " + std::string(written) + "\nTotal  2  48\n");
    REQUIRE(heap);
    REQUIRE(heap->places.size() == 1);
    CHECK(heap->places.begin()->first.function == name);
  }
}

TEST_CASE("a class histogram of a JVM") {
  const auto heap = parseClassHistogram(
      " num     #instances         #bytes  class name (module)\n"
      "-------------------------------------------------------\n"
      "   1:         27893        2331456  [B (java.base@17.0.15)\n"
      "   2:          1200          28800  java.lang.String (java.base@17.0.15)\n"
      "   3:             2             48  shop.Cart\n"
      "Total         29095        2360304\n");
  REQUIRE(heap);
  CHECK((heap->live == HeapAmount{2360304, 29095}));
  CHECK((heap->places.at({"byte[]", "", 0}) == HeapAmount{2331456, 27893}));
  CHECK((heap->places.at({"shop.Cart", "", 0}) == HeapAmount{48, 2}));
  CHECK_FALSE(parseClassHistogram("   1:  5  80  [B\n"));
  CHECK_FALSE(parseClassHistogram("Unknown diagnostic command\n"));
}
