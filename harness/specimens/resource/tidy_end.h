// A specimen that leaves things outside of its process removes them when it is ended.
#pragma once

/// SIGTERM runs `tidy`, in the signal's handler while the server waits, and ends the process.
void endWith(void (*tidy)(void));
