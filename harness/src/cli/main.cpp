#include "cli/commands.hpp"

int main(int argc, char** argv) { return leakgate::runCli(argc, argv); }
