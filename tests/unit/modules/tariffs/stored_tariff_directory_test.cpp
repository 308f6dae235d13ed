#include "modules/tariffs/stored_tariff_directory.hpp"

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
#include <vector>

namespace stored_tariff_directory_test {

using namespace ocpi;
using namespace ocpi::tariffs;
using crud::interface_side;
using test::run_awaitable;
using test::tariff_text;

namespace {

constexpr std::size_t plenty = 1'000'000;

std::string text_of(const std::string& id, const std::string& currency)
{
    return tariff_text({{"id", '"' + id + '"'}, {"currency", '"' + currency + '"'}});
}

/// Of what text_of describes, in memory.
std::size_t size_of_one()
{
    const auto document = json::parse(text_of("T1", "EUR"));
    return memory_size(read_tariff(*document).value());
}

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<tariff_store> tariffs = std::make_shared<tariff_store>(crud);
    stored_tariff_directory directory;

    explicit fixture(std::size_t max_bytes = plenty)
        : directory(tariffs, {party("ES", "ABC")}, max_bytes)
    {
    }

    void put(const std::string& id, const std::string& currency)
    {
        const crud::object_key key("ES", "ABC", id);
        const auto sent = read_sent_tariff(text_of(id, currency), strictness::strict, key);
        REQUIRE(run_awaitable(tariffs->put(interface_side::receiver, key, *sent, strictness::strict,
                                           test::written_at))
                    .has_value());
    }

    result<tariff_ptr> find(const std::string& id)
    {
        return run_awaitable(directory.find(party("es", "abc"), id));
    }
};

}  // namespace

TEST_CASE(
    "modules/tariffs/stored_tariff_directory: a tariff is found in any case, and as one object "
    "while it stays")
{
    fixture with;
    with.put("T1", "EUR");
    const auto found = *with.find("t1");
    REQUIRE(found);
    CHECK(found->currency == "EUR");
    CHECK(found->id.str() == "T1");
    CHECK(*with.find("T1") == found);
    CHECK(*with.find("T2") == nullptr);
    CHECK(*run_awaitable(with.directory.find(party("BE", "ABC"), "T1")) == nullptr);
}

TEST_CASE(
    "modules/tariffs/stored_tariff_directory: what was written is found at once, whoever wrote it")
{
    fixture with;
    with.put("T1", "EUR");
    const auto before = *with.find("T1");
    with.put("T1", "GBP");
    CHECK((*with.find("T1"))->currency == "GBP");
    CHECK(before->currency == "EUR");

    const crud::object_key key("ES", "ABC", "T1");
    auto& other = with.crud->behind();
    const auto record = run_awaitable(other.get("tariffs", interface_side::receiver, key));
    crud::document changed(key, text_of("T1", "SEK"), date_time(), std::nullopt);
    REQUIRE(
        run_awaitable(other.update("tariffs", interface_side::receiver, changed, record->revision))
            .has_value());
    CHECK((*with.find("T1"))->currency == "SEK");

    REQUIRE(run_awaitable(
                with.tariffs->remove(interface_side::receiver, crud::object_key("ES", "ABC", "T1")))
                .has_value());
    CHECK(*with.find("T1") == nullptr);
    with.put("T1", "EUR");
    CHECK((*with.find("T1"))->currency == "EUR");
}

TEST_CASE(
    "modules/tariffs/stored_tariff_directory: what does not fit is read anew, and found all the "
    "same")
{
    const auto one = size_of_one();
    fixture with(2 * one);
    for (const auto* id : {"T1", "T2", "T3"}) with.put(id, "EUR");
    const auto first = *with.find("T1");
    const auto second = *with.find("T2");
    CHECK(*with.find("T1") == first);
    const auto third = *with.find("T3");  // in the place of T2
    CHECK(*with.find("T1") == first);
    CHECK(*with.find("T3") == third);
    const auto again = *with.find("T2");
    CHECK(again != second);
    CHECK(again->id.str() == "T2");

    // Its text would fit.
    REQUIRE(text_of("T1", "EUR").size() < one);
    fixture tiny(one - 1);
    tiny.put("T1", "EUR");
    CHECK((*tiny.find("T1"))->currency == "EUR");
    CHECK(*tiny.find("T1") != *tiny.find("T1"));
}

TEST_CASE(
    "modules/tariffs/stored_tariff_directory: a store that fails, or holds no tariff, is an error")
{
    fixture with;
    with.put("T1", "EUR");
    REQUIRE(with.find("T1").has_value());
    with.crud->before_get = [](std::string_view) {
        return std::optional<error>(error(errc::overloaded, "too much"));
    };
    CHECK(with.find("T1").error().code() == errc::overloaded);
    with.crud->before_get = nullptr;

    for (const std::string damaged : {"{", "{}"}) {
        crud::document bad(crud::object_key("ES", "ABC", "bad" + damaged), damaged, date_time(),
                           std::nullopt);
        REQUIRE(run_awaitable(with.crud->behind().create("tariffs", interface_side::receiver, bad))
                    .has_value());
        const auto found = with.find("bad" + damaged);
        REQUIRE(found.has_error());
        CHECK(found.error().code() == errc::storage);
        CHECK(found.error().text() == "the stored tariff cannot be read");
    }
}

TEST_CASE("modules/tariffs/stored_tariff_directory: many may look at the same time")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    const auto tariffs = std::make_shared<tariff_store>(crud);
    const auto one = size_of_one();
    stored_tariff_directory directory(tariffs, {}, 2 * one);
    for (const std::string id : {"T0", "T1", "T2", "T3"}) {
        crud::document document(crud::object_key("ES", "ABC", id), text_of(id, "EUR"), date_time(),
                                std::nullopt);
        REQUIRE(
            run_awaitable(crud->create("tariffs", interface_side::receiver, document)).has_value());
    }
    boost::asio::thread_pool threads(4);
    std::vector<std::future<result<tariff_ptr>>> outcomes;
    for (int i = 0; i < 400; ++i) {
        outcomes.push_back(boost::asio::co_spawn(
            threads, directory.find(party("ES", "ABC"), "T" + std::to_string(i % 4)),
            boost::asio::use_future));
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        CHECK((*outcomes[i].get())->id.str() == "T" + std::to_string(i % 4));
    }
    threads.join();
}

}  // namespace stored_tariff_directory_test
