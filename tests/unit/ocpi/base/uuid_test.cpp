#include "ocpi/base/uuid.hpp"

#include <doctest/doctest.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace uuid_test {

TEST_CASE("ocpi/base/uuid: a UUID has the text form and the marks of version 4")
{
    const auto text = ocpi::make_uuid();
    REQUIRE(text.size() == 36);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        CAPTURE(text);
        if (is_dash)
            CHECK(text[i] == '-');
        else
            CHECK(std::string("0123456789abcdef").find(text[i]) != std::string::npos);
    }
    CHECK(text[14] == '4');
    CHECK(std::string("89ab").find(text[19]) != std::string::npos);
}

TEST_CASE("ocpi/base/uuid: no two are the same, on whatever threads they are made")
{
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 1000;
    std::mutex mutex;
    std::set<std::string> made;
    {
        std::vector<std::jthread> makers;
        for (std::size_t i = 0; i < threads; ++i) {
            makers.emplace_back([&] {
                for (std::size_t n = 0; n < each; ++n) {
                    auto text = ocpi::make_uuid();
                    const std::lock_guard lock(mutex);
                    made.insert(std::move(text));
                }
            });
        }
    }
    CHECK(made.size() == threads * each);
}

TEST_CASE("ocpi/base/uuid: the UUID of a name is that of every other implementation")
{
    CHECK(ocpi::make_url_uuid("ocpi:session:ES/ABC/SESS001") ==
          "1cea67fe-916b-5bab-97ac-a087e74d89ed");
}

}  // namespace uuid_test
