#include "cli/commands.hpp"
#include "cli/standard_streams.hpp"

int main(int argc, char** argv) {
  leakgate::prepareStandardStreams();
  return leakgate::runCli(argc, argv);
}
