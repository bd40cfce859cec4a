// Typed values of a request: query, path parameters, header fields and forms as numbers, enums, text.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "h3http/detail/value_traits.hpp"
#include "h3http/event.hpp"
#include "h3http/invalid_values.hpp"
#include "h3http/route_info.hpp"

namespace h3 {

/// A path parameter that the route's pattern does not have: an error of the program. what() names both.
class UnknownParam : public std::logic_error {
 public:
  UnknownParam(std::string_view pattern, std::string_view name);
};

/// A value of a request, described: made by inQuery(), inPath(), inHeader() and inForm().
///
/// T and its rule (all fields are optional; a value outside of the rule is wrong):
///
///     integers            {.min, .max, .fallback}            decimal digits; '-' for signed types, no '+'
///     float, double       {.min, .max, .fallback}            "1", "-2.5", "1e3"; neither infinite nor NaN
///     bool                {.fallback}                        true, false, 1, 0, on, off
///     std::string_view    {.minBytes, .maxBytes, .fallback}  UTF-8 without NUL; valid as long as the event
///     enums               {.fallback}                        a name of valueNames(), see below
///     std::optional<any>  as that of the type                none when it is missing
///
/// A missing value is wrong, unless there is a fallback or T is a std::optional; for these an empty one of another type
/// than text counts as missing, because browsers send empty fields of forms. Of several values of a name the first
/// counts. The names of an enum come from a function in its namespace:
///
///     enum class Order { newest, oldest };
///     constexpr auto valueNames(Order) {
///       return std::to_array<h3::ValueName<Order>>({{"newest", Order::newest}, {"oldest", Order::oldest}});
///     }
///
/// For a type of your own, specialise ValueTraits (detail/value_traits.hpp shows how).
/// Lifetime: `name` and texts in the rule must outlive it: literals.
template <class T, ValuePlace kIn>
struct ValueSource {
  using Value = T;
  static constexpr ValuePlace kPlace = kIn;

  std::string_view name;
  typename ValueTraits<T>::Rule rule;

  /// The value; a wrong one is added to `failures`, and T() returned.
  T read(Event& event, ValueFailures& failures) const {
    return detail::readText<T>(detail::findValue(event, kPlace, name), kPlace, name, rule, failures);
  }

  /// Adds it to what is known about a route.
  void describe(RouteInfo& info) const {
    std::string schema = "{}";
    if constexpr (requires { ValueTraits<T>::schema(rule); }) schema = ValueTraits<T>::schema(rule);
    info.parameters.push_back(
        {kPlace, std::string(name), !detail::kIsOptional<T> && !rule.fallback, std::move(schema)});
  }
};

template <class T>
constexpr ValueSource<T, ValuePlace::query> inQuery(std::string_view name,
                                                    const typename ValueTraits<T>::Rule& rule = {}) {
  return {name, rule};
}
template <class T>
constexpr ValueSource<T, ValuePlace::path> inPath(std::string_view name,
                                                  const typename ValueTraits<T>::Rule& rule = {}) {
  return {name, rule};
}
template <class T>
constexpr ValueSource<T, ValuePlace::header> inHeader(std::string_view name,
                                                      const typename ValueTraits<T>::Rule& rule = {}) {
  return {name, rule};
}
/// A field of a form, without those of files: see forms.hpp for the types of bodies and the limits.
template <class T>
constexpr ValueSource<T, ValuePlace::form> inForm(std::string_view name,
                                                  const typename ValueTraits<T>::Rule& rule = {}) {
  return {name, rule};
}

/// Reads several values, in the order given.
///
///     const auto [id, limit] = h3::readValues(event, h3::inPath<int>("id"),
///                                             h3::inQuery<int>("limit", {.min = 1, .max = 100, .fallback = 20}));
///
/// Errors: InvalidValues with all that are missing or wrong; UnknownParam as Event::param(). Allocates: nothing on the
/// heap when all are right; what was encoded is decoded into the arena.
template <class... Sources>
std::tuple<typename Sources::Value...> readValues(Event& event, const Sources&... sources) {
  ValueFailures failures;
  std::tuple<typename Sources::Value...> values{sources.read(event, failures)...};
  failures.throwIfAny();
  return values;
}

/// A handler that gets its values as arguments; made by withValues().
template <class F, class... Sources>
class ValuesHandler {
 public:
  constexpr ValuesHandler(F call, Sources... sources)
      : call_(std::move(call)), sources_(std::move(sources)...) {}

  auto operator()(Event& event) {
    auto values =
        std::apply([&event](const Sources&... sources) { return readValues(event, sources...); }, sources_);
    return std::apply([this, &event](auto&... value) { return call_(event, std::move(value)...); }, values);
  }

  /// Errors: UnknownParam when a path parameter is not in `pattern`.
  void checkPattern(std::string_view pattern) const {
    std::apply([pattern](const Sources&... sources) { (checkOne(sources, pattern), ...); }, sources_);
  }

  /// Adds its values to what is known about its route.
  void describe(RouteInfo& info) const {
    std::apply([&info](const Sources&... sources) { (describeOne(sources, info), ...); }, sources_);
  }

 private:
  template <class Source>
  static void describeOne(const Source& source, RouteInfo& info) {
    if constexpr (requires { source.describe(info); }) source.describe(info);
  }
  template <class Source>
  static void checkOne(const Source& source, std::string_view pattern) {
    if constexpr (requires { Source::kPlace; })
      if (Source::kPlace == ValuePlace::path) detail::requireParam(pattern, source.name);
  }

  F call_;
  std::tuple<Sources...> sources_;
};

/// A handler whose values are read, and refused together, before it runs.
///
///     app.get("/notes/:id", h3::withValues([](h3::Event& event, int id, bool full) { ... },
///                                          h3::inPath<int>("id"), h3::inQuery<bool>("full", {.fallback = false})));
///
/// That each inPath() is in the route's pattern is checked when the route is registered (UnknownParam); Event::param()
/// in any other handler is checked when it is called. The handler may be a coroutine: its values are its arguments.
template <class F, class... Sources>
constexpr ValuesHandler<F, Sources...> withValues(F handler, Sources... sources) {
  return {std::move(handler), std::move(sources)...};
}

template <class T>
T Event::query(std::string_view name, const typename ValueTraits<T>::Rule& rule) {
  return std::get<0>(readValues(*this, inQuery<T>(name, rule)));
}
template <class T>
T Event::param(std::string_view name, const typename ValueTraits<T>::Rule& rule) {
  return std::get<0>(readValues(*this, inPath<T>(name, rule)));
}
template <class T>
T Event::header(std::string_view name, const typename ValueTraits<T>::Rule& rule) {
  return std::get<0>(readValues(*this, inHeader<T>(name, rule)));
}
template <class T>
T Event::form(std::string_view name, const typename ValueTraits<T>::Rule& rule) {
  return std::get<0>(readValues(*this, inForm<T>(name, rule)));
}

}  // namespace h3
