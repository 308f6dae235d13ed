#pragma once

#include "tests/support/session_text.hpp"

namespace ocpi::test {

/// A Tariff that is sound by the specification, with some members replaced or added; one whose
/// text is empty is left out.
inline std::string tariff_text(std::initializer_list<member> changes = {})
{
    std::vector<member> members{
        {"country_code", R"("ES")"},
        {"party_id", R"("ABC")"},
        {"id", R"("T1")"},
        {"currency", R"("EUR")"},
        {"elements", R"([{"price_components":[{"type":"ENERGY","price":0.25,"step_size":1}]}])"},
        {"tax_included", R"("NO")"},
        {"last_updated", R"("2024-01-01T10:00:00Z")"},
    };
    return write_object(std::move(members), changes);
}

}  // namespace ocpi::test
