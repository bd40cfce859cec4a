// The application around the event specimens: a login that fills the context, a route with a parameter.
#pragma once

namespace specimen {

/// `POST /login?i=N` with a body sets four context values, one key twice. `GET /users/ID` sets one parameter.
/// Returns the exit code of runServer().
int runLoginApp(int argc, char** argv);

}  // namespace specimen
