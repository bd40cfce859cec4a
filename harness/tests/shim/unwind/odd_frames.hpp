// Functions whose unwind rows are missing or wrong. Each calls back.
#pragma once

extern "C" {
using Callback = void (*)();

void callWithoutRows(Callback callback);    ///< as code made at run time
void callWithWildRows(Callback callback);   ///< the rows say that the frame is 4 MiB long
void callWithoutCaller(Callback callback);  ///< the rows say that it has no caller
void callFromStub(Callback callback);       ///< rows as .plt has them
}
