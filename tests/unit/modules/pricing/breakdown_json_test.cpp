#include "modules/pricing/breakdown_json.hpp"

#include "cost_fixture.hpp"
#include "modules/pricing/breakdown_table.hpp"

namespace breakdown_json_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::compare;
using pricing::make_breakdown;
using pricing::write_breakdown;
using pricing::write_table;

namespace {

breakdown example()
{
    const auto tariff = make_tariff(R"([{"price_components": [
        {"type": "FLAT", "price": 0.50, "vat": 20, "step_size": 1},
        {"type": "ENERGY", "price": 0.25, "vat": 10, "step_size": 100}]}])");
    return make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "20.45"}, {"TIME", "1"}}, "t")}),
        tariff_list{tariff}, time_zone());
}

}  // namespace

TEST_CASE("modules/pricing/breakdown_json: a breakdown is one object of exact decimals")
{
    CHECK(write_breakdown(example()) ==
          R"({"currency":"EUR","before_taxes":"5.625","after_taxes":"6.2375",)"
          R"("taxes":[{"name":"VAT","percentage":"10","amount":"0.5125"},)"
          R"({"name":"VAT","percentage":"20","amount":"0.1"}],)"
          R"("dimensions":{)"
          R"("ENERGY":{"volume":"20.45","billed_volume":"20.5","before_taxes":"5.125"},)"
          R"("TIME":{"volume":"1","billed_volume":"0","before_taxes":"0"},)"
          R"("PARKING_TIME":{"volume":"0","billed_volume":"0","before_taxes":"0"},)"
          R"("FLAT":{"volume":"1","billed_volume":"1","before_taxes":"0.5"},)"
          R"("RESERVATION":{"volume":"0","billed_volume":"0","before_taxes":"0"}},)"
          R"("periods":[{"start_date_time":"2024-01-08T10:00:00Z","tariff_id":"T",)"
          R"("is_priced":true,"dimensions":[)"
          R"({"type":"FLAT","is_fee":true,"volume":"1","billed_volume":"1","element":0,)"
          R"("price":"0.5","vat":"20","amount":"0.5","before_taxes":"0.5"},)"
          R"({"type":"ENERGY","is_fee":false,"volume":"20.45","billed_volume":"20.5",)"
          R"("element":0,"price":"0.25","vat":"10","amount":"5.125","before_taxes":"5.125"},)"
          R"({"type":"TIME","is_fee":false,"volume":"1","billed_volume":"0",)"
          R"("element":null,"price":null,"vat":null,"amount":"0","before_taxes":"0"}]}],)"
          R"("notes":[]})");
}

TEST_CASE("modules/pricing/breakdown_json: the CPO's cost stands beside ours")
{
    pricing::stated_cost stated;
    stated.total.emplace();
    stated.total->before_taxes = number("5.6125");
    const auto text = write_breakdown(example(), compare(example(), stated));
    CHECK(text.find(R"("cpo_total_cost":{"before_taxes":"5.6125","after_taxes":null,)"
                    R"("difference_before_taxes":"-0.0125","difference_after_taxes":null,)"
                    R"("likely_component":"STEP_SIZE","explanation":")") != std::string::npos);
}

TEST_CASE("modules/pricing/breakdown_json: what is unknown is null, what repeats has twelve places")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "TIME", "price": 1, "step_size": 7200}]}])", "YES");
    auto priced = make_breakdown(session_of({period(monday(10), {{"TIME", "1"}})}),
                                 tariff_list{tariff}, time_zone());
    auto text = write_breakdown(priced);
    CHECK(text.find(R"("before_taxes":null,"after_taxes":"2","taxes":[])") != std::string::npos);
    const auto third = make_tariff(
        R"([{"price_components": [{"type": "TIME", "price": 1, "vat": 50, "step_size": 0}]}])",
        "YES");
    priced = make_breakdown(session_of({period(monday(10), {{"TIME", "1"}})}), tariff_list{third},
                            time_zone());
    text = write_breakdown(priced);
    CHECK(text.find(R"("before_taxes":"0.666666666667")") != std::string::npos);
    CHECK(write_breakdown({}).find(R"({"currency":null,)") == 0);
}

TEST_CASE("modules/pricing/breakdown_json: people read aligned columns, rounded as they like")
{
    CHECK(write_table(example(), {}) ==
          "period                dimension  volume  billed  price  before taxes\n"
          "2024-01-08T10:00:00Z  FLAT            1       1   0.50          0.50\n"
          "2024-01-08T10:00:00Z  ENERGY      20.45    20.5   0.25          5.13\n"
          "2024-01-08T10:00:00Z  TIME            1           free\n"
          "\n"
          "  ENERGY        20.45  20.5       5.13\n"
          "  TIME              1     0       0.00\n"
          "  FLAT              1     1       0.50\n"
          "  before taxes               EUR  5.63\n"
          "  VAT 10 %                        0.51\n"
          "  VAT 20 %                        0.10\n"
          "  after taxes                EUR  6.24\n");
    CHECK(write_table(example(), {}, 4).find("EUR  6.2375\n") != std::string::npos);
}

}  // namespace breakdown_json_test
