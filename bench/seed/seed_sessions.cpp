// Fills a SQLite store with made-up sessions, for measurements: seed_sessions FILE COUNT [DAYS].

#include "crud/sqlite/sqlite_crud.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/session_writer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <utility>

namespace {

using namespace ocpi;
using std::chrono::minutes;

/// Enough to fill a commit.
constexpr int writers = 256;

/// Sessions from the past to now: a thousandth is live, a few are PENDING, INVALID or without their
/// final reading. 2,000 locations, 6,000 EVSEs, 40,000 contracts.
class generator {
public:
    explicit generator(std::chrono::days span) : span_(span) {}

    crud::document make(int number)
    {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        const bool is_live = number % 1000 == 0;
        const auto age = is_live ? minutes(random(240)) : minutes(random(minutes(span_).count()));
        const date_time start(now - age);
        const date_time end(start.instant() + minutes(20 + random(400)));
        const date_time changed(is_live ? now - minutes(random(45)) : end.instant());
        const auto kwh = std::to_string(random(80)) + "." + std::to_string(100 + random(899));
        const auto id = "SESS" + padded(number, 8);
        const auto place = random(2000);
        std::string text = R"({"country_code":"BE","party_id":"BEC","id":")" + id +
                           R"(","start_date_time":")" + to_string(start) + R"(","kwh":)" + kwh +
                           R"(,"cdr_token":{"country_code":"ES","party_id":"ABC","uid":")" +
                           padded(random(99'999'999), 14) +
                           R"(","type":"RFID","contract_id":"ES8ABC)" + padded(random(40'000), 8) +
                           R"("},"auth_method":"WHITELIST","location_id":"LOC)" + padded(place, 5) +
                           R"(","evse_uid":"BE*BEC*E)" + padded(place * 3 + random(3), 6) +
                           R"(","connector_id":"1","currency":"EUR")";
        if (!is_live) {
            text += R"(,"end_date_time":")" + to_string(end) + '"';
            text += R"(,"total_cost":{"before_taxes":)" + std::to_string(random(40)) + ".25}";
        }
        text += R"(,"charging_periods":[{"start_date_time":")" + to_string(start) +
                R"(","dimensions":[{"type":"ENERGY","volume":)" + kwh + R"(}]}],"status":")" +
                status_of(number, is_live) + R"(","last_updated":")" + to_string(changed) + R"("})";
        crud::document made(crud::object_key("BE", "BEC", id), std::move(text), changed,
                            party("ES", "ABC"));
        if (!sessions::set_index_values(made)) std::abort();
        return made;
    }

private:
    std::int64_t random(std::int64_t below)
    {
        return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
    }

    static std::string padded(std::int64_t number, std::size_t width)
    {
        auto text = std::to_string(number);
        return std::string(width - std::min(width, text.size()), '0') + text;
    }

    static std::string status_of(int number, bool is_live)
    {
        if (is_live) return "ACTIVE";
        if (number % 1500 == 1) return "PENDING";
        return number % 700 == 2 ? "INVALID" : "COMPLETED";
    }

    std::chrono::days span_;
    std::mt19937_64 random_{20260601};
};

}  // namespace

int main(int count_of_arguments, char** arguments)
{
    if (count_of_arguments < 3) {
        std::cerr << "usage: seed_sessions FILE COUNT [DAYS]\n";
        return 2;
    }
    crud::sqlite_options options;
    options.path = arguments[1];
    crud::sqlite_crud store(options);
    const int count = std::atoi(arguments[2]);
    generator made(std::chrono::days(count_of_arguments > 3 ? std::atoi(arguments[3]) : 365));
    int next = 0;
    const auto write = [&]() -> boost::asio::awaitable<void> {
        while (next < count) {
            auto document = made.make(next++);
            if (next % 50'000 == 0) std::cerr << next << '\n';
            const auto written = co_await store.create(
                sessions::session_records, crud::interface_side::sender, std::move(document));
            if (written.has_error()) std::cerr << written.error().log_text() << '\n';
        }
    };
    boost::asio::io_context context;
    for (int i = 0; i < writers; ++i) {
        boost::asio::co_spawn(context, write(), boost::asio::detached);
    }
    context.run();
}
