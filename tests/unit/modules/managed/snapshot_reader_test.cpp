#include "modules/managed/snapshot_reader.hpp"

#include "tests/support/managed_world.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace snapshot_reader_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using test::run_awaitable;

namespace {

/// Prices that cannot be read.
class failing_prices final : public energy_prices {
public:
    boost::asio::awaitable<result<price_curve>> prices_for(sessions::session,
                                                           sessions::profile_type,
                                                           time_zone) override
    {
        co_return error(errc::storage, "the disk is full");
    }
};

}  // namespace

TEST_CASE("modules/managed/snapshot_reader: a session is read, or is not there")
{
    managed_world world;
    snapshot_reader reader(world.crud, nullptr, nullptr, {});
    CHECK_FALSE(run_awaitable(reader.find(world.key("S1"))).value());
    REQUIRE(world.put("10:00", "S1", {{"kwh", "0"}}));
    const auto session = run_awaitable(reader.find(world.key("S1"))).value();
    REQUIRE(session);
    CHECK(session->key.folded() == world.key("S1").folded());
    world.crud->before_get = [](std::string_view) {
        return error(errc::storage, "the disk is full");
    };
    CHECK(run_awaitable(reader.find(world.key("S1"))).has_error());
}

TEST_CASE("modules/managed/snapshot_reader: sessions that are over are not live")
{
    managed_world world;
    snapshot_reader reader(world.crud, nullptr, nullptr, {});
    REQUIRE(world.put("10:00", "S1", {{"kwh", "0"}}));
    REQUIRE(world.put("10:00", "S2", {{"kwh", "0"}, {"status", R"("PENDING")"}}));
    REQUIRE(world.put("10:30", "S3",
                      {{"status", R"("COMPLETED")"}, {"end_date_time", test::at("10:30")}}));
    const auto live = run_awaitable(reader.list_live({ci_string("DEEMPC1")})).value();
    REQUIRE(live.size() == 2);
    CHECK(live[0]->key.id == ci_string("S1"));
    CHECK(live[1]->key.id == ci_string("S2"));
    CHECK(run_awaitable(reader.list_live({ci_string("C2")})).value().empty());
}

TEST_CASE("modules/managed/snapshot_reader: without prices all times cost the same")
{
    managed_world world;
    REQUIRE(world.put("10:00", "S1", {{"kwh", "0"}}));
    snapshot_reader reader(world.crud, std::make_shared<failing_prices>(), nullptr,
                           {party("ES", "ABC")});
    const auto session = run_awaitable(reader.find(world.key("S1"))).value();
    const auto prices = run_awaitable(reader.prices_for(policy_for(), *session));
    CHECK(prices(moment("10:00")) == prices(moment("18:00")));
    CHECK(reader.is_own(session->key));
    // Of an EVSE that is not known, no capability is missing.
    CHECK(run_awaitable(reader.preferences_unsupported(*session)) == false);
}

}  // namespace snapshot_reader_test
