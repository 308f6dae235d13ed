#include "modules/managed/managed_session_service.hpp"

#include "modules/sessions/view_id.hpp"
#include "ocpi/json/writer.hpp"
#include "tests/support/managed_world.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace random_sessions_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using test::run_awaitable;

namespace {

/// A day of one policy: sessions as CPOs send them and as none should, and what users wish.
class random_day {
public:
    explicit random_day(unsigned seed) : random_(seed)
    {
        auto rule = policy_for();
        rule.battery_reserve = number(std::to_string(below(60)));
        world_.create(rule);
    }

    void run()
    {
        start_new();
        for (int step = 0; step < 12; ++step) {
            now_ += below(40) * 60'000 + below(60'000);
            world_.time->set(date_time::from_milliseconds(now_));
            if (one_in(3)) {
                wish();
            } else {
                report();
            }
            check();
        }
    }

private:
    std::int64_t below(std::int64_t bound)
    {
        return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random_);
    }
    bool one_in(std::int64_t count) { return below(count) == 0; }

    static std::string instant(std::int64_t at)
    {
        return json::quote(to_string(date_time::from_milliseconds(at)));
    }
    std::string somewhen() { return instant(one_in(15) ? now_ - 90'000'000 : between()); }
    std::int64_t between() { return start_ + below(std::max<std::int64_t>(now_ - start_, 1)); }

    std::string amount()
    {
        static const char* const odd[] = {"0",        "-3",    "1e999999", "1e-199",
                                          "41.000",   "1e150", "-1e99999", "1.0000000000000001",
                                          "0.0000001"};
        if (one_in(12)) return odd[below(std::size(odd))];
        return std::to_string(below(40)) + '.' + std::to_string(below(10'000));
    }

    void start_new()
    {
        start_ = now_ - below(3'600'000);
        id_ = "S" + std::to_string(++count_);
        watt_hours_ = one_in(2) ? 0 : below(100'000);
        meter_.clear();
        soc_ = one_in(5) ? "" : one_in(6) ? amount() : std::to_string(below(100));
        is_metered_ = one_in(2);
    }

    void read_meter()
    {
        if (!one_in(9)) watt_hours_ += below(3000);
        json::object_writer sample;
        sample.raw("value", one_in(20) ? amount() : std::to_string(watt_hours_));
        if (one_in(20)) sample.string("measurand", "SoC");
        if (one_in(40)) sample.string("context", "Transaction.End");
        json::object_writer value;
        value.raw("timestamp", one_in(10) ? somewhen() : instant(now_));
        value.raw("sampled_value", '[' + sample.finish() + ']');
        meter_.push_back(value.finish());
    }

    std::string meter_text() const
    {
        json::array_writer list;
        for (const auto& each : meter_) list.raw(each);
        return list.finish();
    }

    std::string periods()
    {
        static const char* const types[] = {"ENERGY", "STATE_OF_CHARGE", "TIME"};
        json::array_writer list;
        for (auto more = below(4); more >= 0; --more) {
            json::object_writer dimension;
            dimension.string("type", types[below(3)]).raw("volume", amount());
            json::object_writer period;
            period.raw("start_date_time", somewhen())
                .raw("dimensions", '[' + dimension.finish() + ']');
            list.raw(period.finish());
        }
        return list.finish();
    }

    void report()
    {
        if (one_in(9)) start_new();
        read_meter();
        std::vector<member> changes{{"start_date_time", instant(start_)},
                                    {"last_updated", instant(now_)},
                                    {"kwh", amount()}};
        if (!soc_.empty()) changes.emplace_back("soc_start", soc_);
        if (is_metered_) changes.emplace_back("meter_value", meter_text());
        if (one_in(3)) changes.emplace_back("charging_periods", periods());
        if (one_in(8)) {
            changes.emplace_back("status", R"("COMPLETED")");
            if (!one_in(4)) changes.emplace_back("end_date_time", somewhen());
        } else if (one_in(40)) {
            changes.emplace_back("status", R"("INVALID")");
        }
        if (one_in(9)) changes.emplace_back("charging_preferences", R"({"profile_type":"FAST"})");
        const auto text = managed_world::text_of(id_, changes);
        constexpr auto tolerant = strictness::tolerant;
        const auto key = managed_world::key(id_);
        const auto sent = read_session(text, body_kind::whole, tolerant, key);
        REQUIRE_MESSAGE(sent.has_value(), text);
        constexpr auto side = crud::interface_side::receiver;
        // Some are refused: what comes after the end, say.
        (void)run_awaitable(world_.store->put(side, key, *sent, tolerant, test::written_at));
    }

    void wish()
    {
        std::optional<target> wanted;
        if (one_in(2)) {
            wanted = immediate_start(std::to_string(below(101)));
        } else if (!one_in(3)) {
            wanted.emplace();
            wanted->source = target_source::user_override;
            wanted->minimum_charge_target = number(std::to_string(below(101)));
            wanted->ready_by = date_time::from_milliseconds(now_ + 1 + below(20'000'000));
        }
        REQUIRE(run_awaitable(world_.manager->change_target("P1", wanted)).has_value());
    }

    void check()
    {
        const auto current = run_awaitable(world_.manager->current_session("P1"));
        REQUIRE(current.has_value());
        check_view(*current);
        for (int i = 1; i <= count_; ++i) {
            const auto id = "S" + std::to_string(i);
            const auto view = world_.view(id);
            if (view.front() == '{') check_view(view, id);
        }
    }

    static decimal value_at(json::value object, std::string_view name)
    {
        const auto found = object.find(name);
        REQUIRE(found);
        const auto read = decimal::parse(found->text());
        REQUIRE(read);
        REQUIRE_FALSE(read->is_negative());
        return *read;
    }

    /// What session.kwh says, if the views can reckon with it.
    std::optional<decimal> total_of(const std::string& id)
    {
        constexpr auto side = crud::interface_side::sender;
        const auto record = run_awaitable(world_.store->reader().get(side, managed_world::key(id)));
        const auto seen = parse_stored(*json::parse(record->document.json));
        if (!seen.fields.kwh) return std::nullopt;
        return seen.fields.kwh->is_negative() ? decimal() : *seen.fields.kwh;
    }

    void check_view(const std::string& text, const std::string& id = "")
    {
        CAPTURE(text);
        const auto view = json::parse(text);
        REQUIRE(view.has_value());
        if (part(text, "/state") == R"("UPCOMING")") return;
        const auto sum = *decimal::parse(part(text, "/statistics/aggregated/kwhSum"));
        REQUIRE_FALSE(sum.is_negative());
        decimal of_intervals;
        const auto series = view->root().find("statistics")->find("timeseries");
        for (const auto each : *series) of_intervals = of_intervals + value_at(each, "kwh");
        REQUIRE(of_intervals == sum);
        if (!id.empty()) {
            const auto total = total_of(id);
            if (total) REQUIRE(sum == *total);
        }
        if (part(text, "/policyId") == "null") {
            REQUIRE(part(text, "/blocks") == "[]");
        } else {
            check_blocks(*view->root().find("blocks"), sum);
        }
    }

    /// In order, none overlapping; those that have ended by now, or hold energy that has flowed,
    /// come first.
    void check_blocks(json::value blocks, const decimal& sum)
    {
        const auto now = date_time::from_milliseconds(now_);
        decimal past;
        std::optional<date_time> end;
        for (const auto each : blocks) {
            const auto start_at = parse_date_time(each.find("startAt")->string())->value;
            const auto end_at = parse_date_time(each.find("endAt")->string())->value;
            const auto kwh = value_at(each, "kwhSum");
            REQUIRE(start_at <= end_at);
            REQUIRE((!end || *end <= start_at));
            if (end_at <= now) past = past + kwh;
            end = end_at;
        }
        REQUIRE(past == sum);
    }

    std::mt19937 random_;
    managed_world world_;
    std::int64_t now_ = moment("10:00").milliseconds();
    std::int64_t start_ = 0;
    int count_ = 0;
    std::string id_;
    std::int64_t watt_hours_ = 0;
    std::vector<std::string> meter_;
    std::string soc_;
    bool is_metered_ = false;
};

}  // namespace

TEST_CASE("modules/managed/random_sessions: whatever happens under a policy, every view adds up")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    for (unsigned round = 0; round < 60; ++round) {
        CAPTURE(round);
        random_day(seed + round).run();
    }
}

}  // namespace random_sessions_test
