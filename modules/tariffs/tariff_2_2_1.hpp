#pragma once

#include "modules/tariffs/tariff.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/protocol/version.hpp"

#include <string>

/// Differences of the Tariff of OCPI 2.2.1 from 2.3.0 [tariffs, tariff object; types, Price]:
///
///     2.2.1  "min_price": {"excl_vat": 2.00, "incl_vat": 2.50}
///     2.3.0  "min_price": {"before_taxes": 2.00, "after_taxes": 2.50}, "tax_included": "NO"
///
/// and the same for max_price. The store holds 2.3.0; only this file knows the other form. Prices
/// of 2.2.1 exclude VAT and are stored with tax_included NO; other tariffs carry a tax_included of
/// their own in 2.2.1. Other members are kept, except those of a limit named like members of the
/// other form.
namespace ocpi::tariffs {

/// Reads a limit of 2.2.1 in `object`, reporting errors with the names of 2.2.1. `original` is the
/// value read by `object`: if valid, the report gets the PriceLimit of 2.3.0 to store instead.
price_limit read_price_limit_2_2_1(json::object_reader& object, json::value original);

/// The tax_included of a tariff sent in 2.2.1: NO, unless the sender used the member of 2.3.0. An
/// unknown value is replaced in the report.
tax_included read_tax_included_2_2_1(json::object_reader& tariff);

/// The text of a Tariff sent in 2.2.1 with tax_included, NO if absent.
std::string with_tax_included(std::string tariff);

/// Converts a stored Tariff to a version.
std::string convert_to(protocol::version version, std::string tariff);

}  // namespace ocpi::tariffs
