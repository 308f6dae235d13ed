#include "modules/pricing/active_component.hpp"

#include "cost_fixture.hpp"

namespace active_component_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::element_index;
using pricing::phase;
using pricing::pricing_state;
using tariffs::tariff_dimension;

namespace {

/// The price that counts; `-` where there is none, `?` behind one that is only assumed.
std::string price(const tariffs::tariff_ptr& tariff, tariff_dimension dimension,
                  phase during = phase::charging, const pricing_state& at = {})
{
    std::size_t checks = 0;
    const auto found = element_index(*tariff).find(dimension, during, at, checks);
    if (!found) return "-";
    return to_text(found->component->price) + (found->is_assumed ? "?" : "");
}

const char* const reserved = R"([
    {"price_components": [{"type": "TIME", "price": 1, "step_size": 1}]},
    {"price_components": [{"type": "TIME", "price": 2, "step_size": 1},
                          {"type": "ENERGY", "price": 3, "step_size": 1}],
     "restrictions": {"reservation": "RESERVATION"}},
    {"price_components": [{"type": "TIME", "price": 4, "step_size": 1}],
     "restrictions": {"reservation": "RESERVATION_EXPIRES", "max_duration": 60}}])";

}  // namespace

TEST_CASE("modules/pricing/active_component: elements of another phase price nothing")
{
    const auto tariff = make_tariff(reserved);
    CHECK(price(tariff, tariff_dimension::time) == "1");
    CHECK(price(tariff, tariff_dimension::energy) == "-");
    CHECK(price(tariff, tariff_dimension::time, phase::reservation) == "2");
    CHECK(price(tariff, tariff_dimension::energy, phase::reservation) == "-");
    CHECK(price(tariff, tariff_dimension::flat, phase::reservation) == "-");
}

TEST_CASE(
    "modules/pricing/active_component: when a reservation has expired its elements go first, if "
    "they hold")
{
    const auto tariff = make_tariff(reserved);
    CHECK(price(tariff, tariff_dimension::time, phase::expired_reservation) == "4");
    pricing_state later;
    later.elapsed = std::chrono::minutes(1);
    CHECK(price(tariff, tariff_dimension::time, phase::expired_reservation, later) == "2");
}

TEST_CASE(
    "modules/pricing/active_component: a restriction that cannot be judged holds for the time "
    "being")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}],
         "restrictions": {"max_current": 16}},
        {"price_components": [{"type": "ENERGY", "price": 2, "step_size": 1}]}])");
    CHECK(price(tariff, tariff_dimension::energy) == "1?");
    pricing_state at;
    at.current.average = number("16");
    CHECK(price(tariff, tariff_dimension::energy, phase::charging, at) == "2");
    at.current.average = number("15.9");
    CHECK(price(tariff, tariff_dimension::energy, phase::charging, at) == "1");
}

TEST_CASE("modules/pricing/active_component: what was looked at is counted, up to what was found")
{
    const auto tariff = make_tariff(reserved);
    std::size_t checks = 0;
    const element_index elements(*tariff);
    elements.find(tariff_dimension::time, phase::charging, {}, checks);
    CHECK(checks == 2);
    elements.find(tariff_dimension::flat, phase::charging, {}, checks);
    CHECK(checks == 2 + 7);
}

TEST_CASE("modules/pricing/active_component: energy has a price where an element may give it one")
{
    const auto has_price = [](const std::string& elements) {
        std::size_t checks = 0;
        const bool found =
            pricing::may_price_energy(*make_tariff("[" + elements + "]"), pricing_state(), checks);
        CHECK(checks > 0);
        return found;
    };
    const auto energy = [](const char* price, const std::string& restrictions = "{}") {
        return R"({"price_components": [{"type": "ENERGY", "price": )" + std::string(price) +
               R"(, "step_size": 1}], "restrictions": )" + restrictions + "}";
    };
    CHECK(has_price(energy("1")));
    CHECK_FALSE(has_price(energy("0")));
    CHECK_FALSE(
        has_price(R"({"price_components": [{"type": "TIME", "price": 1, "step_size": 1}]})"));
    CHECK_FALSE(has_price(energy("1", R"({"reservation": "RESERVATION"})")));
    // Not at that moment, or hidden by an element that goes before it.
    CHECK_FALSE(has_price(energy("1", R"({"min_duration": 60})")));
    CHECK_FALSE(has_price(energy("0") + "," + energy("1")));
    // However much energy there has been: nobody knows.
    CHECK(has_price(energy("1", R"({"min_kwh": 5})")));
    CHECK(has_price(energy("0", R"({"max_kwh": 5})") + "," + energy("1")));
    CHECK_FALSE(has_price(energy("0", R"({"max_kwh": 5})") + "," + energy("0")));
}

}  // namespace active_component_test
