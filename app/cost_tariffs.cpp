#include "app/cost_tariffs.hpp"

#include "app/text_file.hpp"
#include "modules/tariffs/tariff_codec.hpp"
#include "ocpi/json/field_reader.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ocpi::app {
namespace {

using pricing::priced_session;
using pricing::read_cost_input;

/// `place` is the JSON pointer of the part of the file that `why` is about.
std::runtime_error unreadable(const std::string& path, const error& why, const std::string& place)
{
    return std::runtime_error(path + ": " + (place.empty() ? "" : "in " + place + ": ") +
                              why.text());
}

/// True when a limit is written as OCPI 2.2.1 has it.
bool has_limit_of_2_2_1(json::value tariff)
{
    if (!tariff.is(json::kind::object)) return false;
    for (const char* name : {"min_price", "max_price"}) {
        const auto limit = tariff.find(name);
        if (limit && limit->is(json::kind::object) && limit->find("excl_vat")) return true;
    }
    return false;
}

/// As OCPI 2.3.0 has it, else as 2.2.1 has: without tax_included, its limits in other words.
result<tariffs::tariff> read_either_version(const json::document& document,
                                            std::vector<std::string>& notes)
{
    auto read = tariffs::read_tariff(document);
    if (read.has_value()) return read;
    auto older = tariffs::read_tariff(document, protocol::version::v2_2_1);
    if (older.has_value()) {
        notes.push_back("tariff " + older->id.str() +
                        " is read as one of OCPI 2.2.1: its prices are without taxes unless it "
                        "says otherwise");
        return older;
    }
    return has_limit_of_2_2_1(document.root()) ? older : read;
}

/// Reads tariffs from parts of files.
class tariff_reader {
public:
    explicit tariff_reader(std::vector<std::string>& notes) : notes_(notes) {}

    void add_file(const std::string& path)
    {
        const auto document = read_json_file(path);
        const auto root = document.root();
        if (!root.is(json::kind::array)) return add(path, "", root.text());
        std::size_t index = 0;
        for (auto element : root) {
            add(path, json::append_pointer("", index++), element.text());
        }
    }

    /// The tariff that stands at that place of a file.
    void add(const std::string& path, const std::string& place, std::string_view json)
    {
        const auto document = json::parse(json);
        if (document.has_error()) throw unreadable(path, document.error(), place);
        auto read = read_either_version(*document, notes_);
        if (read.has_error()) throw unreadable(path, read.error(), place);
        all_.push_back(std::make_shared<const tariffs::tariff>(std::move(*read)));
    }

    bool has(const ci_string& id) const
    {
        return std::any_of(all_.begin(), all_.end(),
                           [&](const tariffs::tariff_ptr& known) { return known->id == id; });
    }

    std::size_t size() const { return all_.size(); }
    const tariffs::tariff_ptr& front() const { return all_.front(); }
    tariff_list take() { return std::move(all_); }

private:
    tariff_list all_;
    std::vector<std::string>& notes_;
};

bool names(const priced_session& session, const ci_string& id)
{
    const auto& periods = session.periods;
    return std::any_of(periods.begin(), periods.end(), [&](const sessions::charging_period& one) {
        return one.tariff_id && *one.tariff_id == id;
    });
}

/// A tariff of the CDR counts beside those of the files where a period names it.
bool is_wanted(json::value embedded, const tariff_reader& given, const priced_session& session)
{
    if (!embedded.is(json::kind::object)) return false;
    const auto id = embedded.find("id");
    if (!id || !id->is(json::kind::string)) return false;
    const ci_string named{std::string(id->string())};
    return names(session, named) && !given.has(named);
}

}  // namespace

json::document read_json_file(const std::string& path)
{
    const auto text = read_text_file(path);
    if (!text) throw std::runtime_error(path + ": cannot be read");
    auto document = json::parse(*text);
    if (document.has_error()) throw unreadable(path, document.error(), "");
    return std::move(*document);
}

tariff_list read_cost_tariffs(const std::vector<std::string>& files,
                              const std::string& session_file, read_cost_input& input)
{
    auto& session = input.session;
    tariff_reader read(session.notes);
    for (const auto& path : files) read.add_file(path);
    if (read.size() == 1) session.default_tariff_id = read.front()->id;
    std::size_t index = 0;
    for (auto embedded : input.tariffs) {
        const auto place = json::append_pointer("/tariffs", index++);
        if (!files.empty() && !is_wanted(embedded, read, session)) continue;
        read.add(session_file, place, embedded.text());
    }
    if (files.empty() && read.size() == 0) {
        throw std::runtime_error("give a tariff by --tariff: " + session_file + " brings none");
    }
    return read.take();
}

}  // namespace ocpi::app
