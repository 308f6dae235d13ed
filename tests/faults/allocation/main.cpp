#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/faults/allocation/failing_memory.hpp"

int main(int argc, char** argv)
{
    ocpi::test::install_failing_memory();
    return doctest::Context(argc, argv).run();
}
