// Tables that must not compile; each is a test that looks for the problem in the compiler's message.
#include <string_view>

#include "h3http/route_table.hpp"

using h3::Method;
using h3::route;
using h3::RouteTable;

namespace {

std::string_view answer(h3::Event&) { return "x"; }

#if defined(REFUSED_pattern)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/a//b", answer)};
#elif defined(REFUSED_name)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/users/:", answer)};
#elif defined(REFUSED_constraint)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, R"(/users/:id(a|b))", answer)};
#elif defined(REFUSED_twice)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/users", answer),
                                             route(Method::get, "/a", answer),
                                             route(Method::get, "/users/:id?", answer)};
#elif defined(REFUSED_method)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::trace, "/", answer)};
#else  // The same shapes, right: the test of this one is that it compiles.
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/a/b", answer),
                                             route(Method::get, "/users/:id", answer),
                                             route(Method::get, R"(/users/:id(a))", answer),
                                             route(Method::get, "/users", answer),
                                             route(Method::post, "/users/:id?", answer),
                                             route(Method::get, "/", answer)};
#endif

}  // namespace
