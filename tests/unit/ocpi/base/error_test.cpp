#include "ocpi/base/error.hpp"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace error_test {

using namespace ocpi;

TEST_CASE("ocpi/base/error: every code has a name of its own")
{
    std::set<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
        const auto name = to_string(static_cast<errc>(code));
        CHECK(name != "unknown");
        CHECK(names.insert(name).second);
    }
    CHECK(to_string(static_cast<errc>(999)) == "unknown");
}

TEST_CASE("ocpi/base/error: the client's text, the pointer and the operator's text are kept apart")
{
    const error failure(errc::storage, "try later", "/kwh", "disk full");
    CHECK(failure.code() == errc::storage);
    CHECK(failure.text() == "try later");
    CHECK(failure.pointer() == "/kwh");
    CHECK(failure.log_text() == "disk full");
    CHECK(error().code() == errc::internal);
}

TEST_CASE("ocpi/base/error: a result holds a value or an error")
{
    const result<int> good = 3;
    const result<int> bad = error(errc::invalid, "no");
    CHECK(*good == 3);
    CHECK_FALSE(good.has_error());
    CHECK(bad.has_error());
    CHECK(bad.error().code() == errc::invalid);
    const result<void> nothing;
    CHECK_FALSE(nothing.has_error());
}

TEST_CASE("ocpi/base/error: asking an error for its value is a bug and says where")
{
    const result<int> bad = error(errc::invalid, "no such thing");
    try {
        (void)bad.value();
        FAIL("it did not throw");
    } catch (const std::logic_error& bug) {
        CHECK(std::string(bug.what()).find("no such thing") != std::string::npos);
        CHECK(std::string(bug.what()).find("error_test.cpp") != std::string::npos);
    }
}

}  // namespace error_test
