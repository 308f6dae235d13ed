#include "modules/tariffs/tariff_store.hpp"

#include "crud/errors.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/tariff_text.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tariff_store_test {

using namespace ocpi;
using namespace ocpi::tariffs;
using crud::interface_side;
using test::run_awaitable;
using test::tariff_text;

namespace {

const crud::object_key& key()
{
    static const crud::object_key of("ES", "ABC", "T1");
    return of;
}

std::string of_minute(int minute, const std::string& currency = "EUR")
{
    return tariff_text({{"last_updated", "\"2024-01-01T10:" + std::to_string(minute) + ":00Z\""},
                        {"currency", '"' + currency + '"'}});
}

parsed_tariff read(const std::string& body)
{
    auto outcome = read_sent_tariff(body, strictness::strict, key());
    REQUIRE(outcome.has_value());
    return std::move(*outcome);
}

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    tariff_store tariffs{crud};

    result<written_tariff> put(const std::string& body, strictness strict = strictness::strict,
                               date_time now = test::written_at)
    {
        const auto sent = read(body);
        return run_awaitable(tariffs.put(interface_side::receiver, key(), sent, strict, now));
    }

    std::string stored()
    {
        const auto record = run_awaitable(tariffs.get(interface_side::receiver, key()));
        return record.has_value() ? record->document.json : std::string();
    }

    /// What another process does.
    void put_behind(const std::string& body)
    {
        crud::document document(crud::object_key("ES", "ABC", "T1"), body,
                                read(body).fields.last_updated, std::nullopt);
        const auto existing =
            run_awaitable(crud->behind().get("tariffs", interface_side::receiver, document.key));
        if (existing.has_value()) {
            REQUIRE(run_awaitable(crud->behind().update("tariffs", interface_side::receiver,
                                                        document, existing->revision))
                        .has_value());
        } else {
            REQUIRE(
                run_awaitable(crud->behind().create("tariffs", interface_side::receiver, document))
                    .has_value());
        }
    }
};

}  // namespace

TEST_CASE(
    "modules/tariffs/tariff_store: a PUT creates, replaces, and changes nothing when it is "
    "repeated")
{
    fixture with;
    const auto created = with.put(of_minute(30));
    CHECK(created->created);
    CHECK(created->changed);
    const auto repeated = with.put(of_minute(30));
    CHECK_FALSE(repeated->created);
    CHECK_FALSE(repeated->changed);
    const auto replaced = with.put(of_minute(31));
    CHECK_FALSE(replaced->created);
    CHECK(replaced->changed);
    CHECK(with.stored() == of_minute(31));
    CHECK(with.crud->creates == 1);
    CHECK(with.crud->updates == 1);
}

TEST_CASE("modules/tariffs/tariff_store: a listener is told of every change, and of nothing else")
{
    const auto crud = std::make_shared<test::scripted_crud>();
    std::vector<std::string> told;
    tariff_store tariffs(
        crud, [&](const tariff_change& change) { told.push_back(change.key.id.str()); });
    const auto put = [&](const std::string& body) {
        const auto sent = read(body);
        return run_awaitable(tariffs.put(interface_side::receiver, key(), sent, strictness::strict,
                                         test::written_at));
    };
    REQUIRE(put(of_minute(30)).has_value());
    CHECK(told.size() == 1);
    REQUIRE(put(of_minute(30)).has_value());
    CHECK(put(of_minute(29)).has_error());
    CHECK(told.size() == 1);
    REQUIRE(put(of_minute(31)).has_value());
    REQUIRE(run_awaitable(tariffs.remove(interface_side::receiver, key())).has_value());
    CHECK(run_awaitable(tariffs.remove(interface_side::receiver, key())).has_error());
    CHECK(told == std::vector<std::string>{"T1", "T1", "T1"});
}

TEST_CASE(
    "modules/tariffs/tariff_store: a last_updated of the future is named, and can be corrected")
{
    fixture with;
    const auto last_updated = read(of_minute(30)).fields.last_updated;
    const date_time before(last_updated.instant() - std::chrono::minutes(6));
    const auto ahead = with.put(of_minute(30), strictness::strict, before);
    REQUIRE(ahead.has_value());
    REQUIRE(ahead->tolerated.size() == 1);
    CHECK(ahead->tolerated[0].starts_with("/last_updated is ahead of our clock"));
    const auto corrected = with.put(of_minute(24), strictness::strict, before);
    REQUIRE(corrected.has_value());
    CHECK(corrected->tolerated.empty());
    CHECK(with.stored() == of_minute(24));
    CHECK(with.put(of_minute(23), strictness::strict, before).has_error());
}

