#pragma once

#include "modules/tariffs/tariff.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/protocol/version.hpp"

#include <string>

/// Where the Tariff of OCPI 2.2.1 differs from that of 2.3.0 [tariffs, tariff object; types,
/// Price]:
///
///     2.2.1  "min_price": {"excl_vat": 2.00, "incl_vat": 2.50}
///     2.3.0  "min_price": {"before_taxes": 2.00, "after_taxes": 2.50}, "tax_included": "NO"
///
/// and the same for max_price. What is stored is 2.3.0; this is the one place that knows the other
/// form. Prices of 2.2.1 are without VAT, so they are stored with tax_included NO; a tariff of
/// which that is not so tells it in 2.2.1 by a tax_included of its own. Other members are kept,
/// except those of a limit that are named like the members of the other form.
namespace ocpi::tariffs {

/// Reads a limit of 2.2.1 in `object`, reporting what is wrong by the names of 2.2.1. `original`
/// is the value that `object` reads: unless something is wrong, the report gets the PriceLimit of
/// 2.3.0 as what is to be stored in its place.
price_limit read_price_limit_2_2_1(json::object_reader& object, json::value original);

/// What tax_included is when a tariff was sent in 2.2.1: NO, unless the sender used the word of
/// 2.3.0. An unknown value of it is replaced in the report.
tax_included read_tax_included_2_2_1(json::object_reader& tariff);

/// The text of a Tariff that was sent in 2.2.1 with tax_included, NO if it has none.
std::string with_tax_included(std::string tariff);

/// A stored Tariff in the words of a version.
std::string convert_to(protocol::version spoken, std::string tariff);

}  // namespace ocpi::tariffs
