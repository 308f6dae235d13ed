#include "modules/tariffs/tariff_2_2_1.hpp"

#include "modules/tariffs/tariff_codec.hpp"
#include "tests/support/tariff_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tariff_2_2_1_test {

using namespace ocpi;
using namespace ocpi::tariffs;
using protocol::version;
using test::tariff_text;

namespace {

result<parsed_tariff> read_2_2_1(const std::string& body)
{
    return read_sent_tariff(body, strictness::strict, crud::object_key("ES", "ABC", "T1"),
                            version::v2_2_1);
}

std::string stored_from_2_2_1(const std::string& body)
{
    const auto outcome = read_2_2_1(body);
    if (outcome.has_error()) FAIL(body << " was refused: " << outcome.error().text());
    return outcome->document.text();
}

}  // namespace

TEST_CASE("modules/tariffs/tariff_2_2_1: prices are without VAT, so tax_included is NO")
{
    CHECK(stored_from_2_2_1(tariff_text({{"tax_included", ""}})) ==
          tariff_text({{"tax_included", ""}, {"last_updated", R"("2024-01-01T10:00:00Z")"}})
                  .substr(0, tariff_text({{"tax_included", ""}}).size() - 1) +
              R"(,"tax_included":"NO"})");
    CHECK(read_2_2_1(tariff_text({{"tax_included", ""}}))->fields.tax_included == tax_included::no);
}

TEST_CASE(
    "modules/tariffs/tariff_2_2_1: a tax_included that 2.2.1 does not know is kept when it is a "
    "sound one")
{
    CHECK(stored_from_2_2_1(tariff_text({{"tax_included", R"("YES")"}})) ==
          tariff_text({{"tax_included", R"("YES")"}}));
    CHECK(read_2_2_1(tariff_text({{"tax_included", R"("YES")"}}))->fields.tax_included ==
          tax_included::yes);
    CHECK(stored_from_2_2_1(tariff_text({{"tax_included", R"({"of":1})"}})) == tariff_text());
    CHECK(read_tariff(*json::parse(stored_from_2_2_1(tariff_text({{"tax_included", "null"}}))))
              .has_value());
}

TEST_CASE(
    "modules/tariffs/tariff_2_2_1: a limit is a Price and is stored as a PriceLimit, with what "
    "else it has")
{
    const auto body = tariff_text({{"min_price", R"({"excl_vat":1.00,"x":[1.0],"incl_vat":1.20})"},
                                   {"max_price", R"({"excl_vat":20})"},
                                   {"tax_included", R"("NO")"}});
    const auto stored =
        tariff_text({{"min_price", R"({"before_taxes":1.00,"after_taxes":1.20,"x":[1.0]})"},
                     {"max_price", R"({"before_taxes":20})"}});
    CHECK(stored_from_2_2_1(body) == stored);
    const auto limit = *read_2_2_1(body)->fields.min_price;
    CHECK(limit.before_taxes == *decimal::parse("1"));
    CHECK(limit.after_taxes == *decimal::parse("1.2"));
    CHECK(convert_to(version::v2_2_1, stored) ==
          tariff_text({{"min_price", R"({"excl_vat":1.00,"incl_vat":1.20,"x":[1.0]})"},
                       {"max_price", R"({"excl_vat":20})"},
                       {"tax_included", ""}}));
    CHECK(convert_to(version::v2_3_0, stored) == stored);
}

TEST_CASE("modules/tariffs/tariff_2_2_1: what is wrong with a limit is named in the words of 2.2.1")
{
    CHECK(read_2_2_1(tariff_text({{"min_price", R"({"before_taxes":1})"}})).error().text() ==
          "/min_price/excl_vat is missing: a number is required");
    CHECK(read_2_2_1(tariff_text({{"max_price", R"({"excl_vat":1,"incl_vat":"2"})"}}))
              .error()
              .text() == "/max_price/incl_vat must be a number, not a string");
    CHECK(read_2_2_1(tariff_text({{"max_price", "3"}})).error().text() ==
          "/max_price must be an object, not a number");
}

TEST_CASE("modules/tariffs/tariff_2_2_1: prices that are not without VAT are told by tax_included")
{
    const auto gross = tariff_text({{"tax_included", R"("YES")"}});
    CHECK(convert_to(version::v2_2_1, gross) == gross);
    CHECK(convert_to(version::v2_2_1, tariff_text()) == tariff_text({{"tax_included", ""}}));
}

TEST_CASE("modules/tariffs/tariff_2_2_1: DateTimes take their normal form as in 2.3.0")
{
    CHECK(stored_from_2_2_1(tariff_text({{"last_updated", R"("2024-01-01T10:00:00")"}})) ==
          tariff_text());
}

}  // namespace tariff_2_2_1_test