TEST_CASE(
    "modules/tariffs/tariff_store: an older PUT is stale for a strict caller, an equally old one "
    "is not")
{
    fixture with;
    REQUIRE(with.put(of_minute(30)).has_value());
    const auto stale = with.put(of_minute(29, "GBP"));
    REQUIRE(stale.has_error());
    CHECK(stale.error().code() == errc::invalid);
    CHECK(stale.error().pointer() == "/last_updated");
    CHECK(with.stored() == of_minute(30));
    CHECK(with.put(of_minute(30, "GBP"))->changed);
    const auto older = with.put(of_minute(29), strictness::tolerant);
    REQUIRE(older.has_value());
    CHECK(older->tolerated ==
          std::vector<std::string>{"/last_updated is older than the stored one"});
    CHECK(with.stored() == of_minute(29));
}

TEST_CASE("modules/tariffs/tariff_store: who loses a race against another process decides anew")
{
    fixture with;
    SUBCASE("for the creation")
    {
        with.crud->before_create = [&, raced = false](const crud::document&) mutable {
            if (std::exchange(raced, true)) return std::optional<error>();
            with.put_behind(of_minute(20));
            return std::optional<error>();
        };
        const auto written = with.put(of_minute(30));
        CHECK_FALSE(written->created);
        CHECK(with.stored() == of_minute(30));
    }
    SUBCASE("for a change that makes it stale")
    {
        REQUIRE(with.put(of_minute(20)).has_value());
        with.crud->before_update = [&, raced = false](const crud::document&) mutable {
            if (std::exchange(raced, true)) return std::optional<error>();
            with.put_behind(of_minute(40));
            return std::optional<error>();
        };
        CHECK(with.put(of_minute(30)).error().code() == errc::invalid);
        CHECK(with.stored() == of_minute(40));
    }
    SUBCASE("against a removal")
    {
        REQUIRE(with.put(of_minute(20)).has_value());
        with.crud->before_update = [&, raced = false](const crud::document& document) mutable {
            if (std::exchange(raced, true)) return std::optional<error>();
            REQUIRE(run_awaitable(with.crud->behind().remove("tariffs", interface_side::receiver,
                                                             document.key))
                        .has_value());
            return std::optional<error>();
        };
        CHECK(with.put(of_minute(30))->created);
        CHECK(with.stored() == of_minute(30));
    }
}

TEST_CASE("modules/tariffs/tariff_store: who loses every race is told to try again")
{
    fixture with;
    int minute = 10;
    with.put_behind(of_minute(minute));
    with.crud->before_update = [&](const crud::document&) {
        with.put_behind(of_minute(10, minute++ % 2 == 0 ? "GBP" : "SEK"));
        return std::optional<error>();
    };
    CHECK(with.put(of_minute(30)).error().code() == errc::overloaded);
}

TEST_CASE("modules/tariffs/tariff_store: a store that fails is passed on, and nothing is retried")
{
    fixture with;
    with.crud->before_get = [](std::string_view) {
        return std::optional<error>(error(errc::storage, "unwell"));
    };
    CHECK(with.put(of_minute(30)).error().code() == errc::storage);
    with.crud->before_get = nullptr;
    with.crud->before_create = [](const crud::document&) {
        return std::optional<error>(error(errc::overloaded, "too much"));
    };
    CHECK(with.put(of_minute(30)).error().code() == errc::overloaded);
    CHECK(with.crud->creates == 1);
}

TEST_CASE("modules/tariffs/tariff_store: what is removed is gone, once")
{
    fixture with;
    REQUIRE(with.put(of_minute(30)).has_value());
    const auto remove = [&with] {
        const crud::object_key same("es", "abc", "t1");
        return run_awaitable(with.tariffs.remove(interface_side::receiver, same));
    };
    CHECK(remove().has_value());
    CHECK(with.stored() == "");
    CHECK(remove().error().code() == errc::not_found);
    CHECK(with.put(of_minute(10))->created);
}

TEST_CASE("modules/tariffs/tariff_store: of writers at the same time the latest word stays")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    tariff_store tariffs(crud);
    std::vector<parsed_tariff> sent;
    for (int minute = 10; minute < 40; ++minute) sent.push_back(read(of_minute(minute)));
    boost::asio::thread_pool threads(4);
    std::vector<std::future<result<written_tariff>>> outcomes;
    for (const auto& each : sent) {
        outcomes.push_back(boost::asio::co_spawn(threads,
                                                 tariffs.put(interface_side::receiver, key(), each,
                                                             strictness::strict, test::written_at),
                                                 boost::asio::use_future));
    }
    int created = 0;
    for (auto& outcome : outcomes) {
        const auto written = outcome.get();
        if (written.has_value())
            created += written->created ? 1 : 0;
        else
            CHECK(written.error().code() == errc::invalid);
    }
    threads.join();
    CHECK(created == 1);
    const auto stored = run_awaitable(tariffs.get(interface_side::receiver, key()));
    CHECK(stored->document.json == of_minute(39));
}

}  // namespace tariff_store_test
