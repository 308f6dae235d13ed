// Random sessions under random tariffs.

#include "modules/pricing/breakdown_json.hpp"
#include "modules/pricing/breakdown_table.hpp"
#include "modules/pricing/comparison.hpp"
#include "modules/pricing/taxes.hpp"
#include "reference_price.hpp"

#include <random>

namespace random_price_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::before_taxes;
using pricing::make_breakdown;
using pricing::priced_session;
using tariffs::tariff_dimension;

namespace {

class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
    bool one_in(int chances) { return below(chances) == 0; }

    /// 0 to 9.99, often with a round value.
    decimal amount()
    {
        return one_in(4) ? number(std::to_string(below(5)))
                         : number(std::to_string(below(10)) + "." + std::to_string(below(100)));
    }

    tariffs::price_component component(bool has_vat)
    {
        constexpr std::int64_t steps[] = {0, 1, 60, 300, 500, 900, 7};
        constexpr const char* rates[] = {"0", "5.2", "10", "20"};
        tariffs::price_component made;
        made.type = static_cast<tariff_dimension>(below(4));
        made.price = amount();
        if (has_vat && !one_in(5)) made.vat = number(rates[below(4)]);
        made.step_size = steps[below(7)];
        return made;
    }

    /// Only such as do not change while a period lasts.
    tariffs::tariff_restrictions steady_restrictions()
    {
        tariffs::tariff_restrictions made;
        if (one_in(4)) made.max_power = number(std::to_string(5 + below(20)));
        if (one_in(6)) made.min_current = number(std::to_string(5 + below(20)));
        if (one_in(5)) {
            made.reservation = static_cast<tariffs::reservation_restriction>(below(2));
        }
        return made;
    }

    tariffs::tariff_restrictions restrictions()
    {
        auto made = steady_restrictions();
        if (one_in(5)) made.start_time = std::chrono::minutes(below(24 * 60));
        if (one_in(5)) made.end_time = std::chrono::minutes(15 * below(24 * 4));
        if (one_in(6)) made.day_of_week[static_cast<std::size_t>(below(7))] = true;
        if (one_in(6)) made.min_kwh = amount();
        if (one_in(6)) made.max_kwh = amount();
        if (one_in(6)) made.min_duration = std::chrono::minutes(below(90));
        if (one_in(6)) made.max_duration = std::chrono::minutes(below(200));
        if (one_in(8)) made.min_power = number(std::to_string(below(10)));
        if (one_in(8)) made.max_current = number(std::to_string(5 + below(30)));
        if (one_in(10)) {
            using namespace std::chrono;
            made.end_date = 2024y / January / day(8 + static_cast<unsigned>(below(3)));
        }
        return made;
    }

    tariffs::price_limit limit(int least)
    {
        tariffs::price_limit made;
        made.before_taxes = number(std::to_string(least + below(10)));
        if (one_in(2)) made.after_taxes = made.before_taxes + amount();
        return made;
    }

    tariffs::tariff tariff(const char* id, bool is_steady = false)
    {
        tariffs::tariff made;
        made.id = ci_string(id);
        made.currency = "EUR";
        made.tax_included = static_cast<tariffs::tax_included>(below(3));
        const bool has_vat = !one_in(6);
        for (int i = 1 + below(5); i > 0; --i) {
            tariffs::tariff_element element;
            for (int j = 1 + below(3); j > 0; --j) {
                element.price_components.push_back(component(has_vat));
            }
            if (!one_in(3))
                element.restrictions = is_steady ? steady_restrictions() : restrictions();
            made.elements.push_back(std::move(element));
        }
        made.names_vat = tariffs::names_vat(made.elements);
        if (one_in(4)) made.min_price = limit(0);
        if (one_in(4)) made.max_price = limit(10);
        return made;
    }

