#include "app/commands.hpp"
#include "app/cost_tariffs.hpp"
#include "modules/pricing/breakdown_json.hpp"
#include "modules/pricing/breakdown_table.hpp"
#include "modules/pricing/comparison.hpp"
#include "modules/pricing/engine.hpp"
#include "modules/pricing/session_reader.hpp"
#include "ocpi/base/time_zone.hpp"

#include <cstdio>
#include <stdexcept>

namespace ocpi::app {
namespace {

time_zone find_zone(const std::string& name)
{
    if (name.empty()) return {};
    const auto zone = time_zone::find(name);
    if (!zone) throw std::runtime_error("there is no time zone " + name);
    return *zone;
}

}  // namespace

int cost(const cost_arguments& arguments)
{
    const auto zone = find_zone(arguments.time_zone);
    const auto document = read_json_file(arguments.session_file);
    auto input = pricing::read_priced_session(document);
    if (input.has_error()) {
        throw std::runtime_error(arguments.session_file + ": " + input.error().text());
    }
    const auto tariffs = read_cost_tariffs(arguments.tariff_files, arguments.session_file, *input);
    const auto priced = pricing::make_breakdown(input->session, tariffs, zone);
    const auto with_cpo = pricing::compare(priced, input->stated);
    const auto text = arguments.as_json ? pricing::write_breakdown(priced, with_cpo) + "\n"
                                        : pricing::write_table(priced, with_cpo, arguments.places);
    if (std::fputs(text.c_str(), stdout) == EOF || std::fflush(stdout) != 0) {
        throw std::runtime_error("the price cannot be written to stdout");
    }
    return 0;
}

}  // namespace ocpi::app
