#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

namespace process_cost_test {

using namespace ocpi;

namespace {

std::string tariff(const std::string& id, const std::string& price)
{
    return R"({"country_code": "DE", "party_id": "OUR", "id": ")" + id +
           R"(", "currency": "EUR", "tax_included": "NO", "last_updated": "2024-01-01T00:00:00Z",
            "elements": [{"price_components": [
                {"type": "ENERGY", "price": )" +
           price + R"(, "vat": 20, "step_size": 1}],
                "restrictions": {"start_time": "12:00"}}]})";
}

const char* const session = R"({
    "start_date_time": "2024-01-08T11:30:00Z", "status": "COMPLETED", "currency": "EUR",
    "last_updated": "2024-01-08T12:30:00Z", "total_cost": {"before_taxes": 2},
    "charging_periods": [{"start_date_time": "2024-01-08T11:30:00Z", "tariff_id": "A",
                          "dimensions": [{"type": "ENERGY", "volume": 2}]}]})";

class files {
public:
    std::string write(const std::string& name, const std::string& text) const
    {
        const auto path = directory_.file(name);
        std::ofstream(path) << text;
        return path;
    }

    std::string missing() const { return directory_.file("missing.json"); }

private:
    test::temporary_directory directory_;
};

}  // namespace

TEST_CASE("cost command: what is no session is not priced at nothing")
{
    const files of;
    const auto one = of.write("one.json", tariff("A", "0.5"));
    const auto answer =
        of.write("answer.json", R"({"data":)" + std::string(session) + R"(,"status_code":1000})");
    const auto outcome = test::run_command({"cost", "--session", answer, "--tariff", one});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.output.empty());
    CHECK(outcome.errors.find("answer.json: is an OCPI response") != std::string::npos);
}

TEST_CASE("cost command: one JSON object comes of a session, tariffs and a time zone")
{
    const files of;
    const auto session_file = of.write("session.json", session);
    const auto one = of.write("one.json", tariff("A", "0.5"));
    const auto list = of.write("list.json", "[" + tariff("B", "1") + "," + tariff("C", "2") + "]");
    auto outcome = test::run_command({"cost", "--session", session_file, "--tariff", one, list,
                                      "--time-zone", "Europe/Madrid", "--json"});
    CHECK(outcome.exit_status == 0);
    CHECK(outcome.errors.empty());
    CHECK(outcome.output.starts_with(
        R"({"currency":"EUR","before_taxes":"1","after_taxes":"1.2","taxes":[)"));
    CHECK(outcome.output.find(R"("likely_component":"ENERGY")") != std::string::npos);
    CHECK(outcome.output.ends_with("}\n"));
    CHECK(outcome.output.find('\n') == outcome.output.size() - 1);

    // In UTC it is not 12:00 yet.
    outcome = test::run_command(
        {"cost", "--json", "--session", session_file, "--tariff", list, "--tariff", one});
    CHECK(outcome.exit_status == 0);
    CHECK(outcome.output.starts_with(R"({"currency":"EUR","before_taxes":"0",)"));
}

TEST_CASE("cost command: people get a table")
{
    const files of;
    const auto outcome =
        test::run_command({"cost", "--session", of.write("s", session), "--tariff",
                           of.write("t", tariff("A", "0.5")), "--time-zone", "Europe/Madrid"});
    CHECK(outcome.exit_status == 0);
    CHECK(outcome.output.find("after taxes") != std::string::npos);
    CHECK(outcome.output.find("The CPO's total_cost is 2.00 before taxes") != std::string::npos);
}

TEST_CASE("cost command: a CDR is priced by the tariffs that it brings")
{
    const files of;
    const auto outcome = test::run_command(
        {"cost", "--json", "--time-zone", "Europe/Madrid", "--session",
         of.write("cdr", R"({"start_date_time": "2024-01-08T11:30:00Z", "currency": "EUR",
            "end_date_time": "2024-01-08T12:30:00Z", "total_energy": 2, "total_time": 1,
            "charging_periods": [{"start_date_time": "2024-01-08T11:30:00Z",
                                  "dimensions": [{"type": "ENERGY", "volume": 2}]}],
            "tariffs": [)" + tariff("A", "0.5") +
                             "]}")});
    CHECK(outcome.exit_status == 0);
    CHECK(outcome.output.find(R"("before_taxes":"1","after_taxes":"1.2")") != std::string::npos);
}

namespace {

/// A CDR of OCPI 2.2.1: 2 kWh, by a tariff that says no more than that version asks for.
std::string cdr_2_2_1(const std::string& tariff_id)
{
    return R"({"country_code": "DE", "party_id": "OUR", "id": "CDR1",
        "start_date_time": "2024-01-08T11:30:00Z", "end_date_time": "2024-01-08T12:30:00Z",
        "cdr_token": {"uid": "1", "type": "RFID", "contract_id": "C"}, "auth_method": "WHITELIST",
        "currency": "EUR", "tariffs": [{"country_code": "DE", "party_id": "OUR", "id": "OLD",
            "currency": "EUR", "last_updated": "2023-01-01T00:00:00Z",
            "min_price": {"excl_vat": 5, "incl_vat": 6},
            "elements": [{"price_components": [
                {"type": "ENERGY", "price": 0.5, "vat": 20, "step_size": 1}]}]}],
        "charging_periods": [{"start_date_time": "2024-01-08T11:30:00Z", "tariff_id": ")" +
           tariff_id + R"(", "dimensions": [{"type": "ENERGY", "volume": 2}]}],
        "total_cost": {"excl_vat": 5, "incl_vat": 6}, "total_energy": 2, "total_time": 1,
        "last_updated": "2024-01-08T12:31:00Z"})";
}

