#include "modules/managed/override_codec.hpp"

#include "modules/managed/field_rules.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/json/writer.hpp"

#include <array>

namespace ocpi::managed {
namespace {

using json::presence;

constexpr std::array<std::string_view, 3> member_names{"type", "minimumChargeTarget", "readyBy"};

void read_ready_by(json::object_reader& in, target& read)
{
    if (read.type == target_type::regular) {
        read.ready_by = in.timestamp("readyBy", presence::required);
    } else if (in.find_non_null("readyBy")) {
        in.add_problem("readyBy", "is for a REGULAR target only");
    }
}

target read_fields(json::object_reader& in)
{
    target read;
    read.source = target_source::user_override;
    const auto type = in.one_of("type", target_type_names, presence::required);
    if (type) {
        read.type = static_cast<target_type>(*type);
        read_ready_by(in, read);
    }
    read.minimum_charge_target = read_percent(in, "minimumChargeTarget").value_or(decimal());
    return read;
}

result<target> read(const json::document& sent, std::optional<date_time> now)
{
    json::leniency lenient;
    lenient.offset_timestamps = true;
    json::diagnostics findings(lenient);
    json::check_numbers(sent, findings);
    target read;
    if (auto root = json::object_reader::of_root(sent, findings)) {
        root->refuse_unknown_members(member_names);
        read = read_fields(*root);
        if (now && read.ready_by && *read.ready_by <= *now) {
            root->add_problem("readyBy", "must be in the future: it is " + to_string(*now));
        }
    }
    if (!findings.problems().empty()) return findings.to_error();
    return read;
}

}  // namespace

result<target> read_override(const json::document& sent, date_time now)
{
    return read(sent, now);
}

result<target> read_stored_override(const json::document& stored)
{
    return read(stored, {});
}

std::string write_override(const target& written)
{
    json::object_writer out;
    out.string("type", to_string(written.type));
    out.raw("minimumChargeTarget", to_text(written.minimum_charge_target));
    if (written.ready_by) out.string("readyBy", to_string(*written.ready_by));
    return out.finish();
}

}  // namespace ocpi::managed
