#include "session/request_binding.hpp"

#include "http/canonical_path.hpp"

namespace h3::session {

[[gnu::cold, gnu::noinline]] void RequestBinding::unbind(char* data) {
  EventState& bound = state();
  bound.base = data;
  bound.head.headers.rebase(data);
  bound.target = Target{};
  bound.path = bound.body = {};
  bound.routeParams.clear();
}

void RequestBinding::bind(const protocol::RequestReader& reader, char* data) {
  if (!reader.headRead()) return unbind(data);
  EventState& bound = state();
  bound.base = data;
  bound.target = reader.target();
  bound.path =
      bound.target.mayNeedCanonicalForm ? canonicalPath(bound.target, bound.arena) : bound.target.path;
  bound.body = reader.body(data);
}

}  // namespace h3::session
