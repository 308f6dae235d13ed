#include "modules/exchange/pushed_text.hpp"

#include "modules/sessions/session_2_2_1.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ocpi::exchange {
namespace {

using json::kind;
using json::value;

/// A field of OCPI that may be left out, `*` standing for the elements of a list.
bool is_optional_field(std::string_view path)
{
    constexpr std::array<std::string_view, 10> paths{
        "/end_date_time",
        "/authorization_reference",
        "/meter_id",
        "/charging_periods",
        "/total_cost",
        "/charging_periods/*/tariff_id",
        "/total_cost/taxes",
        "/total_cost/incl_vat",
        "/total_cost/taxes/*/account_number",
        "/total_cost/taxes/*/percentage",
    };
    return std::find(paths.begin(), paths.end(), path) != paths.end();
}

/// Whether optional fields can stand below that path.
bool is_described(std::string_view path)
{
    return path.empty() || path == "/charging_periods" || path == "/charging_periods/*" ||
           path == "/total_cost" || path == "/total_cost/taxes" || path == "/total_cost/taxes/*";
}

std::string write_without_nulls(value of, const std::string& path)
{
    if (!is_described(path)) return std::string(of.text());
    if (of.is(kind::array)) {
        json::array_writer list;
        for (auto element : of) list.raw(write_without_nulls(element, path + "/*"));
        return list.finish();
    }
    if (!of.is(kind::object)) return std::string(of.text());
    json::object_writer object;
    for (auto member : of) {
        const auto place = path + '/' + std::string(member.name());
        if (member.is(kind::null) && is_optional_field(place)) continue;
        object.raw(member.name(), write_without_nulls(member, place));
    }
    return object.finish();
}

}  // namespace

std::string without_null_fields(std::string session)
{
    if (session.find("null") == std::string::npos) return session;
    const auto parsed = json::parse(session);
    if (parsed.has_error()) return session;
    return write_without_nulls(parsed->root(), std::string());
}

std::string write_pushed(protocol::version spoken, std::string session)
{
    return without_null_fields(sessions::convert_to(spoken, std::move(session)));
}

}  // namespace ocpi::exchange
