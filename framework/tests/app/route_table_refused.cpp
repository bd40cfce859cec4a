// Tables that must not compile; each is a test that looks for the problem in the compiler's message.
#include <string_view>

#include "h3http/route_table.hpp"

using h3::Method;
using h3::route;
using h3::RouteTable;

namespace {

std::string_view respond(h3::Event&) { return "x"; }

#if defined(REFUSED_pattern)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/a//b", respond)};
#elif defined(REFUSED_name)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/users/:", respond)};
#elif defined(REFUSED_constraint)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, R"(/users/:id(a|b))", respond)};
#elif defined(REFUSED_twice)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/users", respond),
                                             route(Method::get, "/a", respond),
                                             route(Method::get, "/users/:id?", respond)};
#elif defined(REFUSED_method)
[[maybe_unused]] constexpr RouteTable kTable{route(Method::trace, "/", respond)};
#else  // The same shapes, right: the test of this one is that it compiles.
[[maybe_unused]] constexpr RouteTable kTable{route(Method::get, "/a/b", respond),
                                             route(Method::get, "/users/:id", respond),
                                             route(Method::get, R"(/users/:id(a))", respond),
                                             route(Method::get, "/users", respond),
                                             route(Method::post, "/users/:id?", respond),
                                             route(Method::get, "/", respond)};
#endif

}  // namespace
