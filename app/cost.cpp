#include "app/commands.hpp"
#include "modules/sessions/cost/breakdown_json.hpp"
#include "modules/sessions/cost/breakdown_table.hpp"
#include "modules/sessions/cost/comparison.hpp"
#include "modules/sessions/cost/engine.hpp"
#include "modules/sessions/cost/session_reader.hpp"
#include "modules/tariffs/tariff_codec.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/field_reader.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ocpi::app {
namespace {

using sessions::cost::read_cost_input;
using tariff_list = std::vector<tariffs::tariff_ptr>;

/// `place` is the JSON pointer of the part of the file that `why` is about.
std::runtime_error unreadable(const std::string& path, const error& why,
                              const std::string& place = {})
{
    return std::runtime_error(path + ": " + (place.empty() ? "" : "in " + place + ": ") +
                              why.text());
}

json::document read_document(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || std::filesystem::is_directory(path)) {
        throw std::runtime_error(path + ": cannot be read");
    }
    text << file.rdbuf();
    if (file.bad()) throw std::runtime_error(path + ": cannot be read");
    auto document = json::parse(text.str());
    if (document.has_error()) throw unreadable(path, document.error());
    return std::move(*document);
}

/// Appends the tariff that stands at that place of a file.
void add_tariff(tariff_list& tariffs, const std::string& path, const std::string& place,
                std::string_view json)
{
    const auto document = json::parse(json);
    if (document.has_error()) throw unreadable(path, document.error(), place);
    auto read = tariffs::read_tariff(*document);
    if (read.has_error()) throw unreadable(path, read.error(), place);
    tariffs.push_back(std::make_shared<const tariffs::tariff>(std::move(*read)));
}

void add_tariffs_of_file(tariff_list& tariffs, const std::string& path)
{
    const auto document = read_document(path);
    const auto root = document.root();
    if (!root.is(json::kind::array)) return add_tariff(tariffs, path, "", root.text());
    std::size_t index = 0;
    for (auto element : root) {
        add_tariff(tariffs, path, json::append_pointer("", index++), element.text());
    }
}

tariff_list read_tariffs(const cost_arguments& arguments, const read_cost_input& input)
{
    tariff_list tariffs;
    for (const auto& path : arguments.tariff_files) add_tariffs_of_file(tariffs, path);
    if (!arguments.tariff_files.empty()) return tariffs;
    std::size_t index = 0;
    for (auto embedded : input.tariffs) {
        const auto place = json::append_pointer("/tariffs", index++);
        add_tariff(tariffs, arguments.session_file, place, embedded.text());
    }
    if (tariffs.empty()) {
        throw std::runtime_error("give a tariff by --tariff: " + arguments.session_file +
                                 " brings none");
    }
    return tariffs;
}

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
    const auto document = read_document(arguments.session_file);
    const auto input = sessions::cost::read_priced_session(document);
    if (input.has_error()) throw unreadable(arguments.session_file, input.error());
    const auto tariffs = read_tariffs(arguments, *input);
    const auto priced = sessions::cost::make_breakdown(input->session, tariffs, zone);
    const auto with_cpo = sessions::cost::compare(priced, input->stated);
    const auto text = arguments.as_json
                          ? sessions::cost::write_breakdown(priced, with_cpo) + "\n"
                          : sessions::cost::write_table(priced, with_cpo, arguments.places);
    if (std::fputs(text.c_str(), stdout) == EOF || std::fflush(stdout) != 0) {
        throw std::runtime_error("the price cannot be written to stdout");
    }
    return 0;
}

}  // namespace ocpi::app