    /// Hours as they are sent: rounded, as binary floating point has them, or with zeros behind.
    sessions::cdr_dimension odd_volume(const char* type)
    {
        constexpr const char* volumes[] = {"0.1667",  "0.3333",   "0.08333",
                                           "0.6667",  "0.166667", "0.0001",
                                           "1.99995", "0.0834",   "0.30000000000000004",
                                           "0.25",    "0.5",      "0.66666666666666667"};
        sessions::cdr_dimension made;
        made.type = type;
        made.volume = number(volumes[below(12)]);
        if (one_in(4)) made.written_places = static_cast<std::uint32_t>(below(7));
        return made;
    }

    /// The same with odd volumes beside the plain ones.
    priced_session odd_session(bool names_tariffs)
    {
        constexpr const char* types[] = {"ENERGY", "TIME", "TIME", "PARKING_TIME",
                                         "RESERVATION_TIME"};
        auto made = session(names_tariffs);
        const bool has_plain = one_in(3);
        for (auto& one : made.periods) {
            if (!has_plain) one.dimensions.clear();
            for (int i = 1 + below(3); i > 0; --i) {
                one.dimensions.push_back(odd_volume(types[below(5)]));
            }
        }
        return made;
    }

    priced_session session(bool names_tariffs)
    {
        constexpr const char* types[] = {"ENERGY", "ENERGY", "TIME", "PARKING_TIME",
                                         "RESERVATION_TIME"};
        constexpr const char* loads[] = {"MAX_POWER", "POWER", "MIN_POWER", "CURRENT",
                                         "MAX_CURRENT"};
        std::vector<sessions::charging_period> periods;
        const bool is_reservation = one_in(6);
        int minute = below(24 * 60);
        for (int i = below(7); i > 0; --i) {
            std::vector<dimension_text> volumes;
            for (int j = below(3); j >= 0; --j) {
                const auto* type = is_reservation ? "RESERVATION_TIME" : types[below(5)];
                volumes.push_back({type, to_text(amount())});
            }
            if (one_in(3)) volumes.push_back({loads[below(5)], to_text(amount() + number("5"))});
            periods.push_back(
                period(monday(0, minute), volumes, names_tariffs ? (one_in(2) ? "A" : "B") : ""));
            minute += below(60);
        }
        auto made = session_of(std::move(periods));
        if (one_in(10)) made.end.reset();
        constexpr sessions::session_status states[] = {
            sessions::session_status::completed,   sessions::session_status::active,
            sessions::session_status::reservation, sessions::session_status::pending,
            sessions::session_status::completed,   sessions::session_status::invalid};
        made.status = states[below(6)];
        std::shuffle(made.periods.begin(), made.periods.end(), random_);
        return made;
    }

    std::mt19937& engine() { return random_; }

private:
    std::mt19937 random_;
};

tariffs::tariff_ptr share(tariffs::tariff tariff)
{
    return std::make_shared<const tariffs::tariff>(std::move(tariff));
}

constexpr int rounds = 1500;

}  // namespace

TEST_CASE(
    "modules/pricing/random_price: the engine agrees with a plain reckoning of the same rules")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    const auto zone = *time_zone::find("America/New_York");
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        const bool two = random.one_in(3);
        tariff_list tariffs{share(random.tariff("A"))};
        if (two) tariffs.push_back(share(random.tariff("B")));
        const auto session = random.one_in(2) ? random.odd_session(two) : random.session(two);
        const auto priced = make_breakdown(session, tariffs, zone);
        const reference_price plain(session, tariffs, zone);
        REQUIRE(text(priced.before_taxes) == text(plain.before));
        REQUIRE(text(priced.after_taxes) == text(plain.after));
        for (const auto& [dimension, billed] : plain.billed) {
            REQUIRE(text(priced.of(dimension).billed_volume) == text(billed));
        }
    }
}

