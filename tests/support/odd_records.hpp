#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/date_time.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// Records of several modules that have every value in some spelling that could get lost.
inline std::vector<std::pair<std::string, crud::document>> odd_records()
{
    using namespace std::string_literals;
    const auto at = [](std::int64_t milliseconds) {
        return date_time::from_milliseconds(milliseconds);
    };
    std::vector<std::pair<std::string, crud::document>> made;
    const auto add = [&](std::string module, crud::document of) -> crud::document& {
        return made.emplace_back(std::move(module), std::move(of)).second;
    };
    auto& whole = add("sessions",
                      {crud::object_key("Es", "aBc", "S-1"),
                       "{\"a\":1.10, \"b\":\"\xc3\xa9\\u0000\xf0\x9f\x94\x8c\", \"c\":1e400}\n\t ",
                       at(1'767'225'600'123), party("Nl", "TnM")});
    whole.contract = ci_string("nl-Tnm-C1");
    whole.secondary_key = "key \xc3\xbc";
    whole.sort_key = "2026-01-01T00:00:00.123Z/\xe2\x82\xac";
    whole.summary.emplace();
    whole.summary->category = "LIVE";
    whole.summary->started_at = at(-62'167'219'200'000);  // year 0
    whole.summary->kwh = -5;
    whole.summary->cost = 999'999'999'999'999;
    whole.summary->currency = "EUR";
    whole.summary->search_text = "S-1\nnl-tnm-c1\n\xff\xfe no UTF-8";
    auto& unknown =
        add("sessions", {crud::object_key("ES", "ABC", "s-2"), "", at(0), std::nullopt});
    unknown.secondary_key = "2";
    unknown.summary.emplace();
    unknown.summary->category = "SETTLED";
    add("sessions", {crud::object_key("BE", "BEC", "%2F/''\\\"; --"), "[]", at(253'402'300'799'999),
                     party("DE", "8AA")});
    add("tariffs",
        {crud::object_key("ES", "ABC", "S-1"), std::string(200'000, 't'), at(1), std::nullopt});
    add("policies", {crud::object_key("p"), "\0 NUL and \xc0\x80 more"s, at(-1), std::nullopt});
    add("a module", {crud::object_key("id \xe6\x97\xa5"), "null", at(2), std::nullopt});
    return made;
}

/// Writes them, some twice and some removed again, so that neither revisions nor places are
/// without gaps.
inline void write_odd_records(Crud& to)
{
    constexpr auto side = crud::interface_side::receiver;
    const auto create = [&](const std::string& module, const crud::document& of) {
        const auto created = run_awaitable(to.create(module, side, of));
        REQUIRE_MESSAGE(created.has_value(), module, ' ', of.key.folded());
        return *created;
    };
    crud::document passing(crud::object_key("ES", "ABC", "passing"), "{}", date_time(),
                           std::nullopt);
    create("sessions", passing);
    for (const auto& [module, document] : odd_records()) {
        const auto revision = create(module, document);
        if (module != "tariffs") continue;
        REQUIRE(run_awaitable(to.update(module, side, document, revision)).has_value());
    }
    REQUIRE(run_awaitable(to.remove("sessions", side, passing.key)).has_value());
}

/// So many sessions of about 600 bytes.
inline void write_many_records(Crud& to, int count)
{
    for (int i = 0; i < count; ++i) {
        const auto id = "M" + std::to_string(i);
        crud::document made(crud::object_key("BE", "BEC", id),
                            R"({"id":")" + id + R"(","filler":")" + std::string(580, 'x') + "\"}",
                            date_time::from_milliseconds(1'767'225'600'000 + i * 1000LL),
                            party("ES", "ABC"));
        made.secondary_key = id;
        made.summary.emplace();
        made.summary->category = i % 2 == 0 ? "LIVE" : "SETTLED";
        made.summary->started_at = made.last_updated;
        made.summary->kwh = i;
        made.summary->currency = "EUR";
        made.summary->search_text = id;
        REQUIRE(
            run_awaitable(to.create("sessions", crud::interface_side::receiver, made)).has_value());
    }
}

}  // namespace ocpi::test
