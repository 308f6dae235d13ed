#include "modules/pricing/tariff_choice.hpp"

#include "cost_fixture.hpp"

namespace tariff_choice_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::choose_tariffs;
using pricing::note_list;
using pricing::priced_session;
using pricing::tariff_choice;

namespace {

constexpr std::string_view elements =
    R"([{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}]}])";

tariffs::tariff_ptr tariff(std::string_view id, std::string_view currency = "EUR")
{
    auto made = std::make_shared<tariffs::tariff>(*make_tariff(elements, "NO", "", id));
    made->currency = currency;
    return made;
}

/// A session whose periods name these tariffs; none where the name is empty.
priced_session naming(const std::vector<std::string>& ids)
{
    std::vector<sessions::charging_period> periods;
    for (const auto& id : ids) periods.push_back(period(monday(10), {{"ENERGY", "1"}}, id));
    return session_of(std::move(periods));
}

tariff_choice choose(const priced_session& session, const tariff_list& given,
                     std::vector<std::string>* noted = nullptr)
{
    note_list notes;
    auto choice = choose_tariffs(session, given, notes);
    if (noted) *noted = notes.take();
    return choice;
}

/// The tariffs of the periods; `-` for none.
std::string of_periods(const tariff_choice& choice)
{
    std::string text;
    for (const auto* each : choice.of_periods) text += each ? each->id.str() : "-";
    return text;
}

}  // namespace

TEST_CASE("modules/pricing/tariff_choice: the tariff a period names goes before the session's")
{
    auto session = naming({"a", "", "B", "X", "A"});
    session.default_tariff_id = ci_string("C");
    const auto choice = choose(session, {tariff("A"), tariff("B"), tariff("C")});
    CHECK(of_periods(choice) == "ACB-A");
    CHECK(choice.of_session->id == ci_string("C"));
    REQUIRE(choice.used.size() == 3);
    CHECK(choice.used[1]->id == ci_string("C"));
}

TEST_CASE("modules/pricing/tariff_choice: one tariff prices what names none, several do not")
{
    CHECK(of_periods(choose(naming({"", ""}), {tariff("A")})) == "AA");
    CHECK(of_periods(choose(naming({"", "B"}), {tariff("A"), tariff("B")})) == "-B");
    std::vector<std::string> notes;
    CHECK(of_periods(choose(naming({"", "A"}), {tariff("A"), tariff("a")}, &notes)) == "-A");
    REQUIRE(notes.size() == 2);
    CHECK(notes.back() == "several tariffs have the id A: the first counts");
    auto session = naming({""});
    session.default_tariff_id = ci_string("X");
    CHECK(of_periods(choose(session, {tariff("A"), tariff("B")})) == "-");
}

TEST_CASE("modules/pricing/tariff_choice: of tariffs of one id that of the session's CPO counts")
{
    const auto of_cpo = [](const char* party_id) {
        auto made = std::make_shared<tariffs::tariff>(*tariff("A"));
        made->country_code = ci_string("DE");
        made->party_id = ci_string(party_id);
        return tariffs::tariff_ptr(made);
    };
    const tariff_list given{of_cpo("OTH"), of_cpo("ALL")};
    auto session = naming({"A"});
    std::vector<std::string> notes;
    CHECK(choose(session, given, &notes).used[0] == given[0]);
    CHECK(notes.size() == 1);
    session.owner = party("de", "all");
    CHECK(choose(session, given, &notes).used[0] == given[1]);
    CHECK(notes.empty());
    session.owner = party("FR", "ALL");
    CHECK(choose(session, {given[1]}, &notes).used[0] == given[1]);
}

TEST_CASE(
    "modules/pricing/tariff_choice: the session's currency counts, else that of its first tariff")
{
    const tariff_list given{tariff("A", "SEK"), tariff("B", "eur")};
    auto choice = choose(naming({"A", "B"}), given);
    CHECK(choice.currency == "EUR");
    CHECK(of_periods(choice) == "-B");
    auto session = naming({"A", "B"});
    session.currency = "GBP";
    choice = choose(session, given);
    CHECK(choice.currency == "SEK");
    CHECK(of_periods(choice) == "A-");
    session.currency.reset();
    CHECK(choose(session, given).currency == "SEK");
    CHECK(choose(naming({"X"}), given).currency == "EUR");
}

TEST_CASE(
    "modules/pricing/tariff_choice: without periods the default is all there is, INVALID has none")
{
    auto session = naming({});
    auto choice = choose(session, {tariff("A")});
    CHECK(choice.of_periods.empty());
    REQUIRE(choice.used.size() == 1);
    CHECK(choice.of_session == choice.used[0]);
    session.status = sessions::session_status::invalid;
    session.currency.reset();
    choice = choose(session, {tariff("A", "SEK")});
    CHECK(choice.used.empty());
    CHECK_FALSE(choice.of_session);
    CHECK(choice.currency == "SEK");
}

TEST_CASE(
    "modules/pricing/tariff_choice: a tariff whose prices nothing can be reckoned with prices "
    "nothing")
{
    const auto of_price = [](const std::string& price, const std::string& more) {
        return test::make_tariff(
            R"([{"price_components":[{"type":"ENERGY","step_size":1,"price":)" + price + "}]}]",
            "NO", more, "B");
    };
    const tariff_list unfit{
        of_price("1e95", ""), of_price("1e-95", ""),
        of_price("1", R"("min_price": {"before_taxes": 1e95},)"),
        of_price("1", R"("max_price": {"before_taxes": 9, "after_taxes": 1e95},)")};
    for (const auto& each : unfit) {
        std::vector<std::string> notes;
        const auto choice = choose(naming({"A", "B"}), {tariff("A"), each}, &notes);
        CHECK(of_periods(choice) == "A-");
        REQUIRE(notes.size() == 1);
        CHECK(notes[0] ==
              "a price of tariff B is too large or too fine to reckon with: its periods "
              "are not priced");
        CHECK_FALSE(choose(naming({}), {each}).of_session);
    }
}

}  // namespace tariff_choice_test
