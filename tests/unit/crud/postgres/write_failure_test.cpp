#include "crud/postgres/write_failure.hpp"

#include <doctest/doctest.h>

#include <string>

namespace write_failure_test {

using namespace ocpi::crud::postgres;
using enum write_failure;

namespace {

write_failure classify(const std::string& sqlstate, bool is_open = true)
{
    return classify_failure(postgres_error("failed", sqlstate), is_open);
}

}  // namespace

TEST_CASE("crud/postgres/write_failure: what was in the way of another transaction goes again")
{
    CHECK(classify("40001") == again);
    CHECK(classify("40P01") == again);
    CHECK(classify("23505") == again);
}

TEST_CASE("crud/postgres/write_failure: a value that cannot be stored is the write's own failure")
{
    CHECK(classify("22021") == bad_value);
    CHECK(classify("23502") == bad_value);
    CHECK(classify("54000") == bad_value);
}

TEST_CASE("crud/postgres/write_failure: a full disk fails every write")
{
    CHECK(classify("53100") == failed);
    CHECK(classify("55P03") == failed);
    CHECK(classify("57014") == failed);
}

TEST_CASE("crud/postgres/write_failure: a server that hangs up or is no primary is left")
{
    CHECK(classify("") == disconnected);
    CHECK(classify("57P01") == disconnected);
    CHECK(classify("08006") == disconnected);
    CHECK(classify("25006") == disconnected);
    CHECK(classify("53100", false) == disconnected);
}

}  // namespace write_failure_test
