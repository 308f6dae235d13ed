#include "modules/sessions/snapshot_source.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace snapshot_source_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::run_awaitable;

namespace {

/// EVSEs of one maximum power, which a test changes.
class one_power_directory final : public evse_directory {
public:
    std::optional<decimal> max_power_kw;

    boost::asio::awaitable<result<std::optional<evse>>> find(party, std::string,
                                                             std::string) override
    {
        evse known;
        known.max_power_kw = max_power_kw;
        co_return known;
    }
};

/// 90 kWh within an hour, and so many blanks.
crud::record session_at(crud::revision revision, std::size_t blanks)
{
    auto text = test::session_text(
        {{"meter_value", test::registers({{"10:00", "0"}, {"10:30", "1"}, {"11:00", "90"}})}});
    text.insert(1, std::string(blanks, ' '));
    return {crud::document(crud::object_key("ES", "ABC", "S1"), std::move(text), date_time(),
                           std::nullopt),
            revision};
}

std::size_t registers_of(snapshot_source& source, const crud::record& record)
{
    return run_awaitable(source.read(record)).value()->seen.meter.registers.size();
}

}  // namespace

TEST_CASE("modules/sessions/snapshot_source: a session is parsed once for each revision")
{
    snapshot_source source(nullptr);
    const auto first = run_awaitable(source.read(session_at(1, 5'000))).value();
    CHECK(run_awaitable(source.read(session_at(1, 5'000))).value() == first);
    const auto second = run_awaitable(source.read(session_at(2, 5'000))).value();
    CHECK(second != first);
    CHECK(second->revision == 2);
    // An older state that was read before comes late.
    CHECK(run_awaitable(source.read(session_at(1, 5'000))).value()->revision == 1);
}

TEST_CASE("modules/sessions/snapshot_source: what was not looked at for long is forgotten")
{
    snapshot_source source(nullptr, 64 * 1024);
    const auto first = run_awaitable(source.read(session_at(1, 0))).value();
    CHECK(run_awaitable(source.read(session_at(1, 0))).value() == first);
    for (int i = 0; i < 64; ++i) {
        auto other = session_at(1, 0);
        other.document.key = crud::object_key("ES", "ABC", "OTHER" + std::to_string(i));
        (void)run_awaitable(source.read(other));
    }
    CHECK(run_awaitable(source.read(session_at(1, 0))).value() != first);
}

TEST_CASE("modules/sessions/snapshot_source: what is not JSON is a failure of the store")
{
    snapshot_source source(nullptr);
    auto damaged = session_at(1, 5'000);
    damaged.document.json.pop_back();
    CHECK(run_awaitable(source.read(damaged)).error().code() == errc::storage);
}

TEST_CASE("modules/sessions/snapshot_source: the EVSE's power holds for a remembered session too")
{
    const auto evses = std::make_shared<one_power_directory>();
    snapshot_source source(evses);
    const auto record = session_at(1, 5'000);
    const auto all = registers_of(source, record);
    evses->max_power_kw = decimal::parse("22");
    CHECK(registers_of(source, record) < all);
    evses->max_power_kw.reset();
    CHECK(registers_of(source, record) == all);
}

}  // namespace snapshot_source_test