TEST_CASE("modules/pricing/random_price: totals are the sum of their parts")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        const tariff_list tariffs{share(random.tariff("A")), share(random.tariff("B"))};
        const auto priced =
            make_breakdown(random.one_in(2) ? random.odd_session(true) : random.session(true),
                           tariffs, time_zone());
        rational dimensions = 0;
        rational items = 0;
        bool is_known = true;
        for (const auto& dimension : priced.dimensions) {
            is_known = is_known && dimension.before_taxes;
            if (dimension.before_taxes) dimensions += *dimension.before_taxes;
        }
        for (const auto& period : priced.periods) {
            for (const auto& one : period.items) {
                if (!one.component) continue;
                const auto net = before_taxes(amount(one), *period.tariff, *one.component);
                if (net) items += *net;
            }
        }
        REQUIRE(is_known == priced.before_limits.has_value());
        if (is_known) REQUIRE(dimensions == items);
        if (is_known) REQUIRE(*priced.before_limits == dimensions);
        if (!priced.before_taxes || !priced.after_taxes) {
            REQUIRE(priced.taxes.empty());
            continue;
        }
        rational taxes = 0;
        for (const auto& tax : priced.taxes) taxes += tax.amount;
        REQUIRE(taxes == *priced.after_taxes - *priced.before_taxes);
    }
}

TEST_CASE("modules/pricing/random_price: a period cut in two costs the same")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        const tariff_list tariffs{share(random.tariff("A", true))};
        auto session = random.session(false);
        for (auto& one : session.periods) one.dimensions.push_back({"POWER", number("11")});
        for (auto& one : session.periods) one.dimensions.push_back({"CURRENT", number("16")});
        const auto whole = totals(session, tariffs);
        if (session.periods.empty()) continue;
        auto& cut = session.periods[static_cast<std::size_t>(
            random.below(static_cast<int>(session.periods.size())))];
        auto second = cut;
        for (std::size_t i = 0; i < cut.dimensions.size(); ++i) {
            const auto& type = cut.dimensions[i].type;
            if (type != "ENERGY" && type.find("TIME") == std::string::npos) continue;
            cut.dimensions[i].volume = cut.dimensions[i].volume * number("0.3");
            second.dimensions[i].volume = second.dimensions[i].volume * number("0.7");
        }
        session.periods.insert(session.periods.begin() + (&cut - session.periods.data()) + 1,
                               second);
        REQUIRE(totals(session, tariffs) == whole);
    }
}

TEST_CASE(
    "modules/pricing/random_price: elements that never match change nothing, wherever they stand")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        auto tariff = random.tariff("A");
        const auto session = random.session(false);
        const auto without = totals(session, {share(tariff)});
        tariffs::tariff_element never;
        never.price_components.push_back(random.component(false));
        never.restrictions = random.restrictions();
        never.restrictions->min_kwh = number("5");
        never.restrictions->max_kwh = number("5");
        tariff.elements.insert(
            tariff.elements.begin() + random.below(static_cast<int>(tariff.elements.size()) + 1),
            never);
        REQUIRE(totals(session, {share(tariff)}) == without);
    }
}

TEST_CASE("modules/pricing/random_price: elements of different dimensions stand in any order")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        auto tariff = random.tariff("A");
        tariff.elements.clear();
        for (int type = 0; type < 4; ++type) {
            tariffs::tariff_element element;
            element.price_components.push_back(random.component(true));
            element.price_components[0].type = static_cast<tariff_dimension>(type);
            element.restrictions = random.restrictions();
            tariff.elements.push_back(std::move(element));
        }
        const auto session = random.session(false);
        const auto before = totals(session, {share(tariff)});
        std::shuffle(tariff.elements.begin(), tariff.elements.end(), random.engine());
        REQUIRE(totals(session, {share(tariff)}) == before);
    }
}