/// The tariff with a byte order mark, and as OCPI 2.2.1 has it.
std::string old_tariff(const std::string& id, const std::string& limit)
{
    return "\xEF\xBB\xBF"
           R"({"country_code": "DE", "party_id": "OUR", "id": ")" +
           id + R"(", "currency": "EUR", "last_updated": "2023-01-01T00:00:00Z", )" + limit +
           R"("elements": [{"price_components": [
               {"type": "ENERGY", "price": 3, "vat": 20, "step_size": 1}]}]})";
}

bool has(const test::command_outcome& outcome, const std::string& part)
{
    return outcome.output.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("cost command: a CDR and the tariffs in it may be of OCPI 2.2.1")
{
    const files of;
    const auto outcome =
        test::run_command({"cost", "--json", "--session", of.write("cdr", cdr_2_2_1("OLD"))});
    CHECK(outcome.errors.empty());
    CHECK(has(outcome, R"("before_taxes":"5","after_taxes":"6")"));
    CHECK(has(outcome, R"("explanation":"equal")"));
    CHECK(has(outcome, "tariff OLD is read as one of OCPI 2.2.1"));
}

TEST_CASE("cost command: a tariff file may be of OCPI 2.2.1 and begin with a byte order mark")
{
    const files of;
    const auto session_file = of.write("session.json", "\xEF\xBB\xBF" + std::string(session));
    const auto plain = of.write("plain.json", old_tariff("A", ""));
    auto outcome =
        test::run_command({"cost", "--json", "--session", session_file, "--tariff", plain});
    CHECK(outcome.errors.empty());
    CHECK(has(outcome, R"("before_taxes":"6","after_taxes":"7.2")"));
    const auto limited = of.write(
        "limited.json", old_tariff("A", R"("max_price": {"excl_vat": 4, "incl_vat": 4.8},)"));
    outcome = test::run_command({"cost", "--json", "--session", session_file, "--tariff", limited});
    CHECK(has(outcome, R"("before_taxes":"4","after_taxes":"4.8")"));
    // What is wrong is told in the words of the version that it is in.
    const auto wrong =
        of.write("wrong.json", old_tariff("A", R"("max_price": {"excl_vat": "4"},)"));
    outcome = test::run_command({"cost", "--json", "--session", session_file, "--tariff", wrong});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("wrong.json: /max_price/excl_vat") != std::string::npos);
}

TEST_CASE("cost command: beside tariff files a CDR's own count where a period names them")
{
    const files of;
    const auto other = of.write("other.json", old_tariff("NEW", ""));
    const auto before_taxes = [&](const std::string& cdr) {
        const auto outcome = test::run_command(
            {"cost", "--json", "--session", of.write("cdr", cdr), "--tariff", other});
        CHECK(outcome.errors.empty());
        const auto start = outcome.output.find(R"("before_taxes":")") + 16;
        return outcome.output.substr(start, outcome.output.find('"', start) - start);
    };
    CHECK(before_taxes(cdr_2_2_1("OLD")) == "5");
    CHECK(before_taxes(cdr_2_2_1("NEW")) == "6");
    auto unnamed = cdr_2_2_1("X");
    const std::string name = R"("tariff_id": "X", )";
    unnamed.erase(unnamed.find(name), name.size());
    CHECK(before_taxes(unnamed) == "6");
    // The file's tariff goes before the CDR's of the same id.
    const auto same = of.write("same.json", old_tariff("OLD", ""));
    const auto outcome = test::run_command(
        {"cost", "--json", "--session", of.write("cdr", cdr_2_2_1("OLD")), "--tariff", same});
    CHECK(has(outcome, R"("before_taxes":"6","after_taxes":"7.2")"));
}

TEST_CASE("cost command: what cannot be read is named by file and JSON pointer")
{
    const files of;
    const auto session_file = of.write("session.json", session);
    const auto tariff_file = of.write("tariff.json", tariff("A", "1"));
    const auto refused = [](const std::vector<std::string>& arguments, const std::string& file,
                            const std::string& pointer) {
        auto all = arguments;
        all.insert(all.begin(), "cost");
        const auto outcome = test::run_command(all);
        CHECK(outcome.exit_status == 2);
        CHECK(outcome.output.empty());
        CHECK(outcome.errors.find(file) != std::string::npos);
        CHECK(outcome.errors.find(pointer) != std::string::npos);
    };
    refused({"--session", of.missing(), "--tariff", tariff_file}, "missing.json", "cannot be read");
    refused({"--session", of.write("a.json", "{"), "--tariff", tariff_file}, "a.json", "");
    refused({"--session", of.write("b.json", R"({"charging_periods": [{"start_date_time": 5}]})"),
             "--tariff", tariff_file},
            "b.json", "/charging_periods/0/start_date_time");
    refused({"--session", session_file, "--tariff", of.write("c.json", "{}")}, "c.json",
            "/tax_included");
    refused({"--session", session_file, "--tariff",
             of.write("d.json", "[" + tariff("A", "1") + R"(,{"id": "B"}])")},
            "d.json: in /1: ", "/elements");
    refused({"--session", session_file, "--tariff", tariff_file, "--time-zone", "Mars/Base"},
            "Mars/Base", "");
    refused({"--session", session_file}, "session.json", "--tariff");
    refused({"--tariff", tariff_file}, "--session", "");
}

TEST_CASE("cost command: a price that cannot be written is an error")
{
    const files of;
    const auto session_file = of.write("session.json", session);
    const auto tariff_file = of.write("tariff.json", tariff("A", "1"));
    const auto outcome = test::run_command(
        {"cost", "--session", session_file, "--tariff", tariff_file}, "/dev/full");
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("stdout") != std::string::npos);
}

}  // namespace process_cost_test