TEST_CASE(
    "modules/pricing/random_price: whatever numbers come, there is a breakdown and it can be "
    "written")
{
    constexpr const char* numbers[] = {
        "0",    "-1",  "1e999999", "-1e999999", "1e-999999",          "1e90", "-1e89", "1e-90",
        "1e91", "0.1", "99999999", "-0.0001",   "123456789.123456789"};
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    const auto odd = [&] { return number(numbers[random.below(13)]); };
    for (int round = 0; round < 600; ++round) {
        CAPTURE(round);
        auto tariff = random.tariff("A");
        for (auto& element : tariff.elements) {
            for (auto& component : element.price_components) {
                component.price = odd();
                if (random.one_in(2)) component.vat = odd();
                if (random.one_in(4)) component.step_size = INT64_MAX;
                if (random.one_in(4)) component.step_size = INT64_MIN;
            }
            if (!element.restrictions) continue;
            element.restrictions->max_power = odd();
            element.restrictions->min_kwh = odd();
        }
        if (tariff.min_price) tariff.min_price->before_taxes = odd();
        if (tariff.max_price) tariff.max_price->after_taxes = odd();
        auto session = random.session(false);
        for (auto& one : session.periods) {
            for (auto& dimension : one.dimensions) dimension.volume = odd();
            if (random.one_in(9)) one.start_date_time = date_time::from_milliseconds(INT64_MIN / 4);
            if (random.one_in(9)) one.start_date_time = instant("9999-12-31T23:59:59Z");
        }
        const auto priced = make_breakdown(session, tariff_list{share(tariff)}, time_zone());
        pricing::stated_cost stated;
        stated.total.emplace();
        stated.total->before_taxes = number("12.5");
        const auto with_cpo = pricing::compare(priced, stated);
        REQUIRE(json::parse(pricing::write_breakdown(priced, with_cpo)).has_value());
        REQUIRE_FALSE(pricing::write_table(priced, with_cpo).empty());
    }
}

namespace {

/// The session with each of its periods cut in two after that share of its length and volumes.
priced_session cut(priced_session session, const char* share, int percent)
{
    auto& periods = session.periods;
    std::stable_sort(periods.begin(), periods.end(), [](const auto& a, const auto& b) {
        return a.start_date_time < b.start_date_time;
    });
    std::vector<sessions::charging_period> pieces;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        const auto start = periods[i].start_date_time;
        const auto end = i + 1 < periods.size() ? periods[i + 1].start_date_time : *session.end;
        pieces.push_back(periods[i]);
        if (start == end) continue;
        auto rest = periods[i];
        rest.start_date_time =
            date_time(start.instant() + (end.instant() - start.instant()) * percent / 100);
        for (std::size_t j = 0; j < rest.dimensions.size(); ++j) {
            auto& volume = rest.dimensions[j].volume;
            const auto& type = rest.dimensions[j].type;
            if (type != "ENERGY" && !type.ends_with("TIME")) continue;
            auto& first = pieces.back().dimensions[j].volume;
            first = volume * number(share);
            volume = volume - first;
        }
        pieces.push_back(std::move(rest));
    }
    session.periods = std::move(pieces);
    return session;
}

}  // namespace

TEST_CASE(
    "modules/pricing/random_price: where no note says that a price changes within a period, "
    "cutting it is free")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    const auto zone = *time_zone::find("America/New_York");
    const auto is_change = [](const std::string& note) {
        return note.starts_with("in period ") && note.ends_with("priced by its start");
    };
    int compared = 0;
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        const tariff_list tariffs{share(random.tariff("A"))};
        auto session = random.session(false);
        if (session.periods.empty() || !session.end) continue;
        for (auto& one : session.periods) {
            one.dimensions.push_back({"POWER", number("11")});
            one.dimensions.push_back({"CURRENT", number("16")});
        }
        const auto whole = make_breakdown(session, tariffs, zone);
        if (std::any_of(whole.notes.begin(), whole.notes.end(), is_change)) continue;
        ++compared;
        REQUIRE(totals(make_breakdown(cut(session, "0.3", 30), tariffs, zone)) == totals(whole));
        REQUIRE(totals(make_breakdown(cut(session, "0.8", 80), tariffs, zone)) == totals(whole));
    }
    CHECK(compared > rounds / 10);
}

}  // namespace random_price_test
